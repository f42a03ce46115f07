"""What an answer must copy, counted."""

from finetune.judging.task import task_score

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
