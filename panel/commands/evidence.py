"""Whether the text of an uncertain message still stands in its box, by the pictures of it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from panel.commands import stored
from panel.commands.context import Context
from panel.core.errors import EnvironmentFault, NotDoneError
from panel.core.evidence import Step
from panel.core.message import Wanted
from panel.core.target import Proof, Target, TargetKind

NO_PICTURE = "No picture of its text in the box was kept, so nobody can tell whether it stands."
NOT_IN_A_TERMINAL = "In a terminal the panel does not remove it."


@dataclass(frozen=True, slots=True)
class Standing:
    """`stands`: it stands there as it was pasted, otherwise `why` not. `removable`: the panel can
    take it out again, otherwise `why_left`."""

    stands: bool
    why: str = ""
    removable: bool = True
    why_left: str = ""


def refusal(target: Target | None, pictures: object, wanted: Wanted) -> str:
    """Why that can never be done, in words; empty when it is worth a look."""
    if target is None or target.composer is None:
        return "Its agent has no box any more."
    if not pictures:
        return NO_PICTURE
    if wanted is Wanted.REMOVE and target.proof is Proof.TERMINAL:
        return NOT_IN_A_TERMINAL
    return ""


async def standing(context: Context, message_id: str) -> Standing | None:
    """How it stands with an uncertain message now, without raising or clicking anything.

    None where nothing can be seen from here.
    """
    import asyncio

    from panel.store.location import evidence_folder

    message, pictures = await context.store.read(
        lambda c: (stored.messages.get(c, message_id), stored.evidence.of_paste(c, message_id))
    )
    if message is None:
        return None
    every = await context.store.read(stored.targets.all)
    target = next(
        (t for t in every if t.agent_id == message.to_agent and t.kind is TargetKind.CHAT), None
    )
    others = [
        t.window.window_id for t in every if t.window is not None and t.agent_id != message.to_agent
    ]
    never = refusal(target, pictures, Wanted.SUBMIT)
    if never or target is None:
        return Standing(False, never, False, never)
    folder = evidence_folder(context.location)
    kept = await asyncio.to_thread(_contents, folder, pictures)
    if Step.PASTED not in kept:
        return Standing(False, NO_PICTURE, False, NO_PICTURE)
    try:
        reason = await context.desktop.text_stands(
            target, others, kept[Step.PASTED], kept.get(Step.READY)
        )
    except EnvironmentFault:
        return None
    if reason is not None:
        return Standing(False, str(reason), False, str(reason))
    left = refusal(target, pictures, Wanted.REMOVE)
    return Standing(True, "", not left, left)


def ask(tx: stored.Transaction, message_id: str, wanted: Wanted) -> None:
    """Notes what the dispatcher is to do as soon as its window is ready; NotDoneError when it
    cannot be done."""
    message = stored.messages.get(tx, message_id)
    assert message is not None
    never = refusal(
        stored.targets.get(tx, message.to_agent, TargetKind.CHAT),
        stored.evidence.of_paste(tx, message_id),
        wanted,
    )
    if never:
        raise NotDoneError(f"{message_id}: {never}")
    if not stored.wanted.ask(tx, message_id, wanted):
        raise NotDoneError(
            f"{message_id} is {message.delivery_status}, not uncertain; nothing to decide"
        )


def _contents(folder: Path, pictures: dict[Step, str]) -> dict[Step, bytes]:
    found = {}
    for step, name in pictures.items():
        if Path(name).name == name:  # a name from the database never leads elsewhere
            try:
                found[step] = (folder / name).read_bytes()
            except OSError:
                continue
    return found
