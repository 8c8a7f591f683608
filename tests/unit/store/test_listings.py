"""What the table views read."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from panel.core.errors import CommandError
from panel.core.geometry import Point
from panel.core.message import DeliveryStatus, Priority
from panel.core.target import Target, TargetKind, TargetStatus, WindowIdentity
from panel.store import agents, answers, audits, discord, targets, test_results
from panel.store.connection import Connection, Transaction
from panel.store.listings import Listing, ListingQuery, ListingReader, columns, sortable
from tests.unit.store.builders import at, queued, swarm

S = DeliveryStatus


def keys(
    connection: Connection, query: ListingQuery, offset: int = 0, limit: int = 100
) -> list[str]:
    rows = ListingReader(connection).rows(query, offset, limit)
    return [str(next(iter(row.values()))) for row in rows]


def messages_query(**fields: object) -> ListingQuery:
    return ListingQuery(Listing.MESSAGES, **fields)  # type: ignore[arg-type]


@pytest.mark.parametrize("listing", Listing)
def test_every_column_can_be_read_sorted_and_counted(tx: Transaction, listing: Listing) -> None:
    swarm(tx, "A", "B")
    queued(tx, "A")
    discord.store_command_execution(tx, {"agent_id": "A", "command_type": "x"})
    audits.audit_component_compliance(tx, "a.py", "file", {})
    test_results.store_test_result(
        tx,
        {
            "test_name": "t",
            "test_type": "x",
            "test_status": "PASS",
            "integration_component": "store",
        },
    )
    reader = ListingReader(tx)
    assert sortable(listing) <= set(columns(listing))
    for column in columns(listing):
        reader.facet(ListingQuery(listing), column)
    for column in sortable(listing):
        for descending in (False, True):
            query = ListingQuery(listing, order_by=column, descending=descending)
            rows = reader.rows(query, 0, 10)
            assert len(rows) == reader.count(query) >= 1
            assert tuple(rows[0]) == columns(listing)
            for position, row in enumerate(rows):
                assert reader.find(query, str(row[columns(listing)[0]])) == position


def test_the_specifications_columns_are_all_there(tx: Transaction) -> None:
    tables = {
        Listing.AGENTS: "agent_workspaces",
        Listing.MESSAGES: "agent_messages",
        Listing.DISCORD: "discord_commands",
        Listing.COMPLIANCE: "v2_compliance_audit",
        Listing.TESTS: "integration_tests",
    }
    for listing, table in tables.items():
        stored = {str(row["name"]) for row in tx.rows(f"PRAGMA table_info({table})")}
        assert stored <= set(columns(listing))


def test_agents_with_their_target_and_their_queue(tx: Transaction) -> None:
    swarm(tx, "Agent-10", "Agent-2")
    agents.update(tx, "Agent-2", captain="Boss")
    window = WindowIdentity(1, None, None, "xterm", "A title")
    target = Target("Agent-2", TargetKind.CHAT, Point(1, 2), TargetStatus.CONFIRMED, window=window)
    targets.save(tx, target)
    targets.note_check(tx, "Agent-2", TargetKind.CHAT, "covered", "covered", at(5))
    targets.note_success(tx, "Agent-2", TargetKind.CHAT, at(4))
    targets.save(
        tx, Target("Agent-10", TargetKind.ONBOARDING, Point(1, 2), TargetStatus.UNVERIFIED)
    )
    for state in S:
        queued(tx, "Agent-2", status=state, sent=3)
    words = [
        answers.insert(tx, from_agent="Agent-2", to_agent="Boss", content="done", now=at(number))
        for number in range(3)
    ]
    assert answers.see(tx, words[:1], at(4)) == words[:1]
    answers.insert(tx, from_agent="Agent-10", to_agent="Agent-2", content="to you", now=at(99))
    queued(tx, "Boss", from_agent="Agent-2", status=S.DELIVERED)
    two, ten = ListingReader(tx).rows(ListingQuery(Listing.AGENTS), 0, 10)
    assert (two["agent_id"], ten["agent_id"]) == ("Agent-2", "Agent-10")
    assert {
        name: two[name]
        for name in (
            *("target_status", "target_verdict", "target_title", "target_class", "waiting"),
            *("uncertain", "unread", "last_message_at", "last_success_at", "has_onboarding"),
        )
    } == {
        "target_status": "confirmed",
        "target_verdict": "covered",
        "target_title": "A title",
        "target_class": "xterm",
        "waiting": 2,
        "uncertain": 1,
        "unread": 2,
        "last_message_at": "2026-11-23 12:00:03.000",
        "last_success_at": "2026-11-23 12:00:04.000",
        "has_onboarding": 0,
    }
    assert (ten["target_status"], ten["has_onboarding"], ten["waiting"]) == ("none", 1, 0)
    query = ListingQuery(Listing.AGENTS, order_by="agent_id", descending=True)
    assert keys(tx, query) == ["Agent-10", "Agent-2"]
    assert keys(tx, ListingQuery(Listing.AGENTS, (("target_status", ("none",)),))) == ["Agent-10"]


def test_pages_of_messages_newest_first(tx: Transaction) -> None:
    made = [queued(tx, sent=n // 2) for n in range(10)]
    newest = list(reversed(made))
    assert keys(tx, messages_query()) == newest
    assert keys(tx, messages_query(), 3, 4) == newest[3:7]
    assert keys(tx, messages_query(), 8, 4) == newest[8:]
    assert keys(tx, messages_query(), 99, 4) == []


def test_filters(tx: Transaction) -> None:
    a = queued(tx, "A", status=S.HELD, tags=("x", "y"), sent=1)
    b = queued(tx, "B", status=S.FAILED, tags=("y",), sent=2)
    c = queued(tx, "A", status=S.PENDING, sent=3)

    def found(*filters: tuple[str, tuple[str, ...]], search: str = "") -> set[str]:
        query = messages_query(filters=filters, search=search)
        assert ListingReader(tx).count(query) == len(keys(tx, query))
        return set(keys(tx, query))

    assert found(("to_agent", ("A",))) == {a, c}
    assert found(("delivery_status", ("held", "failed"))) == {a, b}
    assert found(("delivery_status", ("held", "failed")), ("to_agent", ("A",))) == {a}
    assert found(("delivery_status", ())) == set()
    assert found(("tags", ("y",))) == {a, b}
    assert found(("tags", ("x", "z"))) == {a}
    assert found(("sent_at>=", ("2026-11-23 12:00:02.000",))) == {b, c}
    assert found(("sent_at<", ("2026-11-23 12:00:02.000",))) == {a}
    for wrong in (
        ("colour", ("red",)),
        ("sent_at>", ("x",)),
        ("sent_at>=", ("x", "y")),
        ("to_agent; DROP TABLE settings", ("x",)),
    ):
        with pytest.raises(CommandError, match="filter"):
            found(wrong)


def test_search_takes_every_character_as_it_is(tx: Transaction) -> None:
    percent = queued(tx, content="100% done")
    under = queued(tx, content="snake_case")
    back = queued(tx, content="a\\b 'x' \"y\"")
    accent = queued(tx, content="Grüße 🎉")

    def found(search: str) -> set[str]:
        return set(keys(tx, messages_query(search=search)))

    assert found("%") == {percent}
    assert found("_c") == {under}
    assert found("\\b 'X'") == {back}
    assert found(" 🎉 ") == {accent}
    assert len(found("   ")) == 4
    assert found("nothing of this") == set()


def test_a_priority_is_sorted_by_urgency(tx: Transaction) -> None:
    made = {priority: queued(tx, priority=priority) for priority in reversed(Priority)}
    assert keys(tx, messages_query(order_by="priority")) == [made[each] for each in Priority]


def test_what_cannot_be_sorted_is_said(tx: Transaction) -> None:
    for column in ("content", "urgency", "1; DROP TABLE settings"):
        with pytest.raises(CommandError, match="order: takes one of"):
            keys(tx, messages_query(order_by=column))


def test_facets_leave_out_their_own_filter(tx: Transaction) -> None:
    queued(tx, "A", status=S.HELD, tags=("x",))
    queued(tx, "A", status=S.HELD, tags=("x", "y"))
    queued(tx, "A", status=S.FAILED)
    queued(tx, "B", status=S.FAILED)
    query = messages_query(filters=(("delivery_status", ("held",)), ("to_agent", ("A",))))
    reader = ListingReader(tx)
    assert reader.facet(query, "delivery_status") == {"held": 2, "failed": 1}
    assert reader.facet(query, "to_agent") == {"A": 2}
    assert reader.facet(messages_query(), "tags") == {"x": 2, "y": 1}
    with pytest.raises(CommandError):
        reader.facet(query, "colour")


def test_one_row_by_its_key(tx: Transaction) -> None:
    message_id = queued(tx)
    row = ListingReader(tx).row(Listing.MESSAGES, message_id)
    assert row is not None
    assert row["attempts"] == 0
    assert ListingReader(tx).row(Listing.MESSAGES, "nothing") is None


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    values=st.lists(st.one_of(st.none(), st.integers(0, 3)), max_size=12),
    descending=st.booleans(),
    filtered=st.booleans(),
)
def test_a_key_is_found_where_it_is_shown(
    connection: Connection, values: list[int | None], descending: bool, filtered: bool
) -> None:
    connection.execute("BEGIN IMMEDIATE")
    tx = Transaction(connection)
    try:
        for number, value in enumerate(values):
            queued(
                tx,
                "A" if number % 3 else "B",
                message_id=f"m{number:02}",
                sent=value or 0,
                delivery_time_ms=value,
            )
        filters = (("to_agent", ("A",)),) if filtered else ()
        reader = ListingReader(tx)
        for column in ("delivery_time_ms", ""):
            query = messages_query(filters=filters, order_by=column, descending=descending)
            shown = keys(tx, query)
            for number in range(len(values)):
                key = f"m{number:02}"
                assert reader.find(query, key) == (shown.index(key) if key in shown else None)
    finally:
        connection.execute("ROLLBACK")


def test_a_page_of_a_long_history_is_quick(tx: Transaction) -> None:
    """The count of attempts and other extras are worked out for the shown rows only."""
    tx.execute(
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000)"
        " INSERT INTO agent_messages (message_id, from_agent, to_agent, priority, content, sent_at)"
        " SELECT 'm' || i, 'captain', 'A', 'normal', 'text', i FROM n"
    )
    reader = ListingReader(tx)
    assert reader.count(messages_query()) == 20000
    assert [row["message_id"] for row in reader.rows(messages_query(), 19_990, 3)]
    plan = tx.rows(
        "EXPLAIN QUERY PLAN SELECT content FROM (SELECT rowid AS place, * FROM agent_messages)"
        " ORDER BY sent_at DESC, place DESC LIMIT 60"
    )
    assert [str(row["detail"]) for row in plan] == [
        "SCAN agent_messages USING INDEX idx_message_sent_at"
    ]
