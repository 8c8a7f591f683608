"""What is known of common programs, so that the operator need not set keys and proof by hand."""

from __future__ import annotations

from dataclasses import dataclass

from panel.core.target import Proof


@dataclass(frozen=True, slots=True)
class Preset:
    """Proof and keys of a kind of program."""

    proof: Proof = Proof.COMPOSER
    paste_key: str = "ctrl+v"
    submit_key: str = "enter"
    urgent_submit_key: str | None = None


_TERMINAL = Preset(Proof.TERMINAL, "ctrl+shift+v")
_XTERM = Preset(Proof.TERMINAL, "shift+insert")
_CURSOR = Preset(urgent_submit_key="ctrl+enter")

_BY_PROGRAM = {
    "xterm": _XTERM,
    "uxterm": _XTERM,
    "urxvt": _XTERM,
    "cursor": _CURSOR,
    "gnome-terminal-server": _TERMINAL,
    "konsole": _TERMINAL,
    "xfce4-terminal": _TERMINAL,
    "alacritty": _TERMINAL,
    "kitty": _TERMINAL,
    "wezterm-gui": _TERMINAL,
    "terminator": _TERMINAL,
}


def preset_for(program: str, window_class: str) -> Preset:
    """The preset for a program's file name or its window class; the usual one for all others."""
    for name in (program.lower(), window_class.lower()):
        if name in _BY_PROGRAM:
            return _BY_PROGRAM[name]
    return Preset()
