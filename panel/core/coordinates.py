"""Coordinate files of the origin in all their variants, and its main format written again.

Main: `{"agents": {"Agent-1": {"chat_input_coordinates": [x, y], …}}, "validation_rules": …}`.
Flat: `{"1": [x, y]}`. By layout: `{"8-agent": {"Agent-1": {"input_box": {"x": …, "y": …}}}}`.
Points are native pixels; screens to the left of the first one have negative x.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from difflib import get_close_matches

from panel.core import json_node
from panel.core.clock import to_iso
from panel.core.errors import CommandError
from panel.core.geometry import Point
from panel.core.import_values import Remark, Wanted
from panel.core.json_node import Node
from panel.core.target import TargetKind
from panel.core.text import forbidden_character, require_name

# X11 keeps coordinates in 16 bits; other systems stay far below as well.
LOWEST, HIGHEST = -32_768, 32_767
MOST_AGENTS = 50_000
_CHAT, _ONBOARDING = "chat_input_coordinates", "onboarding_input_coords"
_POINT_KEYS = {
    _CHAT: TargetKind.CHAT,
    "input_box": TargetKind.CHAT,
    _ONBOARDING: TargetKind.ONBOARDING,
    "onboarding_coordinates": TargetKind.ONBOARDING,
    "starter_location_box": TargetKind.ONBOARDING,
}
_ABOUT = frozenset(
    {"version", "last_updated", "coordinate_system", "validation_rules", "description"}
)
_BOUNDS = {"min_x": -2000, "max_x": 2000, "min_y": 0, "max_y": 1500}
_SYSTEM = {"origin": "top-left", "unit": "pixels"}
# An unknown key with one of these in it was meant to be a point: it must not be passed over.
_LIKE_A_POINT = re.compile(r"coord|box|location|input|point|position|^x$|^y$", re.IGNORECASE)
_NUMBER = re.compile(r"[0-9]{1,9}")
_PAIR = re.compile(r"\[\n\s+(-?[0-9]+),\n\s+(-?[0-9]+)\n\s+\]")


@dataclass(frozen=True, slots=True)
class CoordinateFile:
    """What a file holds: the agents of each layout; a file without layouts has one, named ""."""

    layouts: Mapping[str, tuple[Wanted, ...]]
    warnings: tuple[Remark, ...] = ()


@dataclass(frozen=True, slots=True)
class _Bounds:
    """The file's own validation_rules.coordinate_bounds."""

    limits: Mapping[str, int]

    def check(self, node: Node, value: int, axis: str) -> None:
        low = self.limits.get(f"min_{axis}", LOWEST)
        high = self.limits.get(f"max_{axis}", HIGHEST)
        if not low <= value <= high:
            raise node.wrong(
                f"is {value}; the file's own validation_rules.coordinate_bounds "
                f"take {axis} from {low} to {high}"
            )


class _Unknown:
    """Keys that were passed over: each once, with its first place and how often it stood there."""

    def __init__(self) -> None:
        self._first: dict[str, str] = {}
        self._count: dict[str, int] = {}

    def add(self, key: str, node: Node) -> None:
        self._first.setdefault(key, node.path)
        self._count[key] = self._count.get(key, 0) + 1

    def remarks(self) -> tuple[Remark, ...]:
        return tuple(
            Remark(
                place,
                "is not known here and is left out"
                + (f" ({self._count[key]:,} times)" if self._count[key] > 1 else ""),
            )
            for key, place in self._first.items()
        )


def parse(data: bytes) -> CoordinateFile:
    """The agents and points of a coordinate file; CommandError names the place that is wrong."""
    return from_document(json_node.read(data))


def from_document(root: Node) -> CoordinateFile:
    """The same for JSON that is read already."""
    members = root.members("an object with the agents in it")
    bounds = _Bounds(_rules(members))
    _check_system(members)
    unknown = _Unknown()
    if "agents" in members:
        for key, node in members.items():
            if key not in _ABOUT and key != "agents":
                unknown.add(key, node)
        layouts = {"": _agents(members["agents"].members("an object of agents"), bounds, unknown)}
    else:
        layouts = _without_agents(members, bounds, unknown)
    if not any(layouts.values()):
        place = members.get("agents", root)
        raise place.wrong("takes at least one agent; there is none")
    return CoordinateFile(layouts, unknown.remarks())


def _without_agents(
    members: Mapping[str, Node], bounds: _Bounds, unknown: _Unknown
) -> dict[str, tuple[Wanted, ...]]:
    entries = {key: node for key, node in members.items() if key not in _ABOUT}
    groups = {key: node for key, node in entries.items() if _is_layout(node)}
    alone = {key: node for key, node in entries.items() if key not in groups}
    if not groups:
        return {"": _agents(alone, bounds, unknown, numbered=True)}
    for node in alone.values():
        raise node.takes("a layout with agents in it, as the others are")
    layouts = {}
    for name, node in groups.items():
        inside = node.members()
        for each in inside.values():
            each.members("an agent with its boxes")
        layouts[_named(node, name)] = _agents(inside, bounds, unknown)
    return layouts


def _is_layout(node: Node) -> bool:
    value = node.value
    return isinstance(value, dict) and not any(
        key in _POINT_KEYS or _LIKE_A_POINT.search(key) for key in value
    )


