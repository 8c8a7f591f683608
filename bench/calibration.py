"""The suite `calibration`: exact picks, cheap checks, and no wrong target ever taken."""

from __future__ import annotations

from bench.figures import Measure
from bench.picks import picks
from bench.recognition import recognition
from bench.validating import validation

MEASURES = (
    Measure(("calibration.pick_error_px",), picks),
    Measure(("calibration.validate_ratio",), validation),
    Measure(("calibration.wrong_accepts", "calibration.recognised_pct"), recognition),
)
