"""What an answer must copy, counted."""

from finetune.judging.task import answer_match, domain_score, refusals, task_score, values_of
from knowledge.accuracy.metrics import Share

PROMPT = "<资料>\n1. 栈桥（免费）：老码头。\n2. 崂山（旺季90元/淡季60元）：看海的山。\n合计：一位成人门票约90元。\n</资料>\n问题：去哪"
RIGHT = "1. 栈桥（免费）：去看看海。\n2. 崂山（旺季90元/淡季60元）：爬山很痛快。\n合计：一位成人门票约90元。\n早点出门。\n玩得开心！"


def shares(predicted: str) -> dict[str, tuple[int, int]]:
    """(right, asked) of each kind."""
    return {kind: (share.right, share.total) for kind, share in task_score([(PROMPT, predicted, RIGHT)]).shares().items()}


def test_a_right_answer_has_everything() -> None:
    """Other reasons in the same form are as right as the reference."""
    said = RIGHT.replace("去看看海", "傍晚来吹吹风")
    assert shares(said) == {"fact line": (1, 1), "form": (1, 1), "name": (2, 2), "price": (2, 2)}


def test_a_wrong_name_and_a_wrong_price_are_told_apart() -> None:
    """A miswritten name keeps its price, a miswritten price its name."""
    assert shares(RIGHT.replace("1. 栈桥", "1. 栈挢"))["name"] == (1, 2)
    assert shares(RIGHT.replace("1. 栈桥", "1. 栈挢"))["price"] == (2, 2)
    assert shares(RIGHT.replace("旺季90元/淡", "旺季80元/淡"))["price"] == (1, 2)
    assert shares(RIGHT.replace("旺季90元/淡", "旺季80元/淡"))["name"] == (2, 2)


def test_a_changed_total_breaks_line_and_form() -> None:
    """The total is copied exactly or it is wrong."""
    found = shares(RIGHT.replace("约90元", "约900元"))
    assert found["fact line"] == (0, 1)
    assert found["form"] == (0, 1)


def test_missing_and_added_lines_break_the_form() -> None:
    """The form is as many lines as the reference, all numbered ones among them."""
    assert shares(RIGHT.removesuffix("\n玩得开心！"))["form"] == (0, 1)
    assert shares(RIGHT + "\n还有什么想问的吗？")["form"] == (0, 1)
    assert shares("")["name"] == (0, 2)


def test_a_prompt_without_facts_is_left_out() -> None:
    """Small talk has nothing to copy."""
    assert task_score([("你好", "你好！", "你好呀")]).shares() == {}


def test_free_words_that_equal_the_facts_are_free_all_the_same() -> None:
    """A reference that took its reasons from the facts word for word asks nobody else to do so."""
    reference = "1. 栈桥（免费）：老码头。\n2. 崂山（旺季90元/淡季60元）：看海的山。\n合计：一位成人门票约90元。\n早点出门。\n玩得开心！"
    score = task_score([(PROMPT, RIGHT, reference), (PROMPT, reference, RIGHT)])
    assert (score.right["form"], score.asked["form"]) == (2, 2)


def test_the_form_is_the_order_too() -> None:
    """Items by their numbers, then the total, then words of one's own."""
    first, second, total, advice, closing = RIGHT.split("\n")
    assert shares(f"{second}\n{first}\n{total}\n{advice}\n{closing}")["form"] == (0, 1)
    assert shares(f"{total}\n{first}\n{second}\n{advice}\n{closing}")["form"] == (0, 1)
    assert shares(f"{first}\n{first}\n{total}\n{advice}\n{closing}")["form"] == (0, 1)
    assert shares(f"{first}\n{second}\n{total}\n{advice}\n{total}")["form"] == (0, 1)


def test_blank_lines_do_not_break_the_form() -> None:
    """Serving skips them, so does the count."""
    assert shares(RIGHT.replace("\n", "\n\n") + "\n")["form"] == (1, 1)


def test_a_name_with_brackets_is_a_name() -> None:
    """English names carry brackets of their own; the last ones hold the price."""
    prompt = "<facts>\n1. The Palace Museum (Forbidden City) (60 yuan): Red walls.\n</facts>\nQuestion: where to?"
    right = "1. The Palace Museum (Forbidden City) (60 yuan): Walk under red walls.\nHave fun!"
    found = task_score([(prompt, right, right), (prompt, right.replace("Forbidden", "Forgotten"), right)]).shares()
    assert (found["name"].right, found["price"].right, found["form"].right) == (1, 2, 2)


def test_the_domain_score_is_the_mean_of_the_kinds() -> None:
    """Each kind weighs the same, however many of it were asked."""
    assert domain_score({"name": Share(6, 6), "form": Share(0, 1)}) == 0.5
    assert domain_score({}) == 0.0


UNKNOWN_PROMPT = "<资料>\n云雾台门票：票价资料里没有，以景区公告为准。 [1]\n</资料>\n问题：云雾台门票多少"
UNKNOWN_ANSWER = "云雾台门票：票价资料里没有，以景区公告为准。 [1]\n祝你玩得开心。"


def test_an_unknown_that_is_said_to_be_unknown_counts_as_refused() -> None:
    """In the facts' words or in others; an invented price does not."""
    said = [UNKNOWN_ANSWER, "抱歉，票价我不知道。", "云雾台门票：成人60元。\n祝你玩得开心。", ""]
    found = refusals([(UNKNOWN_PROMPT, text, UNKNOWN_ANSWER) for text in said])
    assert (found.said.right, found.said.total) == (2, 4)
    assert found.needless.total == 0


def test_a_refusal_where_the_facts_know_the_answer_is_needless() -> None:
    """Counted apart, among the rows whose reference answers."""
    found = refusals([(PROMPT, RIGHT, RIGHT), (PROMPT, "我不知道。", RIGHT)])
    assert (found.needless.right, found.needless.total, found.said.total) == (1, 2, 0)


def test_an_unknown_price_must_be_said_in_its_own_line() -> None:
    """One unknown price said elsewhere does not excuse an invented one."""
    facts = "1. 云雾台（票价以景区公告为准）：高台。\n2. 栈桥（免费）：老码头。"
    prompt, right = f"<资料>\n{facts}\n</资料>\n问题：去哪", f"{facts}\n玩得开心！"
    found = refusals([(prompt, right, right), (prompt, right.replace("票价以景区公告为准", "30元") + "\n票价以景区公告为准。", right)])
    assert (found.said.right, found.said.total) == (1, 2)


TICKET_PROMPT = "<资料>\n栈桥门票：成人60元，学生30元；开放时间：08:00–17:00。 [1]\n</资料>\n问题：栈桥门票多少"


def test_an_answer_matches_by_its_values() -> None:
    """In whatever words; one value too few is no match."""
    said = ["成人票60块，学生票30块，早上8点到下午5点开放。", "Adults 60 yuan, students 30 yuan, open 8:00 am to 5:00 pm.", "成人60元，学生30元。", "成人80元，学生30元，08:00–17:00。", ""]
    assert [answer_match([(TICKET_PROMPT, text)]).right for text in said] == [1, 1, 0, 0, 0]


def test_lists_unknowns_and_words_have_no_values_to_match() -> None:
    """Names and prices of a list are counted one by one, unknowns as refusals, words by the fact line."""
    words = "<资料>\n栈桥位于青岛市市南区。 [1]\n</资料>\n问题：栈桥在哪"
    assert [values_of(prompt) for prompt in (PROMPT, UNKNOWN_PROMPT, words, "你好")] == [()] * 4
    assert answer_match([(PROMPT, RIGHT)]).total == 0
