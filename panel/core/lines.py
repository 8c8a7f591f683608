"""Whether a target takes a text of several lines, or sends at the first new line."""

from __future__ import annotations

from panel.core.target import Proof

SEVERAL_LINES_PROGRAMS = "bash, zsh, fish, ipython, claude, codex, aider"
"""Programs that switch on bracketed paste by themselves as they come (bash and zsh since 5.1).

Whether a program has switched it on cannot be read from outside its terminal, so the list is the
person's (setting several_lines_programs). All others are taken to send at each new line.
"""


def takes_lines(proof: Proof | str, program: str | None, listed: str) -> bool:
    """`program` is the one in the terminal's foreground; `listed` are names between commas."""
    if proof != Proof.TERMINAL:
        return True
    names = {name.strip().lower() for name in listed.split(",")} - {""}
    return (program or "").lower() in names


def refusal_of_lines(agent_id: str, program: str | None) -> str:
    """One sentence for people: what is wrong and what to do."""
    runs = f" runs {program}, which" if program else ""
    return (
        f"the terminal of {agent_id}{runs} sends at each new line; write one line, or send it to"
        " the inbox (method inbox)"
    )
