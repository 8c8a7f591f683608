"""The bar above every list: search, filter chips, and the primary button at the right."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QMenu, QSizePolicy, QWidget

from panel.ui.controls import Button, SearchField
from panel.ui.theme import Theme

_TYPING_MS = 200


@dataclass(frozen=True, slots=True)
class Filter:
    """One chip: a word for rows whose `column` has one of these values."""

    column: str
    values: tuple[str, ...]
    word: str


class FilterChips(QWidget):
    """Chips side by side; what does not fit waits in the menu of the last button."""

    changed = Signal()

    def __init__(self, theme: Theme, filters: Sequence[Filter]) -> None:
        super().__init__()
        self._filters = tuple(filters)
        self._chips = [
            Button(theme, item.word, kind="filter", on_click=self.changed.emit) for item in filters
        ]
        self._more = Button(
            theme, icon="more", kind="flat", tip=self.tr("More filters"), on_click=self._on_more
        )
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        for chip in self._chips:
            chip.setCheckable(True)
            layout.addWidget(chip)
        layout.addWidget(self._more)
        layout.addStretch(1)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._arrange()

    def chosen(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """The checked chips as filters of a listing's query."""
        wanted: dict[str, list[str]] = {}
        for chip, item in zip(self._chips, self._filters, strict=True):
            if chip.isChecked():
                wanted.setdefault(item.column, []).extend(item.values)
        return tuple((column, tuple(values)) for column, values in wanted.items())

    def clear(self) -> None:
        """Unchecks all chips without a word."""
        for chip in self._chips:
            chip.setChecked(False)

    def choose(self, column: str, values: Sequence[str]) -> None:
        """Checks exactly the chips of these values."""
        for chip, item in zip(self._chips, self._filters, strict=True):
            chip.setChecked(item.column == column and set(item.values) <= set(values))
        self.changed.emit()

    def set_counts(self, facets: Mapping[str, Mapping[str, int]]) -> None:
        """Puts the number of rows behind each word."""
        for chip, item in zip(self._chips, self._filters, strict=True):
            counts = facets.get(item.column, {})
            count = sum(counts.get(value, 0) for value in item.values)
            chip.set_text(f"{item.word}  {count:,}" if count else item.word)
        self._arrange()

    def minimumSizeHint(self) -> QSize:
        return QSize(self._more.sizeHint().width(), super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        room = self.width()
        spacing = 6
        widths = [chip.sizeHint().width() for chip in self._chips]
        all_fit = sum(widths) + spacing * max(0, len(widths) - 1) <= room
        room -= 0 if all_fit else self._more.sizeHint().width() + spacing
        used, fits = 0, True
        for chip, width in zip(self._chips, widths, strict=True):
            fits = fits and used + width <= room
            chip.setVisible(fits)
            used += width + spacing
        self._more.setVisible(not all_fit)

    def _on_more(self) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for chip in self._chips:
            if chip.isVisible():
                continue
            action = menu.addAction(chip.text())
            action.setCheckable(True)
            action.setChecked(chip.isChecked())
            action.triggered.connect(chip.click)
        menu.popup(self._more.mapToGlobal(self._more.rect().bottomLeft()))


_ROOMY = 680
_SEARCH, _SEARCH_NARROW = 140, 108


class Toolbar(QFrame):
    """`searched` follows the typing after a short rest; `filtered` the chips."""

    searched = Signal(str)
    filtered = Signal()
    detail_toggled = Signal()

    def __init__(
        self,
        theme: Theme,
        placeholder: str,
        filters: Sequence[Filter],
        *,
        front: Sequence[QWidget] = (),
        primary: Sequence[QWidget] = (),
    ) -> None:
        super().__init__()
        self.setObjectName("toolbar")
        self.search = SearchField(theme, placeholder)
        self.chips = FilterChips(theme, filters)
        self.detail_button = Button(
            theme,
            icon="sidebar",
            kind="flat",
            tip=self.tr("Show or hide the details (Ctrl+I)"),
            on_click=self.detail_toggled.emit,
        )
        layout = QHBoxLayout(self)
        layout.setContentsMargins(12, 8, 12, 8)
        layout.setSpacing(8)
        for widget in front:
            layout.addWidget(widget)
        layout.addWidget(self.search, 2)
        layout.addWidget(self.chips, 5)
        layout.addWidget(self.detail_button)
        for widget in primary:
            layout.addWidget(widget)
        self._typing = QTimer(self)
        self._typing.setSingleShot(True)
        self._typing.setInterval(_TYPING_MS)
        self._typing.timeout.connect(lambda: self.searched.emit(self.search.text().strip()))
        self.search.textChanged.connect(lambda _text: self._typing.start())
        self.chips.changed.connect(self.filtered)

    def clear(self) -> None:
        """Takes back search and filters."""
        self.chips.clear()
        self.search.clear()
        self._typing.stop()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        # Where it is tight the search gives way before the button with the other filters does.
        narrow = self.width() < _ROOMY
        self.search.setMinimumWidth(_SEARCH_NARROW if narrow else _SEARCH)
