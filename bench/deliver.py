"""The suite `deliver`: full evidence, quick enough, in order, and the window stays smooth."""

from __future__ import annotations

from bench.figures import Measure
from bench.speed import speed
from bench.thousand import thousand

MEASURES = (
    Measure(
        ("deliver.speedup_vs_default", "deliver.ratio_vs_bare", "deliver.ratio_vs_xdotool"), speed
    ),
    Measure(("deliver.arrived_once_in_order", "deliver.loop_late_p99_ms"), thousand),
)
