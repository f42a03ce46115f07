"""Claims without a figure that must be true all the same: money, opening, booking, concessions, durations, distances.

In its free words the model has no business with these: prices and hours stand in the part that code writes. So the
mere topic is a claim; it is let through only where the line's own record says the very words, or where 免费 is true.
"""

import re

_TOPICS: tuple[tuple[str, str], ...] = (
    ("free", r"免费|免单|免票|全免|免门票|免收|零门票|分文不取|白看|不要钱|不收费|不收门?票|不花钱|不用(?:花|掏|付)钱|不要门?票|没有门票|(?:无需|无须|不用|不需要?)(?:购|买)?(?:门)?票"
             r"|\bfree\b(?! (?:time|hand|spirit))|no (?:entrance |admission |entry )?(?:fee|charge|ticket|cost)|without (?:a |any )?(?:fee|ticket|charge|paying)|\bgratis\b|costs? nothing|nobody pays|for nothing|not (?:charge|cost)|complimentary|on the house"),
    ("paid", r"not free|isn't free|不免费|收费|付费|付钱|花钱|带钱|掏钱|收取|买票|购票|凭票|门票|票价|车票|船票|票(?:是|要|只|才|就|有点)|entrance fee|admission|tickets?\b|\bpay\b|\bpaid\b|charge[sd]?\b|fees?\b"),
    ("money", r"钱|人民币|总价|价格|价钱|花费|费用|便宜|划算|性价比|(?<![珍宝高名])贵(?![州族宾妃])|块钱|预算|\bprices?\b|\bpric(?:ey|ed)\b|\bcosts?\b|\bcheap|expensive|\byuan\b|\brmb\b|\bbudget|afford|bargain|money|dollars?"),
    ("opening", r"开门|关门|开放|闭馆|闭园|休馆|休园|停业|营业|歇业|开着|全天|通宵|随时(?:都)?(?:开|能进)|无休|昼夜|每天|每日|从早到晚|午夜|凌晨|周末|工作日|(?:周|星期|礼拜)[一二三四五六日天]|冬季|夏季停|入场时间"
                r"|\bopens?\b|\bopening\b|\bclos(?:e|es|ed|ing)\b(?! (?:to|together|by))|around the clock|all (?:day|night)|24/7|year[- ]round|every ?day|daily\b|midnight|\bmon(?:day)?s?\b|tuesdays?|wednesdays?|thursdays?|fridays?|saturdays?|sundays?|weekends?|weekdays?|until (?:late|dark|dusk)|from dawn|never shuts?|shuts?\b"),
    ("booking", r"预约|预订|限流|限时|先约|约好|订票|抢票|随到随进|实名|\bbook(?:ed|ing|ings)?\b|reserv(?:e|ed|ation|ations)\b|in advance|walk[- ]ins?|sign up|queue"),
    ("concession", r"优惠|优待|打折|折扣|半价|学生|老人(?:证|免)|老年|儿童票|军人|教师|减免|discounts?|concessions?|half[- ]price|students?|seniors?|under[- ]\w+s|pensioners?"),
    ("duration", r"小时|钟头|分钟|整天|半天|半日|(?<!同)一天|一日|一晚|片刻就|一会儿就|\bhours?\b|\bminutes?\b|(?:half|whole|full|entire) (?:a )?(?:day|morning|afternoon)|\b(?:a|one) day\b|\bweeks?\b|overnight"),
    ("distance", r"公里|千米|里地|海拔|米高|步行可|走路就|\bkilomet\w+|\bkm\b|\bmiles?\b|\bmet(?:re|er)s?\b|\bfeet\b|walking distance|steps? (?:away|from)|stone's throw"),
    ("date", r"元旦|春节|清明|五一|端午|中秋|国庆|暑假|寒假|世纪|(?:唐|宋|元|明|清|汉|秦|隋|晋|魏|民国)(?:代|朝|时期|末|初)|上世纪|民国|解放前|年间|建于|始建|今年|明年|去年|\bin may\b|\b(?:january|february|march|april|june|july|august|september|october|november|december)\b|centur(?:y|ies)|dynasty|\b(?:ming|qing|tang|song|han|yuan)\b(?=.{0,10}(?:era|times|built))|national day|new year|mid-autumn|festival|\bbuilt in\b|years? (?:old|ago)|\bage[sd]?\b|\bdecades?\b|last year|this year"),
    ("season", r"旺季|淡季|(?:low|peak|high) season"),
    ("rank", r"国家级|世界级|省级|[a-zA-Z一二三四五]?级景区|世界(?:文化|自然)?遗产|非遗|(?:全国|世界|中国|亚洲|全球|全省|国内)(?:最|第|唯一|首)|之首|第一|唯一|排名|名列|最(?:大|高|长|古老|早|深)的|world heritage|unesco|national[- ]level|\b(?:largest|oldest|tallest|biggest|longest|highest|number one|no\. ?1|top[- ]rated|only one|the first|the second)\b|most \w+ .{0,30}in (?:the world|china|asia)|world[- ]famous|ranked|listed as"),
    ("transport", r"号线|(?:line|bus|no\.?) one|班车|轮渡|高铁|火车|飞机|ferry|\btrains?\b|flights?"),
    ("weather", r"下雨|降雨|气温|多云|天气预报|\brain(?:s|y|ing)?\b|temperature|forecast|degrees"),
)
_COMPILED = tuple((kind, re.compile(words, re.IGNORECASE | re.ASCII)) for kind, words in _TOPICS)


def claims(text: str) -> list[tuple[str, str]]:
    """(kind, words) of every such claim in a text."""
    return [(kind, match[0]) for kind, pattern in _COMPILED for match in pattern.finditer(text)]