def _agents(
    members: Mapping[str, Node], bounds: _Bounds, unknown: _Unknown, *, numbered: bool = False
) -> tuple[Wanted, ...]:
    if len(members) > MOST_AGENTS:
        raise CommandError("agents", f"takes at most {MOST_AGENTS:,}, not {len(members):,}")
    found: dict[str, Wanted] = {}
    for key, node in members.items():
        # Only the flat variant numbers its agents; elsewhere 7 is a name like any other.
        number = numbered and _NUMBER.fullmatch(key)
        name = f"Agent-{int(key)}" if number else _named(node, key)
        agent = _agent(name, node, bounds, unknown)
        if agent.agent_id in found:
            raise node.wrong(f"is {agent.agent_id} again, after {found[agent.agent_id].path}")
        found[agent.agent_id] = agent
    return tuple(found.values())


def _named(node: Node, key: str) -> str:
    try:
        return require_name(node.path, key)
    except CommandError as error:
        raise node.wrong(f"is no name: it {error.message}") from None


def _agent(agent_id: str, node: Node, bounds: _Bounds, unknown: _Unknown) -> Wanted:
    if not isinstance(node.value, dict):
        return Wanted(agent_id, node.path, {}, {TargetKind.CHAT: _point(node, bounds)})
    members = node.members()
    if members and set(members) <= {"x", "y"}:
        return Wanted(agent_id, node.path, {}, {TargetKind.CHAT: _point(node, bounds)})
    fields: dict[str, object] = {}
    points: dict[TargetKind, tuple[str, Point]] = {}
    for key, member in members.items():
        if key in _POINT_KEYS:
            kind, point = _POINT_KEYS[key], _point(member, bounds)
            other = points.setdefault(kind, (key, point))
            if other[1] != point:
                raise member.wrong(f"says another point than {other[0]} beside it")
        elif key == "active":
            fields["active"] = member.truth()
        elif key == "description":
            fields["description"] = _description(member)
        elif _LIKE_A_POINT.search(key):
            raise member.wrong(f"is no known key{_meant(key)}")
        else:
            unknown.add(key, member)
    return Wanted(agent_id, node.path, fields, {kind: point for kind, (_, point) in points.items()})


def _meant(key: str) -> str:
    found = get_close_matches(key[:64], [*_POINT_KEYS, "active", "description"], n=1, cutoff=0.5)
    return f"; did you mean {found[0]}?" if found else f"; the points are {_CHAT}, {_ONBOARDING}"


def _description(node: Node) -> str:
    text = node.text().replace("\r\n", "\n")
    found = forbidden_character(text)
    if found is not None:
        raise node.wrong(f"takes no control characters; found {json.dumps(found)}")
    return text


def _point(node: Node, bounds: _Bounds) -> Point:
    what = "two whole numbers [x, y]"
    if isinstance(node.value, dict):
        members = node.members()
        for key, member in members.items():
            if key not in ("x", "y", "width", "height"):
                raise member.wrong("is no known key; a point is x and y")
        if "x" not in members or "y" not in members:
            raise node.wrong("takes x and y; one is missing")
        pair = [members["x"], members["y"]]
    else:
        pair = node.elements(what)
        if len(pair) != 2:
            raise node.takes(what)
    values = [each.whole(LOWEST, HIGHEST) for each in pair]
    for each, value, axis in zip(pair, values, "xy", strict=True):
        bounds.check(each, value, axis)
    return Point(*values)


def _rules(members: Mapping[str, Node]) -> dict[str, int]:
    if "validation_rules" not in members:
        return {}
    rules = members["validation_rules"].members()
    if "coordinate_bounds" not in rules:
        return {}
    node = rules["coordinate_bounds"]
    limits = {}
    for key, member in node.members().items():
        if key not in _BOUNDS:
            raise member.wrong(f"is no known key; the bounds are {', '.join(_BOUNDS)}")
        limits[key] = member.whole(-(2**31), 2**31)
    for axis in "xy":
        low, high = limits.get(f"min_{axis}"), limits.get(f"max_{axis}")
        if low is not None and high is not None and low > high:
            raise node.wrong(f"has min_{axis} {low} above max_{axis} {high}")
    return limits


def _check_system(members: Mapping[str, Node]) -> None:
    """Points counted from elsewhere, or in other units, would be clicked in the wrong place."""
    if "coordinate_system" not in members:
        return
    system = members["coordinate_system"].members()
    for key, only in _SYSTEM.items():
        if key in system and system[key].text().strip().lower() != only:
            raise system[key].takes(f'"{only}"')


def exported(agents: Sequence[Wanted], when: datetime) -> str:
    """These agents as a file of the origin's main format, which `parse` reads again."""
    entries: dict[str, dict[str, object]] = {}
    for agent in agents:
        entry: dict[str, object] = {}
        for key, kind in ((_CHAT, TargetKind.CHAT), (_ONBOARDING, TargetKind.ONBOARDING)):
            if (point := agent.points.get(kind)) is not None:
                entry[key] = [point.x, point.y]
        entries[agent.agent_id] = entry | dict(agent.fields)
    document = {
        "version": "1.0",
        "last_updated": to_iso(when),
        "coordinate_system": {**_SYSTEM, "multi_monitor_support": True},
        "agents": entries,
        "validation_rules": {
            "coordinate_bounds": _widened(p for agent in agents for p in agent.points.values())
        },
    }
    return _PAIR.sub(r"[\1, \2]", json.dumps(document, ensure_ascii=False, indent=2)) + "\n"


def _widened(points: Iterable[Point]) -> dict[str, int]:
    """The origin's bounds, as wide as these points need them."""
    bounds = dict(_BOUNDS)
    for point in points:
        bounds["min_x"], bounds["max_x"] = (
            min(bounds["min_x"], point.x),
            max(bounds["max_x"], point.x),
        )
        bounds["min_y"], bounds["max_y"] = (
            min(bounds["min_y"], point.y),
            max(bounds["max_y"], point.y),
        )
    return bounds
