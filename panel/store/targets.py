"""click_targets and target_pictures: where each agent takes text."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import datetime

from panel.core.geometry import Point, Rect, ScreenLayout
from panel.core.target import (
    AnchorPolicy,
    Picture,
    Proof,
    Target,
    TargetKind,
    TargetStatus,
    WindowIdentity,
)
from panel.store.connection import Connection, Row, Transaction
from panel.store.values import dumped, integer, maybe_integer, maybe_text, moment, stored, text

TABLE = "click_targets"

_ANCHOR, _LOOK = "anchor", "look"


def save(tx: Transaction, target: Target) -> None:
    """Adds a target or replaces the agent's one of that kind, with its pictures.

    What the last check said is forgotten. ConstraintError for an unknown agent.
    """
    values = columns_of(target)
    names = list(values)
    updates = ", ".join(f"{name} = excluded.{name}" for name in [*names, *_FORGOTTEN])
    tx.execute(
        f"INSERT INTO click_targets ({', '.join(names)}) VALUES ({', '.join('?' * len(names))})"
        f" ON CONFLICT (agent_id, kind) DO UPDATE SET {updates}",
        *values.values(),
    )
    _save_pictures(tx, target)
    tx.changed(TABLE, target.agent_id)


def remove(tx: Transaction, agent_id: str, kind: TargetKind) -> bool:
    """Removes a target with its pictures; False when there was none."""
    changed = tx.execute(
        "DELETE FROM click_targets WHERE agent_id = ? AND kind = ?", agent_id, str(kind)
    )
    if changed:
        tx.changed(TABLE, agent_id)
    return changed > 0


def get(connection: Connection, agent_id: str, kind: TargetKind) -> Target | None:
    """One target with its pictures."""
    row = connection.row(
        "SELECT * FROM click_targets WHERE agent_id = ? AND kind = ?", agent_id, str(kind)
    )
    if row is None:
        return None
    pictures = connection.rows(
        "SELECT * FROM target_pictures WHERE agent_id = ? AND kind = ? ORDER BY role, position",
        agent_id,
        str(kind),
    )
    return target_from(row, pictures)


def all(connection: Connection) -> list[Target]:
    """Every target with its pictures, by agent and kind."""
    pictures: dict[tuple[object, object], list[Row]] = {}
    for picture in connection.rows(
        "SELECT * FROM target_pictures ORDER BY agent_id, kind, role, position"
    ):
        pictures.setdefault((picture["agent_id"], picture["kind"]), []).append(picture)
    return [
        target_from(row, pictures.get((row["agent_id"], row["kind"]), []))
        for row in connection.rows("SELECT * FROM click_targets ORDER BY agent_id, kind")
    ]


def rows(connection: Connection) -> list[Row]:
    """Every column of every target, without pictures."""
    return connection.rows("SELECT * FROM click_targets ORDER BY agent_id, kind")


def rebind_window(
    tx: Transaction, agent_id: str, kind: TargetKind, window: WindowIdentity, point: Point
) -> bool:
    """The same target in a window that was found again; `point` is where it lies now, native."""
    changed = tx.execute(
        "UPDATE click_targets SET window_id = ?, pid = ?, process_started = ?, window_class = ?,"
        " title = ?, title_rule = ?, x = ?, y = ? WHERE agent_id = ? AND kind = ?",
        window.window_id,
        window.pid,
        window.process_started,
        window.window_class,
        window.title,
        window.title_rule,
        point.x,
        point.y,
        agent_id,
        str(kind),
    )
    if changed:
        tx.changed(TABLE, agent_id)
    return changed > 0


def note_success(tx: Transaction, agent_id: str, kind: TargetKind, when: datetime) -> None:
    """A delivery there was proven."""
    if tx.execute(
        "UPDATE click_targets SET last_success_at = ? WHERE agent_id = ? AND kind = ?",
        stored(when),
        agent_id,
        str(kind),
    ):
        tx.changed(TABLE, agent_id)


def note_check(
    tx: Transaction, agent_id: str, kind: TargetKind, verdict: str, code: str, when: datetime
) -> None:
    """What a look at it said, in words and as the word of core.target.TargetCheck.code."""
    if tx.execute(
        "UPDATE click_targets SET last_check_at = ?, last_verdict = ?, last_reason_code = ?"
        " WHERE agent_id = ? AND kind = ?",
        stored(when),
        verdict,
        code,
        agent_id,
        str(kind),
    ):
        tx.changed(TABLE, agent_id)


_FORGOTTEN = ("last_check_at", "last_verdict", "last_reason_code")


def columns_of(target: Target) -> dict[str, object]:
    """A target's row of click_targets, without what was seen of it since."""
    window = target.window
    return {
        "agent_id": target.agent_id,
        "kind": str(target.kind),
        "x": target.point.x,
        "y": target.point.y,
        "offset_x": target.offset.x if target.offset else None,
        "offset_y": target.offset.y if target.offset else None,
        "status": str(target.status),
        "window_id": window.window_id if window else None,
        "pid": window.pid if window else None,
        "process_started": window.process_started if window else None,
        "window_class": window.window_class if window else None,
        "title": window.title if window else None,
        "title_rule": window.title_rule if window else None,
        "window_width": target.window_size[0] if target.window_size else None,
        "window_height": target.window_size[1] if target.window_size else None,
        "layout": target.layout.to_json() if target.layout else None,
        "composer": dumped(asdict(target.composer)) if target.composer else None,
        "policy": str(target.policy),
        "proof": str(target.proof),
        "paste_key": target.paste_key,
        "submit_key": target.submit_key,
        "urgent_submit_key": target.urgent_submit_key,
        "longest_paste": target.longest_paste,
        "terminal_program": target.terminal_program,
        "calibrated_at": stored(target.calibrated_at),
        "last_success_at": stored(target.last_success_at),
    }


