"""What a screen reader says of a moment of a pick."""

from __future__ import annotations

from panel.picker.session import Session, Step


def spoken(session: Session) -> str:
    """The moment in sentences: where, what is there, whether it can be taken."""
    if session.step is Step.LOOKING:
        return "Looking at the box."
    if session.step is Step.FRAMES:
        return _frames(session)
    at, window = session.cursor.at, session.verdict.window
    words = []
    if session.snapped is not None:
        words.append(session.snapped.name.replace(" × ", " by ") + ".")
    words.append(f"{at.x}, {at.y}.")
    if window is not None:
        words.append(f"{window.identity.title or window.identity.window_class}.")
    words.append(session.notice or session.verdict.reason or "Can be taken.")
    return " ".join(words)


def _frames(session: Session) -> str:
    framing = session.framing
    assert framing is not None, "the second step has its frames"
    editor = framing.editor
    words = ["Is this box empty?" if framing.empties else "Use this point?"]
    words += [session.notice] if session.notice else [str(reason) for reason in framing.reasons]
    if framing.suggested is not None:
        words.append("A better place is marked: Space takes it.")
    rect = editor[editor.active]
    if rect is None:
        words.append(f"{editor.active.value}: none.")
    else:
        size = f"{rect.width} by {rect.height} at {rect.x}, {rect.y}"
        words.append(f"{editor.active.value}: {size} in the window.")
    if framing.hindrance:
        words.append("Escape goes back.")
    else:
        words.append("Enter remembers it, Escape goes back.")
    return " ".join(words)
