"""The commands about targets: listing, setting, checking and forgetting them."""

from __future__ import annotations

from collections.abc import Sequence

from panel.commands import targets
from panel.commands.context import Context
from panel.commands.kinds import SIZE, one_of, whole
from panel.commands.outcome import Outcome, Table
from panel.commands.registry import Annotated, Arg, Needs, command
from panel.core.desktop import CalibrationRequest
from panel.core.geometry import Point
from panel.core.target import (
    PASTE_KEYS,
    SUBMIT_KEYS,
    AnchorPolicy,
    Proof,
    Target,
    TargetCheck,
    TargetKind,
    WindowIdentity,
)

# X11 keeps coordinates in 16 bits; other systems stay far below as well.
_PIXEL = whole(-32_768, 32_767)
_NONE_YET = Outcome([], "No targets yet. Calibrate one in the window, or with target set.")


def _published(target: Target, verdict: TargetCheck | None) -> dict[str, object]:
    """A target with its verdict for JSON; without a verdict `valid` and `visible` are null."""
    window = target.window
    if verdict is not None and verdict.window is not None:
        window = verdict.window.identity
    moved = verdict.moved_to if verdict is not None else None
    reasons = verdict.reasons if verdict is not None else ()
    return {
        "agent_id": target.agent_id,
        "kind": target.kind,
        "x": target.point.x,
        "y": target.point.y,
        "valid": verdict.valid if verdict is not None else None,
        "visible": verdict.visible if verdict is not None else None,
        "reasons": [str(reason) for reason in reasons],
        "reason_codes": [reason.code for reason in reasons],
        "window": _published_window(window),
        "moved_to": moved and {"x": moved.x, "y": moved.y},
        "status": target.status,
        "policy": target.policy,
        "proof": target.proof,
        "paste_key": target.paste_key,
        "submit_key": target.submit_key,
        "calibrated_at": target.calibrated_at,
        "last_success_at": target.last_success_at,
    }


def _published_window(window: WindowIdentity | None) -> dict[str, object] | None:
    if window is None:
        return None
    return {
        "id": window.window_id,
        "pid": window.pid,
        "class": window.window_class,
        "title": window.title,
    }


def _missing(verdict: TargetCheck) -> dict[str, object]:
    return {
        "agent_id": verdict.agent_id,
        "kind": verdict.kind,
        "x": None,
        "y": None,
        "valid": False,
        "visible": False,
        "reasons": [str(reason) for reason in verdict.reasons],
        "reason_codes": [reason.code for reason in verdict.reasons],
        "window": None,
        "moved_to": None,
    }


def _verdict_words(row: dict[str, object]) -> str:
    if row["valid"] is None:
        return "" if row.get("status") == "confirmed" else "not confirmed"
    if not row["valid"]:
        return "not valid"
    return "ready" if row["visible"] else "ready (covered, will be raised)"


def _table(rows: Sequence[dict[str, object]]) -> Table:
    def title(row: dict[str, object]) -> str:
        window = row["window"]
        return str(window["title"]) if isinstance(window, dict) else ""

    return Table(
        ("Agent", "Box", "X", "Y", "Window", "Verdict", "Why"),
        [
            (
                str(row["agent_id"]),
                str(row["kind"]),
                "" if row["x"] is None else str(row["x"]),
                "" if row["y"] is None else str(row["y"]),
                title(row),
                _verdict_words(row),
                " ".join(str(reason) for reason in row["reasons"]),  # type: ignore[attr-defined]
            )
            for row in rows
        ],
        right=frozenset({"X", "Y"}),
    )


@command(
    "target list",
    "list where agents take text, as it was calibrated",
    "a list of {agent_id, kind, x, y, valid, visible, reasons, reason_codes, window, "
    "moved_to, …}; covered is visible false, not invalid",
)
async def list_targets(
    context: Context,
    *,
    agents: Annotated[
        tuple[str, ...], Arg("only these agents", positional=True, metavar="AGENT")
    ] = (),
) -> Outcome:
    rows = [_published(target, None) for target in await targets.of(context, agents)]
    return Outcome(rows, table=_table(rows)) if rows else _NONE_YET


