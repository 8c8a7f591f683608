"""The keys that work now, for the foot of the side panel."""

from __future__ import annotations

from panel.picker.session import Session, Step

Key = tuple[str, str]
"""A key (or what the hand does) and what it means now."""

MOST_KEYS = 10


def keys_of(session: Session) -> tuple[Key, ...]:
    """Only what works at this moment, at most MOST_KEYS."""
    if session.step is Step.LOOKING:
        return (("Esc", "back"),)
    if session.step is Step.POINT and session.entry:
        return (("Enter", "go there"), ("Esc", "clear"))
    changes: list[Key] = []
    if session.can_undo:
        changes.append(("Ctrl+Z", "undo"))
    if session.can_redo:
        changes.append(("Ctrl+Y", "redo"))
    return (*(_frames(session) if session.step is Step.FRAMES else _point(session)), *changes)


def _point(session: Session) -> tuple[Key, ...]:
    snap = (("Tab", "snap"),) if session.verdict.window is not None else ()
    return (
        ("Enter", "take"),
        ("Esc", "leave"),
        ("Arrows", "1 px"),
        ("Shift", "10 px"),
        ("Wheel", "zoom"),
        ("F", "freeze" if session.live else "live"),
        *snap,
        ("0–9", "type a place"),
    )


def _frames(session: Session) -> tuple[Key, ...]:
    framing = session.framing
    assert framing is not None, "the second step has its frames"
    suggested = (("Space", "use marked"),) if framing.suggested is not None else ()
    return (
        *((("Enter", "remember"),) if not framing.hindrance else ()),
        *suggested,
        ("Esc", "back"),
        ("Drag", "move, draw"),
        ("Tab", "other frame"),
        ("Arrows", "move"),
        ("Ctrl", "arrows: size"),
    )
