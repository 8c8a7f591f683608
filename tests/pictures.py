"""Makes the pictures of the window for the documents: `python -m tests.pictures` (make pictures).

Needs no display: it starts one of its own. Writes docs/pictures/NAME-light.png and -dark.png. With
words behind it only the pictures of the window whose names begin with one of them.
"""

from __future__ import annotations

import asyncio
import os
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from PySide6.QtWidgets import QApplication, QWidget

from panel.core.errors import EnvironmentFault
from panel.screen.virtual import VirtualDesktop

T = TypeVar("T")
_only = tuple(sys.argv[1:]) if __name__ == "__main__" else ()
FOLDER = Path(__file__).resolve().parent.parent / "docs" / "pictures"
SCREEN = (1600, 1000)
WINDOW = (1360, 850)
_TEXT = (
    "Please rebase onto main and run the whole suite before you go on.\n"
    "Report what stands, what is open and what you would do next."
)


def main() -> int:
    """Photographs each view in light and dark; 3 when no display can be started."""
    desktop = VirtualDesktop(SCREEN)
    try:
        desktop.start()
    except EnvironmentFault as fault:
        print(fault, file=sys.stderr)
        return fault.exit_code
    try:
        for name in ("QT_SCALE_FACTOR", "QT_SCREEN_SCALE_FACTORS", "WAYLAND_DISPLAY"):
            os.environ.pop(name, None)
        os.environ.update(desktop.environment)
        os.environ.update(QT_QPA_PLATFORM="xcb", NO_AT_BRIDGE="1")
        _photograph_all()
    finally:
        desktop.stop()
    return 0


def _photograph_all() -> None:
    import qasync

    from panel.ui.theme import Mode, Theme
    from tests.pictures_desktop import photograph_desktop

    application = QApplication(["captain-panel"])
    application.setQuitOnLastWindowClosed(False)
    theme = Theme(application, Mode.LIGHT)
    loop = qasync.QEventLoop(application)
    asyncio.set_event_loop(loop)
    FOLDER.mkdir(parents=True, exist_ok=True)
    with loop:
        for mode in (Mode.LIGHT, Mode.DARK):
            theme.set_mode(mode)
            loop.run_until_complete(_photograph(theme, mode.value))
        theme.set_mode(Mode.LIGHT)
        if _only:
            return
        with tempfile.TemporaryDirectory() as made:
            loop.run_until_complete(photograph_desktop(theme, FOLDER, Path(made)))


async def _photograph(theme: object, variant: str) -> None:
    from panel.ui.evidence.compare import CompareDialog
    from panel.ui.tabs.message_detail import MessageDetail
    from panel.ui.theme import Theme
    from tests.window.conftest import opened

    assert isinstance(theme, Theme)
    with tempfile.TemporaryDirectory() as folder:
        async with opened(Path(folder), theme, seeded=True) as made:
            window = made.window
            window.resize(*WINDOW)
            await _until(lambda: len(window.agents.cards.cards()) == 8)
            window.agents.cards.cards()[3].setFocus()
            await _save(window, f"agents-{variant}")
            window.agents.show_page("targets")
            await _save(window, f"targets-{variant}")
            window.tabs.setCurrentWidget(window.messages)
            await _until(lambda: window.messages.model.ready)
            window.messages.show_message("msg_new_006")
            await _until(lambda: window.messages.table.currentIndex().row() > 0)
            detail = window.messages.detail
            assert isinstance(detail, MessageDetail)
            await _until(detail.pictures.isVisible)
            await _save(window, f"messages-{variant}")
            window.show_drawer(True)
            cards = await _until(lambda: window.drawer.cards()[:3])
            await _until(lambda: cards[0].pictures.isVisible() and cards[2].pictures.isVisible())
            await _save(window, f"needs-you-{variant}")
            cards[0].pictures.thumbnails[0].click()
            compare = window.findChild(CompareDialog)
            assert compare is not None
            await _until(compare.mark_box.isEnabled)
            await _save(compare, f"compare-{variant}")
            compare.close()
            window.show_drawer(False)
            window.compose(["All"], _TEXT)
            dialog = window.composing[-1]
            dialog.form.show_more(True)
            await _save(dialog, f"compose-{variant}")
            dialog.discard()


async def _save(widget: QWidget, name: str) -> None:
    if _only and not name.startswith(_only):
        return
    window = widget.window()
    previous = b""
    # Until it looks the same twice: late rows, pictures and layouts have arrived.
    for _look in range(50):
        await asyncio.sleep(0.1)
        picture = window.grab()
        image = picture.toImage()  # kept while its bits are read
        seen = bytes(image.constBits())
        if seen == previous:
            break
        previous = seen
    file = FOLDER / f"{name}.png"
    picture.save(str(file))
    print(file.relative_to(FOLDER.parent.parent))


async def _until(condition: Callable[[], T]) -> T:
    async with asyncio.timeout(20):
        while not (answer := condition()):
            await asyncio.sleep(0.02)
    return answer


if __name__ == "__main__":
    raise SystemExit(main())
