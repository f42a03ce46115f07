"""Facts that people ask of a sight and that no record holds: parking, wheelchairs, telephone numbers, queues.

A question about one of them is answered with a plain "we do not know" and whom to ask, never with the price of
admission. Where the sight's own record speaks of the matter (a cable car among its extras, a note on boats) it is not
absent. Not covered: facts that a record could hold and this one lacks (`chains.wording` says those).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

import jieba.posseg

from chains.understanding.intent import CLAUSE, TOPICS, topic_of
from chains.understanding.request import Language, Topic
from knowledge.records import Attraction

_LEFT_OPEN = re.compile(r"另[收付购买外计]|单独|自理|extra\b|separate|not includ|priced", re.IGNORECASE)  # a charge without its price
_RIDES, _RIDES_EN = "缆车|索道|游船|渡轮|竹筏|画舫|观光车|摆渡车|电瓶车|小火车", "cable ?cars?|gondolas?|boats?|ferr(?:y|ies)|shuttles?"
_CABLE_CAR, _BOAT, _FERRIS_WHEEL = "缆车|索道|cable ?cars?|ropeway|gondola", "船|筏|舫|boat|raft|ferry|cruise", "摩天轮|ferris wheel"
_RIDE_KINDS = (_CABLE_CAR, f"{_BOAT}|ferries", "观光车|游览车|电瓶车|摆渡车|接驳车|区间车|环保车|shuttle|sightseeing bus|buggy", "小火车|mini train", _FERRIS_WHEEL)
_PRICE = r"(?:多少|价|贵|费|钱|几块)"


@dataclass(frozen=True)
class Matter:
    """Something people ask about: what it is called, the words that ask for it, those by which a record holds it, and the names of sights that are such a thing."""

    chinese: str
    english: str
    words: re.Pattern[str]
    held: re.Pattern[str]
    itself: re.Pattern[str]


def _matter(chinese: str, english: str, words: str, held: str = "", itself: str = "(?!)") -> Matter:
    return Matter(chinese, english, *(re.compile(pattern, re.IGNORECASE | re.ASCII) for pattern in (words, held or words, itself)))


MATTERS = (
    _matter("停车收费和车位", "parking", r"停车|泊车|车位|\bparking\b|\bpark (?:my|our|the|a) car|\bcoach(?:es)?\b.{0,25}\b(?:drop|stop|wait)|drop[- ]off"),
    _matter("无线网络和手机信号", "Wi-Fi and mobile signal", r"wi-?fi|无线网|上网|手机信号|信号(?:好|强|怎|咋|满)|有没有信号|(?:phone|mobile|cell) signal|\binternet\b"),
    _matter("轮椅和无障碍设施", "wheelchairs and step-free access", r"轮椅|无障碍|wheel ?chair|step-free|disabled access|accessib"),
    _matter("婴儿车和母婴室", "strollers and baby rooms", r"婴儿车|童车|推车|母婴室|哺乳|stroller|pushchair|\bpram|baby (?:chang|room)|nursing room"),
    _matter("行李寄存", "luggage storage", r"寄存|存包|存行李|寄包|储物柜|luggage|left[- ]luggage|\blockers?\b|baggage|cloakroom"),
    _matter("电话和联系方式", "telephone numbers and contacts", r"电话|热线|客服|联系方式|邮箱|微信号|投诉|(?:tele)?phone|contact (?:number|detail)|hotline|e-?mail|wechat", r"\d{3,4}-\d{4}|\d{7}"),
    _matter("宠物规定", "rules on pets", r"宠物|带(?:我家|着|只|个)?(?:小)?[狗猫]|遛狗|[牵抱]着?[狗猫]|牵绳|柯基|金毛|泰迪|哈士奇|毛孩子|\bpets?\b|\bdogs?\b|\bcats?\b|\bpupp(?:y|ies)\b"),
    _matter("航拍规定", "rules on drones", r"无人机|航拍|大疆|\bdrones?\b"),
    _matter("拍照规定", "rules on photography", r"(?:可以|能|让|许|准)(?:不(?:可以|能|让|许|准))?.{0,4}(?:拍照|拍摄|摄影|照相|录像)|(?:禁止|允许)(?:拍照|摄影)|(?:photograph|photos?|filming|tripod)\w*(?: \w+){0,3} allowed|allowed to (?:take|photograph)|(?:is|are) (?:photograph|photos|filming|tripods)|can i (?:take (?:photo|picture)|photograph)|\b(?:photo|camera|photography) (?:permit|fee|ticket)s?\b"),
    _matter("讲解和导游费用", "guides and audio guides", r"讲解|导览器|语音导览|请(?:一个|个)?导游|导游费|audio ?guide|guided tour|(?:hire|rent|book)(?: \w+){0,2} guide|tour guide|\bguide (?:cost|fee|price)"),
    _matter("排队和客流", "queues and crowds", r"排队|排.{1,5}的队|等几分钟|排(?:多久|长队)|限流|限额|余票|客流|人流|人多(?:不多|吗|么)|挤不挤|拥挤|(?:放|卖)多少张票|queue|\blines? (?:now|today|long)|how long (?:is|are) the lines?\b|waiting time|crowd|how busy|how many (?:people|visitors|tickets)"),
    _matter("台阶数和尺寸", "steps and dimensions", r"多少(?:级|个|步)?台阶|几级台阶|台阶(?:有)?多少|多高|多少米高|高度(?:是)?多少|海拔(?:是)?多少|占地|面积(?:是|有)?多|how (?:tall|high|deep|big|large|wide)\b|how many (?:steps|stairs|floors)|altitude of|height of|坡度|多陡|gradient|how steep|slope of"),
    _matter("景区内餐饮价格", "what meals cost inside", r"(?:自助|餐厅|餐|吃饭|午饭|晚饭|泡面|矿泉水|斋饭|素斋|小吃摊|用餐|人均(?!门票|票)).{0,8}(?:多少|价|贵|元|钱|人均|低消)|吃(?:顿|一顿|个)?饭.{0,6}(?:多少|贵)|低消|(?:lunch|dinner|buffet|meal|restaurant|food|coffee)s?\b.{0,25}\b(?:cost|price|inside)|(?:price|cost) of (?:the |a )?(?:lunch|dinner|buffet|meal)|[一两][碗杯瓶根串听罐][\u4e00-\u9fff]{1,6}?(?:多少|几块|什么价|啥价|要?几元)|(?:咖啡|奶茶|啤酒|冰淇淋|雪糕|可乐|烤肠).{0,6}(?:多少|价|贵|钱)|\b(?:cup|glass|bottle|bowl|plate|pint) of \w+"),
    _matter("外卖", "food delivery", r"外卖|跑腿|food deliver|meituan"),
    _matter("住宿价格", "what rooms cost there", rf"(?:酒店|客栈|民宿|宾馆|旅馆|房间|住一晚|住一夜).{{0,8}}{_PRICE}|房价|(?:room|hotel|hostel|guesthouse|inn)s?\b.{{0,20}}(?:price|cost|night)|(?:how much|price|cost).{{0,12}}(?:room|hotel|hostel)"),
    _matter("租赁价格", "rentals", r"(?<!出)租(?!界|客)|\brent(?:al|als|ing|ed)?\b|\bhire\b"),
    _matter("骑行、骑马和骑骆驼的价格", "rides and their prices", r"骑(?:骆驼|马|牦牛|大象)|(?:camel|horse|yak|elephant)[- ]?(?:back )?rid|骑(?:单车|自行车|车).{0,6}(?:多少|价|费|钱)"),
    _matter("潜水和水上项目价格", "diving and water sports", r"潜水.{0,8}(?:什么价|多少|价|贵|费|钱)|快艇|摩托艇|香蕉船|拖伞|滑翔伞|蹦极|浮潜|\bdiving\b|snorkel|speed ?boat|jet ?ski|parasail|bungee|paraglid"),
    _matter("充电和充电宝", "charging", r"充电|power ?bank|\bcharg(?:ing|er)\b"),
    _matter("取款和支付方式", "cash machines and ways to pay", r"取款机|\batms?\b|取钱|信用卡|刷卡|支付宝|微信支付|credit cards?|pay (?:by|with)|alipay|visa card|\bamex\b|mastercard|unionpay|apple pay|paypal|银联|外币"),
    _matter("退票改签规定", "refunds", r"退票|退款|改签|退钱|能退|退改|手续费|(?:订|买|选)错了?(?:日期|日子|票|天)|refund|reschedul|cancel (?:my|a|the) ticket|wrong (?:date|day)\b"),
    _matter("年卡和团体票", "annual passes and group tickets", r"年卡|年票|季卡|月卡|团体票|annual pass|season (?:pass|ticket)|year(?:ly)? pass|group (?:ticket|rate|discount)"),
    _matter("失物招领", "lost property", r"失物|丢了?东西|lost (?:and found|property)"),
    _matter("卫生间", "toilets", r"厕所|卫生间|洗手间|\btoilets?\b|restrooms?|bathrooms?|washroom"),
    _matter("表演场次", "show times", r"(?:表演|演出|灯光秀|烟花|喷泉|打铁花|升旗).{0,8}(?:几点|几场|时间|场次|什么时候)|(?:几点|什么时候).{0,6}(?:表演|演出|灯光秀|烟花|喷泉|升旗)|show ?times?|time of the show|fireworks (?:time|start)|(?:what time|when).{0,20}\b(?:show|performance|fireworks)"),
    _matter("氧气和医疗点", "oxygen and first aid", r"氧气|医务室|急救|除颤|药店|吃药|胰岛素|oxygen|first aid|defibrillator|\bAEDs?\b|\bpharmac|insulin|medicine"),
    _matter("香火和法事费用", "incense and rites", r"(?<!头一)(?<!头)(?<!第一)(?:炷|柱|支|把)香|香火钱|请香|烧香(?:的|要|得|收|花|一次)?(?:多少|钱|费)|法事|incense"),
    _matter("停运和维修消息", "closures and works just now", r"停运|停航|停业|在维修|在修|封山|封路|还开着吗|suspended|under (?:repair|renovation)|closed for (?:repair|renovation)"),
    _matter("人物和影视", "people and films", r"谁(?!都|也|对|不)|哪一?[位名]|姓甚|姓什么|法号|俗名|主角|演员|扮演者|导演|代言|现任|末代|(?:拍|取景|播)过?(?:啥|什么|哪|几)?[\u4e00-\u9fff]{0,3}(?:电视剧|电影|综艺|片子|短剧)|(?:^|\b(?:and|or|tell|know|wonder|ask|remember|say|by|of|is|was|me|for)\b|[^\w\s])\s*who(?:se)?\b(?! wins| is right|'s right)|\bactors?\b|\bactress|filmed|(?:what|which) (?:film|movie|series)"),
    _matter("此刻的实况", "how it is there just now", r"(?:今天|今早|今晚|现在|此刻|目前|这会儿|昨天).{0,8}(?:流量|水量|水位|风力|人多|雾|花开|浪)|风力|流量|水位|能见度|实时|起雾|(?:today|right now|at the moment).{0,20}(?:water level|wind|fog|busy|visib)|water level|wind speed"),
    _matter("车船和索道的运行时间", "when cable cars, boats and shuttles run", rf"(?:{_RIDES}).{{0,6}}(?:几点|(?:什么|啥)时候|(?:运营|运行|营业|开放)?时间|末班|首班|(?:开|运行|营业)到)|(?:末班|首班|几点有|几点的)(?:{_RIDES})|\b(?:{_RIDES_EN})\b.{{0,25}}\b(?:run till|run until|running|operat\w+|hours|last|first|stop|start)\b|\b(?:when|what time|hours|(?:last|first))\b.{{0,20}}\b(?:{_RIDES_EN})\b", rf"(?:{_RIDES}|{_RIDES_EN})[^，。；,;]{{0,15}}\d{{1,2}}[:：点]", rf"夜游|轮渡|游轮|cruise|ropeway|{_RIDES}|{_RIDES_EN}"),
    _matter("车船班次", "timetables", r"几分钟一[趟班]|多久(?:有|发|来)?一?[趟班]|班次|how often.{0,25}(?:run|leave|bus|shuttle|boat)"),
    _matter("发票和报销", "invoices", r"发票|报销凭证|\binvoice|fapiao|receipt"),
    _matter("加油站", "petrol stations", r"加油|(?:petrol|gas|filling) station"),
    _matter("洗衣和淋浴", "laundry and showers", r"洗衣|自助洗|洗澡|淋浴|laundr|\bshowers?\b"),
    _matter("吸烟规定", "smoking", r"[抽吸]烟|\bsmok(?:e|ing)\b"),
    _matter("课程和收费", "courses and their fees", r"学费|课程|培训|(?:学|报).{0,6}班|\b(?:course|lesson|workshop)s?\b|\bclasses\b|(?<!-)(?<!\d[Aa] )(?<!first )(?<!world )(?<!what )(?<!which )(?<!which A )(?<!what A )\bclass\b(?! of)"),
    _matter("处罚规定", "fines", r"罚款|罚多少|没收|被抓|拘留|what(?:'s| is) the fine|\bfined?\b.{0,12}\b(?:if|for)\b|penalt|confiscat"),
    _matter("场地和商业拍摄费用", "venues and commercial shoots", r"婚纱|影楼|取外景|外景|剧组|商拍|商业拍|场地费|租场|包场|年会|gala|(?:film|camera|tv) crew|\bvenue|wedding (?:photo|shoot|dress|picture|party)|commercial shoot|hall rental"),
    _matter("招聘和志愿者", "jobs and volunteers", r"招聘|招人|招不招|实习生?|志愿者|兼职|义工|\bhiring\b|internship|\binterns?\b|volunteer|\bjobs?\b"),
    _matter("其他网站的评分", "ratings on other sites", r"大众点评|猫途鹰|米其林|(?:小红书|谷歌|百度|网)上?[\u4e00-\u9fff]{0,4}(?:几分|评分|多少分)|tripadvisor|\bmichelin|\byelp\b|\bgoogle (?:maps )?(?:rating|review|score)s?|\b(?:rat(?:ed?|ings?)|scores?|scored|stars|reviews?)\b.{0,40}\bon (?:google|ctrip|trip\.com|booking|agoda|expedia|baidu|dianping|mafengwo|klook|douban)"),
    _matter("排名", "rankings", r"排名(?!前)|排(?:全国|世界|国内|全省)?第几|\branked\b|\branking\b|\bwhat rank\b"),
    _matter("难度、体力和保护级别", "levels other than a sight's grade", r"难度|体能|文保|保护(?:单位|级别|等级)|(?:危险|安全|抗震|防火|消防|消费|噪音|拥挤)(?:等级|级别|水平|系数|指数)|几级(?:风|浪|漂流|地震|文物|保护|岩壁)|\b(?:difficulty|noise|fitness|crowd|risk|danger|hazard|skill|oxygen|pollution|air quality|comfort|spic(?:e|iness)|alert|avalanche|sea|sound|language|hsk|protection|heritage|relics?|safety|security)[ -](?:level|grade|rating|class|index)s?\b|\b(?:level|grade|class|degree|rating)s? of (?:fitness|difficulty|noise|chinese|mandarin|english|protection|rapids|danger|risk|crowd|pollution|comfort|oxygen|security|detail|experience|effort|stamina|skill)|\b(?:grade|level|class|rated?)\b.{0,20}\b(?:climb|hike|trail|trek|rapids|slopes?|ski|rafting|heritage unit|protect(?:ed|ion))\b"),
    _matter("楼层", "which floor things are on", r"(?:在|去|到)几楼|几层楼|(?:which|what) (?:floor|storey|level)\b.{0,40}\b(?:restaurant|deck|shop|caf|exit|toilet|exhibit|hall|on\b)"),
    _matter("小费", "tips", r"小费|\btip (?:the|my|our|your|a|an|them|him|her)\b|\btipping\b|\b(?:should|do|to) (?:i|we|you)? ?tip\b"),
    _matter("保险", "insurance", r"保险(?!柜)|\binsurance\b|\binsured?\b"),
    _matter("捐款和认养", "donations and adoptions", r"捐[款钱赠助多]|功德(?:钱|箱)|布施|认养|领养|\bdonat|\badopt|\bsponsor"),
    _matter("路费", "what the way there costs", r"过路费|过桥费|油费|油钱|\btolls?\b|\bpetrol\b|\bfares? from\b|\b(?:taxi|cab|didi|uber)\b.{0,25}\b(?:cost|fare|price|charge)"),
    _matter("快速通道", "fast passes and VIP seats", r"快速通|优速通|尊享|\bvip\b|fast[- ]?(?:pass|track)|express pass|skip[- ]the[- ](?:line|queue)"),
    _matter("婚礼", "weddings", r"婚礼|结婚(?!纪念)|办酒席|(?:get|getting|be) married"),
    _matter("现金和汇率", "cash and exchange rates", r"现金|换汇|汇率|外汇|\bcash\b|exchange rate|currency"),
    _matter("造价和投资", "what it cost to build", r"造价|(?:修|建|造|盖|修缮|修复|打造)[\u4e00-\u9fff]{0,4}(?:花|用|投)[了掉]?[\u4e00-\u9fff]{0,4}(?:多少|几)|投资了?多少|值多少钱|\bcost to (?:build|restore|repair|construct|renovate)|construction cost"),
    _matter("收入和人口", "figures of business and people", r"工资|薪水|月薪|年薪|[挣赚](?:得|到)?多少|\bsalar(?:y|ies)\b|\bwages?\b|\bearns?\b|利润|营收|营业额|年收入|门票收入|常住|多少户|几户人|人口|\bprofit|revenue|turnover|\bpopulation"),
    _matter("饮水和冰箱", "water and fridges", r"开水|热水(?!河)|接水|饮水|直饮|灌(?:一|两)?[壶瓶]|加水|冰箱|refill|drinking water|water fountain|\bfridge"),
    _matter("缆车索道价格", "the cable car's price", _CABLE_CAR),
    _matter("景区交通车价格", "the shuttle's price", rf"(?:观光车|电瓶车|摆渡车|接驳车|景交车|小火车).{{0,8}}{_PRICE}|(?:shuttle|sightseeing bus|mini train|tram|buggy)\b.{{0,20}}(?:price|cost|fee|how much)|(?:price|cost|fee|how much).{{0,20}}\b(?:shuttle|sightseeing bus|tram|buggy)", r"观光车|游览车|电瓶车|摆渡车|接驳车|区间车|环保车|换乘|小火车|shuttle|\bbus\b|train|tram"),
    _matter("游船价格", "the boat's price", rf"(?:游船|画舫|竹筏|乌篷船|船票|坐船|手摇船).{{0,10}}{_PRICE}|\b(?:boat|raft|ferry|cruise)\b.{{0,20}}(?:price|cost|fee|how much)|(?:price|cost|fee|how much).{{0,20}}\b(?:boat|raft|ferry|cruise)", _BOAT),
    _matter("摩天轮价格", "the Ferris wheel's price", r"摩天轮.{0,8}(?:多少|价|钱)|ferris wheel", _FERRIS_WHEEL),
    _matter("自驾游览加价", "the price for driving through", r"自驾车?.{0,8}(?:多少钱|加|价|钱)|drive[- ]through"),
)

# What a clause that asks has in it.
_INTERROGATIVE = re.compile(
    r"[吗么呢嘛几何谁哪啥咋怎]|多少|多久|多[大长高远]|什么|([\u4e00-\u9fff])不\1|有没有|请问|告诉|说说|查"
    r"|\b(?:what|which|how|tell|remind|confirm|state|advise|please|pls|kindly|need|looking for)\b|^\W*(?:when|where|who|whose|why|is|are|do|does|did|can|could|may|must|should|shall|will|would|any|am)\b", re.IGNORECASE | re.ASCII,
)
# A question about something particular whose words ask for no fact that records hold: 能不能抽烟, is there a dress code.
_PARTICULAR = re.compile(
    r"有没有|有无|(?:能|可|让|准|许|要|用|会|需|该|提供|支持|允许)(?:不|没)(?:能|可|让|准|许|要|用|会|需|该|提供|支持|允许)|([\u4e00-\u9fff])不\1|(?:有|能|可以|可|让|准|许|需要|得|要|会|支持|允许|提供|包括|包含|含)[\u4e00-\u9fff]{1,14}[吗么嘛不没]\s*$"
    r"|多(?:少|高|长|宽|深|大|重|厚|陡|老|远)|几(?!乎)|谁|哪[个位名](?:设计师|建筑师|工匠|皇帝|人|朝代|公司)|为什么|为啥|哪一?年|何时|什么时候|由来|密码"
    r"|\b(?:is|are) there\b|\b(?:can|may|could|should|must) (?:i|we|you|one|my|kids|children|visitors|people)\b|\b(?:do|does)\b.{1,40}\b(?:have|sell|offer|provide|allow|accept|need|require|serve|include)\b|\ballowed\b|\bwho\b|\bwhose\b|\bwhy\b"
    r"|\bhow (?:many|far|deep|old|high|tall|big|wide|large|steep|fast|often|safe|hard|difficult)\b|\b(?:what|which) (?:year|kind|size|number|brand|language|type)s?\b|\bis it (?:ok|okay|possible|allowed|safe|steep|hard|slippery)\b|\bdo (?:i|we) (?:need|have)\b", re.IGNORECASE | re.ASCII,
)
_IF_THERE = re.compile(r"有没有|有(?!几|多)[^，。]{1,12}[吗么嘛没不]|(?:\b(?:is|are) there|\bhave|\bhas)\b", re.IGNORECASE)
_NO_FACT = (None, Topic.FOOD, Topic.LODGING)  # no sight's record holds these
_NEVER = re.compile(r"(?!)")
SOMETHING = Matter("这一点", "that", _PARTICULAR, _NEVER, _NEVER)
# The price of a thing: what stands before 多少钱, after "how much is".
_PRICED = re.compile(r"([\u4e00-\u9fff]{2,12}?)(?:大概|一般|现在|到底)?(?:卖|收|是|要|得|租|买|花)?(?:多少钱|什么价|啥价|几块钱|几元|多少元|贵不贵|贵吗)")
_PRICED_EN = re.compile(r"\bhow much (?:is|are|does|do|for|would)\s+(?:(?:an?|the|some|one)\s+)?([a-z][a-z' -]*)|\b(?:price|cost|fee) (?:of|for) (?:(?:an?|the|some)\s+)?([a-z][a-z' -]*)|\bwhat (?:does|do|did|will|would)\s+(?:(?:an?|the|some|one)\s+)?([a-z][a-z' -]*?) (?:cost|go for)\b", re.IGNORECASE)
_HELPING = re.compile(r"[瓶碗杯份盒串根壶][\u4e00-\u9fff]$")  # 一瓶水: a thing of one character
_ADMISSION = re.compile(r"参观|游览|进|入|上|登|票|价|钱|费|预算|门|人|位|张|孩|学生|老|旺季|淡季|平[日时]|周末|节|今年|时候|套|次|趟|里面|成年|日场|夜场|大人")
_ADMISSION_EN = frozenset(
    "ticket tickets entry entrance admission adult adults person people student students kid kids child children senior seniors it that this to in at for of and or the a an get go cost visit "
    "they them us me we i you my our entering visiting getting going seeing family couple pensioner pensioners group somebody someone general standard regular normal full-price near grown-up grown-ups charge fee fees pass peak low high season full price one two three day per each everyone visitor visitors enter entering usually".split()
)


def unheld(text: str, sights: list[Attraction], misspelt: tuple[str, ...] = ()) -> Matter | None:
    """What a text asks for that none of these sights' records speaks of; None where there is no such thing."""
    told = " ".join(_told(sight) for sight in sights)
    asked = list(_clauses(without_names(text, sights, misspelt)))
    names = " ".join(names_of(sights))
    known = next((matter for matter in MATTERS if any(map(matter.words.search, asked)) and not (matter.held.search(told) or matter.itself.search(names))), None)
    return known or next((thing for clause in asked if (thing := _priced(clause, told))), None)


