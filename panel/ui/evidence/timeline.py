"""What was tried for a message, the latest first: outcome, reason, steps with times, pictures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QSize, Signal
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from panel.ui.chips import CHIP_HEIGHT, ChipLabel
from panel.ui.controls import counted, label
from panel.ui.evidence.book import Pair, Shot, caption, names_of
from panel.ui.evidence.steps_view import StepsView, reached
from panel.ui.evidence.thumbnail import Thumbnail
from panel.ui.flow import FlowLayout
from panel.ui.models.column import Row
from panel.ui.theme import Theme
from panel.ui.times import exact, moment
from panel.ui.words import attempt_word, delivery_chip, proof_chip

MOST_SHOWN = 12
_THUMBNAIL = QSize(104, 60)
_LOOKS_ONLY = ("held", "pending")


@dataclass(frozen=True, slots=True)
class Tried:
    """Attempts that belong together: one that typed, or looks in a row with the same result."""

    rows: tuple[Row, ...]

    @property
    def last(self) -> Row:
        return self.rows[-1]

    @property
    def key(self) -> object:
        return self.rows[0].get("attempt_id")


def gathered(attempts: Sequence[Row]) -> list[Tried]:
    """The latest first; looks in a row that were refused for the same reason become one."""
    groups: list[list[Row]] = []
    for row in attempts:
        alike = (
            groups
            and row.get("outcome") in _LOOKS_ONLY
            and all(groups[-1][-1].get(name) == row.get(name) for name in ("outcome", "reason"))
        )
        if alike:
            groups[-1].append(row)
        else:
            groups.append([row])
    return [Tried(tuple(group)) for group in reversed(groups)]


class Entry(QFrame):
    """One line of the timeline, with its steps and pictures below."""

    opened = Signal(object)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._number = label("", theme, role="secondary")
        self._outcome = ChipLabel(theme)
        self._proof = ChipLabel(theme)
        self._time = label("", theme, role="secondary")
        self._reason = label("", theme, role="secondary")
        self._reason.setWordWrap(True)
        self.steps = StepsView(theme)
        self._shots: dict[str, Shot] = {}
        self._pictures = QWidget()
        self._flow = FlowLayout(self._pictures, spacing=6)
        self._pictures.hide()
        head = FlowLayout(spacing=6)
        for each in (self._number, self._outcome, self._proof, self._time):
            each.setMinimumHeight(CHIP_HEIGHT)
            head.addWidget(each)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 2, 0, 6)
        column.setSpacing(4)
        column.addLayout(head)
        for part in (self._reason, self.steps, self._pictures):
            column.addWidget(part)

    def show_tried(self, tried: Tried, said_above: str) -> None:
        """Says what was tried; a reason that stands above already is not said again."""
        row = tried.last
        began = moment(tried.rows[0].get("started_at"))
        numbers = [str(each.get("attempt_number") or "") for each in tried.rows]
        several = len(numbers) > 1
        self._number.setText(f"{numbers[0]}-{numbers[-1]}" if several else numbers[0])
        outcome = row.get("outcome")
        self._outcome.set_chip(delivery_chip(outcome or "sending"))
        self._proof.set_chip(None if outcome in _LOOKS_ONLY else proof_chip(row.get("evidence")))
        clock = began.astimezone().strftime("%H:%M:%S") if began else ""
        self._time.setText(clock)
        self._time.setToolTip(exact(began))
        reason = str(row.get("reason") or "")
        parts = [attempt_word(row.get("kind"), row.get("phase"))]
        if several:
            parts.append(
                counted(len(numbers), self.tr("{0} look"), self.tr("{0} looks, all the same"))
            )
        if reason and reason != said_above:
            parts.append(reason)
        self._reason.setText("\n".join(part for part in parts if part))
        self._reason.setVisible(bool(self._reason.text()))
        self.steps.show_steps(() if outcome in _LOOKS_ONLY else reached(row))

    @property
    def shots(self) -> list[Shot]:
        """The pictures that are shown."""
        return list(self._shots.values())

    def show_pictures(self, pictures: Mapping[str, QImage], about: str) -> None:
        """Its pictures as thumbnails; those that are gone are left out."""
        shots = {
            step: Shot(caption(step), image)
            for step, image in pictures.items()
            if not image.isNull()
        }
        if shots == self._shots:
            return
        self._shots = shots
        self._flow.clear()
        for step, shot in shots.items():
            framed = QWidget()
            column = QVBoxLayout(framed)
            column.setContentsMargins(0, 0, 0, 0)
            column.setSpacing(2)
            thumbnail = Thumbnail(self._theme, size=_THUMBNAIL)
            thumbnail.show_shot(shot, about)
            thumbnail.clicked.connect(partial(self._on_opened, step))
            column.addWidget(thumbnail)
            column.addWidget(label(shot.caption, self._theme, role="secondary"))
            self._flow.addWidget(framed)
            framed.show()
        self._pictures.setVisible(bool(shots))

    def _on_opened(self, step: str) -> None:
        first = next(iter(self._shots))
        other = step if step != first else list(self._shots)[-1]
        self.opened.emit(Pair(self._shots[first], self._shots[other]))


class Timeline(QWidget):
    """`opened` sends two pictures to be compared. Entries stay while their attempts do."""

    opened = Signal(object)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._entries: dict[object, Entry] = {}
        self._shown: list[Tried] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(4)
        self._earlier = label("", theme, role="secondary")
        self._column.addWidget(self._earlier)

    def show_attempts(self, attempts: Sequence[Row], said_above: str = "") -> None:
        """Shows these attempts instead of the ones before."""
        tried = gathered(attempts)
        self._shown = tried[:MOST_SHOWN]
        keys = [each.key for each in self._shown]
        for key in [key for key in self._entries if key not in keys]:
            gone = self._entries.pop(key)
            gone.hide()
            gone.deleteLater()
        for place, each in enumerate(self._shown):
            entry = self._entries.get(each.key)
            if entry is None:
                entry = Entry(self._theme)
                entry.opened.connect(self.opened)
                self._entries[each.key] = entry
            self._column.insertWidget(place, entry)
            entry.show_tried(each, said_above)
        rest = sum(len(each.rows) for each in tried[MOST_SHOWN:])
        self._earlier.setText(
            counted(rest, self.tr("{0} earlier attempt"), self.tr("{0} earlier attempts"))
        )
        self._earlier.setVisible(rest > 0)

    def entries(self) -> list[Entry]:
        """The entries, the latest first."""
        return [self._entries[each.key] for each in self._shown]

    def pictured(self) -> list[Row]:
        """The attempts that are shown and left pictures."""
        return [each.last for each in self._shown if names_of(each.last)]

    def show_pictures(self, attempt: Row, pictures: Mapping[str, QImage], about: str) -> None:
        """Puts the pictures of one attempt in place."""
        for each in self._shown:
            if each.last.get("attempt_id") == attempt.get("attempt_id"):
                self._entries[each.key].show_pictures(pictures, about)
