"""What a benchmark says, how it is printed, and how it is kept."""

from __future__ import annotations

import json
import operator
import statistics
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

RESULTS = Path(__file__).parent / "results" / "latest.json"
_COMPARISONS = {
    ">=": operator.ge,
    "<=": operator.le,
    "==": operator.eq,
    ">": operator.gt,
    "<": operator.lt,
}


@dataclass(frozen=True)
class Figure:
    """One line of the results. `goal` is a comparison such as ">= 3"; `peer` is what the value was
    measured against, in words or as the peer's own value; empty where there is none."""

    name: str
    value: float
    unit: str
    goal: str
    peer: str = ""
    detail: str = ""

    @property
    def reached(self) -> bool:
        compare, limit = self.goal.split()
        return bool(_COMPARISONS[compare](self.value, float(limit)))

    @property
    def line(self) -> str:
        """As it is printed: `name ratio unit detail`."""
        missed = "" if self.reached else f"MISSED ({self.goal}); "
        return f"{self.name} {self.value:.4g} {self.unit} {missed}{self.detail}"


@dataclass(frozen=True)
class Measure:
    """A function that measures the figures of these names."""

    names: tuple[str, ...]
    run: Callable[[], list[Figure]]


def keep(figures: Iterable[Figure], file: Path = RESULTS) -> None:
    """Puts figures into the results' file, each in the place of an older one of its name."""
    kept: dict[str, object] = {}
    if file.exists():
        kept = {item["name"]: item for item in json.loads(file.read_text("utf-8"))}
    kept |= {figure.name: asdict(figure) for figure in figures}
    file.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps([kept[name] for name in sorted(kept)], indent=2, ensure_ascii=False)
    new = file.with_suffix(".new")
    new.write_text(text + "\n", "utf-8")
    new.replace(file)


def spread(values: Sequence[float], unit: str = "") -> str:
    """Minimum, median and maximum in words."""
    low, middle, high = min(values), statistics.median(values), max(values)
    return f"min {low:.3g}, median {middle:.3g}, max {high:.3g}{unit and ' '}{unit}"
