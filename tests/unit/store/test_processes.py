"""Several processes on one database: one claims a message, and a kill loses nothing."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from panel.core.message import DeliveryStatus
from panel.store import attempts, messages
from panel.store.connection import Connection, Transaction
from panel.store.opening import current_schema, open_for_writing
from tests.unit.store.builders import at, queued, swarm
from tests.unit.store.processes import Helper

pytestmark = pytest.mark.usefixtures("qapp")

_CLAIM_ALL = """
from panel.core.message import CoordinateStatus, DeliveryStatus, Evidence
import json, time
say("ready")
heard()
started = ""
limit = time.monotonic() + 60
while True:
    connection.execute("BEGIN IMMEDIATE")
    taken = attempts.claim_next(
        tx, now=builders.at(100), dispatcher=json.dumps({"pid": os.getpid()})
    )
    connection.execute("COMMIT")
    if taken is None:
        connection.execute("BEGIN IMMEDIATE")
        left = messages.counts(tx)
        connection.execute("COMMIT")
        if left[DeliveryStatus.PENDING] == 0:
            break
        # As a dispatcher rests: who asks without a pause keeps the others from the lock, until one
        # of them gives up with its message claimed.
        if os.getppid() == 1 or time.monotonic() > limit:
            sys.exit("the others did not go on")
        time.sleep(0.005)
        continue
    say(taken.message.message_id)
    if not started:
        started = heard()  # so that each of them is at work, however quick the first one is
    connection.execute("BEGIN IMMEDIATE")
    attempts.settle(
        tx, claim=taken, status=DeliveryStatus.DELIVERED, evidence=Evidence.SUBMITTED,
        reason=None, coordinate_status=CoordinateStatus.VALID, delivery_time_ms=1, timings={},
        now=builders.at(100),
    )
    connection.execute("COMMIT")
"""

_CLAIM_AND_WAIT = """
connection.execute("BEGIN IMMEDIATE")
taken = attempts.claim_next(tx, now=builders.at(100), dispatcher=builders.DISPATCHER)
connection.execute("COMMIT")
{more}
say("here")
heard()
"""


def fill(path: Path, *names: str, each: int = 1) -> list[str]:
    connection = open_for_writing(path, current_schema(), create=False)
    connection.execute("BEGIN IMMEDIATE")
    tx = Transaction(connection)
    swarm(tx, *names)
    made = [queued(tx, name, sent=number) for number in range(each) for name in names]
    connection.execute("COMMIT")
    connection.close()
    return made


def test_processes_that_claim_at_once_never_claim_the_same(database_file: Path) -> None:
    made = fill(database_file, "A", "B", "C", "D", each=25)
    helpers = [Helper(database_file, _CLAIM_ALL) for _ in range(3)]
    for helper in helpers:
        assert helper.hear() == "ready"
    for helper in helpers:
        helper.tell("go")
    said = [[helper.hear()] for helper in helpers]
    for helper in helpers:
        helper.tell("go")
    for each, helper in zip(said, helpers, strict=True):
        each.extend(helper.finish())
    taken = Counter(message_id for each in said for message_id in each)
    assert taken == Counter(made)
    connection = Connection.reading(database_file, busy_timeout_ms=1000)
    rows = connection.rows(
        "SELECT message_id FROM delivery_attempts JOIN agent_messages USING (message_id)"
        " WHERE to_agent = 'A' ORDER BY delivery_attempts.rowid"
    )
    assert [row["message_id"] for row in rows] == made[0::4], "in order for each agent"
    assert connection.value("SELECT COUNT(*) FROM delivery_attempts") == len(made)
    connection.close()


def test_a_kill_in_a_transaction_leaves_what_was_before(database_file: Path) -> None:
    (message_id,) = fill(database_file, "A")
    script = """
connection.execute("BEGIN IMMEDIATE")
taken = attempts.claim_next(tx, now=builders.at(100), dispatcher=builders.DISPATCHER)
for number in range(2000):
    builders.queued(tx, "A", message_id=f"late-{number}", content="x" * 2000)
say(taken.message.message_id)
heard()
"""
    helper = Helper(database_file, script)
    assert helper.hear() == message_id
    helper.kill()
    connection = open_for_writing(database_file, current_schema(), create=False)
    assert connection.value("PRAGMA integrity_check") == "ok"
    found = messages.get(connection, message_id)
    assert found is not None
    assert found.delivery_status is DeliveryStatus.PENDING
    assert connection.value("SELECT COUNT(*) FROM agent_messages") == 1
    assert attempts.unsettled(connection) == []
    connection.close()


@pytest.mark.parametrize(
    ("more", "phase", "keys"),
    [
        ("", "claimed", None),
        (
            'connection.execute("BEGIN IMMEDIATE")\n'
            'attempts.advance(tx, taken.attempt_id, "pasting", keys="ctrl+v")\n'
            'connection.execute("COMMIT")',
            "pasting",
            "ctrl+v",
        ),
        (
            'connection.execute("BEGIN IMMEDIATE")\n'
            'attempts.advance(tx, taken.attempt_id, "pasting", keys="ctrl+v")\n'
            'connection.execute("COMMIT")\n'
            'connection.execute("BEGIN IMMEDIATE")\n'
            'attempts.advance(tx, taken.attempt_id, "submitting", keys="enter")',
            "pasting",
            "ctrl+v",
        ),
    ],
    ids=["claimed", "pasting", "before submitting was committed"],
)
def test_a_kill_between_phases_leaves_the_last_committed_one(
    database_file: Path, more: str, phase: str, keys: str | None
) -> None:
    first, second = fill(database_file, "A", each=2)
    helper = Helper(database_file, _CLAIM_AND_WAIT.format(more=more))
    assert helper.hear() == "here"
    helper.kill()
    connection = open_for_writing(database_file, current_schema(), create=False)
    (row,) = attempts.unsettled(connection)
    assert (row["message_id"], row["phase"], row["keys"]) == (first, phase, keys)
    connection.execute("BEGIN IMMEDIATE")
    taken = attempts.claim_next(Transaction(connection), now=at(200), dispatcher="{}")
    connection.execute("COMMIT")
    assert taken is None, "the agent is blocked until that is settled"
    assert messages.get(connection, second) is not None
    connection.close()
