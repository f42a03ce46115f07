"""`python -m finetune.training CONFIG`: one training in this process; `fengjing train` starts it detached.

Everything it says goes to standard output, line by line; errors of ours are one line and exit code 1.
"""

import argparse
import sys
from pathlib import Path

from finetune.jobs import ERROR
from finetune.training.config import load_config
from knowledge.errors import FengjingError


def main() -> int:
    """Read the arguments, train, and say how it ended."""
    parser = argparse.ArgumentParser(prog="python -m finetune.training", description="Train one adapter in this process.")
    parser.add_argument("config", type=Path)
    parser.add_argument("overrides", nargs="*", help="key=value, over the file's")
    parser.add_argument("--home", type=Path, required=True, help="where models and bases are kept")
    parser.add_argument("--probes", type=Path, help="questions to answer before, during and after")
    parser.add_argument("--threads", type=int, default=0)
    parser.add_argument("--fresh", action="store_true", help="begin anew where an unfinished run could go on")
    given = parser.parse_args()
    try:
        config, notes = load_config(given.config, tuple(given.overrides))
        for note in notes:
            print(note, flush=True)
        from finetune.training.run import Job, train

        folder = train(Job(config, given.home, given.probes, given.threads, given.fresh), lambda said: print(said, flush=True))
    except FengjingError as error:
        print(f"{ERROR}{error}", flush=True)
        return 1
    print(folder.progress().message, flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