def _save_pictures(tx: Transaction, target: Target) -> None:
    tx.execute(
        "DELETE FROM target_pictures WHERE agent_id = ? AND kind = ?",
        target.agent_id,
        str(target.kind),
    )
    for row in pictures_of(target):
        names = list(row)
        tx.execute(
            f"INSERT INTO target_pictures (agent_id, kind, {', '.join(names)})"
            f" VALUES (?, ?, {', '.join('?' * len(names))})",
            *(target.agent_id, str(target.kind), *row.values()),
        )


def pictures_of(target: Target) -> list[dict[str, object]]:
    """A target's rows of target_pictures, without its key."""
    pictures = [(_LOOK, place, look) for place, look in enumerate(target.looks)]
    if target.anchor is not None:
        pictures.append((_ANCHOR, 0, target.anchor))
    return [
        {
            "role": role,
            "position": place,
            "x": picture.rect.x,
            "y": picture.rect.y,
            "width": picture.rect.width,
            "height": picture.rect.height,
            "png": picture.png,
            "mask_png": picture.mask_png,
        }
        for role, place, picture in pictures
    ]


def target_from(row: Row, pictures: list[Row]) -> Target:
    """The target of a row and its rows of target_pictures, in their order."""
    anchors = [_picture(picture) for picture in pictures if picture["role"] == _ANCHOR]
    composer = maybe_text(row["composer"])
    layout = maybe_text(row["layout"])
    return Target(
        agent_id=text(row["agent_id"]),
        kind=TargetKind(text(row["kind"])),
        point=Point(integer(row["x"]), integer(row["y"])),
        status=TargetStatus(text(row["status"])),
        offset=_pair(row, "offset_x", "offset_y"),
        window=_window(row),
        window_size=(
            (integer(row["window_width"]), integer(row["window_height"]))
            if row["window_width"] is not None and row["window_height"] is not None
            else None
        ),
        layout=None if layout is None else ScreenLayout.from_json(layout),
        composer=None if composer is None else Rect(**json.loads(composer)),
        anchor=anchors[0] if anchors else None,
        policy=AnchorPolicy(text(row["policy"])),
        looks=tuple(_picture(picture) for picture in pictures if picture["role"] == _LOOK),
        proof=Proof(text(row["proof"])),
        paste_key=text(row["paste_key"]),
        submit_key=text(row["submit_key"]),
        urgent_submit_key=maybe_text(row["urgent_submit_key"]),
        longest_paste=integer(row["longest_paste"]),
        terminal_program=maybe_text(row["terminal_program"]),
        calibrated_at=moment(row["calibrated_at"]),
        last_success_at=moment(row["last_success_at"]),
    )


def _pair(row: Row, x: str, y: str) -> Point | None:
    if row[x] is None or row[y] is None:
        return None
    return Point(integer(row[x]), integer(row[y]))


def _window(row: Row) -> WindowIdentity | None:
    if row["window_id"] is None:
        return None
    return WindowIdentity(
        window_id=integer(row["window_id"]),
        pid=maybe_integer(row["pid"]),
        process_started=maybe_integer(row["process_started"]),
        window_class=text(row["window_class"]),
        title=text(row["title"]),
        title_rule=maybe_text(row["title_rule"]),
    )


def _picture(row: Row) -> Picture:
    png, mask = row["png"], row["mask_png"]
    assert isinstance(png, bytes)
    assert mask is None or isinstance(mask, bytes)
    return Picture(Rect(*(integer(row[name]) for name in ("x", "y", "width", "height"))), png, mask)
