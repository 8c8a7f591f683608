"""What an import would change, one line an agent, and which confirmed points it may replace."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from PySide6.QtCore import (
    QAbstractTableModel,
    QCoreApplication,
    QModelIndex,
    QPersistentModelIndex,
    Qt,
    Signal,
)

from panel.commands.importing import Preview
from panel.core.import_plan import AgentChange, FieldChange, Place, PointChange, words
from panel.ui.models.column import CHIP_ROLE
from panel.ui.theme import Hue
from panel.ui.words import Chip, kind_word

Index = QModelIndex | QPersistentModelIndex
ITEM, CHANGE, REPLACE, WHAT = range(4)
_LONGEST_VALUE = 40


@dataclass(frozen=True, slots=True)
class ImportLine:
    """One line of the preview; `places` are its confirmed boxes that the file has elsewhere."""

    item: str
    chip: Chip
    text: str
    places: tuple[Place, ...] = ()


class ImportModel(QAbstractTableModel):
    """Holds a preview. `chosen` changes when a person decides about a confirmed point."""

    chosen_changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._lines: list[ImportLine] = []
        self._chosen: set[Place] = set()

    @property
    def lines(self) -> list[ImportLine]:
        """What is shown."""
        return list(self._lines)

    @property
    def chosen(self) -> tuple[Place, ...]:
        """The confirmed boxes that are to be replaced."""
        return tuple(
            place for line in self._lines for place in line.places if place in self._chosen
        )

    def show_preview(self, preview: Preview | None) -> None:
        """Shows another preview; nothing is chosen in it."""
        self.beginResetModel()
        self._chosen = set()
        self._lines = [] if preview is None else _lines(preview)
        self.endResetModel()
        self.chosen_changed.emit()

    def choose(self, rows: Iterable[int], replace: bool) -> None:
        """Decides about the confirmed points of these lines."""
        for row in rows:
            places = self._lines[row].places
            if replace:
                self._chosen.update(places)
            else:
                self._chosen.difference_update(places)
        if self._lines:
            self.dataChanged.emit(self.index(0, CHANGE), self.index(len(self._lines) - 1, WHAT))
        self.chosen_changed.emit()

    def toggle(self, row: int) -> None:
        """Decides the other way about a line; one without a choice stays as it is."""
        if 0 <= row < len(self._lines) and self._lines[row].places:
            self.choose([row], not self._is_chosen(self._lines[row]))

    def undecided_rows(self) -> list[int]:
        """The lines that leave a choice."""
        return [row for row, line in enumerate(self._lines) if line.places]

    def _is_chosen(self, line: ImportLine) -> bool:
        return bool(line.places) and self._chosen.issuperset(line.places)

    # Qt ------------------------------------------------------------------------------

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self._lines)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else 4

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        if orientation != Qt.Orientation.Horizontal or role != Qt.ItemDataRole.DisplayRole:
            return None
        return (_tr("Agent"), _tr("Change"), _tr("Replace"), _tr("What"))[section]

    def flags(self, index: Index) -> Qt.ItemFlag:
        flags = super().flags(index)
        if index.column() == REPLACE and self._lines[index.row()].places:
            flags |= Qt.ItemFlag.ItemIsUserCheckable
        return flags

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        line = self._lines[index.row()]
        column = index.column()
        if role == CHIP_ROLE:
            return self._chip(line) if column == CHANGE else None
        if role == Qt.ItemDataRole.CheckStateRole and column == REPLACE and line.places:
            chosen = self._is_chosen(line)
            return Qt.CheckState.Checked if chosen else Qt.CheckState.Unchecked
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return (line.item, self._chip(line).word, "", line.text)[column]
        if role == Qt.ItemDataRole.ToolTipRole:
            return line.item if column == ITEM else line.text
        return None

    def setData(self, index: Index, value: object, role: int = Qt.ItemDataRole.EditRole) -> bool:
        if role != Qt.ItemDataRole.CheckStateRole or index.column() != REPLACE:
            return False
        self.choose([index.row()], Qt.CheckState(value) == Qt.CheckState.Checked)
        return True

    def _chip(self, line: ImportLine) -> Chip:
        return _changed() if self._is_chosen(line) else line.chip


def _lines(preview: Preview) -> list[ImportLine]:
    """What a person has to look at first, then the agents in the file's order."""
    unread = Chip(_tr("Skipped"), Hue.RED, "cross")
    look = Chip(_tr("Look"), Hue.AMBER, "triangle")
    lines = [ImportLine(remark.item, unread, remark.why) for remark in preview.skipped]
    lines += [ImportLine(remark.item, look, remark.why) for remark in preview.warnings]
    agents = [_line(change) for change in preview.changes]
    asking = [line for line in agents if line.places]
    return lines + asking + [line for line in agents if not line.places]


def _line(change: AgentChange) -> ImportLine:
    parts = [_point(point) for point in change.points]
    parts += [_field(field) for field in change.fields]
    parts += [remark.why for remark in change.kept]
    if change.new:
        chip = Chip(_tr("New"), Hue.GREEN, "plus")
    elif change.does_something(()):
        chip = _changed()
    else:
        chip = Chip(_tr("Stays"), Hue.GREY, "dash")
    places = tuple((change.agent_id, point.kind) for point in change.points if point.asks)
    text = "; ".join(parts) or _tr("Already as the file says")
    return ImportLine(change.agent_id, chip, text, places)


def _changed() -> Chip:
    return Chip(_tr("Changed"), Hue.BLUE, "edit")


def _point(point: PointChange) -> str:
    if point.before is None:
        pattern = _tr("{box} {after}")
    elif point.asks:
        pattern = _tr("{box} confirmed at {before}, in the file {after}")
    else:
        pattern = _tr("{box} {before} → {after}")
    return pattern.format(
        box=kind_word(point.kind), before=words(point.before), after=words(point.after)
    )


def _field(field: FieldChange) -> str:
    names = {
        "team": _tr("team"),
        "specialization": _tr("specialization"),
        "captain": _tr("captain"),
        "status": _tr("state"),
        "last_cycle": _tr("last cycle"),
        "current_focus": _tr("focus"),
        "cycle_count": _tr("cycles"),
        "tasks_completed": _tr("tasks done"),
        "coordination_efficiency": _tr("coordination"),
        "v2_compliance": _tr("V2 score"),
        "last_updated": _tr("reported"),
        "description": _tr("note"),
        "workspace_path": _tr("folder"),
    }
    if field.name == "active":
        return _tr("active") if field.after else _tr("inactive: never written to")
    return f"{names.get(field.name, field.name)}: {_value(field.after)}"


def _value(value: object) -> str:
    text = " ".join(str(value).split())
    return text if len(text) <= _LONGEST_VALUE else f"{text[: _LONGEST_VALUE - 1]}…"


def _tr(text: str) -> str:
    return QCoreApplication.translate("importing", text)
