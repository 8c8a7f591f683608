"""The command line from outside and from inside: words, exit codes, streams."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import IO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from panel import __main__, __version__, cli
from panel.commands.context import Context
from panel.commands.outcome import Outcome, Table
from panel.commands.registry import Command, Needs
from panel.core.errors import CommandError, EnvironmentFault, NotDoneError, PanelError

ROOT = Path(__main__.__file__).parent.parent


def program(
    *words: str | bytes, stdin: bytes = b"", **environment: str
) -> subprocess.CompletedProcess[bytes]:
    """Runs the program in a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "panel", *words],
        input=stdin,
        capture_output=True,
        cwd=ROOT,
        env={**os.environ, **environment},
        timeout=60,
        check=False,
    )


def invoked(*words: str) -> cli.Invocation:
    parsed = cli.parse(words)
    assert isinstance(parsed, cli.Invocation)
    return parsed


def answering(outcome: Outcome | Exception, *, as_json: bool = False) -> cli.Invocation:
    """A command that answers this."""

    async def function(context: Context) -> Outcome:
        context.progress("working", 1, 2)
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    command = Command("x", "x", "x", function, Needs.NOTHING, {}, "", ())
    return cli.Invocation(command, {}, as_json=as_json)


async def printed(invocation: cli.Invocation) -> tuple[int, str, str]:
    out, err = io.StringIO(), io.StringIO()
    code = await cli.execute(invocation, Context(), out, err)
    return code, out.getvalue(), err.getvalue()


# ---- words


@pytest.mark.parametrize(
    "words",
    [
        ["--db", "a.db", "--json", "agents", "list"],
        ["agents", "list", "--db=a.db", "--json"],
        ["agents", "--json", "list", "--db", "a.db"],
    ],
)
def test_global_options_stand_anywhere(words: list[str]) -> None:
    invocation = invoked(*words)
    assert invocation.command.name == "agents list"
    assert (invocation.db, invocation.as_json) == ("a.db", True)


def test_without_a_command_the_window_opens() -> None:
    assert cli.parse([]) == cli.Window()
    assert cli.parse(["--db", "a.db"]) == cli.Window("a.db")


def test_what_is_not_given_is_left_to_the_functions_defaults() -> None:
    assert invoked("messages", "list").arguments == {}
    assert invoked("messages", "list", "--limit", "7").arguments == {"limit": 7}


@pytest.mark.parametrize(
    ("words", "error"),
    [
        (["mesages", "list"], "command: 'mesages' is none; did you mean messages list?"),
        (["snd"], "command: 'snd' is none; did you mean send?"),
        (["xyzzy"], "command: 'xyzzy' is none; see captain-panel --help"),
        (["agents"], "agents: takes one of list, show, add, set, remove, goto"),
        (
            ["agents", "lst"],
            "agents: takes one of list, show, add, set, remove, goto, import, not 'lst'; ",
        ),
        (["--jsn"], "jsn: is no option; did you mean --json?"),
        (["--db"], "db: takes a file's path or sqlite:///PATH; none was given"),
        (["--json"], "command: is needed with --json; see captain-panel --help"),
        (["stop-all", "now"], "stop-all: takes no 'now'"),
        (["messages", "list", "--limit", "abc"], "limit: takes a whole number from 1 to 1,000,000"),
        (["messages", "list", "--limt", "5"], "limt: is no option of messages list; did you mean"),
        (["messages", "show"], "ids: takes a text: messages show needs ID"),
        (["messages", "list", "--to", "a\udcff"], "to: takes text in UTF-8, not 'a\\udcff'"),
        (["--db", "\udcff", "agents", "list"], "db: takes text in UTF-8, not '\\udcff'"),
        (["\udcff"], "command: '\\udcff' is none; see captain-panel --help"),
    ],
)
def test_bad_words(words: list[str], error: str) -> None:
    with pytest.raises(CommandError) as refused:
        cli.parse(words)
    assert str(refused.value).startswith(error)
    assert "\n" not in str(refused.value)


