"""Names offered below the To field while it is typed into."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QListWidget, QWidget

_MOST_ROWS = 8
_FRAME = 5  # border and padding above and below the rows, as panel.qss has them


def matching(word: str, names: Sequence[str], taken: Sequence[str]) -> list[str]:
    """Names that contain the word, those that begin with it first; nothing for a whole name."""
    wanted = word.casefold()
    if not wanted:
        return []
    gone = {name.casefold() for name in taken}
    found = [name for name in names if wanted in name.casefold() and name.casefold() not in gone]
    found.sort(key=lambda name: not name.casefold().startswith(wanted))
    if [name.casefold() for name in found] == [wanted]:
        return []
    # A whole name comes first: it is what Tab and Enter are about to mean.
    found.sort(key=lambda name: name.casefold() != wanted)
    return found


class Offers(QListWidget):
    """A list that lies over the dialog and takes neither keys nor focus.

    No window of its own, as a QCompleter's is: on X11 the focus that such a window is given may
    arrive after it has closed, and what is typed meanwhile goes into the wrong field.
    """

    def __init__(self, field: QWidget) -> None:
        super().__init__(field)
        self._field = field
        self.setObjectName("offers")
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setUniformItemSizes(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setMouseTracking(True)
        self.setAccessibleName(self.tr("Offered names"))
        self.hide()

    def offer(self, names: Sequence[str]) -> None:
        """Shows these names below the field; the only one is marked, none of several is."""
        shown = list(names)[:_MOST_ROWS]
        if not shown:
            self.hide()
            return
        self.clear()
        self.addItems(shown)
        self.setCurrentRow(0 if len(shown) == 1 else -1)
        window = self._field.window()
        if self.parentWidget() is not window:
            self.setParent(window)
        below = self._field.mapTo(window, QPoint(0, self._field.height() + 2))
        height = len(shown) * self.sizeHintForRow(0) + 2 * _FRAME
        self.setGeometry(below.x(), below.y(), self._field.width(), height)
        self.raise_()
        self.show()

    @property
    def marked(self) -> str:
        """The name that Enter and Tab take; empty when none is marked or nothing is offered."""
        item = self.currentItem()
        return item.text() if item is not None and self.isVisible() else ""

    def step(self, rows: int) -> None:
        """Marks another name; beyond the last comes none, then the first again."""
        self.setCurrentRow((self.currentRow() + 1 + rows) % (self.count() + 1) - 1)
        if self.marked:
            event = QAccessibleAnnouncementEvent(self._field, self.marked)
            QAccessible.updateAccessibility(event)
