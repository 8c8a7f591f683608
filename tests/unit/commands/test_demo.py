from __future__ import annotations

import io
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from panel import cli
from panel.commands.context import Context
from panel.core.dispatching import DemoAgentResult, DemoResult


class Runner:
    def __init__(self, result: DemoResult) -> None:
        self.result = result
        self.asked: tuple[int, int, bool] | None = None

    async def run(
        self, *, agents: int, messages: int, keep: bool, progress: Callable[[int, int], None]
    ) -> DemoResult:
        self.asked = (agents, messages, keep)
        for done in range(agents * messages + 1):
            progress(done, agents * messages)
        return self.result


def result(*, once: bool = True, problems: tuple[str, ...] = ()) -> DemoResult:
    agents = tuple(
        DemoAgentResult(f"Agent-{number}", 3, 3, intact=True, in_order=True, once=once)
        for number in (1, 2)
    )
    return DemoResult(agents, 1.25, 33.3, Path("/somewhere/demo.png"), problems)


async def run(outcome: DemoResult, *words: str) -> tuple[int, str, str, Runner]:
    runner = Runner(outcome)
    out, err = io.StringIO(), io.StringIO()
    invocation = cli.parse(["demo", *words])
    assert isinstance(invocation, cli.Invocation)
    code = await cli.execute(invocation, Context(demo=runner), out, err)
    return code, out.getvalue(), err.getvalue(), runner


async def test_the_contracts_fields() -> None:
    code, out, err, runner = await run(
        result(), "--agents", "2", "--messages", "3", "--keep", "--json"
    )
    data = json.loads(out)
    assert code == 0
    assert {name: data[name] for name in ("agents", "sent", "delivered", "seconds")} == {
        "agents": 2,
        "sent": 6,
        "delivered": 6,
        "seconds": 1.25,
    }
    assert data["screenshot"] == "/somewhere/demo.png"
    assert runner.asked == (2, 3, True)
    assert err.splitlines()[-1] == "delivering: 100 %"


@pytest.mark.parametrize("bad", [result(once=False), result(problems=("Agent-1 hung",))])
async def test_done_only_when_all_arrived_intact_in_order_and_once(bad: DemoResult) -> None:
    code, out, _, _ = await run(bad)
    assert code == 1
    assert "NO" in out or "Problem: Agent-1 hung" in out
