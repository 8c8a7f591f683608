"""The side panel: what the cursor stands on, every check, the keys that work now."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QImage, QPainter, QPen, QPixmap, QPolygonF
from PySide6.QtWidgets import (
    QBoxLayout,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from panel.picker import palette
from panel.picker.framing import Framing
from panel.picker.key_help import MOST_KEYS, Key, keys_of
from panel.picker.session import Session, Step
from panel.picker.values import BOX_WORDS
from panel.picker.verdict import Check

WIDTH = 324
# Logical pixels; on a screen that is not tall the pictures of the frames are smaller.
TALL_SCREEN = 760
LARGEST_PICTURE, SMALL_PICTURE = 92, 44
_FACTS = ("In window", "Screen", "Window", "Class", "Process")
_KEY_ROWS = MOST_KEYS // 2


def _label(role: str = "", text: str = "", *, wrap: bool = False) -> QLabel:
    label = QLabel(text)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(wrap)
    if role:
        label.setProperty("role", role)
    return label


def _rule() -> QFrame:
    rule = QFrame()
    rule.setProperty("role", "rule")
    rule.setFixedHeight(1)
    return rule


def _mark(passed: bool | None, scale: float) -> QPixmap:
    """A round tick, cross or dash: shape as well as colour."""
    pixmap = QPixmap(QSize(round(16 * scale), round(16 * scale)))
    pixmap.setDevicePixelRatio(scale)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    colour = {True: palette.GREEN, False: palette.RED, None: palette.FAINT}[passed]
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour)
    painter.drawEllipse(QRectF(0.5, 0.5, 15, 15))
    pen = QPen(palette.INK, 2)
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    painter.setPen(pen)
    if passed:
        painter.drawPolyline(QPolygonF([QPointF(4.6, 8.4), QPointF(7, 10.8), QPointF(11.4, 5.6)]))
    elif passed is None:
        painter.drawLine(QPointF(5, 8), QPointF(11, 8))
    else:
        painter.drawLine(QPointF(5.2, 5.2), QPointF(10.8, 10.8))
        painter.drawLine(QPointF(10.8, 5.2), QPointF(5.2, 10.8))
    painter.end()
    return pixmap


class SidePanel(QFrame):
    """One a screen; the overlay that has the cursor shows its own."""

    confirmed = Signal(bool)
    went_back = Signal()
    suggested_taken = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("picker_panel")
        self.setAccessibleName("Picker")
        self.setStyleSheet(palette.PANEL_STYLE)
        self.setFixedWidth(WIDTH)
        self.setCursor(Qt.CursorShape.ArrowCursor)
        self._values: dict[str, QLabel] = {}
        self._marks: list[tuple[QLabel, QLabel]] = []
        box = QVBoxLayout(self)
        box.setContentsMargins(18, 15, 18, 14)
        box.setSpacing(9)
        self._build_head(box)
        self._point_part = self._build_point(box)
        self._frames_part = self._build_frames(box)
        self._notice = _label("notice", wrap=True)
        box.addWidget(self._notice)
        self._keys_part = QWidget()
        foot = QVBoxLayout(self._keys_part)
        foot.setContentsMargins(0, 0, 0, 0)
        foot.setSpacing(9)
        foot.addWidget(_rule())
        self._keys = self._build_keys(foot)
        box.addWidget(self._keys_part)
        self._picture_height = LARGEST_PICTURE

    def _build_head(self, box: QBoxLayout) -> None:
        self._agent = _label("agent")
        self._box_word = _label("faint")
        self._chip = _label("chip")
        self._live = _label("live", "Live")
        names = QVBoxLayout()
        names.setSpacing(1)
        names.addWidget(self._agent)
        names.addWidget(self._box_word)
        row = QHBoxLayout()
        row.addLayout(names)
        row.addStretch()
        row.addWidget(self._live, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self._chip, 0, Qt.AlignmentFlag.AlignTop)
        box.addLayout(row)
        box.addWidget(_rule())

    def _build_point(self, box: QBoxLayout) -> QWidget:
        part = QWidget()
        inner = QVBoxLayout(part)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.setSpacing(9)
        self._point = _label("point")
        self._entry = _label("entry")
        self._snapped = _label("snapped", wrap=True)
        inner.addWidget(self._point)
        inner.addWidget(self._snapped)
        inner.addWidget(self._entry)
        facts = QGridLayout()
        facts.setHorizontalSpacing(12)
        facts.setVerticalSpacing(4)
        facts.setColumnStretch(1, 1)
        for row, name in enumerate(_FACTS):
            facts.addWidget(_label("faint", name), row, 0)
            self._values[name] = _label()
            facts.addWidget(self._values[name], row, 1)
        inner.addLayout(facts)
        inner.addWidget(_rule())
        for _ in range(4):
            mark, words = QLabel(), _label(wrap=True)
            mark.setFixedSize(16, 16)
            row_box = QHBoxLayout()
            row_box.setSpacing(9)
            row_box.addWidget(mark, 0, Qt.AlignmentFlag.AlignTop)
            row_box.addWidget(words, 1)
            inner.addLayout(row_box)
            self._marks.append((mark, words))
        box.addWidget(part)
        return part

    def _build_frames(self, box: QBoxLayout) -> QWidget:
        part = QWidget()
        inner = QVBoxLayout(part)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.setSpacing(8)
        self._question = _label("agent", wrap=True)
        inner.addWidget(self._question)
        self._composer_name = _label("faint", wrap=True)
        self._composer_picture = _label("picture")
        self._landmark_name = _label("faint", wrap=True)
        self._landmark_picture = _label("picture")
        for widget in (
            self._composer_name,
            self._composer_picture,
            self._landmark_name,
            self._landmark_picture,
        ):
            widget.setAlignment(
                Qt.AlignmentFlag.AlignCenter
                if widget.property("role") == "picture"
                else Qt.AlignmentFlag.AlignLeft
            )
            inner.addWidget(widget)
        self._warning = _label("warning", wrap=True)
        inner.addWidget(self._warning)
        self._use = QPushButton("Use the marked place")
        self._use.setProperty("role", "primary")
        self._use.setToolTip("Space")
        self._use.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._use.clicked.connect(self.suggested_taken)
        inner.addWidget(self._use)
        self._save = self._button("", "primary", True)
        self._save_other = self._button("It is not empty: leave", "", False)
        self._save.setToolTip("Enter")
        self._save_other.setToolTip("Shift+Enter")
        self._back = QPushButton("Back")
        self._back.setToolTip("Esc")
        self._back.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._back.clicked.connect(self.went_back)
        for button in (self._save, self._save_other, self._back):
            inner.addWidget(button)
        box.addWidget(part)
        return part

    @staticmethod
    def _build_keys(box: QBoxLayout) -> list[tuple[QLabel, QLabel]]:
        grid = QGridLayout()
        grid.setHorizontalSpacing(7)
        grid.setVerticalSpacing(5)
        grid.setColumnStretch(1, 1)
        grid.setColumnStretch(3, 1)
        pairs = []
        for index in range(2 * _KEY_ROWS):
            key, meaning = _label("key"), _label("faint")
            key.setAlignment(Qt.AlignmentFlag.AlignCenter)
            row, column = divmod(index, 2)
            grid.addWidget(key, row, 2 * column)
            grid.addWidget(meaning, row, 2 * column + 1)
            pairs.append((key, meaning))
        box.addLayout(grid)
        return pairs

    def _present_keys(self, keys: tuple[Key, ...]) -> None:
        for index, (key, meaning) in enumerate(self._keys):
            shown = index < len(keys)
            key.setVisible(shown)
            meaning.setVisible(shown)
            if shown:
                key.setText(keys[index][0])
                meaning.setText(keys[index][1])

    def _button(self, text: str, role: str, empty: bool) -> QPushButton:
        button = QPushButton(text)
        # The keys go to the overlay; a button that took the focus would eat Enter and the arrows.
        button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        button.setProperty("role", role)
        button.clicked.connect(lambda: self.confirmed.emit(empty))
        return button

    def present(
        self,
        session: Session,
        composer: QImage | None = None,
        landmark: QImage | None = None,
        *,
        room: int = TALL_SCREEN,
    ) -> None:
        """Shows the session as it is now and takes the height that it needs, which is at most
        `room` (logical pixels) as long as that is possible.
        """
        request = session.request
        self._picture_height = LARGEST_PICTURE if room >= TALL_SCREEN else SMALL_PICTURE
        self._agent.setText(request.agent_id)
        self._box_word.setText(BOX_WORDS[request.kind].capitalize())
        self._chip.setVisible(request.position is not None)
        if request.position is not None:
            self._chip.setText(f"{request.position[0]} of {request.position[1]}")
        self._live.setVisible(session.live and session.step is Step.POINT)
        self._point_part.setVisible(session.step is not Step.FRAMES)
        self._frames_part.setVisible(session.step is Step.FRAMES)
        self._notice.setVisible(bool(session.notice))
        self._notice.setText(session.notice)
        self._present_keys(keys_of(session))
        if session.step is Step.FRAMES:
            self._present_frames(session, composer, landmark)
        else:
            self._present_point(session)
        self._keys_part.setVisible(True)
        if self._fit() > room:
            # Whoever has so small a screen needs what is said more than what can be pressed.
            self._keys_part.setVisible(False)
            self._fit()

    def _fit(self) -> int:
        """Takes the height that the content needs now, not after the next turn of the loop."""
        for widget in (self._point_part, self._frames_part, self._keys_part, self):
            layout = widget.layout()
            assert layout is not None
            layout.invalidate()
            layout.activate()
        layout = self.layout()
        assert layout is not None
        height = layout.totalHeightForWidth(WIDTH)
        self.resize(WIDTH, height)
        return height

    def _present_point(self, session: Session) -> None:
        verdict, at = session.verdict, session.cursor.at
        looking = session.step is Step.LOOKING
        self._point.setText("Looking at the box…" if looking else f"{at.x}, {at.y}")
        self._point.setVisible(not session.entry)
        self._entry.setVisible(bool(session.entry))
        self._entry.setText(f"Go to  {session.entry}▏")
        self._present_snapped(session)
        offset, screen, window = verdict.offset, verdict.screen, verdict.window
        self._fact("In window", f"{offset.x}, {offset.y}" if offset else "–")
        if screen is None:
            self._fact("Screen", "–")
        else:
            rect = screen.rect
            self._fact(
                "Screen", f"{screen.name}, {rect.width} × {rect.height}, scale {screen.scale:g}"
            )
        identity = None if window is None else window.identity
        self._fact("Window", identity.title or "no title" if identity else "–")
        self._fact("Class", identity.window_class or "–" if identity else "–")
        program = f" ({window.program})" if window is not None and window.program else ""
        known = identity is not None and identity.pid is not None
        self._fact("Process", f"{identity.pid}{program}" if identity and known else "–")
        for (mark, words), check in zip(self._marks, verdict.checks, strict=True):
            self._present_check(mark, words, check)

    def _present_check(self, mark: QLabel, words: QLabel, check: Check) -> None:
        mark.setPixmap(_mark(check.passed, self.devicePixelRatioF()))
        words.setText(check.text)
        state = {True: "yes", False: "no", None: "not asked"}[check.passed]
        mark.setAccessibleName(state)
        colour = {True: palette.TEXT, False: palette.RED, None: palette.FAINT}[check.passed]
        words.setStyleSheet(f"color: {colour.name()};")

    def _fact(self, name: str, text: str) -> None:
        label = self._values[name]
        room = WIDTH - 36 - 12 - 70
        elided = QFontMetrics(label.font()).elidedText(text, Qt.TextElideMode.ElideMiddle, room)
        label.setText(elided)
        label.setAccessibleName(f"{name} {text}")

    def _present_snapped(self, session: Session) -> None:
        snapped, walk = session.snapped, session.walk
        self._snapped.setVisible(snapped is not None)
        if snapped is not None and walk is not None:
            number, count = walk.position
            self._snapped.setText(f"{snapped.name}  ·  {number} of {count}")

    def _present_frames(
        self, session: Session, composer: QImage | None, landmark: QImage | None
    ) -> None:
        framing = session.framing
        if framing is None:
            return
        empties = framing.empties
        self._question.setText("Is this box empty?" if empties else "Use this point?")
        self._composer_name.setVisible(composer is not None)
        self._composer_name.setText(
            "The text box, as it looks when empty"
            if empties
            else "The terminal: a message is sent when its screen changes"
        )
        self._show_picture(self._composer_picture, composer)
        self._landmark_name.setText(_landmark_words(framing, landmark is not None))
        self._show_picture(self._landmark_picture, landmark)
        self._warning.setProperty("role", "notice" if framing.refused else "warning")
        self._warning.style().polish(self._warning)
        self._warning.setText("\n".join(str(reason) for reason in framing.reasons))
        # A refusal that was asked for is said once, in the notice.
        self._warning.setVisible(bool(framing.reasons) and not session.notice)
        self._use.setVisible(framing.suggested is not None)
        self._save.setText("This box is empty: remember it" if empties else "Use this point")
        self._save.setEnabled(not framing.hindrance)
        self._save_other.setVisible(empties)

    def _show_picture(self, label: QLabel, picture: QImage | None) -> None:
        label.setVisible(picture is not None)
        if picture is None:
            return
        scale = self.devicePixelRatioF()
        room = QSize(round((WIDTH - 36 - 10) * scale), round(self._picture_height * scale))
        fitted = QPixmap.fromImage(picture)
        if picture.width() > room.width() or picture.height() > room.height():
            fitted = fitted.scaled(
                room, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
            )
        fitted.setDevicePixelRatio(scale)
        label.setPixmap(fitted)
        label.setFixedHeight(round(fitted.height() / scale) + 10)


def _landmark_words(framing: Framing, drawn: bool) -> str:
    if drawn:
        return "The landmark: the window is known by it"
    if framing.proposal.needs_anchor or framing.empties:
        return "No landmark yet: draw one round something that stays."
    return "No landmark: the program in the terminal is checked instead."
