"""Which of the seven intents a turn has, and which fact it asks for; patterns first to last, the first that fits wins."""

import re

from chains.understanding.request import Intent, Topic

INJECTION = re.compile(
    r"(?:忽略|无视|忘记|忘掉|不要理会)(?:掉|你)?(?:以上|上面|之前|前面|所有|一切|全部|先前|你的)|系统提示|提示词|越狱|(?:你现在|从现在起|现在你|假装你)是(?!不是|在|不)|扮演|你不是.{2,12}了|只准(?:回答|说)"
    r"|ignore (?:all|the|your|any|previous|above)|disregard (?:all|the|your|previous)|system prompt|jailbreak|pretend (?:to be|you)|act as|you are now|developer mode|DAN mode",
    re.IGNORECASE | re.ASCII,
)
IDENTITY = re.compile(
    r"你(?:是|叫)(?:谁|什么|啥|哪位|机器人|人工智能|AI|真人|ChatGPT|gpt|chatglm|通义|qwen)|你是(?:不是)?(?:机器人|人|AI|真人)|你(?:能|会|可以)(?:做|干|帮我?做|帮我?干|帮我?)?(?:些)?(?:什么|啥|嘛)|介绍(?:一下)?(?:你)?自己|自我介绍|你有(?:什么|啥|哪些)(?:功能|本事|用)|你的名字|你系(?:边个|谁)|人工客服|怎么用你|问些(?:啥|什么)|built you|怎么称呼|(?:真?人还是|机器人?还是)|talking to (?:a |an )?(?:bot|robot|human|real|person|machine|ai)|(?:谁|哪家公司)(?:开发|做|训练|造)(?:的|了)?(?:你)?|你(?:用|背后)的?(?:是)?(?:什么|啥|哪个)模型|什么大?模型|把你(?:做|造|开发|训练)|谁.{0,3}(?:做|造|开发|训练)(?:出来|的)?.{0,2}你|你都?有(?:什么|啥|哪些)(?:功能|本事)"
    r"|who are you|what(?:'s| is) your name|what can you (?:do|help)|are you (?:a |an )?(?:bot|robot|human|ai|real|chatgpt|gpt)|introduce yourself|who (?:made|built|created|trained) you|what are you\b|how do you work",
    re.IGNORECASE | re.ASCII,
)
WEATHER = re.compile(
    r"天气|气温|温度|下雨(?!天)|下雪|刮.{0,2}风|风大|有没有雪|有雪|有没有雨|冷成|穿厚|穿薄|厚点|薄点|冻[唔不]冻|会下|有雨|带伞|冷不冷|多冷|多热|温差|热死|冷死|热不死|热不热|冷吗|热吗|多少度|几度|穿什么|穿啥|穿多少|怎么穿|穿衣|羽绒服|外套|短袖|台风|雾霾|紫外线|防晒|气候"
    r"|we?a?ther\b|forecast|temperature|\brain(?:y(?! days?\b)|ing|s)?\b|(?<!ice and )(?<!& )\bsnow(?:y|ing)?\b(?! mountain| sights?\b| world| park)|umbrella|what (?:should|do|to) (?:i |we )?(?:wear|pack)|\bwear\b|(?:what|which|warm|enough) clothes|how (?:cold|hot|warm)|\bcold\b|\bhot\b(?! ?(?:spring|pot|water))|typhoon|humid",
    re.IGNORECASE | re.ASCII,
)
# Words that ask for the weather itself; the others (rain, cold) may only be why somebody looks for a roof or a hot spring.
ASKS_WEATHER = re.compile(r"天气(?!预报说)|气温|温度|(?<!天气)预报(?!说|有)|多少度|几度|[冷热雨雪]不|[冷热雨雪]吗|会下|带伞|穿|衣|weather(?! forecast says)|(?<!weather )forecast(?! says| is rain)|temperature|degrees|wear|clothes|(?:an|our|bring|need|take) umbrella|will it|is it (?:going|cold|hot)|how (?:cold|hot|warm)", re.IGNORECASE)
ITINERARY = re.compile(
    r"行程|路线|攻略|日程|几日游|[一二两三四五六七八九十\d]+[日天]游|规划|怎么(?:安排|玩)(?!呢?$)|安排(?:一下|个|下)?(?!不)|计划(?:一下|个)|玩(?:个)?(?:[一二两三四五六七八九十\d半]+)(?:来)?[天日]|(?:待|呆|住)(?:[一二两三四五六七八九十\d]+)[天日晚]|[一二两三四五六七八九十\d]+天[一二两三四五六七八九十\d]+[夜晚]|[一二两三四五六七八九十\d]+天(?:时间|够|怎么|如何|该|要怎么)|怎么(?:走|玩)(?:比较|最|合理)|(?:怎么|咋|帮我?|给我)(?:排|弄|搞|整)|排(?:一下|个|一个|下)"
    r"|itinerar|\bplan\b|planning|schedule|\broute\b|day trip|[\w-]+[- ]days? (?:in|trip|tour|itinerary|visit)|for (?:\w+) days|weekend in|(?<!all )\bdays? (?:in|at)\b|arrange",
    re.IGNORECASE | re.ASCII,
)
OUT_OF_SCOPE = re.compile(
    r"代码|编程|python|java\b|javascript|c\+\+|sql\b|算法|股票|基金|炒股|比特币|彩票|吃什么药|感冒药|发烧|头疼|头痛|看病|症状|治疗|医院挂号|处方|选举|总统|政治|战争|台独|作文|论文|作业|解(?:一下)?方程|数学题|写(?:一)?(?:首|篇)|写诗|讲(?:个|一个)笑话|翻译(?!机)|唱(?:首|一首)?歌|离婚|法律|律师|起诉|相亲|算命|星座|密码|黑客|破解|入侵|炸弹|毒品|色情|裸|赌博|赌场|减肥|编译|工资|房价|买房|游戏攻略|王者荣耀|原神"
    r"|(?:帮我|帮忙|给我|替我)把?.{0,6}(?:酒店|机票|车票|房|票).{0,2}(?:订|买|退)|(?:降压|感冒|退烧|消炎)?药.{0,3}(?:一天|几次|怎么吃|几片)|(?<!别)(?<!不要)(?:帮我?|给我|替我|能|可以)(?:.{0,4})(?:订|预订|预定|买|抢|定)(?:一?[张个间])?(?:.{0,14})(?:机票|火车票|高铁票|酒店|票|房间|房)|退(?:了|掉)$|票.{0,2}退|订(?:一?张)?(?:机票|火车票|高铁票)|退票|改签|办签证|签证"
    r"|\bcode\b|program(?:ming)?\b|stocks?\b|bitcoin|crypto|medicine(?! (?:factory|museum|street))|headache|fever|\bdoctor\b|diagnos|election|president|politic|essay|homework|equation|poem|joke|translat|lawyer|divorce|horoscope|password|hack|bomb|drugs?\b|porn|lottery|visa\b|movie|football|\bnba\b|recipe|how (?:do i|to) cook"
    r"|\b(?:book|reserve|buy)\b(?: me| us| a| an| the| my| two| \d)+.{0,20}(?:flight|hotel|hostel|bed|ticket|room|train|table)",
    re.IGNORECASE | re.ASCII,
)
SMALLTALK = re.compile(
    r"^(?:你好|您好|嗨|哈喽|哈啰|hi+|hello+|hey+|早(?:上好|安)?|晚上好|下午好|中午好|晚安|在吗|在么|在不在|谢谢|多谢|谢啦|感谢|太棒了|真棒|(?:这个?|你的)?(?:行程|安排|计划)(?:很|挺|真)?(?:不错|很?好|棒)(?=$|[了啊呀的!。])|不错|很好|好的|好吧|好嘞|ok(?:ay)?|嗯+|哦+|哈+(?![尔密达巴拉纳])|呵+|再见|拜拜|bye+|goodbye|see you|thanks?|thank you|good (?:morning|evening|afternoon|night|job)|great|nice|cool|awesome|你真(?:好|棒|厉害|可爱|聪明)|辛苦了?|牛|厉害|笨|傻|蠢|垃圾|滚|废物|无聊|我(?:好|很|有点)?(?:开心|难过|无聊|累|烦)|爱你|么么哒|没事了?|算了|知道了|明白了?|收到|love you|you(?:'re| are) (?:the best|great|awesome|stupid|useless|dumb|amazing|so \w+|really \w+)|stupid|idiot|useless|how are you|what'?s up|sorry|nothing|never ?mind|haha+|lol|wow)",
    re.IGNORECASE | re.ASCII,
)
DISTRESS = re.compile(r"想死|自杀|轻生|不想活|活不下去|结束生命|suicid|kill myself|want to die|end my life", re.IGNORECASE | re.ASCII)
RECOMMEND = re.compile(
    r"便宜.{0,3}地方|的地方$|哪里玩|去哪|玩什么|好玩|有什么(?:好|景|地方|可|值|特)|有啥|有哪些|哪些(?:地方|景|值|免费|好)|景点|推荐|值得(?:去|一去|看|玩)的|必去|必玩|打卡|玩的地方|能玩|可以玩|逛|转转|看看|好去处|哪儿玩|花费|开销|什么好(?:看|玩)|哪里(?:适合|好|可以|能|有)|哪儿(?:适合|好|可以|能|有)|想去|想看|去玩|旅游|旅行|一日|周边|附近|有没有|还有(?:别|其他|什么|吗)|别的|其他的"
    r"|recommend|things to (?:do|see)|what to (?:do|see|visit)|places?\b|sights?\b|attractions?|where (?:to|should|can)|must[- ]see|worth (?:seeing|visiting)|visit|see in|suggest|trip to|travel|go to|going to|spots?\b|what else|anything|more options|再多|换别的|any .{0,20}(?:in|near|around)\b|fun\b|explore|best .{0,25} in\b|show me",
    re.IGNORECASE | re.ASCII,
)
MORE = re.compile(r"还有(?:别|其他|什么|哪|吗|没|呢|啥)|别的|其他的?|换一批|再(?:推荐|来|给)|更多|再?多(?:说|推荐|来)(?:几|点|一)|换别的|what else|anything else|\bmore\b(?! than)|other (?:places|options|sights|ones)|others", re.IGNORECASE | re.ASCII)

