"""Small talk by code: a greeting deserves a sure answer, and an insult or a cry for help even more so."""

import re

from chains.understanding.intent import DISTRESS
from chains.understanding.request import Language

_ANSWERS: tuple[tuple[re.Pattern[str], str, str], ...] = (
    (DISTRESS,
     "听到你这么说，我很担心你。请马上和身边信任的人说说，或拨打全国统一心理援助热线12356，紧急时拨打120，会有人陪着你。",
     "I am worried about you. Please talk to someone you trust right now, or call China's support line 12356; in an emergency call 120."),
    (re.compile(r"谢|thank|cheers", re.IGNORECASE), "不客气，能帮上你我很开心。还想去哪里看看？", "You are welcome. Where else would you like to look?"),
    (re.compile(r"再见|拜拜|晚安|\bbye|goodbye|see you|good night", re.IGNORECASE),
     "再见，祝你一路看好风景！", "Goodbye, and may every view be a good one!"),
    (re.compile(r"笨|傻|蠢|垃圾|滚|废物|没用|骗子|stupid|idiot|useless|dumb|shut up|fuck|shit|sucks", re.IGNORECASE),
     "对不起，没帮上忙让你失望了。告诉我想去的城市或景点，我再认真查一次。",
     "I am sorry to have let you down. Name a city or a sight and I will look again with care."),
    (re.compile(r"棒|厉害|可爱|聪明|喜欢你|爱你|不错|很好|great|awesome|amazing|the best|love you|nice|cool|good job", re.IGNORECASE),
     "谢谢你的夸奖，我会继续把每个价格都查清楚。接下来想看哪座城市？",
     "Thank you, that is kind. Which city shall we look at next?"),
    (re.compile(r"你好|您好|嗨|哈喽|早上好|早安|晚上好|下午好|在吗|^hi|^hello|^hey|good (?:morning|afternoon|evening)", re.IGNORECASE),
     "你好呀，很高兴遇见你！想去哪座城市走走？我可以告诉你景点、门票和吃住。",
     "Hello, lovely to meet you! Which city would you like to explore? I can tell sights, tickets, food and lodging."),
    (re.compile(r"无聊|累|烦|难过|开心|心情|bored|tired|sad|happy", re.IGNORECASE),
     "出去走走，看看风景，心情会亮一点。告诉我一座城市，我陪你挑几个好去处。",
     "A walk with a good view can lift the day. Name a city and I will pick a few places with you."),
)
_OTHERWISE: dict[Language, str] = {
    "zh": "我在听。你可以说一座城市，比如“青岛有什么好玩的”，我来说景点和花费。",
    "en": "I am listening. Name a city, such as “What can I see in Qingdao?”, and I will tell sights and costs.",
}


def smalltalk(text: str, language: Language) -> str:
    """A kind answer to what was said; nothing of the traveller's words is repeated."""
    for pattern, chinese, english in _ANSWERS:
        if pattern.search(text):
            return chinese if language == "zh" else english
    return _OTHERWISE[language]
