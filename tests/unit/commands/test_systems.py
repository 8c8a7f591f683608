"""Systems from the command line: measured now, alerts raised and cleared, maintenance."""

from __future__ import annotations

from datetime import timedelta

from panel.commands import agents
from panel.commands.health import STUCK, Outside, look
from panel.core.clock import now
from tests.unit.commands.conftest import Panel


def stuck(panel: Panel, agent: str) -> None:
    async def work() -> None:
        await agents.change(panel.context, agent, status="ACTIVE")
        from panel.store import agents as stored

        then = now() - timedelta(hours=2)
        await panel.store.write(lambda tx: stored.update(tx, agent, last_updated=then))

    panel.aio.run(work())


def test_all_five_are_listed_with_their_state(panel: Panel) -> None:
    rows = panel.json("systems")
    assert [row["system_id"] for row in rows] == [
        "coordination",
        "database",
        "discord",
        "messaging",
        "monitoring",
    ]
    states = {row["system_id"]: row["system_status"] for row in rows}
    assert states["discord"] == "inactive"
    assert states["database"] == "active"
    assert all(row["alerts"] == [] for row in rows)
    assert all(row["last_health_check"].endswith("Z") for row in rows)


def test_a_stalled_agent_raises_one_alert_and_its_report_clears_it(panel: Panel) -> None:
    stuck(panel, "Agent-1")
    for _ in range(3):
        panel.line("systems")
    mine = [row for row in panel.json("systems", "alerts") if row["kind"] == STUCK]
    assert [(row["subject"], row["seen_count"]) for row in mine] == [("Agent-1", 3)]
    panel.aio.run(agents.change(panel.context, "Agent-1", status="IDLE"))
    panel.line("systems")
    assert [row for row in panel.json("systems", "alerts") if row["kind"] == STUCK] == []
    cleared = [row for row in panel.json("systems", "alerts", "--all") if row["kind"] == STUCK]
    assert len(cleared) == 1
    assert cleared[0]["cleared_at"]


def test_a_display_without_a_dispatcher_is_an_error_until_one_comes(panel: Panel) -> None:
    first = panel.aio.run(look(panel.context, Outside(sending=False)))
    assert [alert.kind for alert in first.raised] == ["messaging.not_sending"]
    assert first.worst is not None
    assert first.worst.system.system_id == "messaging"
    panel.aio.run(look(panel.context, Outside(sending=True)))
    assert panel.json("systems", "alerts") == []


def test_an_alert_is_acknowledged_once(panel: Panel) -> None:
    panel.aio.run(look(panel.context, Outside(problems=2)))
    (alert,) = panel.json("systems", "alerts")
    (row,) = panel.json("systems", "acknowledge", alert["alert_id"])
    assert row["acknowledged_by"] == "captain"
    code, _, _ = panel.line("systems", "acknowledge", alert["alert_id"])
    assert code == 1
    code, _, err = panel.line("systems", "acknowledge", "alert_none")
    assert (code, "alert:" in err or "alert " in err) == (2, True)


def test_maintenance_silences_alerts_and_ends(panel: Panel) -> None:
    code, out, _ = panel.line("systems", "maintenance", "messaging", "--for", "2h")
    assert code == 0 and "rests until" in out
    found = panel.aio.run(look(panel.context, Outside(sending=False)))
    assert found.raised == ()
    rows = panel.json("systems")
    states = {row["system_id"]: row["system_status"] for row in rows}
    assert states["messaging"] == "maintenance"
    assert panel.line("systems", "maintenance", "messaging", "--end")[0] == 0
    assert panel.line("systems", "maintenance", "messaging", "--end")[0] == 1
    again = panel.aio.run(look(panel.context, Outside(sending=False)))
    assert [alert.kind for alert in again.raised] == ["messaging.not_sending"]


def test_maintenance_takes_a_time_that_makes_sense(panel: Panel) -> None:
    for words, field in (
        ([], "systems maintenance"),
        (["--for", "2h", "--end"], "systems maintenance"),
        (["--for", "90d"], "until"),
        (["--until", "2020-01-01T00:00Z"], "until"),
    ):
        code, _, err = panel.line("systems", "maintenance", "messaging", *words)
        assert code == 2
        assert field in err


def test_history_has_a_point_for_each_look(panel: Panel) -> None:
    panel.line("systems")
    points = panel.json("systems", "history", "database")
    assert len(points) == 1
    assert points[0]["metrics"]["size_mb"] > 0


def test_slow_statements_are_written_down(panel: Panel) -> None:
    panel.aio.run(look(panel.context))
    panel.store.slow.threshold_ms = 0.0
    panel.aio.run(panel.store.read(lambda c: c.value("SELECT COUNT(*) FROM agent_messages")))
    panel.aio.run(look(panel.context))
    from panel.store import slow

    found = panel.aio.run(panel.store.read(slow.rows))
    assert "SELECT COUNT(*) FROM agent_messages" in [row["statement"] for row in found]
