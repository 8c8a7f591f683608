"""The picker's colours. It lies over any picture, so it has one dark look of its own."""

from __future__ import annotations

from PySide6.QtGui import QColor

SURFACE = QColor("#1f2328")
RAISED = QColor("#2a2f36")
EDGE = QColor("#4a525c")
TEXT = QColor("#f0f3f6")
FAINT = QColor("#a9b3be")
BLUE = QColor("#6cb6ff")
GREEN = QColor("#57c774")
AMBER = QColor("#e3b341")
RED = QColor("#ff8f87")
INK = QColor("#0d1117")
LIGHT = QColor("#ffffff")
DARK = QColor("#000000")
DIM = QColor(0, 0, 0, 104)

PANEL_STYLE = f"""
#picker_panel {{ background: {SURFACE.name()}; border: 1px solid {EDGE.name()};
    border-radius: 10px; }}
#picker_panel QLabel {{ color: {TEXT.name()}; background: transparent; border: none;
    font-size: 13px; padding: 0; }}
#picker_panel QLabel[role="agent"] {{ font-size: 17px; font-weight: 600; }}
#picker_panel QLabel[role="faint"] {{ color: {FAINT.name()}; font-size: 12px; }}
#picker_panel QLabel[role="key"] {{ color: {TEXT.name()}; background: #343b44;
    border-radius: 4px; padding: 1px 6px; font-size: 11px; font-weight: 600; }}
#picker_panel QLabel[role="point"] {{ font-size: 26px; font-weight: 600; }}
#picker_panel QLabel[role="chip"] {{ color: {BLUE.name()}; background: #2a3642;
    border-radius: 9px; padding: 2px 9px; font-size: 12px; font-weight: 600; }}
#picker_panel QLabel[role="live"] {{ color: {AMBER.name()}; background: #3e3624;
    border-radius: 9px; padding: 2px 9px; font-size: 12px; font-weight: 600; }}
#picker_panel QLabel[role="snapped"] {{ color: {BLUE.name()}; font-size: 13px;
    font-weight: 600; }}
#picker_panel QLabel[role="entry"] {{ background: {INK.name()}; border: 1px solid {BLUE.name()};
    border-radius: 6px; padding: 6px 9px; font-size: 15px; }}
#picker_panel QLabel[role="notice"] {{ color: {RED.name()}; background: #42302f;
    border-radius: 6px; padding: 7px 9px; }}
#picker_panel QLabel[role="warning"] {{ color: {AMBER.name()}; background: #3e3624;
    border-radius: 6px; padding: 7px 9px; }}
#picker_panel QLabel[role="picture"] {{ background: {INK.name()};
    border: 1px solid {EDGE.name()}; border-radius: 4px; }}
#picker_panel QFrame[role="rule"] {{ background: #343b44; border: none; max-height: 1px; }}
#picker_panel QPushButton {{ color: {TEXT.name()}; background: {RAISED.name()};
    border: 1px solid {EDGE.name()}; border-radius: 6px; padding: 6px 12px; font-size: 13px;
    min-height: 20px; }}
#picker_panel QPushButton:hover {{ background: #363d46; }}
#picker_panel QPushButton[role="primary"] {{ color: {INK.name()}; background: {GREEN.name()};
    border-color: {GREEN.name()}; font-weight: 600; }}
#picker_panel QPushButton[role="primary"]:hover {{ background: #6fd58a; }}
#picker_panel QPushButton:disabled {{ color: {FAINT.name()}; background: {RAISED.name()};
    border-color: {RAISED.name()}; }}
"""
