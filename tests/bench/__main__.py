"""Run every benchmark, or the named ones: ``python -m tests.bench turn plan``. All of them together take about an hour."""

import sys
from collections.abc import Callable
from importlib import import_module

# Name to module; each has `report() -> list[str]`, or `run()` where it prints as it goes.
BENCHMARKS = {
    "understanding": "understanding", "trips": "trips", "turn": "turn", "guard": "guard", "plan": "plan", "itinerary": "itinerary_check",
    "imports": "imports", "search": "search", "convert": "convert", "api": "api", "tuning": "tuning", "kinds": "kinds",
}


def main(names: list[str]) -> None:
    """Print the figures of these benchmarks."""
    for name in names:
        print(f"== {name}", flush=True)
        module = import_module(f"tests.bench.{BENCHMARKS[name]}")
        run: Callable[[], None] | None = getattr(module, "run", None)
        if run:
            run()
        else:
            print("\n".join(module.report()), flush=True)


if __name__ == "__main__":
    main([name for name in sys.argv[1:] if not name.startswith("--")] or list(BENCHMARKS))