@command(
    "target set",
    "say where an agent takes text",
    "a list of {agent_id, kind, x, y, valid, visible, reasons, reason_codes, window, "
    "moved_to, …}; covered is visible false, not invalid",
    needs=Needs.STORE | Needs.DESKTOP,
    details="Takes the native pixel in the middle of the empty text box of a window that is there "
    "now, and keeps that window's identity, a landmark near the box and the look of the empty box. "
    "It brings the window to the front and clicks there once, which takes about two seconds.",
    examples=(
        "captain-panel target set Agent-1 --x 640 --y 910",
        "captain-panel target set Agent-2 --x -1269 --y 481 --proof terminal "
        "--paste-key ctrl+shift+v",
    ),
)
async def set_target(  # noqa: PLR0913 - one parameter an option
    context: Context,
    *,
    agent: Annotated[str, Arg("the agent's name", positional=True)],
    x: Annotated[int, Arg("native pixels from the first screen's left edge", kind=_PIXEL)],
    y: Annotated[int, Arg("native pixels from the first screen's top edge", kind=_PIXEL)],
    kind: Annotated[TargetKind, Arg("the running chat's box or the new chat's")] = TargetKind.CHAT,
    anchor: Annotated[tuple[int, int] | None, Arg("the landmark's size in pixels", kind=SIZE)] = (
        None
    ),
    policy: Annotated[
        AnchorPolicy | None, Arg("if the landmark differs: hold, send and warn, or ignore")
    ] = None,
    proof: Annotated[
        Proof | None, Arg("sent when the box empties, or when the screen changes")
    ] = None,
    paste_key: Annotated[str | None, Arg("what pastes there", kind=one_of(*PASTE_KEYS))] = None,
    submit_key: Annotated[str | None, Arg("what sends there", kind=one_of(*SUBMIT_KEYS))] = None,
    urgent_submit_key: Annotated[
        str | None, Arg("what sends an urgent message there", kind=one_of(*SUBMIT_KEYS))
    ] = None,
    longest_paste: Annotated[
        int | None, Arg("characters that it takes at once", kind=whole(1, 1_000_000))
    ] = None,
    title_rule: Annotated[
        str | None, Arg("text that tells this window's title from its siblings'")
    ] = None,
) -> Outcome:
    request = CalibrationRequest(
        agent_id=agent,
        kind=kind,
        point=Point(x, y),
        policy=policy,
        proof=proof,
        paste_key=paste_key,
        submit_key=submit_key,
        anchor_size=anchor,
        title_rule=title_rule,
        urgent_submit_key=urgent_submit_key,
        longest_paste=longest_paste,
    )
    target = await targets.set_point(context, request)
    verdicts = [each for each in await targets.check(context, [agent]) if each.kind == kind]
    return _judged([_published(target, verdict) for verdict in verdicts])


@command(
    "target check",
    "look whether targets could be used now",
    "a list of {agent_id, kind, x, y, valid, visible, reasons, reason_codes, window, "
    "moved_to, …}; covered is visible false, not invalid",
    needs=Needs.STORE | Needs.DESKTOP,
    details="Clicks and raises nothing. A covered target is valid: it is raised before it is used.",
    examples=("captain-panel target check", "captain-panel target check Agent-1 Agent-2 --json"),
)
async def check_targets(
    context: Context,
    *,
    agents: Annotated[
        tuple[str, ...], Arg("only these agents", positional=True, metavar="AGENT")
    ] = (),
) -> Outcome:
    checks = await targets.check(context, agents)
    known = {(target.agent_id, target.kind): target for target in await targets.of(context, agents)}
    rows = []
    for verdict in checks:
        target = known.get((verdict.agent_id, verdict.kind))
        rows.append(_published(target, verdict) if target else _missing(verdict))
    return _judged(rows)


