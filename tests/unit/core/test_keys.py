"""The key that stops all, as a person writes it."""

from __future__ import annotations

import pytest

from panel.core.errors import CommandError
from panel.core.keys import Shortcut, parse_shortcut
from panel.core.settings import setting
from panel.core.target import PASTE_KEYS, SUBMIT_KEYS


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("Ctrl+Alt+Shift+S", "Ctrl+Alt+Shift+S"),
        (" shift + alt+CTRL + s", "Ctrl+Alt+Shift+S"),
        ("meta+control+7", "Ctrl+Super+7"),
        ("f12", "F12"),
        ("pause", "Pause"),
        ("ctrl+alt+delete", "Ctrl+Alt+Delete"),
        ("", "none"),
        ("None", "none"),
    ],
)
def test_it_is_kept_in_one_spelling(text: str, kept: str) -> None:
    assert setting("stop_key").parse(text) == kept
    assert setting("stop_key").parse(kept) == kept


@pytest.mark.parametrize(
    "text",
    [
        *(
            "S",
            "Ctrl+S",
            "Ctrl+Shift",
            "Ctrl+Ctrl+S",
            "Hyper+Alt+S",
            "Ctrl+Alt+ß",
            "F25",
            "Ctrl++S",
        ),
        *PASTE_KEYS,
        *SUBMIT_KEYS,
    ],
)
def test_what_belongs_to_programs_or_to_sending_is_refused(text: str) -> None:
    with pytest.raises(CommandError, match="takes two or more of Ctrl") as refused:
        setting("stop_key").parse(text)
    assert refused.value.field == "stop_key"


def test_its_parts() -> None:
    assert parse_shortcut("alt+ctrl+q") == Shortcut(("Ctrl", "Alt"), "Q")
