"""`python -m bench.soak [--seconds S] [--seed N] [--report FILE]`: one soak and its verdict.

Prints a line a figure, merges the figures into bench/results/latest.json, and writes the whole
report to bench/results/soak.json (or FILE, and then nothing into latest.json).
Exit: 0 all goals reached, 1 not.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from bench.figures import RESULTS, Figure, keep
from bench.soak.run import Ended, soak

_SECONDS = 600.0
_LEAST_USABLE_PCT = 95


def figures(ended: Ended, seed: int) -> list[Figure]:
    """The promised ones, and how often a usable target got its message."""
    verdict, drafts = ended.verdict, ended.person.drafts
    kinds = ", ".join(f"{kind} {count}" for kind, count in sorted(ended.log.counts().items()))
    states = ", ".join(f"{state} {count}" for state, count in sorted(verdict.states.items()))
    about = f"seed {seed}, {ended.seconds:.0f} s; {states}; faults: {kinds}; {ended.load}"
    restarts = f"{ended.killer.restarts} restarts after kill -9"
    stood = (
        f"{drafts.stood} stood; begun in the last instant, counted apart: {drafts.last_instant},"
        f" and {len(verdict.altered)} messages with letters of the operator"
    )
    usable = (
        f"{verdict.usable_delivered} of {verdict.usable} messages at their first turn without a"
        f" fault; {about}"
    )
    return [
        _zero("wrong_window", verdict.wrong_window, "texts", about),
        _zero("duplicates", verdict.duplicates, "texts", about),
        _zero("false_delivered", verdict.false_delivered, "messages", about),
        _zero("lost", verdict.lost, "messages", about),
        _zero("out_of_order", verdict.out_of_order, "messages", about),
        _zero("drafts_destroyed", drafts.destroyed, "drafts", stood),
        _zero("keys_left_down", [str(k) for k in ended.killer.keys_left_down], "times", restarts),
        Figure(
            "soak.usable_delivered_pct",
            round(verdict.usable_pct, 2),
            "%",
            f">= {_LEAST_USABLE_PCT}",
            "",
            usable,
        ),
    ]


def _zero(name: str, violations: list[str], unit: str, about: str) -> Figure:
    told = "".join(f"{each}; " for each in violations[:5])
    return Figure(f"soak.{name}", len(violations), unit, "== 0", "", told + about)


def report(ended: Ended, seed: int, made: list[Figure]) -> dict[str, object]:
    """All that was counted, for people and for scripts."""
    verdict, killer = ended.verdict, ended.killer
    return {
        "seed": seed,
        "seconds": round(ended.seconds, 1),
        "load": ended.load,
        "figures": {figure.name: figure.value for figure in made},
        "faults": dict(ended.log.counts()),
        "faults_missed": dict(ended.log.missed),
        "clipboard_thefts": ended.thefts,
        "killed_in_phase": dict(killer.phases),
        "restarts_looked_at": killer.restarts,
        "dispatcher_exits": ended.exits,
        "send_wait_exits": dict(ended.feed.waits),
        "queued": len(ended.feed.ids),
        "refused_by_the_panel": ended.feed.refused,
        "states": dict(verdict.states),
        "evidence": dict(verdict.evidence),
        "turns": dict(verdict.turns),
        "person": dict(ended.person.did),
        "drafts": {
            "stood": ended.person.drafts.stood,
            "begun_in_the_last_instant": ended.person.drafts.last_instant,
            "messages_with_letters_of_the_operator": verdict.altered,
        },
        "violations": {
            "wrong_window": verdict.wrong_window,
            "duplicates": verdict.duplicates,
            "false_delivered": verdict.false_delivered,
            "lost": verdict.lost,
            "out_of_order": verdict.out_of_order,
            "drafts_destroyed": ended.person.drafts.destroyed,
            "keys_left_down": killer.keys_left_down,
            "usable_not_delivered": verdict.usable_otherwise,
        },
        "database": ended.database,
        "reasons": dict(Counter(each.note for each in ended.log.incidents if each.note)),
    }


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.soak", description=__doc__)
    parser.add_argument("--seconds", type=float, default=_SECONDS, help="how long things happen")
    parser.add_argument("--seed", type=int, default=int(time.time()) % 1_000_000)
    parser.add_argument("--report", type=Path, help="where the report goes")
    parser.add_argument("--folder", type=Path, help="keep logs and records here")
    wish = parser.parse_args()
    print(f"seed {wish.seed}, {wish.seconds:g} s", file=sys.stderr, flush=True)
    if wish.folder is not None:
        wish.folder.mkdir(parents=True)
        ended = soak(wish.seconds, wish.seed, wish.folder)
    else:
        with tempfile.TemporaryDirectory(prefix="panel-soak-") as folder:
            ended = soak(wish.seconds, wish.seed, Path(folder))
    made = figures(ended, wish.seed)
    for figure in made:
        print(figure.line, flush=True)
    file = wish.report or RESULTS.with_name("soak.json")
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(report(ended, wish.seed, made), indent=2) + "\n", "utf-8")
    if wish.report is None:
        keep(made)
    print(f"written to {file}", file=sys.stderr)
    return 0 if all(figure.reached for figure in made) else 1


if __name__ == "__main__":
    sys.exit(main())
