"""Milliseconds since the last input event, from the X server's screen saver extension."""

from __future__ import annotations

from Xlib.display import Display
from Xlib.protocol import rq

_EXTENSION = "MIT-SCREEN-SAVER"
_QUERY_INFO = 1


class _QueryInfo(rq.ReplyRequest):
    """ScreenSaverQueryInfo, as the extension's protocol describes it (python3-xlib lacks it)."""

    _request = rq.Struct(
        rq.Card8("opcode"),
        rq.Opcode(_QUERY_INFO),
        rq.RequestLength(),
        rq.Drawable("drawable"),
    )
    _reply = rq.Struct(
        rq.ReplyCode(),
        rq.Card8("state"),
        rq.Card16("sequence_number"),
        rq.ReplyLength(),
        rq.Window("saver_window"),
        rq.Card32("til_or_since"),
        rq.Card32("idle"),
        rq.Card32("event_mask"),
        rq.Card8("kind"),
        rq.Pad(7),
    )


class IdleCounter:
    """Reads the counter; XTest events, our own included, set it back like a person's.

    So do a kept key's repetitions, a program that keeps the screen saver away (a film) and one that
    warps the pointer: the counter may take nobody for somebody, and sending waits a little longer,
    but never somebody for nobody.
    """

    def __init__(self, display: Display) -> None:
        self._display = display
        answer = display.query_extension(_EXTENSION)
        self._opcode: int | None = answer.major_opcode if answer and answer.present else None

    def milliseconds(self) -> int | None:
        """None when the server has no such counter."""
        if self._opcode is None:
            return None
        reply = _QueryInfo(
            display=self._display.display,
            opcode=self._opcode,
            drawable=self._display.screen().root,
        )
        return int(reply.idle)
