"""`python -m bench [NAME…]`: runs all suites, or those whose names or figures' names are given.

Prints a line `name ratio unit detail` for each figure, and merges them into
bench/results/latest.json.
Exit: 0 all goals reached, 1 not, 2 for a name that no suite has.
"""

from __future__ import annotations

import importlib
import pkgutil
import sys
from collections.abc import Sequence

import bench
from bench.figures import RESULTS, Measure, keep


def measures() -> list[Measure]:
    """Of all suites, in the order of their modules' names."""
    found: list[Measure] = []
    for module in pkgutil.iter_modules(bench.__path__, "bench."):
        if module.name != "bench.__main__":
            found += getattr(importlib.import_module(module.name), "MEASURES", ())
    return found


def chosen(names: Sequence[str], among: Sequence[Measure]) -> list[Measure]:
    """Those that a name (`calibration`, or `calibration.pick_error_px`) stands for.

    Raises KeyError with a name that stands for none.
    """
    if not names:
        return list(among)
    for name in names:
        if not any(_stands_for(name, measure) for measure in among):
            raise KeyError(name)
    return [one for one in among if any(_stands_for(name, one) for name in names)]


def _stands_for(name: str, measure: Measure) -> bool:
    return any(figure == name or figure.startswith(f"{name}.") for figure in measure.names)


def main(arguments: Sequence[str]) -> int:
    try:
        wanted = chosen(arguments, measures())
    except KeyError as unknown:
        print(f"no figure is called {unknown.args[0]}", file=sys.stderr)
        return 2
    reached = True
    for measure in wanted:
        print(f"measuring {', '.join(measure.names)} …", file=sys.stderr, flush=True)
        figures = measure.run()
        for figure in figures:
            print(figure.line, flush=True)
        keep(figures)
        reached = reached and all(figure.reached for figure in figures)
    print(f"written to {RESULTS}", file=sys.stderr)
    return 0 if reached else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
