"""Colours, sizes and fonts of the window in one place, for light and dark."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from enum import StrEnum
from string import Template
from types import MappingProxyType

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QFont, QGuiApplication, QIcon, QPalette
from PySide6.QtWidgets import QApplication, QStyleFactory

from panel.core.resources import resource
from panel.ui.icons import icon_path, tinted_icon

GRID = 4
ROW_HEIGHT = 28
STRIP_HEIGHT = 44
CONTROL_HEIGHT = 28


class Hue(StrEnum):
    """The six hues of state chips; never the only sign of a state."""

    GREY = "grey"
    BLUE = "blue"
    GREEN = "green"
    AMBER = "amber"
    PURPLE = "purple"
    RED = "red"


class Mode(StrEnum):
    """What the person chose; the values of the setting `theme`."""

    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"


@dataclass(frozen=True, slots=True)
class Tokens:
    """Every colour of one scheme as `#rrggbb`; `hues` are (text, background) of chips."""

    window: str
    surface: str
    sunken: str
    hover: str
    pressed: str
    border: str
    border_strong: str
    grid: str
    text: str
    secondary: str
    disabled: str
    accent: str
    primary: str
    primary_hover: str
    primary_pressed: str
    on_primary: str
    selection: str
    danger: str
    danger_soft: str
    hues: Mapping[Hue, tuple[str, str]]


LIGHT = Tokens(
    window="#f3f4f6",
    surface="#ffffff",
    sunken="#f8f9fa",
    hover="#eceef1",
    pressed="#dfe3e8",
    border="#dcdfe4",
    border_strong="#8b949e",
    grid="#eef0f2",
    text="#1f2328",
    secondary="#57606a",
    disabled="#8c959f",
    accent="#0a5fb4",
    primary="#0a5fb4",
    primary_hover="#0b6bca",
    primary_pressed="#084c91",
    on_primary="#ffffff",
    selection="#d3e5f8",
    danger="#b3202a",
    danger_soft="#f6e4e5",
    hues=MappingProxyType(
        {
            Hue.GREY: ("#57606a", "#ebeced"),
            Hue.BLUE: ("#0a5fb4", "#e2ecf6"),
            Hue.GREEN: ("#1a6b32", "#e4ede6"),
            Hue.AMBER: ("#7f5200", "#f0eae0"),
            Hue.PURPLE: ("#7a3fbf", "#efe8f7"),
            Hue.RED: ("#b3202a", "#f6e4e5"),
        }
    ),
)

DARK = Tokens(
    window="#1a1b1e",
    surface="#222326",
    sunken="#1d1e21",
    hover="#2d2f33",
    pressed="#383b40",
    border="#36383d",
    border_strong="#7d8590",
    grid="#2a2c30",
    text="#e6e9ed",
    secondary="#a8b1bb",
    disabled="#6e7681",
    accent="#6cb6ff",
    primary="#1c6ac0",
    primary_hover="#2371c8",
    primary_pressed="#175aa5",
    on_primary="#ffffff",
    selection="#22405f",
    danger="#ff8f87",
    danger_soft="#42302f",
    hues=MappingProxyType(
        {
            Hue.GREY: ("#b1bac4", "#363739"),
            Hue.BLUE: ("#6cb6ff", "#2a3642"),
            Hue.GREEN: ("#57c774", "#27392c"),
            Hue.AMBER: ("#e3b341", "#3e3624"),
            Hue.PURPLE: ("#cda4ff", "#3a3342"),
            Hue.RED: ("#ff8f87", "#42302f"),
        }
    ),
)


class Theme(QObject):
    """The scheme in use. `changed` is sent after palette and style sheet are in place."""

    changed = Signal()

    def __init__(self, app: QApplication, mode: Mode = Mode.SYSTEM) -> None:
        super().__init__(app)
        self._app = app
        self._mode = mode
        self._tokens: Tokens | None = None
        fusion = QStyleFactory.create("Fusion")
        app.setStyle(fusion)
        QGuiApplication.styleHints().colorSchemeChanged.connect(self._on_scheme_changed)
        self._apply()

    @property
    def tokens(self) -> Tokens:
        assert self._tokens is not None
        return self._tokens

    @property
    def dark(self) -> bool:
        return self._tokens is DARK

    @property
    def mode(self) -> Mode:
        return self._mode

    def set_mode(self, mode: Mode) -> None:
        """Follows the system, or stays light or dark, from now on."""
        if mode is not self._mode:
            self._mode = mode
            self._apply()

    def colour(self, name: str) -> QColor:
        """A token or a hue (its text colour) by name."""
        if name in Hue.__members__.values():
            return QColor(self.tokens.hues[Hue(name)][0])
        return QColor(str(getattr(self.tokens, name)))

    def hue(self, hue: Hue) -> tuple[QColor, QColor]:
        """Text and background of a chip."""
        text, background = self.tokens.hues[hue]
        return QColor(text), QColor(background)

    def icon(self, name: str, colour: str = "text", *, gap: bool = False) -> QIcon:
        """An icon of the family in the colour of a token or hue; `gap` for beside a text."""
        return tinted_icon(name, self.colour(colour).name(), self.tokens.disabled, gap)

    def font(self, step: int = 0, *, bold: bool = False, mono: bool = False) -> QFont:
        """The application's font, `step` points larger."""
        font = QFont(self._app.font())
        if mono:
            font.setFamilies(["Cascadia Mono", "SF Mono", "DejaVu Sans Mono", "monospace"])
            font.setStyleHint(QFont.StyleHint.Monospace)
        font.setPointSizeF(font.pointSizeF() + step)
        if bold:
            font.setWeight(QFont.Weight.DemiBold)
        return font

    def _on_scheme_changed(self) -> None:
        if self._mode is Mode.SYSTEM:
            self._apply()

    def _wanted(self) -> Tokens:
        if self._mode is Mode.SYSTEM:
            dark = QGuiApplication.styleHints().colorScheme() == Qt.ColorScheme.Dark
        else:
            dark = self._mode is Mode.DARK
        return DARK if dark else LIGHT

    def _apply(self) -> None:
        wanted = self._wanted()
        if wanted is self._tokens:
            return
        self._tokens = wanted
        self._app.setPalette(_palette(wanted))
        self._app.setStyleSheet(_style_sheet(wanted))
        self.changed.emit()


