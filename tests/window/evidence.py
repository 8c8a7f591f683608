"""Pictures of boxes as deliveries leave them, and the attempts that name them."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from pathlib import Path

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QColor, QImage, QPainter

from panel.core.clock import to_stored
from panel.store import attempts
from panel.store.connection import Transaction

BOX = (480, 208)
_ABOVE = (
    "The queue test is green again. I split the reader in two files;",
    "the second one has no test of its own yet.",
    "Say when I should go on with the next part.",
)
TIMINGS = {
    "ready": 6.1,
    "focused": 9.4,
    "pasted": 12.2,
    "visible": 24.8,
    "enter": 27.0,
    "submitted": 61.3,
    "restored": 64.9,
}


def box(text: str = "", *, hint: str = "Ask for follow-up changes", dark: bool = False) -> QImage:
    """A chat box of an agent's window with its surroundings."""
    ground, field, line, ink, faint = (
        ("#1e1f23", "#2a2c31", "#4b4f58", "#e3e6ea", "#83888f")
        if dark
        else ("#f7f7f8", "#ffffff", "#c9ccd2", "#1c1e21", "#9a9fa6")
    )
    image = QImage(*BOX, QImage.Format.Format_RGB32)
    image.fill(QColor(ground))
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QColor(ink))
    for number, line_above in enumerate(_ABOVE):
        painter.drawText(24, 30 + 22 * number, line_above)
    painter.setBrush(QColor(field))
    painter.setPen(QColor(line))
    painter.drawRoundedRect(QRect(12, 100, BOX[0] - 24, 72), 8, 8)
    painter.setPen(QColor(ink if text else faint))
    room = QRect(24, 108, BOX[0] - 48, 58)
    flags = Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap
    painter.drawText(room, int(flags), text or hint)
    painter.setPen(QColor(faint))
    painter.drawText(24, 194, "claude · main · 3 files changed")
    painter.end()
    return image


def save(folder: Path, name: str, image: QImage) -> None:
    """Puts a picture where the dispatcher would."""
    folder.mkdir(mode=0o700, exist_ok=True)
    assert image.save(str(folder / name))


def attempt(
    tx: Transaction,
    message_id: str,
    number: int,
    present: datetime,
    *,
    minutes: float,
    outcome: str,
    evidence: str = "none",
    reason: str = "",
    code: str = "",
    steps: tuple[str, ...] = (),
    reached: str = "restored",
    kind: str = "deliver",
) -> None:
    """An attempt as the dispatcher would have left it, with pictures of these steps."""
    names = list(TIMINGS)
    timings = {name: TIMINGS[name] for name in names[: names.index(reached) + 1]}
    attempt_id = f"att_{message_id}_{number}"
    started = present - timedelta(minutes=minutes)
    tx.execute(
        "INSERT INTO delivery_attempts (attempt_id, message_id, attempt_number, dispatcher,"
        " started_at, finished_at, phase, evidence, outcome, reason, reason_code, stop_counter,"
        " timings, pictures, kind) VALUES (?, ?, ?, '{}', ?, ?, 'settled', ?, ?, ?, ?, 0, ?, ?, ?)",
        attempt_id,
        message_id,
        number,
        to_stored(started),
        to_stored(started + timedelta(seconds=3)),
        evidence,
        outcome,
        reason,
        code,
        json.dumps(timings),
        json.dumps({step: f"{attempt_id}_{step}.png" for step in steps}) if steps else None,
        kind,
    )
    tx.changed(attempts.TABLE, attempt_id)


def leave_pictures(folder: Path) -> None:
    """The files that the swarm's attempts name."""
    text = "[C2A] Write the release note for 0.4: three sentences, no marketing."
    unconfirmed, held = "att_msg_new_006_2", "att_msg_new_004_1"
    save(folder, f"{unconfirmed}_ready.png", box())
    save(folder, f"{unconfirmed}_pasted.png", box(text))
    save(folder, f"{unconfirmed}_after.png", box(text))
    save(folder, f"{held}_held.png", box("wait, I am still thinking about the", dark=True))
