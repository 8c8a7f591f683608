"""A swarm as a captain has it after a morning: rows in every state, with plausible words."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QRect, Qt
from PySide6.QtGui import QColor, QImage, QImageWriter, QPainter

from panel.core.agent import Agent
from panel.core.clock import now, to_stored
from panel.core.geometry import Point, Rect
from panel.core.message import AnswerStatus, DeliveryStatus, Evidence, Message, Priority
from panel.core.target import (
    Picture,
    Reason,
    ReasonCode,
    Target,
    TargetKind,
    TargetStatus,
    WindowIdentity,
)
from panel.store import agents, audits, discord, messages, targets, test_results
from panel.store.connection import Transaction
from panel.ui.calibrate.pictures import encoded
from tests.window.evidence import BOX, attempt, box

S, E, P = DeliveryStatus, Evidence, Priority

AGENTS = (
    ("Agent-1", "core", "integration", "ACTIVE", 2, "Wiring the message queue to the new store"),
    ("Agent-2", "core", "architecture", "ACTIVE", 5, "Splitting the settings module, step 2 of 3"),
    ("Agent-3", "core", "database", "WAITING", 11, "Waiting for the review of the index change"),
    ("Agent-4", "web", "frontend", "ACTIVE", 52, "Login form: error texts and focus order"),
    ("Agent-5", "web", "testing", "IDLE", 24, ""),
    ("Agent-6", "web", "documentation", "COMPLETE", 8, "User guide, chapter on calibration"),
    ("Agent-7", "ops", "release", "BLOCKED", 16, "Package build fails on the signing step"),
    ("Agent-8", "ops", "monitoring", "UNKNOWN", 0, ""),
)

_TEXTS = (
    "Please rebase onto main and run the whole suite before you go on with the queue.",
    "The index on sent_at is in. Measure the first page again and write down both numbers.",
    "Review the pull request of Agent-2, mainly the part that moves the settings.",
    "Stop after this step and report: what stands, what is open, what you would do next.",
    "The login form loses the focus after an error. Reproduce it with a test first.",
    "Good. Now the same for the onboarding page, with the texts from the wiki.",
    "Write the release note for 0.4: three sentences, no marketing.",
    "Which tests are flaky on your side? List them with how often they failed.",
    'Quotes "like these", umlauts äöü and an emoji 🚀 have to arrive as they are.',
    "Please look at\nthe build log\nand tell me the first line that is wrong.",
)

# (to, delivery, evidence, minutes ago, took in ms, priority, reason, reason code)
_NEWEST = (
    ("Agent-2", S.SENDING, E.PASTED, 0, None, P.NORMAL, "", ""),
    ("Agent-1", S.PENDING, E.NONE, 0, None, P.URGENT, "", ""),
    ("Agent-3", S.PENDING, E.NONE, 1, None, P.NORMAL, "", ""),
    ("Agent-6", S.PENDING, E.NONE, 1, None, P.LOW, "", ""),
    (
        "Agent-4",
        S.HELD,
        E.NONE,
        9,
        None,
        P.NORMAL,
        "There is a text in the box of Agent-4. Send it or empty the box.",
        ReasonCode.COMPOSER_NOT_EMPTY.value,
    ),
    ("Agent-4", S.PENDING, E.NONE, 6, None, P.NORMAL, "", ""),
    (
        "Agent-7",
        S.UNCERTAIN,
        E.VISIBLE,
        4,
        2310,
        P.HIGH,
        "The text was seen in the box, but the box did not empty after Enter.",
        ReasonCode.NO_PROOF.value,
    ),
    ("Agent-7", S.PENDING, E.NONE, 3, None, P.NORMAL, "", ""),
    (
        "Agent-5",
        S.FAILED,
        E.NONE,
        31,
        None,
        P.NORMAL,
        "The window of Agent-5 was not found for 30 minutes. Start it and calibrate again.",
        ReasonCode.WINDOW_GONE.value,
    ),
    ("Agent-1", S.DELIVERED, E.ACKNOWLEDGED, 7, 44, P.NORMAL, "", ""),
    ("Agent-2", S.DELIVERED, E.OPERATOR, 12, None, P.HIGH, "", ""),
    ("Agent-6", S.CANCELLED, E.NONE, 18, None, P.NORMAL, "", ""),
    ("Agent-3", S.EXPIRED, E.NONE, 27, None, P.LOW, "", ""),
)


def picture(title: str, width: int = 224, height: int = 72) -> bytes:
    """A PNG like the corner of an agent's window."""
    image = QImage(width, height, QImage.Format.Format_RGB32)
    image.fill(QColor("#2b2d33"))
    painter = QPainter(image)
    painter.fillRect(QRect(0, 0, width, 26), QColor("#1f2126"))
    painter.setPen(QColor("#d7dae0"))
    painter.drawText(QRect(10, 0, width, 26), Qt.AlignmentFlag.AlignVCenter, title)
    painter.setBrush(QColor("#34373e"))
    painter.setPen(QColor("#4b4f58"))
    painter.drawRoundedRect(QRect(10, 36, width - 20, 26), 5, 5)
    painter.end()
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    QImageWriter(buffer, QByteArray(b"png")).write(image)
    return bytes(data.data())