CLAUSE = re.compile(r"[,，。.;；!！?？]+\s*")
# City topics stand first: "吃什么" must not be read as "what".
TOPICS: tuple[tuple[Topic, str], ...] = (
    (Topic.TRANSPORT, r"高铁|火车|动车|机票|航班|坐.{0,8}(?<!游)船|哪个码头|机场(?:到|去|怎么)|\bflights?\b|\btrains?\b"),
    (Topic.LODGING, r"住边|住哪|住哪里|住宿|酒店|宾馆|民宿|旅馆|青旅|客栈|住在哪|住什么|住一晚|住(?:得)?便宜|哪里住|住的地方|\bhotels?\b|hostels?|where (?:to|should (?:i|we)|can (?:i|we)) stay|accommodation|lodging|\bstay\b(?! for| at)|a night\b|per night"),
    (Topic.FOOD, r"好食|哪家正宗|吃什么|吃啥|哪里吃|去哪吃|美食|小吃|特产|餐厅|饭店|饭馆|好吃|必吃|特色菜|吃饭|吃的|早餐|夜宵|what (?:to|should (?:i|we)|can (?:i|we)) eat|\bfood\b|restaurants?|dish(?:es)?|cuisine|\beat\b|snacks?\b|breakfast|specialt"),
    (Topic.SEASON, r"(?:什么|啥)时候(?:去|来|最|玩|合适|适合)|几月(?:份)?(?:去|来|最|合适|适合|好)?|哪个(?:季节|月)|什么季节|最佳(?:季节|时间|旅游时间)|(?:best|right|good) (?:time|season|months?)|when (?:should|is the best|to (?:go|visit)|is a good)|which (?:month|season)|what (?:month|season)"),
    (Topic.DISCOUNT, r"学生票|学生证|学生(?:有|能|可|打|半|优)|优惠|半价|打折|减免|儿童票|老人票|老年证|(?:老人|小孩|孩子|儿童|学生|军人|教师|\d+岁).{0,6}(?:免费|要票|买票|收费|要钱|门票|免票)|免票|discounts?|concession|student (?:ticket|price|discount)s?|senior (?:ticket|price|discount)s?|(?:kids|children|students?|seniors?) (?:free|pay|get)|half price|(?:free|cheaper) for (?:kids|children|students?|seniors?)"),
    (Topic.BOOKING, r"预约|预订|提前约|要约|约票|提前(?:订|买|多久|几天)|要不要(?:订|预)|要订票|怎么(?:买票|订票|购票)|哪里买票|现场买票|抢不到票|reserv(?!oir)|\bbook(?:ing|ed)?\b|in advance|buy tickets"),
    (Topic.CLOSED, r"闭馆|闭园日|休园|休息(?:日|吗)|不开(?:门|放)|(?:周|星期|礼拜)[一二三四五六日天].{0,3}(?:开|关|休|能去|闭)|(?:周|星期|礼拜)[一二三四五六日天末].{0,8}(?:行吗|行不行|能去|可以去|能进|能玩|可以吗)|哪天(?:关|休|不开|闭)|(?:星期|周|礼拜)几.{0,2}(?:开|关|休|闭|不)|closed|(?:open|opens?) on (?:mon|tues|wednes|thurs|fri|satur|sun)days?|clos(?:e|ing) days?|day off"),
    (Topic.VISIT_TIME, r"玩多久|够玩|够不够|够看|留多少|多少时间|enough (?:for|to see|to visit|time)|[得要需]多久|够不够玩|逛多久|逛得完|逛完(?=[?？要得需大一吗呢]|$)|玩得完|钟头|要多久|多长时间|多大[工功]夫|几个小时|几小时|多少时间|多少(?:个)?小时|待多久|游览(?:时间|时长)|花多久|多久能|需要多久|半天够|一天够|how long|how many hours|how much time|long enough"),
    (Topic.HOURS, r"几点|停止入场|最迟|opening times|开放(?:时间|到)?|开门|关门|营业|开到|闭园|开园|入园时间|最晚|末班|(?:早上|晚上)(?:开|关)|什么时候(?:开|关)|opening (?:hours|times?)|what time|\bopen(?:s|ing)?\b(?![- ]air)|\bhours\b|\bhrs\b|clos(?:e|es|ing)\b|last (?:entry|admission)|when does .{0,30}(?:open|close)|\brun(?:s|ning)? (?:after|until|till|past|late)\b"),
    (Topic.LEVEL, r"几[个颗]?[aA]|评[上了].{0,4}[345五四三]\s?[aA]|[345五四三]\s?[aA]级?(?:景区)?(?:没|不$)|[345五四三][aA]还是|系咪\s?[345]|[345五四三]\s?[aA](?:级)?(?:景区)?(?:吗|么|的吗|不)|是不是[345]?[aA]|什么级别|几级|等级|评级|(?:what|which) (?:a[- ])?(?:level|grade|rating)|(?:rated|rating)\b|is .{0,30} [345]a\b"),
    (Topic.TRANSPORT, r"火车|高铁|动车|飞机|机票|航班|\btrains?\b|flights?\b|怎么去|怎么到|怎么走|怎么坐|坐车|几号线|咋去|咋到|咋走|如何(?:去|到|前往)|坐(?:什么|几号|几路)|地铁|公交|交通|打车|从.{1,10}(?:到|去).{1,12}(?:怎么|多远|多久)|how (?:do|can|to|should) (?:i |we )?(?:get|go|reach)|get (?:to|around|there)|\bmetro\b|subway|transport\w*|\bbus\b|taxi"),
    (Topic.LOCATION, r"归哪|属于哪个?[市县区省州]|哪个[县镇省州]|哪条[路街]|咋找|在[\u4e00-\u9fff]{1,6}还是(?:在)?[\u4e00-\u9fff]{1,6}[啊呀呢]?[?？]?$|(?:which|what) (?:county|province|town)\b|在哪(?:里|儿|个区|条路)?|在(?:什么|啥)(?:地方|位置|区)|什么方位|方位|哪个区|地址|位置|坐标|怎么找|离.{0,8}(?:远|近)|which city\b|where(?:'s| exactly)?(?: is| are|'s)?\b|address|located|location|which district|how far"),
    (Topic.TICKET, r"门票|多少一[张位人个]|一[张位人个]多少|how many (?:yuan|rmb)|门漂|几多|贵唔贵|票价|多少钱|多少元|几块|几元|价格|价钱|收费|要钱|要票|买票|贵不贵|贵吗|(?:哪|谁).{0,4}贵|更贵|最贵|更便宜|最便宜|免费|花费|花多少|费用|成人票|票多少|花钱|不要钱|多钱|💰|how much|tickets?\b|prices?\b|\bcosts?\b|\bfees?\b|\bfares?\b|admission|entrance|expensive|\bfree\b"),
    (Topic.ABOUT, r"介绍(?!几|一些|点)|怎么样|是什么|什么样|好玩(?:吗|么|不)|值得(?:去|一去|看|玩)?(?:吗|么|不)|值不值|有什么(?:特色|看点|好看|好玩)|历史|特色|来历|咋样|如何|讲讲|说说|tell me about|what is\b|what's\b|\bis .{0,40}worth|(?<!what )(?<!how )about\b|describe|special|introduc|history of|information|what's special"),
)

