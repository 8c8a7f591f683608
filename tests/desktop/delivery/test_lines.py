"""Several lines in a terminal: as one paste where the program takes it, otherwise not at all."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from panel.core.clock import from_stored
from panel.core.errors import CommandError
from panel.core.message import DeliveryStatus
from tests.desktop.conftest import OpenXterm
from tests.desktop.delivery.conftest import Swarm

# Each line that is run is written down with the time at which it ran, in seconds.
_BASH = (
    "cat > {record}.rc <<'END'\n"
    "PS1='$ '\n"
    'command_not_found_handle() {{ printf \'%s %s\\n\' "$EPOCHREALTIME" "$*" >> RECORD; }}\n'
    "MORE\n"
    "END\n"
    "sed -i 's|RECORD|{record}|' {record}.rc; touch {record}; "
    "exec bash --rcfile {record}.rc -i"
)
TEXT = "first line\nsecond line\nthird line"


async def ran(swarm: Swarm, open_xterm: OpenXterm, more: str) -> tuple[list[str], float]:
    """The lines that a bash ran, and how long after the text was seen whole the first one ran."""
    terminal = open_xterm("Agent-1", command=_BASH.replace("MORE", more))
    target = await swarm.calibrate("Agent-1", terminal.centre)
    assert target.terminal_program == "bash"
    message = await swarm.send("Agent-1", TEXT)
    assert message.delivery_status is DeliveryStatus.DELIVERED, message.reason
    lines = [line.partition(" ") for line in terminal.await_lines(3)]
    (attempt,) = await swarm.attempts(message.message_id)
    started = from_stored(str(attempt["started_at"]))
    seen = started + timedelta(milliseconds=json.loads(str(attempt["timings"]))["visible"])
    return [text for _at, _blank, text in lines], float(lines[0][0]) - seen.timestamp()


async def test_bash_gets_them_as_one_paste_and_runs_them_at_enter(
    swarm: Swarm, open_xterm: OpenXterm
) -> None:
    lines, after = await ran(swarm, open_xterm, "")
    assert lines == ["[C2A] first line", "second line", "third line"]
    assert after >= 0, "nothing ran before Enter"


async def test_without_bracketed_paste_lines_run_at_once(
    swarm: Swarm, open_xterm: OpenXterm
) -> None:
    """Why the list of programs is the person's: from outside it cannot be seen."""
    _lines, after = await ran(swarm, open_xterm, "bind 'set enable-bracketed-paste off'")
    assert after < 0


async def test_cat_gets_no_text_of_several_lines(swarm: Swarm, open_xterm: OpenXterm) -> None:
    terminal = open_xterm("Agent-1")
    await swarm.calibrate("Agent-1", terminal.centre)
    with pytest.raises(CommandError) as refused:
        await swarm.queue("Agent-1", TEXT)
    assert refused.value.field == "content"
    assert "runs cat, which sends at each new line" in refused.value.message

    # The program is another one when the message's turn comes.
    await swarm.set("several_lines_programs", "cat")
    (message_id,) = await swarm.queue("Agent-1", TEXT)
    await swarm.set("several_lines_programs", "bash")
    await swarm.drain()

    message = await swarm.message(message_id)
    assert message.delivery_status is DeliveryStatus.FAILED
    assert "sends at each new line; write one line, or send it to the inbox" in message.reason
    await swarm.send("Agent-1", "one line")
    assert terminal.await_lines(1) == ["[C2A] one line"], "nothing was typed before"
