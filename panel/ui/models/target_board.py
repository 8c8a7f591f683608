"""The check board's table: one line a box, with pictures that arrive later."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from enum import IntEnum

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtGui import QImage

from panel.core.clock import now
from panel.core.target import ReasonCode, TargetCheck
from panel.ui.models.column import CHIP_ROLE
from panel.ui.models.targets import BoardRow, Fix, Key, fix_of
from panel.ui.times import age, exact
from panel.ui.words import Chip, kind_word, target_chip

Index = QModelIndex | QPersistentModelIndex
PICTURE_ROLE = Qt.ItemDataRole.UserRole + 11
WHY_ROLE = Qt.ItemDataRole.UserRole + 12
_NOWHERE = QModelIndex()


class Part(IntEnum):
    """The columns."""

    AGENT = 0
    BOX = 1
    THEN = 2
    NOW = 3
    VERDICT = 4
    FIX = 5
    AGE = 6
    SUCCESS = 7


class TargetBoardModel(QAbstractTableModel):
    """Rows stay where they are when only their contents change."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._rows: list[BoardRow] = []
        self._checks: dict[Key, TargetCheck] = {}
        self._then: dict[Key, QImage] = {}
        self._now: dict[Key, QImage] = {}
        self._titles = {
            Part.AGENT: self.tr("Agent"),
            Part.BOX: self.tr("Box"),
            Part.THEN: self.tr("Then"),
            Part.NOW: self.tr("Now"),
            Part.VERDICT: self.tr("Verdict"),
            Part.FIX: self.tr("Fix"),
            Part.AGE: self.tr("Age"),
            Part.SUCCESS: self.tr("Last success"),
        }

    # what is shown -----------------------------------------------------------------

    def show_rows(self, rows: Sequence[BoardRow]) -> None:
        """Other lines, or the same ones with other contents."""
        before = {row.key: row for row in self._rows}
        same = [row.key for row in self._rows] == [row.key for row in rows]
        changed = {row.key for row in rows if before.get(row.key) != row}
        for key in changed:
            new, old = next(row for row in rows if row.key == key), before.get(key)
            if old is None or old.calibrated_at != new.calibrated_at:
                self._checks.pop(key, None)
            self._then.pop(key, None)
        if same:
            self._rows = list(rows)
            self._tell(changed)
        else:
            self.beginResetModel()
            self._rows = list(rows)
            self.endResetModel()

    def note_checks(self, checks: Iterable[TargetCheck]) -> None:
        """What a check of this window found, which is more exact than the words it left."""
        fresh = {(check.agent_id, check.kind): check for check in checks}
        self._checks |= fresh
        self._tell(fresh)

    def set_pictures(self, then: Mapping[Key, QImage], current: Mapping[Key, QImage]) -> None:
        """Pictures that arrived; a null one says that there is none."""
        self._then |= then
        self._now |= current
        self._tell([*then, *current])

    def without_pictures(self, first: int, last: int, *, again: bool) -> list[BoardRow]:
        """The lines of a range whose pictures are missing; `again`: all that have a target."""
        rows = [row for row in self._rows[first : last + 1] if row.set]
        return [
            row for row in rows if again or row.key not in self._then or row.key not in self._now
        ]

    def _tell(self, keys: Iterable[Key]) -> None:
        wanted = set(keys)
        for number, row in enumerate(self._rows):
            if row.key in wanted:
                self.dataChanged.emit(self.index(number, 0), self.index(number, len(Part) - 1), [])

    def board_row(self, number: int) -> BoardRow | None:
        """The line with that number."""
        return self._rows[number] if 0 <= number < len(self._rows) else None

    def number_of(self, key: Key) -> int | None:
        """Where a line is."""
        keys = [row.key for row in self._rows]
        return keys.index(key) if key in keys else None

    def fix(self, number: int) -> Fix:
        """What mends the line."""
        row = self._rows[number]
        return fix_of(row, self._checks.get(row.key))

    def chip(self, row: BoardRow) -> Chip:
        """The verdict in a word."""
        held = ReasonCode.COMPOSER_NOT_EMPTY if row.held and row.well else None
        return target_chip(row.status, held or row.code)

    def why(self, row: BoardRow) -> str:
        """The verdict in a sentence; where nothing is wrong, the window's title."""
        if not row.set:
            return self.tr("Not calibrated. Nothing can be sent yet.")
        if row.status == "unverified":
            return self.tr("Imported. Nothing is sent until you confirm it by sight.")
        if row.well:
            return row.held or row.verdict or row.window
        return row.verdict

    # Qt's side ---------------------------------------------------------------------

    def rowCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(Part)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return self._titles[Part(section)]
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        row, part = self._rows[index.row()], Part(index.column())
        if role == Qt.ItemDataRole.DisplayRole:
            return self._text(row, part)
        if role == Qt.ItemDataRole.ToolTipRole:
            return self._tip(row, part)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return self._spoken(row, part)
        if role == CHIP_ROLE and part is Part.VERDICT:
            return self.chip(row)
        if role == WHY_ROLE and part is Part.VERDICT:
            return self.why(row)
        if role == PICTURE_ROLE and part in (Part.THEN, Part.NOW):
            return (self._then if part is Part.THEN else self._now).get(row.key)
        return None

    def _text(self, row: BoardRow, part: Part) -> str:
        match part:
            case Part.AGENT:
                return row.agent_id
            case Part.BOX:
                return kind_word(row.kind)
            case Part.NOW:
                return self._unseen(row)
            case Part.AGE:
                return age(row.calibrated_at, now()).removesuffix(self.tr(" ago"))
            case Part.SUCCESS:
                return age(row.last_success_at, now())
        return ""

    def _unseen(self, row: BoardRow) -> str:
        """Why there is no picture of now."""
        seen = self._now.get(row.key)
        if not row.set or seen is None or not seen.isNull():
            return ""
        return self.tr("Covered") if row.code == ReasonCode.COVERED else self.tr("Not in sight")

    def _tip(self, row: BoardRow, part: Part) -> str:
        match part:
            case Part.VERDICT:
                looked = self.tr("Looked at {0}").format(exact(row.checked_at))
                return f"{self.why(row)}\n{looked}" if row.checked_at else self.why(row)
            case Part.AGE if row.calibrated_at:
                return self.tr("Calibrated {0}").format(exact(row.calibrated_at))
            case Part.SUCCESS:
                return exact(row.last_success_at)
        return ""

    def _spoken(self, row: BoardRow, part: Part) -> str | None:
        if part is Part.VERDICT:
            return f"{self.chip(row).word}. {self.why(row)}"
        if part in (Part.THEN, Part.NOW):
            seen = (self._then if part is Part.THEN else self._now).get(row.key)
            there = seen is not None and not seen.isNull()
            return self.tr("Picture") if there else self.tr("No picture")
        return None