def something(text: str, sights: list[Attraction], misspelt: tuple[str, ...] = ()) -> Matter | None:
    """That a text asks for something particular, by no words that a record could answer; None where it does not."""
    clauses = list(_clauses(without_names(text, sights, misspelt)))
    return SOMETHING if topic_of(" ".join(clauses)) in _NO_FACT and any(map(is_particular, clauses)) else None


def is_told(text: str, sights: list[Attraction], misspelt: tuple[str, ...] = ()) -> bool:
    """Whether a text asks for such a matter and the sights' records speak of it: the cable car of 峨眉山."""
    told, asked = " ".join(_told(sight) for sight in sights), list(_clauses(without_names(text, sights, misspelt)))
    return any(any(map(matter.words.search, asked)) and matter.held.search(told) for matter in MATTERS)


def asks_if_there(text: str) -> bool:
    """Whether a text asks if there is such a thing."""
    return bool(_IF_THERE.search(text))


def has_ride(text: str, sights: list[Attraction], misspelt: tuple[str, ...] = ()) -> bool:
    """Whether a text asks if there is a cable car, a boat or the like, and the sights' records speak of one."""
    asked = without_names(text, sights, misspelt)
    if not asks_if_there(asked):
        return False
    told = " ".join(map(_told, sights))
    return any(re.search(kind, asked, re.IGNORECASE) and re.search(kind, told, re.IGNORECASE) for kind in _RIDE_KINDS)


