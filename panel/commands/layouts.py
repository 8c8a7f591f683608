"""Arrangements of screens by name, each with its own targets, chosen by what is plugged in."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime

from panel.commands import stored, targets
from panel.commands.context import Context
from panel.commands.outcome import Outcome, Table, count_of
from panel.commands.published import age
from panel.commands.registry import Annotated, Arg, command
from panel.core.clock import now
from panel.core.errors import CommandError
from panel.core.geometry import ScreenLayout
from panel.core.layouts import (
    Arranged,
    NamedLayout,
    described,
    layout_name,
    proposed_name,
)
from panel.core.target import Target, TargetKind, TargetStatus, WindowIdentity

_ANSWER = "a list of {layout_id, name, in_use, targets, screens, last_seen_at}"
Key = tuple[str, TargetKind]


async def arrange(context: Context) -> Arranged:
    """Puts the targets of the screens that are plugged in now in place, in one transaction.

    Those that were calibrated under the arrangement before are laid away whole. What was never
    calibrated under this one goes along with its window. Nothing happens while the arrangement is
    the one in use.
    """
    screens = await context.desktop.layout()
    in_use = next((each for each in await every(context) if each.in_use), None)
    if in_use is not None and in_use.screens.fingerprint == screens.fingerprint:
        return Arranged(in_use, None, is_new=False)
    live = {_process_window(info.identity) for info in await context.desktop.windows()}
    when = now()
    return await context.store.write(lambda tx: _arrange(tx, screens, live, when))


async def every(context: Context) -> list[NamedLayout]:
    """All layouts that were seen, the one in use first."""
    return await context.store.read(stored.layouts.all)


async def rename(context: Context, layout: str, name: str) -> NamedLayout:
    """Gives a layout (by its name or id) another name; CommandError for one that is taken."""

    def work(tx: stored.Transaction) -> NamedLayout:
        known = stored.layouts.all(tx)
        found = _named(known, layout)
        others = [each.name for each in known if each.layout_id != found.layout_id]
        changed = replace(found, name=layout_name(name, others))
        stored.layouts.rename(tx, found.layout_id, changed.name)
        return changed

    return await context.store.write(work)


async def remove(context: Context, layout: str) -> NamedLayout:
    """Forgets a layout with its targets; CommandError for the one in use."""

    def work(tx: stored.Transaction) -> NamedLayout:
        found = _named(stored.layouts.all(tx), layout)
        if found.in_use:
            raise CommandError("layout", f"takes one that is not in use; “{found.name}” is")
        stored.layouts.remove(tx, found.layout_id)
        return found

    return await context.store.write(work)


def _named(known: Sequence[NamedLayout], wanted: str) -> NamedLayout:
    low = wanted.strip().casefold()
    for layout in known:
        if layout.layout_id == wanted or layout.name.casefold() == low:
            return layout
    names = ", ".join(f"“{layout.name}”" for layout in known)
    takes = f"takes one of {names}" if names else "is not known: no arrangement was seen yet"
    raise CommandError("layout", f"{takes}, not {wanted!r}" if names else takes)


def _arrange(
    tx: stored.Transaction, screens: ScreenLayout, live: Collection[object], when: datetime
) -> Arranged:
    known = stored.layouts.all(tx)
    before = next((each for each in known if each.in_use), None)
    found = next((each for each in known if _same(each.screens, screens)), None)
    if before is not None and before is found:
        return Arranged(before, None, is_new=False)  # another process was quicker
    names = [each.name for each in known]
    layout = found or stored.layouts.add(tx, proposed_name(screens, names), screens, when)
    restored = carried = 0
    if before is not None:
        present = {_key(target): target for target in stored.targets.all(tx)}
        _lay_away(tx, before, present.values())
        own = {_key(target): target for target in stored.layouts.laid_away(tx, layout.layout_id)}
        back = [
            _in_its_window(target, present.get(key), live)
            for key, target in own.items()
            if not _belongs(present.get(key), screens)
        ]
        along = [
            target
            for key, target in present.items()
            if key not in own and not _belongs(target, screens)
        ]
        for target in (*back, *_without_clash(along, back)):
            stored.targets.save(tx, target)
        stored.layouts.take_back(tx, layout.layout_id)
        restored, carried = len(back), len(along)
    stored.layouts.use(tx, layout.layout_id, screens, when)
    in_use = replace(layout, in_use=True, screens=screens, last_seen_at=when, kept=0)
    return Arranged(in_use, before, found is None, restored, carried)


def _lay_away(tx: stored.Transaction, layout: NamedLayout, present: Collection[Target]) -> None:
    """What was calibrated elsewhere and only came along is not this layout's own."""
    stored.layouts.take_back(tx, layout.layout_id)
    for target in present:
        if _belongs(target, layout.screens):
            stored.layouts.lay_away(tx, layout.layout_id, target)


