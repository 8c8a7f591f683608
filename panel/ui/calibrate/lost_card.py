"""One target whose window is not known, with the windows that could be it."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout

from panel.ui.calibrate.pictures import PictureView
from panel.ui.calibrate.recognition import Lost
from panel.ui.calibrate.windows import SeenWindow, WindowTiles
from panel.ui.controls import Button, label, restyle, row
from panel.ui.theme import Theme
from panel.ui.words import kind_word


class LostCard(QFrame):
    """One lost target: how it looked, what could be it, and the decision."""

    confirmed = Signal(object)
    looked_at = Signal(object)
    skipped = Signal()
    calibrate_asked = Signal()

    def __init__(self, theme: Theme, lost: Lost) -> None:
        super().__init__()
        self.lost = lost
        agent_id, kind = lost.key
        self.setProperty("card", "true")
        self.setAccessibleName(self.tr("{0}, {1}").format(agent_id, kind_word(kind)))
        self.why = label(lost.why, theme, role="secondary")
        self.why.setWordWrap(True)
        self.tiles = WindowTiles(theme, marks=True)
        self.tiles.show_windows(lost.candidates)
        self.this_button = Button(theme, self.tr("This one"), kind="primary")
        self.this_button.setAccessibleName(self.tr("This one is {0}").format(agent_id))
        self.this_button.setEnabled(False)
        self.this_button.setVisible(False)
        self.skip_button = Button(theme, self.tr("Skip"), on_click=self.skipped.emit)
        self.skip_button.setAccessibleName(self.tr("Skip {0}").format(agent_id))
        both = QHBoxLayout(self)
        both.setContentsMargins(16, 12, 16, 12)
        both.setSpacing(16)
        both.addLayout(self._make_left(theme))
        both.addLayout(self._make_right(theme), 1)
        self.this_button.setVisible(bool(lost.candidates))
        self.tiles.chosen.connect(self._on_chosen)
        self.this_button.clicked.connect(self._on_this)

    def _make_left(self, theme: Theme) -> QVBoxLayout:
        agent_id, kind = self.lost.key
        window = self.lost.target.window
        self.then = PictureView(theme, self.tr("The landmark at the calibration"), least=(160, 64))
        self.then.setFixedSize(188, 84)
        self.then.show_picture(self.lost.then, nothing=self.tr("No picture was kept."))
        left = QVBoxLayout()
        left.setSpacing(4)
        left.addWidget(label(agent_id, theme, step=1, bold=True))
        left.addWidget(label(kind_word(kind), theme, role="secondary"))
        left.addWidget(self.then)
        if window is not None and window.title:
            was = label(self.tr("It was “{0}”.").format(window.title), theme, role="secondary")
            was.setWordWrap(True)
            was.setMaximumWidth(188)
            left.addWidget(was)
        left.addStretch(1)
        return left

    def _make_right(self, theme: Theme) -> QVBoxLayout:
        agent_id, _kind = self.lost.key
        if self.lost.candidates:
            question = label(self.tr("Which of these is it?"), theme, bold=True)
        else:
            question = label(
                self.tr("No free window of its program is open. Open it, then look again."), theme
            )
            question.setWordWrap(True)
        again = Button(
            theme, self.tr("Calibrate again"), icon="target", on_click=self.calibrate_asked.emit
        )
        again.setAccessibleName(self.tr("Calibrate {0} again").format(agent_id))
        right = QVBoxLayout()
        right.setSpacing(8)
        right.addWidget(self.why)
        right.addWidget(question)
        right.addLayout(row(self.this_button, self.skip_button, again, None))
        right.addWidget(self.tiles)
        right.addStretch(1)
        return right

    def _on_chosen(self, seen: SeenWindow) -> None:
        self.this_button.setEnabled(True)
        if seen.hidden:
            self.looked_at.emit(seen)

    def _on_this(self) -> None:
        seen = self.tiles.checked()
        if seen is not None:
            self.this_button.setEnabled(False)
            self.confirmed.emit(seen)

    def say_problem(self, text: str) -> None:
        """Why this one cannot be used yet."""
        restyle(self.why, "role", "error")
        self.why.setText(text)
        self.this_button.setEnabled(self.tiles.checked() is not None)