# A second fact asked in the same breath, by words that leave no doubt: 门票多少钱，几点开门.
_BESIDE: tuple[tuple[Topic, str], ...] = (
    (Topic.ABOUT, r"介绍(?!几|一些|点)|tell me about|introduce"),
    (Topic.TICKET, r"门票(?=$|[,，;；、?？和跟与]|多|价|几|贵|要|怎|是|咋)|票价|多少钱|几块钱|多少元|要票吗|收费吗|免费吗|how much (?:is|are|does|do|to)\b(?! it take)|ticket prices?|\bprices?\b|entr(?:y|ance) fees?|admission|is it free\b"),
    (Topic.HOURS, r"几点(?:开|关|到几|闭|营业|下班|能进|可以进)|开放时间|营业时间|几点到几点|开到几点|opening (?:hours|times?)|open(?:ing)? hours|(?:what time|when) (?:does|do|is|are)\b.{0,30}\b(?:open|close|shut)"),
    (Topic.CLOSED, r"闭[馆园]日|(?:周|星期|礼拜)几(?:.{0,2})(?:休|闭|关|不开)|哪天.{0,2}(?:休|闭|关|不开)|(?:周|星期|礼拜)[一二三四五六日天]能?(?:开|关|闭|休)|closing days?|(?:open|closed|shut) on (?:mon|tues|wednes|thurs|fri|satur|sun)days?"),
    (Topic.VISIT_TIME, r"[玩逛看](?:一圈|一遍|完)?(?:要|得|需要|大概)*(?:多久|多长时间|几个?小时|多少时间)|游览时间|how (?:long|many hours|much time) (?:to|should|do(?:es)? (?:a|the|one|we|i|you|people|it take)\b).{0,20}\b(?:see|visit|spend|need|walk|tour|allow|explore)"),
    (Topic.LEVEL, r"几[aA](?![a-zA-Z])|是不?是?[345]\s?[aA](?![a-zA-Z])|什么级别|how many a(?:'?s)?\b|which (?:a[- ])?level"),
    (Topic.LOCATION, r"在哪|什么位置|地址|哪个区|where (?:is|are)\b|where's|\baddress\b|which district"),
    (Topic.BOOKING, r"要(?:不要)?(?:提前)?预[约订]|提前多久|怎么预[约订]|do (?:i|we) (?:need|have) to (?:book|reserve)|book(?:ing)? (?:ahead|in advance)"),
    (Topic.DISCOUNT, r"学生票|儿童票|老人票|(?:学生|小孩|孩子|儿童|老人).{0,4}(?:免票|半价|打折|优惠|免费)|student (?:ticket|price|discount)s?|(?:child|children|kids|senior)s?'?s? (?:ticket|price|discount|fare)s?"),
)


def topic_of(text: str) -> Topic | None:
    """The first topic whose words stand in the text."""
    return next((topic for topic, words in TOPICS if re.search(words, text, re.IGNORECASE | re.ASCII)), None)


def topics_beside(text: str, first: Topic | None) -> tuple[Topic, ...]:
    """The facts of a sight that a text asks for beside its first topic."""
    return tuple(topic for topic, words in _BESIDE if topic is not first and re.search(words, text, re.IGNORECASE | re.ASCII))


def without_foreign(text: str) -> str:
    """The clauses of a text that speak of no foreign matter: a student's essay is no reason not to name the mosques she must see."""
    return " ".join(clause for clause in CLAUSE.split(text) if clause.strip() and not OUT_OF_SCOPE.search(clause))


def plain_intent(text: str) -> Intent | None:
    """The intents that need no slots: injection and foreign matters, identity, greetings."""
    if DISTRESS.search(text):
        return Intent.SMALLTALK
    if INJECTION.search(text):
        return Intent.OUT_OF_SCOPE
    if IDENTITY.search(text):
        return Intent.IDENTITY
    if OUT_OF_SCOPE.search(text):
        return Intent.OUT_OF_SCOPE
    return None
