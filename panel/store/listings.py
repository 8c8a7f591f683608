"""What the table views read: a page at a time, every query finished before it returns."""

from __future__ import annotations

from dataclasses import dataclass

from panel.core.errors import CommandError
from panel.store.connection import Connection, Row
from panel.store.listing_sources import SOURCES, Listing, Source
from panel.store.values import dumped, integer, maybe_integer, text

__all__ = ["Listing", "ListingQuery", "ListingReader", "columns", "sortable"]

# Said as the partial indexes have it: SQLite does not look into parameters for them.
_PARTIAL: dict[tuple[str, tuple[str, ...]], str] = {("direction", ("in",)): "direction = 'in'"}
_BOUNDS = {">=": ">=", "<": "<"}


@dataclass(frozen=True, slots=True)
class ListingQuery:
    """Which rows in which order.

    `filters` pairs a column with the values it may have (of a list column such as tags: one of
    which it must hold); a column's name with `>=` or `<` behind it bounds it by its one value, such
    as `("sent_at>=", ("2026-11-23 00:00:00.000",))`. All filters have to fit, and `search` must
    occur in one of the searched columns. With an empty `order_by` the listing has its own order,
    whatever `descending` says.
    """

    listing: Listing
    filters: tuple[tuple[str, tuple[str, ...]], ...] = ()
    search: str = ""
    order_by: str = ""
    descending: bool = False


def columns(listing: Listing) -> tuple[str, ...]:
    """The columns of the rows, in their order."""
    return SOURCES[listing].columns


def sortable(listing: Listing) -> frozenset[str]:
    """The columns that `order_by` takes."""
    source = SOURCES[listing]
    return frozenset(source.columns) - source.unsorted


class ListingReader:
    """Reads listings over a connection, in the thread of that connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def count(self, query: ListingQuery) -> int:
        """How many rows there are."""
        where, params = _where(query)
        return integer(
            self._connection.value(
                f"SELECT COUNT(*) FROM {SOURCES[query.listing].table}{where}", *params
            )
        )

    def rows(self, query: ListingQuery, offset: int, limit: int) -> list[Row]:
        """One page."""
        source = SOURCES[query.listing]
        where, params = _where(query)
        return self._connection.rows(
            f"SELECT {', '.join(source.columns)} FROM {source.table}{where}"
            f" ORDER BY {_order(query)} LIMIT ? OFFSET ?",
            *params,
            limit,
            offset,
        )

    def row(self, listing: Listing, key: str) -> Row | None:
        """The row with that key, whatever the filters."""
        source = SOURCES[listing]
        return self._connection.row(
            f"SELECT {', '.join(source.columns)} FROM {source.table} WHERE {source.key} = ?", key
        )

    def find(self, query: ListingQuery, key: str) -> int | None:
        """The position of the row with that key, None when the query does not hold it."""
        source = SOURCES[query.listing]
        where, params = _where(query)
        terms, descending = _terms(query)
        if len(terms) > 1:
            return maybe_integer(
                self._connection.value(
                    f"SELECT position FROM (SELECT {source.key} AS found,"
                    f" row_number() OVER (ORDER BY {_order(query)}) - 1 AS position"
                    f" FROM {source.table}{where}) WHERE found = ?",
                    *params,
                    key,
                )
            )
        (term,) = terms
        wanted = f"{where} AND" if where else " WHERE"
        row = self._connection.row(
            f"SELECT {term} AS term, place FROM {source.table}{wanted} {source.key} = ?",
            *params,
            key,
        )
        if row is None:
            return None
        # NULL is the smallest; comparing needs it said.
        before = (
            "({0} > ? OR ({0} IS NOT NULL AND ? IS NULL) OR ({0} IS ? AND place > ?))"
            if descending
            else "({0} < ? OR ({0} IS NULL AND ? IS NOT NULL) OR ({0} IS ? AND place < ?))"
        ).format(term)
        return integer(
            self._connection.value(
                f"SELECT COUNT(*) FROM {source.table}{wanted} {before}",
                *params,
                *(row["term"],) * 3,
                row["place"],
            )
        )

    def facet(self, query: ListingQuery, column: str) -> dict[str, int]:
        """How many rows there are for each value of a column, leaving out its own filter."""
        source = SOURCES[query.listing]
        _known(source, column)
        others = tuple(each for each in query.filters if each[0] != column)
        where, params = _where(
            ListingQuery(query.listing, others, query.search, query.order_by, query.descending)
        )
        table, term = source.table, column
        if column in source.lists:
            table, term = f"{table} AS listed, json_each(listed.{column}) AS each", "each.value"
        found = self._connection.rows(
            f"SELECT {term} AS value, COUNT(*) AS n FROM {table}{where}"
            " GROUP BY 1 ORDER BY n DESC, 1",
            *params,
        )
        return {text(row["value"]): integer(row["n"]) for row in found}


def _known(source: Source, column: str) -> None:
    if column not in source.columns:
        raise CommandError("filter", f"takes one of {', '.join(source.columns)}, not {column!r}")


def _terms(query: ListingQuery) -> tuple[tuple[str, ...], bool]:
    source = SOURCES[query.listing]
    if not query.order_by:
        return source.order, source.descending
    if query.order_by not in sortable(query.listing):
        takes = ", ".join(sorted(sortable(query.listing)))
        raise CommandError("order", f"takes one of {takes}, not {query.order_by!r}")
    return source.natural.get(query.order_by, (query.order_by,)), query.descending


def _order(query: ListingQuery) -> str:
    terms, descending = _terms(query)
    direction = "DESC" if descending else "ASC"
    return ", ".join(f"{term} {direction}" for term in (*terms, "place"))


def _where(query: ListingQuery) -> tuple[str, list[object]]:
    source = SOURCES[query.listing]
    conditions: list[str] = []
    params: list[object] = []
    for name, wanted in query.filters:
        column = name.rstrip("<>=")
        _known(source, column)
        bound = _BOUNDS.get(name[len(column) :])
        if name != column and (bound is None or len(wanted) != 1):
            raise CommandError("filter", f"{name!r} takes one value behind >= or <")
        if bound is not None:
            conditions.append(f"{column} {bound} ?")
            params.append(wanted[0])
        elif column in source.lists:
            conditions.append(
                f"EXISTS (SELECT 1 FROM json_each({column}) AS held"
                " WHERE held.value IN (SELECT value FROM json_each(?)))"
            )
            params.append(dumped(list(wanted)))
        elif (column, wanted) in _PARTIAL:
            conditions.append(_PARTIAL[column, wanted])
        elif len(wanted) == 1:
            conditions.append(f"{column} = ?")
            params.append(wanted[0])
        else:
            conditions.append(f"{column} IN (SELECT value FROM json_each(?))")
            params.append(dumped(list(wanted)))
    if query.search.strip():
        escaped = query.search.strip()
        for special in "\\%_":
            escaped = escaped.replace(special, "\\" + special)
        likes = " OR ".join(f"{column} LIKE ? ESCAPE '\\'" for column in source.searched)
        conditions.append(f"({likes})")
        params.extend([f"%{escaped}%"] * len(source.searched))
    return (f" WHERE {' AND '.join(conditions)}" if conditions else "", params)
