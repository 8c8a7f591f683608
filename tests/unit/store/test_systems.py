"""What is measured of the database, and how systems, alerts and slow statements are kept."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest

from panel.core import clock
from panel.core.health import Health, MaintenanceWindow, Severity, Trouble, judge
from panel.core.message import DeliveryStatus, Method
from panel.core.systems import DATABASE, MESSAGING
from panel.store import agents, alerts, attempts, control, messages, metrics, slow, systems
from panel.store.connection import Transaction
from panel.store.slow import SlowLog
from tests.unit.store.builders import DISPATCHER, at, message, queued, swarm

S = DeliveryStatus
HOUR = 3600.0
BUSY = Trouble("database.wal_mb", "", "database", Severity.WARNING, "Big.", "Wait.")


def health(moment: float, **values: float) -> Health:
    return judge(DATABASE, values, at(moment))


# ---------------------------------------------------------------- measures


def test_messaging_counts_and_shares(tx: Transaction) -> None:
    swarm(tx, "A", "B", "C")
    for number in range(8):
        messages.insert(
            tx, message("A", status=S.DELIVERED, sent=-60, delivery_time_ms=100 * (number + 1))
        )
    for status in (S.FAILED, S.FAILED, S.UNCERTAIN):
        messages.insert(tx, message("A", status=status, sent=-60))
    messages.insert(tx, message("A", status=S.FAILED, sent=-2 * HOUR))
    messages.insert(tx, message("B", status=S.HELD, sent=-900, held_since=at(-800)))
    messages.insert(tx, message("B", status=S.HELD, sent=-900, held_since=at(-100)))
    messages.insert(tx, message("C", sent=-500))
    found = metrics.messaging(tx, at(0))
    assert found["failed_share"] == pytest.approx(0.2)
    assert (found["uncertain"], found["held"], found["held_long"]) == (1, 2, 1)
    assert found["oldest_queued_s"] == 500
    assert found["delivery_p95_ms"] == 800


def test_what_waits_for_a_reason_is_no_sign_of_a_slow_queue(tx: Transaction) -> None:
    swarm(tx, "held back", "blocked", "retrying")
    control.pause(tx, ["held back"])
    queued(tx, "held back", sent=-900)
    queued(tx, "blocked", sent=-900)
    queued(tx, "blocked", status=S.UNCERTAIN, sent=-950)
    queued(tx, "retrying", sent=-900, next_attempt_at=at(5))
    assert metrics.messaging(tx, at(0))["oldest_queued_s"] is None
    queued(tx, "unknown", sent=-100)
    assert metrics.messaging(tx, at(0))["oldest_queued_s"] == 100
    control.pause(tx, None)
    assert metrics.messaging(tx, at(0))["oldest_queued_s"] is None


def test_nothing_sent_has_no_share_and_no_percentile(tx: Transaction) -> None:
    found = metrics.messaging(tx, at(0))
    assert found["failed_share"] is None
    assert found["delivery_p95_ms"] is None


def test_files_and_decisions_do_not_count_as_delivery_times(tx: Transaction) -> None:
    swarm(tx, "A")
    messages.insert(
        tx,
        message("A", status=S.DELIVERED, sent=-1, delivery_time_ms=9, delivery_method=Method.INBOX),
    )
    assert metrics.messaging(tx, at(0))["delivery_p95_ms"] is None


def test_coordination(tx: Transaction) -> None:
    swarm(tx, "A", "B", "C", "D")
    agents.update(tx, "A", status="ACTIVE", last_updated=at(-31 * 60))
    agents.update(tx, "B", status="ACTIVE", last_updated=at(-60))
    agents.update(tx, "C", status="BLOCKED", last_updated=at(-60))
    found = metrics.coordination(tx, at(0), timedelta(minutes=30))
    assert (found["stuck_share"], found["blocked_share"]) == (0.25, 0.25)
    agents.update(tx, "A", active=False)
    assert metrics.coordination(tx, at(0), timedelta(minutes=30))["stuck_share"] == 0


def test_sizes(tx: Transaction, database_file: Path) -> None:
    found = metrics.database(tx, database_file, at(0))
    assert found["size_mb"] == pytest.approx(database_file.stat().st_size / 2**20, abs=0.01)
    assert metrics.database(tx, database_file.with_name("none"), at(0))["size_mb"] == 0


# ---------------------------------------------------------------- systems and history


def test_an_error_is_counted_when_it_begins(tx: Transaction) -> None:
    for number, values in enumerate([{}, {"problems": 1.0}, {"problems": 1.0}, {}]):
        systems.save(tx, health(60 * number, **values))
    systems.save(tx, health(300, problems=1.0), alerts=["Damaged."])
    (row,) = systems.rows(tx)
    assert (row["error_count"], row["system_status"], row["health_score"]) == (2, "error", 0)
    assert json.loads(str(row["monitoring_alerts"])) == ["Damaged."]
    assert json.loads(str(row["performance_metrics"])) == {"problems": 1.0}


def test_of_a_minute_the_worst_is_kept(tx: Transaction) -> None:
    systems.save(tx, health(1))
    systems.save(tx, health(20, problems=1.0))
    systems.save(tx, health(40))
    systems.save(tx, health(61))
    points = systems.history(tx, "database", at(-60))
    assert [(p["health_score"], p["system_status"]) for p in points] == [
        (0, "error"),
        (100, "active"),
    ]


def test_old_points_are_thinned_to_the_worst_of_a_quarter_and_then_dropped(
    tx: Transaction,
) -> None:
    day = 86_400.0
    systems.save(tx, health(-31 * day))
    for minute in range(30):
        values = {"problems": 1.0} if minute == 7 else {}
        systems.save(tx, health(-2 * day + 60 * minute, **values))
    for minute in range(5):
        systems.save(tx, health(-60 * minute))
    systems.thin(tx, at(0))
    points = systems.history(tx, "database", at(-40 * day))
    assert [p["health_score"] for p in points] == [0, 100, 100, 100, 100, 100, 100]
    assert systems.thin(tx, at(0)) == 0


def test_maintenance_windows_survive_a_look(tx: Transaction) -> None:
    window = MaintenanceWindow(at(0), at(60), "new desk")
    systems.set_maintenance(tx, "messaging", [window])
    systems.save(tx, judge(MESSAGING, {}, at(1)))
    assert systems.maintenance(tx) == {"messaging": (window,)}


# ---------------------------------------------------------------- alerts


def test_one_trouble_is_one_alert_until_it_is_over(tx: Transaction) -> None:
    (raised,) = alerts.reconcile(tx, ["database"], [BUSY], at(0))
    assert alerts.reconcile(tx, ["database"], [BUSY], at(60)) == []
    (row,) = alerts.rows(tx)
    assert (row["seen_count"], row["text"]) == (2, "Big.")
    assert alerts.acknowledge(tx, raised.alert_id, "captain", at(61))
    assert not alerts.acknowledge(tx, raised.alert_id, "captain", at(62))
    alerts.reconcile(tx, ["database"], [], at(120))
    assert alerts.open_ones(tx) == []
    (again,) = alerts.reconcile(tx, ["database"], [BUSY], at(180))
    assert again.alert_id != raised.alert_id
    assert len(alerts.rows(tx, cleared=True)) == 2


def test_what_only_keeps_an_alert_raises_none(tx: Transaction) -> None:
    keeps = Trouble(BUSY.kind, "", "database", Severity.WARNING, "Less.", only_keeps=True)
    assert alerts.reconcile(tx, ["database"], [keeps], at(0)) == []
    alerts.reconcile(tx, ["database"], [BUSY], at(1))
    alerts.reconcile(tx, ["database"], [keeps], at(2))
    (still,) = alerts.open_ones(tx)
    assert still.text == "Big."


def test_other_systems_alerts_are_left_alone(tx: Transaction) -> None:
    alerts.reconcile(tx, ["database"], [BUSY], at(0))
    alerts.reconcile(tx, ["messaging"], [], at(1))
    assert len(alerts.open_ones(tx)) == 1


# ---------------------------------------------------------------- slow statements


def test_slow_statements_are_counted_with_their_plan_and_without_values(tx: Transaction) -> None:
    log = SlowLog(threshold_ms=10)
    sql = "SELECT *\n   FROM agent_messages WHERE message_id = ?"
    for took in (9.9, 10, 30):
        log.note(sql, 1, took)
    log.note("VACUUM", 0, 50)
    slow.write(tx, log.take(), at(0))
    log.note(sql, 1, 20)
    slow.write(tx, log.take(), at(60))
    first, second = slow.rows(tx)
    assert first["statement"] == "SELECT * FROM agent_messages WHERE message_id = ?"
    assert (first["times"], first["total_ms"], first["worst_ms"]) == (3, 60, 30)
    assert "USING INDEX" in str(first["plan"])
    assert (second["statement"], second["plan"]) == ("VACUUM", "")
    slow.forget(tx)
    assert slow.rows(tx) == []


def test_a_connection_tells_of_its_statements(tx: Transaction) -> None:
    heard: list[tuple[str, int]] = []
    tx.watched_by(lambda sql, values, took: heard.append((sql, values)) if took >= 0 else None)
    tx.value("SELECT ?", 1)
    tx.execute("UPDATE settings SET value = value")
    assert heard == [("SELECT ?", 1), ("UPDATE settings SET value = value", 0)]


# ---------------------------------------------------------------- maintenance


def test_in_messagings_maintenance_nothing_is_claimed(tx: Transaction) -> None:
    swarm(tx, "A")
    waiting = queued(tx, "A")
    systems.set_maintenance(tx, "database", [MaintenanceWindow(at(0), at(60))])
    systems.set_maintenance(tx, "messaging", [MaintenanceWindow(at(10), at(60))])
    assert not control.resting(tx, at(9))
    assert control.resting(tx, at(10))
    assert attempts.claim_next(tx, now=at(10), dispatcher=DISPATCHER) is None
    claim = attempts.claim_next(tx, now=at(60), dispatcher=DISPATCHER)
    assert claim is not None
    assert claim.message.message_id == waiting


def test_what_lies_with_a_dispatcher_that_rests_is_due_at_no_time(tx: Transaction) -> None:
    """A time that has passed would make it ask again at once, for ever."""
    swarm(tx, "A")
    queued(tx, "A", next_attempt_at=at(0))
    assert attempts.next_due(tx) is not None
    present = clock.now()
    window = MaintenanceWindow(present - timedelta(hours=1), present + timedelta(hours=1))
    systems.set_maintenance(tx, "messaging", [window])
    assert attempts.next_due(tx) is None


@pytest.mark.parametrize(
    "schedule",
    ["{}", "[]", '{"windows": 3}', '{"windows": [{"from": "now"}, 7, {"starts_at": "x"}]}'],
)
def test_a_schedule_of_another_form_stops_nothing(tx: Transaction, schedule: str) -> None:
    systems.set_maintenance(tx, "messaging", [])
    tx.execute("UPDATE core_systems_status SET maintenance_schedule = ?", schedule)
    assert systems.maintenance(tx) == {"messaging": ()}
    assert not control.resting(tx, at(0))
