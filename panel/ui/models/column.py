"""What a column of a list shows of a row."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache

from PySide6.QtCore import Qt
from PySide6.QtGui import QFont

from panel.ui.words import Chip

Row = Mapping[str, object]

CHIP_ROLE = Qt.ItemDataRole.UserRole + 1
ICON_ROLE = Qt.ItemDataRole.UserRole + 2
KEY_ROLE = Qt.ItemDataRole.UserRole + 3


@cache
def bold_font() -> QFont:
    """Of a row that stands out; all but its weight comes from the view."""
    font = QFont()
    font.setBold(True)
    return font


@dataclass(frozen=True, slots=True)
class Column:
    """One column. `text` is also what screen readers say; `icon` is (name, colour).

    `width` is in logical pixels, `stretch` columns share what is left. Where there is too little
    room, the column with the highest `leaves` is left out first, those with 0 never. `sort` is the
    listing's column that a click on the header orders by.
    """

    name: str
    title: str
    width: int
    text: Callable[[Row], str]
    tip: Callable[[Row], str] | None = None
    chip: Callable[[Row], Chip | None] | None = None
    icon: Callable[[Row], tuple[str, str] | None] | None = None
    right: bool = False
    stretch: bool = False
    hidden: bool = False
    secondary: bool = False
    sort: str = ""
    leaves: int = 0


def plain(name: str) -> Callable[[Row], str]:
    """Shows a column of the row as it is, in one line."""

    def text(row: Row) -> str:
        value = row.get(name)
        return "" if value is None else " ".join(str(value).split())

    return text


def number(name: str, pattern: str = "{:,}") -> Callable[[Row], str]:
    """Shows a number; nothing for none."""

    def text(row: Row) -> str:
        value = row.get(name)
        return pattern.format(value) if isinstance(value, (int, float)) else ""

    return text
