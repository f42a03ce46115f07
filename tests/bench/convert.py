"""How long `convert` takes for a large file of dialogues, and how much memory: one row a dialogue, LLaMA-Factory's history."""

import json
import resource
import subprocess
import sys
import time
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

LINES = 226_043
BYTES = 318_000_000
WORDS = "我们去湖边走走吧今天天气很好门票多少钱几点开门怎么坐车过去有什么好吃的推荐可以慢慢看看风景老街古镇山上寺庙"
CONVERT = """
import sys
from pathlib import Path
from finetune.datasets.convert import convert
from finetune.datasets.formats import Format
done = convert(Path(sys.argv[1]), Path(sys.argv[2]), Format.ALPACA)
print(done.rows, done.turns, done.left_out)
"""


def report() -> list[str]:
    """Seconds and peak memory of one conversion in a process of its own."""
    with TemporaryDirectory() as folder:
        source, target = Path(folder) / "dialogues.jsonl", Path(folder) / "dialogues.json"
        write_dialogues(source)
        started = time.perf_counter()
        done = subprocess.run([sys.executable, "-c", CONVERT, source, target], capture_output=True, text=True, check=True)
        seconds = time.perf_counter() - started
        used = resource.getrusage(resource.RUSAGE_CHILDREN)
        rows, turns, left_out = done.stdout.split()
        return [
            f"convert {LINES} lines, {source.stat().st_size / 1e6:.0f} MB of dialogue lists to a JSON array with history: "
            f"{seconds:.1f} s ({used.ru_utime + used.ru_stime:.1f} s of computing), peak memory {used.ru_maxrss / 1024:.0f} MB; {rows} rows, {turns} turns, {left_out} left out, "
            f"{target.stat().st_size / 1e6:.0f} MB written",
        ]


def write_dialogues(path: Path, lines: int = LINES, size: int = BYTES) -> None:
    """A file of alternating turns, a list a line, two to ten turns each, of about `size` bytes."""
    rng = Random(7)
    text = "".join(rng.choices(WORDS, k=100_000))
    chars_a_turn = max(2, size // lines // 3 // 6)  # three bytes a character, six turns a line on average
    with path.open("w", encoding="utf-8") as file:
        for _ in range(lines):
            turns = []
            for _ in range(rng.choice((2, 4, 6, 8, 10))):
                start = rng.randrange(len(text) - 2 * chars_a_turn)
                turns.append(text[start:start + rng.randint(chars_a_turn // 2, chars_a_turn * 3 // 2)])
            file.write(json.dumps(turns, ensure_ascii=False) + "\n")
