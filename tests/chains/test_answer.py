"""Answering: the model writes, the guard reads along, and whatever the model does the reader gets a true answer."""

import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import islice
from threading import Thread

import pytest
from langchain_core.messages import SystemMessage
from openai import APIConnectionError

from chains.answer import MAX_REQUESTS, Answerer, AnswerLine, Origin, Record
from chains.facts import Facts
from chains.models.chat import chat_engine
from chains.outline import Part, outline
from knowledge.errors import EngineError
from knowledge.library import Library
from tests.chains.turns import QINGDAO, QINGDAO_EN, gather, guarded
from tests.fakes import Script, engine_saying, model_of

MODEL, REWRITTEN, RENDERED, CODE = Origin.MODEL, Origin.REWRITTEN, Origin.RENDERED, Origin.CODE
REASONS = (
    "傍晚来这里吹海风，看海鸥和落日。", "林荫小路安静好走，春天满树樱花。", "穿一双好走的鞋，一边爬山一边看海。",
    "入夜后楼群亮灯，海边夜景很美。", "看港湾里一片白帆，情侣常来。", "闻着麦芽香，了解酿酒的故事。",
)
ADVICE, CLOSING = "海边风大，带一件外套会更舒服。", "祝你在青岛玩得开心！"
LIE = "其实蜀岛更美，门票六十元。"


@pytest.fixture
def facts(library: Library) -> Facts:
    """The facts of the showcase question."""
    return gather(library, QINGDAO)


def well_written(facts: Facts) -> list[str]:
    """The lines of a model that does as it is told."""
    reasons = iter(REASONS)
    lines = [line for line in outline(facts) if not line.by_code]
    words = {Part.ADVICE: ADVICE, Part.CLOSING: CLOSING}
    return [line.fixed + (next(reasons) if line.card else words.get(line.part, "")) for line in lines]


def answered(library: Library, facts: Facts, *scripts: Script, record: Record | None = None) -> list[AnswerLine]:
    """The lines shown when the engine says these completions."""
    return list(Answerer(engine_saying(*scripts), library).stream(facts, record))


def origins(lines: list[AnswerLine]) -> list[Origin]:
    """Who wrote each line that the model was asked for."""
    return [line.origin for line in lines if line.origin is not CODE]


def test_a_good_model_writes_every_line_in_one_request(library: Library, facts: Facts) -> None:
    """What passes the guard is shown as the model wrote it, between the lines that are code's."""
    engine, written = engine_saying("\n".join(well_written(facts))), well_written(facts)
    lines = list(Answerer(engine, library).stream(facts))
    assert [line.text for line in lines if line.origin is MODEL] == written
    assert [line.origin for line in lines] == [CODE, *[MODEL] * 7, CODE, MODEL, MODEL]
    assert [line.line for line in lines] == list(outline(facts))
    assert len(model_of(engine).history) == 1


def test_lines_are_given_out_while_the_model_still_writes(library: Library, facts: Facts) -> None:
    """The first line of the model is shown before the second is written, and giving up stops the engine."""
    script = "\n".join(well_written(facts))
    engine = engine_saying([script, RuntimeError("read to the end")])
    stream = Answerer(engine, library).stream(facts)
    first = list(islice(stream, 2))
    assert [line.origin for line in first] == [CODE, MODEL]
    stream.close()
    assert model_of(engine).given_up == 1


def test_a_wrong_line_is_asked_for_once_more_and_shown_when_it_is_right(library: Library, facts: Facts) -> None:
    """A line that lies is never shown; the model goes on from the lines accepted so far and may do better."""
    written = well_written(facts)
    lie = outline(facts)[2].fixed + LIE
    engine = engine_saying("\n".join([written[0], lie, *written[2:]]), "\n".join(written[1:]))
    lines = list(Answerer(engine, library).stream(facts))
    assert origins(lines) == [MODEL, REWRITTEN, *[MODEL] * 7]
    assert [line.text for line in lines if line.origin is not CODE] == written
    first, second = model_of(engine).history
    assert first.beginning == ""
    assert second.beginning == written[0] + "\n"
    assert second.messages[: len(first.messages)] == first.messages
    assert "temperature" not in first.options
    assert second.options["temperature"] > 0


def test_a_line_wrong_twice_is_rendered_and_the_model_goes_on(library: Library, facts: Facts) -> None:
    """After two lies the line is written by code from the record; the same completion serves the lines after it."""
    written = well_written(facts)
    lie = outline(facts)[2].fixed + LIE
    engine = engine_saying("\n".join([written[0], lie]), "\n".join([lie, *written[2:]]))
    lines = list(Answerer(engine, library).stream(facts))
    assert origins(lines) == [MODEL, RENDERED, *[MODEL] * 7]
    assert lines[2].text == outline(facts)[2].fallback
    assert len(model_of(engine).history) == 2


