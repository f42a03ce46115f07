"""`fengjing compare`, `compare vote`, `compare result` and `evaluate`, with scripted engines in place of the embedded one."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest
from safetensors.numpy import save_file
from typer.testing import CliRunner, Result

from assistant.cli import compare, evaluate
from assistant.cli.main import app
from assistant.settings import Settings
from chains.models.chat import Engine
from finetune.judging.compare_prompts import Prompt, of_questions
from finetune.training.run_folder import CHECKPOINT_WHOLE, RunFolder
from knowledge.errors import InputError
from knowledge.library import Library
from tests.fakes import Script, engine_saying

QUESTIONS = ("我去青岛可以去哪里玩,花费多少?", "栈桥门票多少钱？")


@pytest.fixture
def prompts(library: Library) -> list[Prompt]:
    """The prompts of two questions."""
    return of_questions(QUESTIONS, library)[0]


@pytest.fixture
def home(tmp_path: Path, library: Library, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home of one's own over the shared library; no engine yet."""
    monkeypatch.setenv("FENGJING_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("FENGJING_BASE_URL", raising=False)
    for module in (compare, evaluate):
        monkeypatch.setattr(module, "open_library", lambda *_, **__: library)
    return tmp_path


def speaking(monkeypatch: pytest.MonkeyPatch, scripts: Mapping[str, Sequence[Script]]) -> None:
    """Let each adapter, by the name of its folder, say these answers."""

    def opened(settings: Settings) -> Engine:
        return engine_saying(*scripts[Path(settings.adapter).name])

    for module in (compare, evaluate):
        monkeypatch.setattr(module, "open_engine_of", opened)


def run(*words: str, typed: str = "") -> Result:
    """The command line, with what is typed into it."""
    return CliRunner().invoke(app, list(words), input=typed)


def made(home: Path, prompts: list[Prompt], monkeypatch: pytest.MonkeyPatch) -> Path:
    """A comparison in which the tuned side is right and the base invents a price."""
    right = [prompt.reference for prompt in prompts]
    speaking(monkeypatch, {"none": [text.replace("。", "，门票80元。", 1) for text in right], "shipped": right})
    questions = home / "questions.txt"
    questions.write_text("\n".join([*QUESTIONS, "你好"]), encoding="utf-8")
    folder = home / "out"
    done = run("compare", "--questions", str(questions), "--out", str(folder), "--seed", "3", "--json")
    assert done.exit_code == 0, done.output
    assert json.loads(done.stdout)["folder"] == str(folder)
    assert json.loads(done.stdout)["win"] == 2
    return folder


def test_compare_writes_rows_page_and_key(home: Path, prompts: list[Prompt], monkeypatch: pytest.MonkeyPatch) -> None:
    """Both sides' answers are kept, drawn and shuffled by a key apart; what code answers is left out."""
    folder = made(home, prompts, monkeypatch)
    rows = [json.loads(line) for line in (folder / "comparison.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [row["question"] for row in rows] == list(QUESTIONS)
    assert [row["tuned"]["text"] for row in rows] == [prompt.reference for prompt in prompts]
    assert "80元" in (folder / "comparison.html").read_text(encoding="utf-8")
    assert json.loads((folder / "key.json").read_text(encoding="utf-8")) == {"seed": 3}


def test_compare_prints_a_table_and_keeps_it_in_the_home(home: Path, prompts: list[Prompt], monkeypatch: pytest.MonkeyPatch) -> None:
    """Without --out it goes under the home folder's comparisons, named for when and for the sides."""
    right = [prompt.reference for prompt in prompts]
    speaking(monkeypatch, {"none": ["", ""], "shipped": right})
    rows = home / "test.jsonl"
    messages = [[{"role": {"system": "system", "human": "user", "ai": "assistant"}[m.type], "content": str(m.content)} for m in prompt.asked]
                + [{"role": "assistant", "content": prompt.reference}] for prompt in prompts]
    rows.write_text("".join(json.dumps({"messages": row}, ensure_ascii=False) + "\n" for row in messages), encoding="utf-8")
    done = run("compare", "--rows", str(rows))
    assert done.exit_code == 0, done.output
    assert "tuned wins 2 of 2, 100.0%" in done.output
    (folder,) = (home / "home" / "comparisons").iterdir()
    assert folder.name.endswith("-none-shipped")


def test_a_comparison_that_broke_off_goes_on(home: Path, prompts: list[Prompt], monkeypatch: pytest.MonkeyPatch) -> None:
    """The error says how; the second try asks only what is left, and its notes are gone in the end."""
    right, questions = [prompt.reference for prompt in prompts], home / "questions.txt"
    questions.write_text("\n".join(QUESTIONS), encoding="utf-8")
    again = ("compare", "--questions", str(questions), "--out", str(home / "out"))
    speaking(monkeypatch, {"none": right, "shipped": [right[0], [ValueError("no JSON")]]})
    assert f"--out {home / 'out'}" in str(run(*again).exception)
    speaking(monkeypatch, {"none": [], "shipped": [right[1]]})
    assert run(*again).exit_code == 0
    rows = [json.loads(line) for line in (home / "out" / "comparison.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [row["tuned"]["text"] for row in rows] == [row["base"]["text"] for row in rows] == right
    assert not list((home / "out").glob("unfinished-*"))


def test_votes_are_cast_and_read_in_the_terminal(home: Path, prompts: list[Prompt], monkeypatch: pytest.MonkeyPatch) -> None:
    """Two answers are shown as A and B; a slip of the finger is asked again; the result tells both sides apart."""
    folder = made(home, prompts, monkeypatch)
    first = run("compare", "vote", str(folder), "--voter", "李", typed="z\na\nq\n")
    assert "1 of 2 voted" in first.output
    second = run("compare", "vote", str(folder), "--voter", "李", typed="x\n")
    assert "2 of 2 voted" in second.output
    found = json.loads(run("compare", "result", str(folder), "--json").stdout)
    everyone = found["votes"][0]
    assert (found["ballots"], everyone["win"] + everyone["loss"], everyone["both_bad"]) == (2, 1, 1)
    assert everyone["agreement"]["of"] == 2
    assert "李" in run("compare", "result", str(folder)).output
    assert "voted blind by 李" in (folder / "comparison.html").read_text(encoding="utf-8")


def test_a_result_without_votes_says_how_to_vote(home: Path, prompts: list[Prompt], monkeypatch: pytest.MonkeyPatch) -> None:
    """An error of ours with the command to type."""
    done = run("compare", "result", str(made(home, prompts, monkeypatch)))
    assert isinstance(done.exception, InputError)
    assert "fengjing compare vote" in str(done.exception)


@pytest.mark.parametrize(("words", "said"), [
    (("compare", "vote"), "there is no comparison yet"),
    (("compare", "--questions", "q.txt", "--base", "shipped"), "same adapter"),
    (("compare", "--questions", "q.txt", "--base", "/no/such/folder"), "does not exist"),
    (("compare", "--questions", "/no/such/file"), "cannot be read"),
    (("evaluate", "rows.jsonl", "--adapter", "shipped", "--against", "shipped"), "same adapter"),
])
def test_what_cannot_be_compared_is_one_line(home: Path, words: tuple[str, ...], said: str) -> None:
    """Each failure names what is wrong."""
    done = run(*words)
    assert done.exit_code == 1
    assert said in str(done.exception)


def test_wrong_use_is_exit_code_two(home: Path) -> None:
    """Neither rows nor questions, or two adapters at once."""
    assert run("compare").exit_code == 2
    assert run("evaluate", "rows.jsonl", "--adapter", "none", "--checkpoint", "x").exit_code == 2
    assert run("evaluate", "rows.jsonl", "--all", "run", "--against", "none").exit_code == 2


def rows_of(home: Path, prompts: list[Prompt]) -> Path:
    """The prompts as a file of held-out rows, with an unknown that must be said."""
    unknown = [{"role": "user", "content": "<资料>\n云雾台门票：票价资料里没有，以景区公告为准。 [1]\n</资料>\n问题：云雾台门票多少"},
               {"role": "assistant", "content": "云雾台门票：票价资料里没有，以景区公告为准。 [1]\n祝你一路顺风，玩得开心。"}]
    rows = [[{"role": "user", "content": prompt.text}, {"role": "assistant", "content": prompt.reference}] for prompt in prompts]
    path = home / "test.jsonl"
    path.write_text("".join(json.dumps({"messages": row}, ensure_ascii=False) + "\n" for row in [*rows, unknown]), encoding="utf-8")
    return path


def test_evaluate_counts_the_guard_refusals_and_form(home: Path, prompts: list[Prompt], monkeypatch: pytest.MonkeyPatch) -> None:
    """An invented price is one wrong line by sort; an unknown that is not said is a refusal missed; references are clean."""
    first, second = (prompt.reference for prompt in prompts)
    invented = "云雾台门票：成人60元。\n祝你一路顺风，玩得开心。"
    speaking(monkeypatch, {"none": [first.replace("。", "，门票80元。", 1), second, invented]})
    done = run("evaluate", str(rows_of(home, prompts)), "--adapter", "none", "--out", str(home / "out"), "--json")
    assert done.exit_code == 0, done.output
    found = json.loads(done.stdout)
    assert found["guard"]["wrong"] == 2
    assert found["guard"]["by_sort"]["price"] == 2
    assert found["guard"]["references"]["wrong"] == 0
    assert (found["refusals"]["unknown"]["refused"], found["refusals"]["unknown"]["of"]) == (0, 1)
    assert found["format_rate"]["of"] == 3
    assert json.loads((home / "out" / "predictions_score.json").read_text(encoding="utf-8")) == found


def test_evaluate_prints_what_it_counts(home: Path, prompts: list[Prompt], monkeypatch: pytest.MonkeyPatch) -> None:
    """Unknowns, wrong lines and speed stand beside names and prices."""
    speaking(monkeypatch, {"none": [*(prompt.reference for prompt in prompts), ""]})
    said = run("evaluate", str(rows_of(home, prompts)), "--adapter", "none").output
    for words in ("unknown, said so", "wrong lines", "missing 2", "domain score", "rouge-l", "not counted by this engine", "≥ 98%"):
        assert words in said


def test_evaluate_lays_base_and_tuned_side_by_side(home: Path, prompts: list[Prompt], monkeypatch: pytest.MonkeyPatch) -> None:
    """The same rows asked of both, and by how much the lines that were wrong have become fewer; each side's files apart."""
    right, unknown = [prompt.reference for prompt in prompts], "云雾台门票：票价资料里没有，以景区公告为准。 [1]\n祝你一路顺风，玩得开心。"
    speaking(monkeypatch, {"shipped": [*right, ""], "none": ["", "", ""]})
    words = ("evaluate", str(rows_of(home, prompts)), "--adapter", "shipped", "--against", "none", "--out", str(home / "out"))
    done = run(*words, "--json")
    assert done.exit_code == 0, done.output
    found = json.loads(done.stdout)
    assert (found["tuned"]["adapter"], found["against"]["adapter"]) == ("shipped", "none")
    lines, left = found["against"]["guard"]["wrong"], found["tuned"]["guard"]["wrong"]
    assert found["wrong_lines_cut"]["factor"] == pytest.approx(lines / left, abs=0.01)
    assert left == 2 < lines
    assert json.loads((home / "out" / "beside.json").read_text(encoding="utf-8")) == found
    assert {path.name for path in (home / "out").iterdir()} == {"tuned", "against", "beside.json"}
    speaking(monkeypatch, {"shipped": [*right, unknown], "none": ["", "", ""]})
    said = run(*words).output
    assert "shipped has no wrong line left" in said


def test_an_evaluation_that_broke_off_goes_on(home: Path, prompts: list[Prompt], monkeypatch: pytest.MonkeyPatch) -> None:
    """The error says so; the second try asks only what is left, and no note is left behind."""
    right = [prompt.reference for prompt in prompts]
    words = ("evaluate", str(rows_of(home, prompts)), "--adapter", "none", "--out", str(home / "out"), "--json")
    speaking(monkeypatch, {"none": [right[0], [ValueError("no JSON")]]})
    assert "goes on where this one broke off" in str(run(*words).exception)
    speaking(monkeypatch, {"none": [right[1], "末"]})
    assert run(*words).exit_code == 0
    said = [json.loads(line)["predict"] for line in (home / "out" / "generated_predictions.jsonl").read_text(encoding="utf-8").splitlines()]
    assert said == [*right, "末"]
    assert not list((home / "out").glob("unfinished-*"))


def test_closed_book_questions_are_put_without_facts(home: Path, prompts: list[Prompt], monkeypatch: pytest.MonkeyPatch) -> None:
    """Of a question with one value for its answer: the question is sent without facts, and the value is what counts."""
    right = [prompt.reference for prompt in prompts]
    speaking(monkeypatch, {"none": [*right, "", "栈桥不要门票，免费。"]})
    found = json.loads(run("evaluate", str(rows_of(home, prompts)), "--adapter", "none", "--closed-book", "--json").stdout)
    assert (found["closed_book_match"]["right"], found["closed_book_match"]["of"]) == (1, 1)
    assert (found["answer_match"]["right"], found["answer_match"]["of"]) == (1, 1)
    speaking(monkeypatch, {"none": [*right, ""]})
    assert json.loads(run("evaluate", str(rows_of(home, prompts)), "--adapter", "none", "--json").stdout)["closed_book_match"] is None


def checkpoint(run_folder: Path, step: int) -> Path:
    """A checkpoint that was saved whole."""
    path = run_folder / f"checkpoint-{step}"
    path.mkdir(parents=True)
    for name in CHECKPOINT_WHOLE:
        (path / name).write_text("{}", encoding="utf-8")
    save_file({}, path / "adapter_model.safetensors")
    return path


def test_every_checkpoint_is_scored_and_the_best_is_named(home: Path, prompts: list[Prompt], monkeypatch: pytest.MonkeyPatch) -> None:
    """The highest domain score wins, not the last checkpoint; a torn one is left out."""
    folder = home / "run"
    for step in (50, 100, 150):
        checkpoint(folder, step)
    (folder / "checkpoint-200").mkdir()
    assert len(RunFolder(folder).checkpoints()) == 3
    right, unknown = [prompt.reference for prompt in prompts], "云雾台门票：票价资料里没有，以景区公告为准。 [1]\n祝你一路顺风，玩得开心。"
    speaking(monkeypatch, {"checkpoint-50": ["", "", ""], "checkpoint-100": [*right, unknown], "checkpoint-150": [*right, ""]})
    rows = rows_of(home, prompts)
    done = run("evaluate", str(rows), "--all", str(folder), "--out", str(home / "scores"), "--json")
    assert done.exit_code == 0, done.output
    found = json.loads(done.stdout)
    assert (found["best"], list(found["checkpoints"])) == ("checkpoint-100", ["checkpoint-50", "checkpoint-100", "checkpoint-150"])
    assert found["checkpoints"]["checkpoint-100"]["domain_score"] == 1.0
    assert (home / "scores" / "checkpoint_scores.json").exists()
    assert (home / "scores" / "checkpoint-150" / "wrong.jsonl").exists()


def test_equal_scores_go_to_fewer_wrong_lines_then_to_the_earlier_step() -> None:
    """Steps are compared as numbers: 50 comes before 100."""

    def figures(score: float, wrong: int) -> dict[str, object]:
        return {"domain_score": score, "guard": {"wrong": wrong}}

    scored = {"checkpoint-100": figures(0.9, 3), "checkpoint-50": figures(0.9, 3), "checkpoint-150": figures(0.9, 4)}
    assert evaluate.best_checkpoint(scored) == "checkpoint-50"


def test_one_checkpoint_is_scored_where_it_is_whole(home: Path, prompts: list[Prompt], monkeypatch: pytest.MonkeyPatch) -> None:
    """Its folder is the adapter; one that was torn is refused with the command that lists the others."""
    whole, rows = checkpoint(home / "run", 50), rows_of(home, prompts)
    speaking(monkeypatch, {"checkpoint-50": ["", "", ""]})
    assert json.loads(run("evaluate", str(rows), "--checkpoint", str(whole), "--json").stdout)["adapter"] == str(whole)
    (home / "run" / "checkpoint-60").mkdir()
    done = run("evaluate", str(rows), "--checkpoint", str(home / "run" / "checkpoint-60"))
    assert "no whole checkpoint" in str(done.exception)
    assert "no whole checkpoint" in str(run("evaluate", str(rows), "--all", str(home)).exception)
    assert "no job is named" in str(run("evaluate", str(rows), "--all", "20260101-nothing").exception)
