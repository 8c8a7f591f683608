"""The loopback server behind the Chromium chats: it keeps what each page got, in order."""

from __future__ import annotations

import json
import queue
import threading
import time
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from tests.leaks import SESSION_THREADS

KEEPER_TITLE = "keeps the browser"
_KEEPER = f"<!doctype html><title>{KEEPER_TITLE}</title>".encode()
_PAGE = Path(__file__).with_name("chat_page.html")


@dataclass
class PageRecord:
    """One page: `events` as they came, when (`times`, time.time()), and the way to order it."""

    number: int
    events: list[dict[str, Any]] = field(default_factory=list)
    times: list[float] = field(default_factory=list)
    orders: queue.SimpleQueue[dict[str, Any] | None] = field(default_factory=queue.SimpleQueue)

    def of_kind(self, *kinds: str) -> list[dict[str, Any]]:
        return [event for event in list(self.events) if event["kind"] in kinds]

    def note(self, event: dict[str, Any]) -> None:
        self.times.append(time.time())
        self.events.append(event)

    def forget(self) -> None:
        self.events.clear()
        self.times.clear()


class ChatServer:
    """Serves one page a number on a loopback port until closed."""

    def __init__(self) -> None:
        self.pages: dict[int, PageRecord] = {}
        self._server = _Server(("127.0.0.1", 0), _Handler)
        self._server.pages = self.pages
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(0.05,), name=f"{SESSION_THREADS}-server"
        )
        self._thread.start()

    def new_page(self) -> PageRecord:
        page = PageRecord(len(self.pages) + 1)
        self.pages[page.number] = page
        return page

    def address(self, page: PageRecord) -> str:
        """A host name a page: Chromium opens six connections to one, and each page keeps one."""
        return f"http://chat-{page.number}.localhost:{self._server.server_address[1]}/"

    def keeper_address(self) -> str:
        return f"http://localhost:{self._server.server_address[1]}/keeper"

    def close(self) -> None:
        for page in self.pages.values():
            page.orders.put(None)
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    pages: dict[int, PageRecord]

    def process_request(self, request: Any, client_address: Any) -> None:
        thread = threading.Thread(
            target=self.process_request_thread,
            args=(request, client_address),
            name=f"{SESSION_THREADS}-request",
            daemon=True,
        )
        thread.start()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A page that was closed in the middle of an answer is no fault."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def do_GET(self) -> None:
        if self.path.startswith("/orders/"):
            self._stream_orders(self._page())
        elif self.path.startswith("/chat"):
            self._answer(200, _PAGE.read_bytes(), "text/html; charset=utf-8")
        elif self.path == "/keeper":
            self._answer(200, _KEEPER, "text/html; charset=utf-8")
        else:
            self._answer(404, b"", "text/plain")

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self._page().note(json.loads(body))
        self._answer(204, b"", "text/plain")

    def log_message(self, format: str, *args: object) -> None:
        """Nobody reads it."""

    def _page(self) -> PageRecord:
        return self.server.pages[int(self.path.rpartition("/")[2])]

    def _answer(self, code: int, body: bytes, kind: str) -> None:
        self.send_response(code)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        self.wfile.write(body)

    def _stream_orders(self, page: PageRecord) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Connection", "close")
        self.end_headers()
        self.close_connection = True
        while (order := page.orders.get()) is not None:
            self.wfile.write(f"data: {json.dumps(order)}\n\n".encode())
            self.wfile.flush()