def swarm(pictures: dict[str, bytes]) -> Callable[[Transaction], None]:
    """What writes the whole swarm; the pictures are made before, in the window's thread."""

    def work(tx: Transaction) -> None:
        present = now()
        for number, agent in enumerate(AGENTS):
            _agent(tx, number, agent, present)
        for number, agent in enumerate(AGENTS[:7]):
            if agent[0] != "Agent-5":
                _target(tx, number, agent[0], pictures, present)
        _messages(tx, present)
        _commands(tx, present)
        _audits(tx)
        _tests(tx)

    return work


def pictures() -> dict[str, bytes]:
    """The landmark of each agent, and how an empty box looks."""
    landmarks = {agent[0]: picture(f"{agent[0]}  ·  {agent[2]}") for agent in AGENTS}
    return {**landmarks, "look": encoded(box(dark=True))}


def _agent(
    tx: Transaction, number: int, agent: tuple[str, str, str, str, int, str], present: datetime
) -> None:
    agent_id, team, specialization, status, minutes, focus = agent
    agents.insert(
        tx,
        Agent(
            agent_id,
            team=team,
            specialization=specialization,
            status=status,
            current_focus=focus or None,
            cycle_count=12 + number * 3,
            tasks_completed=5 + number,
            coordination_efficiency=91.0 - number,
            v2_compliance=97.0 - 4 * number,
            last_updated=present - timedelta(minutes=minutes, seconds=20),
        ),
    )


def _target(
    tx: Transaction, number: int, agent_id: str, pictures: dict[str, bytes], present: datetime
) -> None:
    composer = Rect(400, 790, *BOX)
    look = Picture(composer, pictures["look"])
    target = Target(
        agent_id,
        TargetKind.CHAT,
        Point(640 + 30 * number, 980),
        TargetStatus.UNVERIFIED if agent_id == "Agent-6" else TargetStatus.CONFIRMED,
        offset=Point(480, 940),
        window=WindowIdentity(
            0x1A00007 + number, 4100 + number, 99, "Cursor", f"repo-{number + 1} - Cursor"
        ),
        window_size=(1280, 1000),
        composer=composer,
        anchor=Picture(Rect(12, 8, 224, 72), pictures[agent_id]),
        looks=(look,) if agent_id == "Agent-4" else (),
        calibrated_at=present - timedelta(days=2, hours=number),
        last_success_at=present - timedelta(minutes=7 + 11 * number),
    )
    targets.save(tx, target)
    verdicts = {
        "Agent-1": ("", "ready"),
        "Agent-2": ("“Notes” lies over Agent-2's box.", "covered"),
        "Agent-3": ("", "ready"),
        "Agent-4": (
            "There is a text in the box. Send it or empty the box.",
            "composer_not_empty",
        ),
        "Agent-7": ("The window was not found. Start it and calibrate again.", "window_gone"),
    }
    if agent_id in verdicts:
        targets.note_check(tx, agent_id, TargetKind.CHAT, *verdicts[agent_id], present)


def _messages(tx: Transaction, present: datetime) -> None:
    for number, entry in enumerate(_NEWEST):
        to, status, evidence, minutes, took, priority, reason, code = entry
        sent = present - timedelta(minutes=minutes, seconds=5 * number + 3)
        _message(
            tx,
            Message(
                f"msg_new_{number:03}",
                "captain",
                to,
                priority,
                _TEXTS[number % len(_TEXTS)],
                sent,
                tags=("task",) if number % 3 == 0 else (),
                delivery_status=status,
                evidence=evidence,
                reason=reason,
                delivery_time_ms=took,
                held_since=sent if status is S.HELD else None,
                processed_at=None if status in (S.PENDING, S.SENDING) else sent,
                status=AnswerStatus.ACKNOWLEDGED
                if evidence is E.ACKNOWLEDGED
                else AnswerStatus.PENDING,
            ),
            code,
        )
    for number in range(50):
        sent = present - timedelta(minutes=34 + 17 * number)
        answer = (AnswerStatus.PENDING, AnswerStatus.ANSWERED, AnswerStatus.ACKNOWLEDGED)
        _message(
            tx,
            Message(
                f"msg_old_{number:03}",
                "captain",
                f"Agent-{number % 7 + 1}",
                (P.NORMAL, P.NORMAL, P.HIGH, P.NORMAL, P.LOW)[number % 5],
                _TEXTS[(number * 3) % len(_TEXTS)],
                sent,
                delivery_status=S.DELIVERED,
                evidence=E.SUBMITTED,
                delivery_time_ms=31 + (number * 37) % 90,
                processed_at=sent,
                status=answer[number % 3],
            ),
        )
    _attempts(tx, present)