def test_a_wrong_total_is_replaced_at_once(library: Library, facts: Facts) -> None:
    """A line in which the model has no word of its own is not asked for again: code writes it."""
    written = well_written(facts)
    wrong = [line.replace("190元", "1900元") for line in written]
    lines = answered(library, facts, "\n".join(wrong))
    assert wrong != written
    assert origins(lines) == [*[MODEL] * 6, RENDERED, MODEL, MODEL]
    assert lines[7].text == outline(facts)[7].fallback


@pytest.mark.parametrize("stopped_after", range(9))
def test_a_model_that_stops_early_is_asked_to_go_on(library: Library, facts: Facts, stopped_after: int) -> None:
    """Wherever a completion ends, the next one continues it, and no line is lost or told twice."""
    written = well_written(facts)
    engine = engine_saying("\n".join(written[:stopped_after]), "\n".join(written[max(stopped_after, 1):]))
    lines = list(Answerer(engine, library).stream(facts))
    assert [line.line for line in lines] == list(outline(facts))
    assert origins(lines) == [MODEL if stopped_after else RENDERED, *[MODEL] * 8]
    assert len(model_of(engine).history) == 2


def test_a_model_that_says_nothing_leaves_the_answer_to_code(library: Library, facts: Facts) -> None:
    """An engine that only ever stops is asked a bounded number of times, and every line is rendered."""
    engine = engine_saying()
    lines = list(Answerer(engine, library).stream(facts))
    assert [line.text for line in lines] == [line.fallback for line in outline(facts)]
    assert set(origins(lines)) == {RENDERED}
    assert len(model_of(engine).history) <= MAX_REQUESTS


def test_a_model_that_only_lies_is_never_shown(library: Library, facts: Facts) -> None:
    """However often it lies, the requests are bounded and what is shown comes from the records alone."""
    engine = engine_saying(*[LIE] * 50)
    record = Record()
    lines = list(Answerer(engine, library).stream(facts, record))
    assert [line.text for line in lines] == [line.fallback for line in outline(facts)]
    assert len(model_of(engine).history) == MAX_REQUESTS
    assert all(wrong for _, _, wrong in record.raw)


def test_what_a_model_adds_after_the_last_line_is_not_read(library: Library, facts: Facts) -> None:
    """The answer ends where the outline ends; the engine is stopped there."""
    engine = engine_saying("\n".join([*well_written(facts), "另外蜀岛也很美。", "再说几句。"]))
    lines = list(Answerer(engine, library).stream(facts))
    assert lines[-1].text == CLOSING
    assert model_of(engine).given_up == 1


def test_blank_lines_and_spaces_of_the_model_do_no_harm(library: Library, facts: Facts) -> None:
    """Empty lines are skipped and spaces around a line are taken off."""
    written = well_written(facts)
    lines = answered(library, facts, "\n\n" + "\n\n".join(f"  {line} " for line in written) + "\n\n")
    assert [line.text for line in lines if line.origin is MODEL] == written


def test_the_record_keeps_what_was_asked_and_what_was_wrong(library: Library, facts: Facts) -> None:
    """Every request and every raw line stands in the record, with its violations, the wrong ones too."""
    written, record = well_written(facts), Record()
    lie = outline(facts)[1].fixed + LIE
    answered(library, facts, lie, "\n".join(written), record=record)
    assert [text for text, _, _ in record.raw] == [lie, *written]
    assert [bool(wrong) for _, _, wrong in record.raw] == [True, *[False] * 9]
    assert len(record.requests) == 2


def test_an_engine_that_breaks_off_is_reported_in_our_words(library: Library, facts: Facts) -> None:
    """The lines before the break are given out; then comes one error of the family that says what to type."""
    written = well_written(facts)
    broken = APIConnectionError(request=None)  # type: ignore[arg-type]  # the request is not looked at
    stream = Answerer(engine_saying(["\n".join(written[:2]) + "\n3. 崂", broken]), library).stream(facts)
    assert [line.text for line in islice(stream, 3)][1:] == written[:2]
    with pytest.raises(EngineError, match="'fengjing doctor'"):
        next(stream)


def test_what_is_left_can_be_rendered_without_an_engine(library: Library, facts: Facts) -> None:
    """The rest of an answer, from any line on, is there without asking the model."""
    engine = engine_saying()
    lines = list(Answerer(engine, library).rendered(facts, after=3))
    assert [line.line for line in lines] == list(outline(facts)[3:])
    assert [line.text for line in lines] == [line.fallback for line in outline(facts)[3:]]
    assert model_of(engine).history == []


def test_an_answer_of_code_alone_asks_no_model(library: Library) -> None:
    """Where no line is left to the model it is not asked at all."""
    engine = engine_saying()
    lines = list(Answerer(engine, library).stream(gather(library, "去铁岭玩什么")))
    assert [line.origin for line in lines] == [CODE]
    assert model_of(engine).history == []