@command(
    "target find",
    "look where a target that is not at its place went",
    "{agent_id, kind, found, x, y, distance, window, landmark_found, accepted}; x, y, distance, "
    "window and landmark_found are null when it was not found",
    needs=Needs.STORE | Needs.DESKTOP,
    details="Brings the window to the front and looks all over it for the landmark and the box; "
    "clicks nothing. The new place is kept only with --accept: look at it first. Then the box, "
    "which has to be empty, is clicked once to learn how it looks there.",
    examples=("captain-panel target find Agent-3", "captain-panel target find Agent-3 --accept"),
)
async def find_target(
    context: Context,
    *,
    agent: Annotated[str, Arg("the agent's name", positional=True)],
    kind: Annotated[TargetKind, Arg("which of its boxes")] = TargetKind.CHAT,
    accept: Annotated[bool, Arg("keep the new place")] = False,
) -> Outcome:
    finding = await targets.find(context, agent, kind)
    row: dict[str, object] = {"agent_id": agent, "kind": kind, "found": finding is not None}
    row |= {"x": None, "y": None, "distance": None, "window": None}
    row |= {"landmark_found": None, "accepted": False}
    if finding is None:
        text = f"{agent}'s {kind} box was not found in its window. Calibrate it again."
        return Outcome(row, text, exit_code=1)
    row |= {
        "x": finding.point.x,
        "y": finding.point.y,
        "distance": round(finding.distance, 1),
        "window": _published_window(finding.window.identity),
        "landmark_found": finding.landmark_found,
    }
    where = f"{agent}'s {kind} box is at {finding.point.x}, {finding.point.y}"
    went = f"{round(finding.distance)} px from its old place in the window"
    notes: tuple[str, ...] = ()
    if not finding.landmark_found:
        notes = ("Its landmark looks different: make sure that this is the right conversation.",)
    if not accept:
        return Outcome(row, f"{where}, {went}. Keep it with --accept.", notes=notes)
    await targets.accept(context, finding)
    return Outcome(row | {"accepted": True}, f"{where}, {went}. Kept.", notes=notes)


@command(
    "target point",
    "move the pointer to where a click would go, without clicking",
    "a list of {agent_id, kind, x, y, valid, visible, reasons, reason_codes, window, "
    "moved_to, …}; covered is visible false, not invalid",
    needs=Needs.STORE | Needs.DESKTOP,
    examples=("captain-panel target point Agent-1",),
)
async def point_at_target(
    context: Context,
    *,
    agent: Annotated[str, Arg("the agent's name", positional=True)],
    kind: Annotated[TargetKind, Arg("which of its boxes")] = TargetKind.CHAT,
) -> Outcome:
    verdict = await targets.point_at(context, agent, kind)
    return _judged([_published(await targets.one(context, agent, kind), verdict)])


@command(
    "target click",
    "click where a message would go, and type nothing",
    "a list of {agent_id, kind, x, y, valid, visible, reasons, reason_codes, window, moved_to, …}; "
    "valid is whether the click was made and its window took the focus",
    needs=Needs.STORE | Needs.DESKTOP,
    details="All checks of a delivery come first: the right window, in front, its landmark, an "
    "empty box. Window and pointer are given back.",
    examples=("captain-panel target click Agent-1",),
)
async def click_target(
    context: Context,
    *,
    agent: Annotated[str, Arg("the agent's name", positional=True)],
    kind: Annotated[TargetKind, Arg("which of its boxes")] = TargetKind.CHAT,
) -> Outcome:
    verdict = await targets.try_click(context, agent, kind)
    rows = [_published(await targets.one(context, agent, kind), verdict)]
    if verdict.valid and verdict.window is not None:
        text = f"“{verdict.window.identity.title}” took the focus. Nothing was typed."
        return Outcome(rows, text)
    return Outcome(rows, f"Not clicked through: {verdict.words}", exit_code=1)


@command(
    "target remove",
    "forget where an agent takes text",
    "a list of {agent_id, kind, x, y, valid, visible, reasons, reason_codes, window, "
    "moved_to, …}; covered is visible false, not invalid",
)
async def remove_target(
    context: Context,
    *,
    agent: Annotated[str, Arg("the agent's name", positional=True)],
    kind: Annotated[TargetKind, Arg("which of its boxes")] = TargetKind.CHAT,
) -> Outcome:
    target = await targets.remove(context, agent, kind)
    return Outcome([_published(target, None)], f"Forgot {agent}'s {kind} target.")


def _judged(rows: Sequence[dict[str, object]]) -> Outcome:
    if not rows:
        return _NONE_YET
    done = all(row["valid"] for row in rows)
    return Outcome(rows, table=_table(rows), exit_code=0 if done else 1)
