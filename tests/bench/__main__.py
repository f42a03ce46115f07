"""Run every benchmark, or the named ones: ``python -m tests.bench [understanding] [turn] [guard]``."""

import sys

from tests.bench import guard, turn, understanding

BENCHMARKS = {"understanding": understanding.run, "turn": turn.run, "guard": guard.run}

if __name__ == "__main__":
    for name in sys.argv[1:] or list(BENCHMARKS):
        print(f"== {name}", flush=True)
        BENCHMARKS[name]()