def _message(tx: Transaction, message: Message, code: str = "") -> None:
    messages.insert(tx, message)
    if code:
        tx.execute(
            "UPDATE agent_messages SET reason_code = ? WHERE message_id = ?",
            code,
            message.message_id,
        )


def _attempts(tx: Transaction, present: datetime) -> None:
    """What was tried for the messages that need a person."""
    busy = ReasonCode.COMPOSER_NOT_EMPTY.value
    draft = "There is a text in the box of Agent-7. Send it or empty the box."
    attempt(
        tx,
        "msg_new_006",
        1,
        present,
        minutes=5,
        outcome="held",
        reason=draft,
        code=busy,
        reached="ready",
    )
    attempt(
        tx,
        "msg_new_006",
        2,
        present,
        minutes=4.5,
        outcome="uncertain",
        evidence="visible",
        reason=str(Reason(ReasonCode.NO_PROOF, "The box did not empty after Enter.")),
        code=ReasonCode.NO_PROOF.value,
        steps=("ready", "pasted", "after"),
        reached="enter",
    )
    attempt(
        tx,
        "msg_new_004",
        1,
        present,
        minutes=9,
        outcome="held",
        reason="There is a text in the box of Agent-4. Send it or empty the box.",
        code=busy,
        steps=("held",),
        reached="ready",
    )


def _commands(tx: Transaction, present: datetime) -> None:
    words: tuple[tuple[str, dict[str, str], str, int | None, str | None], ...] = (
        ("status_check", {}, "completed", 120, None),
        (
            "task_assignment",
            {"agent": "Agent-3", "task": "measure the index"},
            "completed",
            210,
            None,
        ),
        ("coordination", {"team": "web", "text": "Freeze at six"}, "completed", 480, None),
        ("task_assignment", {"agent": "Agent-9", "task": "docs"}, "failed", 35, "no agent Agent-9"),
        ("stop_all", {}, "refused", 4, "needs the right Control"),
        ("status_check", {"agent": "Agent-7"}, "pending", None, None),
    )
    for number in range(18):
        kind, data, status, took, error = words[number % len(words)]
        command_id = discord.store_command_execution(
            tx,
            {
                "agent_id": str(data.get("agent", "swarm")),
                "command_type": kind,
                "command_data": data,
                "channel_id": "swarm-control",
                "user_id": ("mira", "jonas", "guest-7")[number % 3],
            },
        )
        discord.update_command_execution(tx, command_id, status, None, took, error)
        tx.execute(
            "UPDATE discord_commands SET executed_at = ? WHERE command_id = ?",
            to_stored(present - timedelta(minutes=3 + 14 * number)),
            command_id,
        )


def _audits(tx: Transaction) -> None:
    finding = "Function too long: 46 lines, limit 30"
    for name, score, rules in (
        ("src/queue/store.py", 100.0, []),
        (
            "src/queue/worker.py",
            75.0,
            [("function-lines", finding), ("nesting", "Nesting 5, limit 3")],
        ),
        ("src/settings/form.py", 90.0, [("parameters", "7 parameters, limit 5")]),
        (
            "src/web/login.py",
            45.0,
            [
                ("file-lines", "File too long: 512 lines, limit 400"),
                ("complexity", "Complexity 14, limit 10"),
                ("function-lines", finding),
            ],
        ),
        ("src/web/legacy.py", 30.0, [("file-lines", "File too long: 948 lines, limit 400")]),
        ("src/ops/release.py", 85.0, [("complexity", "Complexity 11, limit 10")]),
    ):
        audits.audit_component_compliance(
            tx,
            name,
            "file",
            {
                "violations": [{"rule": rule, "message": message} for rule, message in rules],
                "compliance_score": score,
                "auditor_agent": "captain",
            },
        )


def _tests(tx: Transaction) -> None:
    for number, (name, status, took, result) in enumerate(
        (
            ("tests/test_queue.py::test_order", "passed", 41, None),
            ("tests/test_queue.py::test_resume_after_crash", "failed", 3120, "assert 7 == 8"),
            ("tests/test_login.py::test_focus_after_error", "passed", 812, None),
            ("tests/test_login.py::test_remember_me", "skipped", 0, None),
            ("tests/test_release.py::test_signature", "error", 95, "FileNotFoundError: key.pem"),
            ("tests/test_settings.py::test_round_trip", "passed", 12, None),
            ("tests/test_settings.py::test_bounds[timeout]", "passed", 9, None),
        )
    ):
        test_results.store_test_result(
            tx,
            {
                "test_name": name,
                "test_type": "unit",
                "test_status": status,
                "integration_component": name.split("_")[1].split(".")[0],
                "actual_result": result,
                "test_duration_ms": took,
                "test_coverage_percentage": 88.0 - number,
                "test_agent": f"Agent-{number % 3 + 1}",
            },
        )
