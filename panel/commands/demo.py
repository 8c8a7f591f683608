"""The demo: the main job on a swarm of windows of its own."""

from __future__ import annotations

from panel.commands.context import Context
from panel.commands.kinds import whole
from panel.commands.outcome import Outcome, Table
from panel.commands.registry import Annotated, Arg, Needs, command
from panel.core.dispatching import DemoResult


@command(
    "demo",
    "watch real windows receive real messages",
    "{agents, sent, delivered, seconds, screenshot, median_ms, arrived, problems, results}",
    needs=Needs.DEMO,
    details="Opens small agent windows in processes of their own, calibrates them, sends through "
    "the real dispatcher and compares with what the windows recorded. Without a display it starts "
    "one of its own and leaves a screenshot. It uses a database of its own.",
    examples=("captain-panel demo", "captain-panel demo --agents 4 --messages 5 --keep"),
)
async def run_demo(
    context: Context,
    *,
    agents: Annotated[int, Arg("windows (3)", kind=whole(1, 16))] = 3,
    messages: Annotated[int, Arg("messages to each (3)", kind=whole(1, 1000))] = 3,
    keep: Annotated[bool, Arg("leave the windows open until Enter or Ctrl+C")] = False,
) -> Outcome:
    result = await context.demo.run(
        agents=agents,
        messages=messages,
        keep=keep,
        progress=lambda done, of: context.progress("delivering", done, of),
    )
    return _outcome(result)


def _outcome(result: DemoResult) -> Outcome:
    data = {
        "agents": len(result.agents),
        "sent": result.sent,
        "delivered": result.delivered,
        "seconds": round(result.seconds, 3),
        "screenshot": result.screenshot,
        "median_ms": round(result.median_ms, 1),
        "arrived": result.arrived,
        "problems": list(result.problems),
        "results": [
            {
                "agent_id": agent.agent_id,
                "sent": agent.sent,
                "delivered": agent.delivered,
                "intact": agent.intact,
                "in_order": agent.in_order,
                "once": agent.once,
            }
            for agent in result.agents
        ],
    }
    table = Table(
        ("Agent", "Sent", "Delivered", "Intact", "In order", "Once"),
        [
            (
                agent.agent_id,
                str(agent.sent),
                str(agent.delivered),
                *("yes" if good else "NO" for good in (agent.intact, agent.in_order, agent.once)),
            )
            for agent in result.agents
        ],
        right=frozenset({"Sent", "Delivered"}),
    )
    lines = [
        f"{result.delivered} of {result.sent} messages delivered in {result.seconds:.1f} s, "
        f"median {result.median_ms:.0f} ms a message."
    ]
    if result.screenshot is not None:
        lines.append(f"Screenshot: {result.screenshot}")
    lines += [f"Problem: {problem}" for problem in result.problems]
    return Outcome(data, "\n".join(lines), table, exit_code=0 if result.arrived else 1)
