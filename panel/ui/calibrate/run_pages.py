"""The pages of a calibration run: which window, how it turned out, the same place elsewhere."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import (
    QComboBox,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from panel.core.geometry import Point, Rect
from panel.core.target import Proof, Target, TargetCheck
from panel.ui.calibrate.empty_looks import looks_words
from panel.ui.calibrate.pictures import PictureView
from panel.ui.calibrate.plan import Stop
from panel.ui.calibrate.windows import SeenWindow, WindowTiles
from panel.ui.chips import ChipLabel
from panel.ui.controls import Button, Field, label
from panel.ui.empty import EmptyState
from panel.ui.theme import Theme
from panel.ui.words import kind_word, target_chip


class WindowPage(QWidget):
    """The windows that are there, as tiles."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.tiles = WindowTiles(theme)
        self.tiles.setAccessibleName(self.tr("Windows"))
        self.look_button = Button(theme, self.tr("Look again"), icon="refresh")
        self.anywhere_button = Button(
            theme,
            self.tr("It is in sight: point at it"),
            kind="link",
            tip=self.tr("Opens the picker without bringing a window to the front"),
        )
        self._nothing = EmptyState(
            theme,
            "window",
            self.tr("No other window is open."),
            self.tr("Open the agent's window, then look again."),
        )
        self._nothing.hide()
        inner = QWidget()
        column = QVBoxLayout(inner)
        column.setContentsMargins(0, 0, 8, 0)
        column.addWidget(self.tiles)
        column.addStretch(1)
        self._scroll = QScrollArea()
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setWidgetResizable(True)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setWidget(inner)
        buttons = QHBoxLayout()
        buttons.addWidget(self.look_button)
        buttons.addWidget(self.anywhere_button)
        buttons.addStretch(1)
        both = QVBoxLayout(self)
        both.setContentsMargins(0, 0, 0, 0)
        both.setSpacing(8)
        both.addWidget(self._scroll, 1)
        both.addWidget(self._nothing, 1)
        both.addLayout(buttons)

    def show_windows(self, seen: Sequence[SeenWindow], agent_id: str) -> None:
        """The free ones first, the one that bears the agent's name before all."""

        def rank(each: SeenWindow) -> tuple[bool, bool]:
            return each.owner not in ("", agent_id), agent_id not in each.title

        self.tiles.show_windows(sorted(seen, key=rank))
        self._nothing.setVisible(not seen)
        self._scroll.setVisible(bool(seen))

    def focus_first(self) -> None:
        """Where the arrow keys begin."""
        tiles = self.tiles.tiles()
        (tiles[0] if tiles else self.look_button).setFocus()


class VerdictPage(QWidget):
    """What was kept: the landmark and the empty box, and whether it can be used."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.chip = ChipLabel(theme)
        self.why = label("", theme, role="secondary")
        self.why.setWordWrap(True)
        self.landmark = PictureView(theme, self.tr("The landmark"), least=(160, 72))
        self.box = PictureView(theme, self.tr("The empty box"), least=(160, 72))
        self.same_button = Button(theme, "", icon="layers")
        self.again_button = Button(theme, self.tr("Calibrate again"), icon="target")
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self.chip)
        head.addWidget(self.why, 1)
        grid = QGridLayout()
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(4)
        for place, (view, word) in enumerate(
            (
                (self.landmark, self.tr("Landmark that is compared")),
                (self.box, self.tr("How the empty box looks")),
            )
        ):
            grid.addWidget(label(word, theme, role="section"), 0, place)
            grid.addWidget(view, 1, place)
            grid.setColumnStretch(place, 1)
        self.compared = label("", theme, role="secondary")
        self.compared.setObjectName("compared_words")
        self.compared.setWordWrap(True)
        grid.addWidget(self.compared, 2, 1)
        grid.setRowStretch(1, 1)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addWidget(self.same_button)
        buttons.addWidget(self.again_button)
        buttons.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addLayout(head)
        column.addLayout(grid, 1)
        column.addLayout(buttons)

    def show_result(
        self, target: Target, check: TargetCheck, landmark: QImage, box: QImage
    ) -> None:
        """The target that was just kept, with its verdict."""
        why = " ".join(str(reason) for reason in check.reasons)
        self.chip.set_chip(target_chip(target.status, check.code))
        title = target.window.title if target.window else ""
        self.why.setText(why if not check.valid else self.tr("In “{0}”.").format(title))
        self.landmark.show_picture(
            landmark, nothing=self.tr("None: the program in the terminal is checked instead.")
        )
        terminal = target.proof is Proof.TERMINAL
        # Of several looks below each other the first one has the mark.
        mark = (
            target.offset - target.composer.top_left if target.offset and target.composer else None
        )
        self.compared.setText(looks_words(target.looks))
        self.compared.setVisible(bool(target.looks))
        self.box.show_picture(
            box,
            mark=None if box.isNull() else mark,
            nothing=self.tr("A terminal: sent when its screen changes.") if terminal else "",
        )

    def offer_same(self, count: int, program: str) -> None:
        """How many other windows the same place fits."""
        one = self.tr("Use the same place in the other {0} window")
        many = self.tr("Use the same place in the {1} other {0} windows")
        self.same_button.set_text((one if count == 1 else many).format(program, count))
        self.same_button.setVisible(count > 0)


class SamePage(QWidget):
    """One other window with the place marked, and whose it is."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.view = PictureView(theme, self.tr("The window with the same place marked"))
        self.agents = QComboBox()
        self.agents.setObjectName("same_agent_field")
        self._field = Field(theme, self.tr("This window is"), self.agents)
        self._field.setMaximumWidth(280)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self._field)
        column.addWidget(self.view, 1)

    def show_window(
        self,
        image: QImage,
        place: tuple[Point, Rect | None],
        stops: Sequence[Stop],
        proposed: int,
    ) -> None:
        """The window, the marked place, and the agents that have none yet."""
        mark, frame = place
        self.view.show_picture(image, mark=mark, frame=frame)
        self.agents.clear()
        for stop in stops:
            self.agents.addItem(f"{stop.agent_id}, {kind_word(stop.kind).lower()}", stop)
        self.agents.setCurrentIndex(proposed)

    def chosen(self) -> Stop | None:
        """The agent that the person left in the field."""
        stop = self.agents.currentData()
        return stop if isinstance(stop, Stop) else None