@given(st.lists(st.text(max_size=10) | st.sampled_from(["send", "--to", "--", "--db", "x"])))
def test_any_words_are_understood_or_refused(words: list[str]) -> None:
    err = io.StringIO()
    try:
        cli.parse(words)
    except PanelError as error:
        assert cli.report(error, err) == 2
        assert err.getvalue().count("\n") == 1


def test_help_of_everything_a_group_and_a_command() -> None:
    for words, first in (
        (["--help"], f"Captain Panel {__version__}"),
        (["-h"], f"Captain Panel {__version__}"),
        (["target", "--help"], "usage: captain-panel target COMMAND …"),
        (["target", "set", "--help"], "usage: captain-panel target set --x N --y N"),
        (["--help", "send"], "usage: captain-panel send"),
        (["send", "--nonsense", "--help"], "usage: captain-panel send"),
    ):
        answer = cli.parse(words)
        assert isinstance(answer, cli.Answer)
        assert answer.text.startswith(first)
    with pytest.raises(CommandError):
        cli.parse(["nonsense", "--help"])


# ---- standard input


def test_a_hyphen_stands_for_standard_input() -> None:
    invocation = invoked("send", "--all", "-")
    filled = cli.with_standard_input(invocation, io.BytesIO("zwei\nZeilen ✓\n".encode()))
    assert filled.arguments["text"] == "zwei\nZeilen ✓"
    untouched = cli.with_standard_input(invoked("send", "--all", "x"), io.BytesIO(b"not read"))
    assert untouched.arguments["text"] == "x"


def test_standard_input_that_is_no_text() -> None:
    with pytest.raises(CommandError, match="text: takes text in UTF-8; byte 3 is none"):
        cli.with_standard_input(invoked("send", "--all", "-"), io.BytesIO(b"ab\xff"))


# ---- answers


async def test_json_is_one_document_and_nothing_else() -> None:
    outcome = Outcome([{"é": 1}], "words", Table(("A",), [["x"]]), notes=("careful",), exit_code=1)
    code, out, err = await printed(answering(outcome, as_json=True))
    assert code == 1
    assert json.loads(out) == [{"é": 1}]
    assert "é" in out
    assert err == "working: 50 %\ncareful\n"


async def test_people_get_the_table_and_the_words() -> None:
    outcome = Outcome([], "Done.", Table(("Name", "Took"), [["漢字", "7 ms"]], frozenset({"Took"})))
    code, out, _ = await printed(answering(outcome))
    assert code == 0
    assert out.splitlines()[0].split() == ["Name", "Took"]
    assert out.splitlines()[2].split() == ["漢字", "7", "ms"]
    assert out.endswith("\n\nDone.\n")


async def test_others_texts_do_not_steer_the_terminal() -> None:
    _, out, _ = await printed(answering(Outcome([], table=Table(("T",), [["\x1b]0;owned\x07"]]))))
    assert "\x1b" not in out
    assert "\x07" not in out


async def test_nothing_is_cut_off_in_a_pipe() -> None:
    _, out, _ = await printed(answering(Outcome([], table=Table(("T",), [["long " * 200]]))))
    assert ("long " * 200).strip() in out


@pytest.mark.parametrize(
    ("error", "code", "line"),
    [
        (NotDoneError("no\nsuch luck"), 1, "no such luck\n"),
        (CommandError("x", "takes y"), 2, "x: takes y\n"),
        (EnvironmentFault("No display.", "Start one."), 3, "No display. Start one.\n"),
    ],
)
async def test_errors_are_one_line_and_their_exit_code(
    error: PanelError, code: int, line: str
) -> None:
    answer = await printed(answering(error))
    assert answer == (code, "", f"working: 50 %\n{line}")
    _, out, _ = await printed(answering(error, as_json=True))
    assert json.loads(out)["error"]["exit_code"] == code


