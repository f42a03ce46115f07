"""What `fengjing plan` is given wrongly: one line that says what was expected, what was seen, and what works."""

from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from assistant.cli.main import app

RUN = CliRunner()


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data directory of its own."""
    return tmp_path_factory.mktemp("home")


def refused(home: Path, *words: str) -> str:
    """What is said of a command that must fail."""
    result: Result = RUN.invoke(app, ["plan", *words], env={"FENGJING_HOME": str(home), "FENGJING_WEATHER": "none"})
    assert result.exit_code != 0
    return f"{result.output} {result.exception}"


@pytest.mark.parametrize(("words", "said"), [
    (("--city", "青岛", "--days", "0"), "expected 1 to 30"), (("--city", "青岛", "--days", "60"), "expected 1 to 30"),
    (("--city", "青岛", "--start", "2020-01-01"), "before today"), (("--city", "青岛", "--start", "tomorrow"), "2026-12-04"),
    (("--city", "青岛", "--budget", "0"), "above zero"), (("--city", "亚特兰蒂斯"), "knowledge stats"), (("--text", "青岛玩60天"), "split"),
    (("--text", "铁岭三天"), "铁岭"), (("--text", "青岛三天，预算-5元"), "above zero"), (("--city", "青岛", "--adults", "0"), "nobody travels"),
    (("--city", "青岛", "--adults", "60"), "equal to 50"), (("--city", "青岛", "--budget", "nan"), "above zero"),
])
def test_what_cannot_be_planned_is_told_with_what_can(home: Path, words: tuple[str, ...], said: str) -> None:
    """Days, dates, money, cities and people beyond reason each get their own line."""
    assert said in refused(home, *words)


@pytest.mark.parametrize("data", [b"", b"{", b"[1, 2]", b'{"version": 9}', b"\xff\xfe\x00"])
def test_a_file_that_is_no_plan_is_told_what_was_expected(home: Path, tmp_path: Path, data: bytes) -> None:
    """Malformed JSON names what is wrong and which command writes the right one."""
    file = tmp_path / "plan.json"
    file.write_bytes(data)
    assert "fengjing plan --json" in refused(home, "--from", str(file))