def asking(text: str, sights: list[Attraction], misspelt: tuple[str, ...] = ()) -> str:
    """The clauses of a text that ask or name one of the sights: 停车花了我十块，塔上去一趟多少."""
    return "，".join(clause for clause in _clauses(text) if _INTERROGATIVE.search(clause) or without_names(clause, sights, misspelt) != clause)


def is_particular(text: str) -> bool:
    """Whether a text asks something, and not to be told about a place."""
    return bool(_PARTICULAR.search(text))


def _priced(clause: str, told: str) -> Matter | None:
    """A thing whose price is asked and that is no ticket: 一瓶水多少钱, how much is a bottle of water."""
    chinese, english = _PRICED.search(clause), _PRICED_EN.search(clause)
    if chinese and not _ADMISSION.search(chinese[1]):
        last = jieba.posseg.lcut(chinese[1], HMM=False)[-1]
        if last.flag == "n" and (len(last.word) > 1 or _HELPING.search(chinese[1])) and last.word not in told:
            return _matter(f"{last.word}价格", last.word, re.escape(last.word))
    words = next(filter(None, english.groups()), "").split() if english else []
    thing = next((word for word in words if word.lower() not in _ADMISSION_EN), "")
    if thing and thing.islower() and words[0].lower() not in _ADMISSION_EN and thing not in told.lower():  # West Zone is a name's rest
        return _matter(f"{thing}价格", f"the price of {thing}", rf"\b{re.escape(thing)}\b")
    return None