def _belongs(target: Target | None, screens: ScreenLayout) -> bool:
    """Whether it was calibrated under these screens."""
    return target is not None and target.layout is not None and _same(target.layout, screens)


def _in_its_window(target: Target, present: Target | None, live: Collection[object]) -> Target:
    """With the identity of the window that the agent has now: its program may have been started
    again while this target was laid away."""
    then, new = target.window, present.window if present is not None else None
    if then is None or new is None or _process_window(then) in live:
        return target
    if _process_window(new) not in live or new.window_class != then.window_class:
        return target
    rule = new.title_rule or then.title_rule
    return replace(target, window=replace(new, title_rule=rule))


def _without_clash(along: Sequence[Target], back: Sequence[Target]) -> list[Target]:
    """Of those that go along, the ones whose box another agent has in this arrangement: they are
    not clicked until a person has looked."""
    return [
        replace(target, status=TargetStatus.UNVERIFIED, layout=None)
        for target in along
        if any(
            other.agent_id != target.agent_id and targets.same_place(target, other)
            for other in back
        )
    ]


def _key(target: Target) -> Key:
    return target.agent_id, target.kind


def _same(one: ScreenLayout, other: ScreenLayout) -> bool:
    return one.fingerprint == other.fingerprint


def _process_window(window: WindowIdentity) -> tuple[int, int | None, int | None]:
    return window.window_id, window.pid, window.process_started


def _published(layouts: Sequence[NamedLayout], in_use: int) -> list[dict[str, object]]:
    return [
        {
            "layout_id": layout.layout_id,
            "name": layout.name,
            "in_use": layout.in_use,
            "targets": in_use if layout.in_use else layout.kept,
            "screens": [
                {
                    "name": screen.name,
                    "x": screen.rect.x,
                    "y": screen.rect.y,
                    "width": screen.rect.width,
                    "height": screen.rect.height,
                    "scale": screen.scale,
                }
                for screen in layout.screens.screens
            ],
            "last_seen_at": layout.last_seen_at,
        }
        for layout in layouts
    ]


@command(
    "layouts list",
    "list the arrangements of screens that were seen",
    _ANSWER,
    details="Each has targets of its own. Which one is in use follows from what is plugged in.",
)
async def list_layouts(context: Context) -> Outcome:
    layouts = await every(context)
    if not layouts:
        return Outcome([], "No arrangement of screens was seen yet. The window notes the first.")
    rows = _published(layouts, len(await targets.of(context)))
    table = [
        (
            layout.name,
            "in use" if layout.in_use else f"last {age(layout.last_seen_at)}",
            str(row["targets"]),
            described(layout.screens),
        )
        for layout, row in zip(layouts, rows, strict=True)
    ]
    return Outcome(
        rows,
        table=Table(("Layout", "Used", "Targets", "Screens"), table, right=frozenset({"Targets"})),
    )


@command(
    "layouts name",
    "give an arrangement of screens another name",
    _ANSWER,
    examples=('captain-panel layouts name "Two screens" docked',),
)
async def name_layout(
    context: Context,
    *,
    layout: Annotated[str, Arg("its present name", positional=True)],
    name: Annotated[str, Arg("its new name", positional=True)],
) -> Outcome:
    changed = await rename(context, layout, name)
    rows = _published([changed], len(await targets.of(context)))
    return Outcome(rows, f"It is called “{changed.name}” now.")


@command(
    "layouts remove",
    "forget an arrangement of screens with its targets",
    _ANSWER,
    details="The one in use stays. When a forgotten one is plugged in again, targets go along with "
    "their windows.",
    examples=("captain-panel layouts remove docked",),
)
async def remove_layout(
    context: Context, *, layout: Annotated[str, Arg("its name", positional=True)]
) -> Outcome:
    gone = await remove(context, layout)
    rows = _published([gone], 0)
    return Outcome(rows, f"Forgot “{gone.name}” with {count_of(gone.kept, 'target')}.")