def test_the_grammar_goes_with_the_request_where_the_engine_takes_one(library: Library, facts: Facts) -> None:
    """The grammar covers the lines still to come; it is left out where it is not taken or not wanted."""
    written = well_written(facts)
    halves = "\n".join(written[:3]), "\n".join(written[3:])
    with_it, unwanted = engine_saying(*halves), engine_saying(*halves)
    without = engine_saying(*halves, takes_grammar=False)
    for engine, use in ((with_it, True), (without, True), (unwanted, False)):
        assert origins(list(Answerer(engine, library, use_grammar=use).stream(facts))) == [MODEL] * 9
    first, second = (asked.options["extra_body"]["grammar"] for asked in model_of(with_it).history)
    assert "1. 栈桥（免费）：" in first
    assert "1. 栈桥（免费）：" not in second
    assert "4. 五四广场（免费）：" in second
    assert [asked.options for engine in (without, unwanted) for asked in model_of(engine).history] == [{}] * 4


def test_without_a_grammar_the_guard_alone_holds(library: Library, facts: Facts) -> None:
    """An engine that takes no grammar may write what it wants: what it invents is still not shown."""
    written = well_written(facts)
    bad = [*written[:5], "6. 蜀岛（60元）：日落很美。", *written[6:]]
    engine = engine_saying("\n".join(bad), "\n".join(bad[5:]), takes_grammar=False)
    lines = list(Answerer(engine, library).stream(facts))
    assert origins(lines) == [*[MODEL] * 5, RENDERED, *[MODEL] * 3]
    assert not any("蜀岛" in line.text for line in lines)


def test_an_english_answer_is_checked_as_english(library: Library) -> None:
    """English lines pass in an English answer; a Chinese one is refused there."""
    facts = gather(library, QINGDAO_EN)
    turn = guarded(library, facts)
    rendered = [line.fallback for line in turn.lines if not line.by_code]
    lines = answered(library, facts, "\n".join([*rendered[:-1], "祝你玩得开心！"]), "Enjoy your time in Qingdao!")
    assert origins(lines) == [*[MODEL] * 8, REWRITTEN]
    assert lines[-1].text == "Enjoy your time in Qingdao!"


def test_warming_up_lets_the_engine_read_both_beginnings(library: Library) -> None:
    """Before the first question the engine reads the system prompt of each language and writes next to nothing."""
    engine = engine_saying("你", "H")
    Answerer(engine, library).warm_up()
    history = model_of(engine).history
    assert [type(asked.messages[0]) for asked in history] == [SystemMessage, SystemMessage]
    assert [asked.options["max_tokens"] for asked in history] == [1, 1]


class _Server(BaseHTTPRequestHandler):
    """An OpenAI-compatible server that misbehaves as its path says."""

    def log_message(self, *_: object) -> None:
        """Stay silent."""

    def do_POST(self) -> None:
        """Answer with an error, with something else than a completion, or with half of one."""
        self.rfile.read(int(self.headers["Content-Length"]))
        trouble = self.path.split("/")[1]
        self.send_response(500 if trouble == "error" else 200)
        self.send_header("Content-Type", "text/html" if trouble == "page" else "text/event-stream")
        self.end_headers()
        choice = {"index": 0, "delta": {"content": "1. 栈桥（免费）：傍晚看海鸥。\n2. 八"}, "finish_reason": None}
        delta = {"id": "1", "object": "chat.completion.chunk", "created": 1, "model": "m", "choices": [choice]}
        body = {"error": "no", "page": "<html>log in</html>", "garbage": "data: {not json\n\n",
                "empty": "data: [DONE]\n\n",
                "trouble": 'data: {"error": {"message": "out of memory", "code": 500}}\n\n',
                "half": f'data: {json.dumps(delta)}\n\ndata: {{"id"'}[trouble]
        self.wfile.write(body.encode())


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """The address of the misbehaving server."""
    with ThreadingHTTPServer(("127.0.0.1", 0), _Server) as running:
        Thread(target=running.serve_forever, args=(0.01,), daemon=True).start()
        yield f"http://127.0.0.1:{running.server_port}"
        running.shutdown()


@pytest.mark.parametrize("trouble", ["error", "page", "garbage", "empty", "trouble"])
def test_a_server_in_trouble_is_reported_in_our_words(
    library: Library, facts: Facts, server: str, trouble: str
) -> None:
    """Whatever comes back instead of a completion, a login page included, ends in our own error."""
    with pytest.raises(EngineError, match="fengjing doctor"):
        list(Answerer(chat_engine(f"{server}/{trouble}", "m"), library).stream(facts))


def test_a_server_that_closes_in_the_middle_loses_no_line(library: Library, facts: Facts, server: str) -> None:
    """What arrived of a completion is used, half a line is not, and the answer is whole all the same."""
    lines = list(Answerer(chat_engine(f"{server}/half", "m"), library).stream(facts))
    assert [line.line for line in lines] == list(outline(facts))
    assert lines[1].text == "1. 栈桥（免费）：傍晚看海鸥。"
    assert lines[2].text == outline(facts)[2].fallback


def test_a_server_that_is_not_there_is_reported_in_our_words(library: Library, facts: Facts) -> None:
    """A refused connection is our own error too."""
    with pytest.raises(EngineError, match="fengjing doctor"):
        list(Answerer(chat_engine("http://127.0.0.1:9/v1", "m"), library).stream(facts))