def _palette(tokens: Tokens) -> QPalette:
    role = QPalette.ColorRole
    colours = {
        role.Window: tokens.window,
        role.WindowText: tokens.text,
        role.Base: tokens.surface,
        role.AlternateBase: tokens.sunken,
        role.Text: tokens.text,
        role.PlaceholderText: tokens.secondary,
        role.Button: tokens.surface,
        role.ButtonText: tokens.text,
        role.BrightText: tokens.danger,
        role.ToolTipBase: tokens.surface,
        role.ToolTipText: tokens.text,
        role.Highlight: tokens.selection,
        role.HighlightedText: tokens.text,
        role.Accent: tokens.accent,
        role.Link: tokens.accent,
        role.LinkVisited: tokens.accent,
        role.Light: tokens.surface,
        role.Midlight: tokens.hover,
        role.Mid: tokens.border,
        role.Dark: tokens.border_strong,
        role.Shadow: tokens.border_strong,
    }
    palette = QPalette()
    for name, value in colours.items():
        palette.setColor(name, QColor(value))
    for name in (role.WindowText, role.Text, role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, name, QColor(tokens.disabled))
    return palette


def _style_sheet(tokens: Tokens) -> str:
    values = {
        field.name: getattr(tokens, field.name) for field in fields(tokens) if field.name != "hues"
    }
    scheme = "dark" if tokens is DARK else "light"
    values["chevron"] = icon_path("chevron-down", tokens.secondary, scheme)
    values["checked"] = icon_path("tick", tokens.on_primary, f"{scheme}-on-primary")
    for hue, (text, background) in tokens.hues.items():
        values[f"{hue}_text"], values[f"{hue}_back"] = text, background
    template = resource("resources", "themes", "panel.qss").read_text(encoding="utf-8")
    return Template(template).substitute(values)
