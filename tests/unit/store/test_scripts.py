"""SQL text made fit for Qt's driver."""

from __future__ import annotations

import pytest

from panel.core.resources import resource
from panel.store.scripts import positional, split


def test_split_knows_quotes_and_comments() -> None:
    script = """
    -- a comment; with a semicolon
    CREATE TABLE a (t TEXT DEFAULT 'x;''y'); /* another ; */
    INSERT INTO a VALUES (";"), ([;]), (`;`);;
    SELECT 1 -- the end
    """
    assert split(script) == [
        "CREATE TABLE a (t TEXT DEFAULT 'x;''y')",
        'INSERT INTO a VALUES (";"), ([;]), (`;`)',
        "SELECT 1",
    ]


def test_split_keeps_a_trigger_together() -> None:
    trigger = (
        "CREATE TRIGGER t AFTER INSERT ON a BEGIN"
        " UPDATE a SET t = CASE WHEN t IS NULL THEN 'a' ELSE 'b' END; DELETE FROM a; END"
    )
    assert split(f"{trigger};\nSELECT 1;") == [trigger, "SELECT 1"]


def test_split_of_nothing() -> None:
    assert split("") == []
    assert split(" ;; -- nothing\n") == []


def test_split_of_the_schema() -> None:
    script = resource("schema.sql").read_text(encoding="utf-8")
    statements = split(script)
    firsts = {statement.split()[0] for statement in statements}
    assert firsts == {"CREATE", "INSERT", "PRAGMA"}
    tables = sum(statement.startswith("CREATE TABLE") for statement in statements)
    assert tables == script.count("\nCREATE TABLE") > 12


@pytest.mark.parametrize(
    ("sql", "count", "plain", "places"),
    [
        ("SELECT 1", 0, "SELECT 1", ()),
        ("SELECT ?, ?", 2, "SELECT ?, ?", (0, 1)),
        ("SELECT ?2, ?1, ?2", 2, "SELECT ?, ?, ?", (1, 0, 1)),
        ("SELECT '?', \"?3\", ?", 1, "SELECT '?', \"?3\", ?", (0,)),
    ],
)
def test_positional(sql: str, count: int, plain: str, places: tuple[int, ...]) -> None:
    assert positional(sql, count) == (plain, places)


@pytest.mark.parametrize(("sql", "count"), [("?", 0), ("?", 2), ("?2", 2), ("?1 ?", 2), ("?0", 1)])
def test_positional_refuses_what_does_not_fit(sql: str, count: int) -> None:
    with pytest.raises(ValueError, match="parameters"):
        positional(sql, count)