def test_progress_is_a_bar_on_a_terminal_and_goes_away() -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    err = Terminal()
    line = cli.ProgressLine(err)
    line("sending", 1, 2)
    line("sending", 1, 2)
    line.clear()
    assert err.getvalue() == "\rsending [############............] 1/2\x1b[K\r\x1b[K"


# ---- the program


def test_help_comes_quickly_and_without_qt() -> None:
    loaded = "import sys; from panel import cli; cli.parse(['--help']); print(*sys.modules)"
    modules = subprocess.run(
        [sys.executable, "-c", loaded], cwd=ROOT, capture_output=True, check=True, text=True
    ).stdout.split()
    heavy = {"PySide6", "rich", "asyncio", "argparse", "numpy", "cv2", "discord", "platformdirs"}
    assert heavy.isdisjoint(modules)
    started = time.perf_counter()
    assert program("--help").returncode == 0
    assert time.perf_counter() - started < 5


def test_bad_input_from_outside() -> None:
    answer = program("target", "set", "A", "--x", "abc", "--y", "1")
    assert (answer.returncode, answer.stdout) == (2, b"")
    assert answer.stderr == b"x: takes a whole number from -32,768 to 32,767, not 'abc'\n"
    answer = program("nonsense", "--json")
    assert answer.returncode == 2
    assert json.loads(answer.stdout)["error"]["field"] == "command"


def test_undecodable_words_are_no_traceback() -> None:
    answer = program(b"send", b"--all", b"\xff\xfe")
    assert answer.returncode == 2
    assert answer.stderr == b"text: takes text in UTF-8, not '\\udcff\\udcfe'\n"
    answer = program("send", "--all", "-", stdin=b"\xff")
    assert answer.returncode == 2
    assert answer.stderr.count(b"\n") == 1


@pytest.mark.parametrize("locale", ["C", "POSIX", "C.UTF-8", "en_US.ISO-8859-1"])
def test_output_is_utf8_whatever_the_locale(locale: str) -> None:
    answer = program("--help", LANG=locale, LC_ALL=locale, PYTHONUTF8="0", PYTHONCOERCECLOCALE="0")
    assert answer.returncode == 0
    assert "COMMAND …" in answer.stdout.decode("utf-8")


def test_a_reader_that_goes_away_is_no_fault() -> None:
    reading, writing = os.pipe()
    os.close(reading)
    try:
        answer = subprocess.run(
            [sys.executable, "-m", "panel", "--help"],
            stdout=writing,
            stderr=subprocess.PIPE,
            cwd=ROOT,
            timeout=60,
            check=False,
        )
    finally:
        os.close(writing)
    assert (answer.returncode, answer.stderr) == (0, b"")


def test_an_interrupt_is_130(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(_words: object) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr(__main__, "_run", interrupted)
    assert __main__.main(["agents", "list"]) == 130


def test_faults_before_a_command_begins(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(_words: object) -> int:
        raise EnvironmentFault("The database is locked.")

    monkeypatch.setattr(__main__, "_run", broken)
    assert __main__.main(["agents", "list"]) == 3
    assert capsys.readouterr() == ("", "The database is locked.\n")
    assert __main__.main(["agents", "list", "--json"]) == 3
    assert json.loads(capsys.readouterr().out)["error"]["message"] == "The database is locked."


def test_streams_are_made_utf8(monkeypatch: pytest.MonkeyPatch) -> None:
    raw: IO[bytes] = io.BytesIO()
    stream = io.TextIOWrapper(raw, encoding="ascii")
    monkeypatch.setattr(sys, "stdout", stream)
    cli.use_utf8()
    stream.write("…\udcff")
    stream.flush()
    assert isinstance(raw, io.BytesIO)
    assert raw.getvalue() == "…\\udcff".encode()