def qualifies(matter: Matter, text: str, topic: Topic | None) -> bool:
    """Whether the words of a matter are part of those that ask for the topic: the difficulty level, and no level of anything else."""
    of_topic = [match.span() for name, words in TOPICS if name is topic for match in re.finditer(words, text, re.IGNORECASE | re.ASCII)]
    return any(match.start() < end and start < match.end() for match in matter.words.finditer(text) for start, end in of_topic)


def beside(text: str, matter: Matter) -> str:
    """The clauses of a text that ask for something else."""
    return " ".join(clause for clause in _clauses(text) if not matter.words.search(clause))


def sentence(matter: Matter, sights: list[Attraction], language: Language) -> str:
    """That we do not know, and whom to ask."""
    if language == "zh":
        where = "、".join(sight.name for sight in sights)
        if matter is SOMETHING:
            return f"这一点{where}的资料里没有，以景区公告为准，请向景区售票处或游客中心询问。"
        return f"{where}的{matter.chinese}资料里没有，以景区公告为准，请向景区售票处或游客中心询问。"
    where = ", ".join(sight.name_en for sight in sights)
    return f"We hold no record of {matter.english} at {where}: see the official notice, or ask at its ticket office or visitor centre."


def _clauses(text: str) -> Iterator[str]:
    return (clause for clause in CLAUSE.split(text) if clause.strip())


def names_of(sights: list[Attraction]) -> list[str]:
    """All names of these sights, in either language."""
    return [name for sight in sights for name in (*sight.names, sight.name_en)]


def without_names(text: str, sights: list[Attraction], misspelt: tuple[str, ...] = ()) -> str:
    """The text without the sights' names: 北京动物园 has no question of animals, 长江索道 none of a cable car."""
    for name in sorted([*misspelt, *names_of(sights)], key=len, reverse=True):
        text = re.sub(re.escape(name), " ", text, flags=re.IGNORECASE)
    return text


def _told(sight: Attraction) -> str:
    """Everything the record says that may answer such a question: its names, extras and notes."""
    ticket, hours = sight.ticket, sight.hours
    extras = [word for extra in ticket.extras for word in (extra.name, extra.name_en)] if ticket else []
    notes = [*([ticket.note, ticket.note_en] if ticket else []), *([hours.note, hours.note_en] if hours else [])]
    kept = [clause for note in notes for clause in CLAUSE.split(note) if not _LEFT_OPEN.search(clause)]
    return " ".join([*sight.names, sight.name_en, *extras, *kept])
