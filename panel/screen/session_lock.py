"""Whether the operator's screen is locked, as the desktop's own services say over D-Bus.

Screen savers (freedesktop's, GNOME's and their like, on the session bus) and logind (on the system
bus) tell when it changes, so that asking costs nothing. Where none of them answers, it counts as
unlocked.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

from PySide6.QtCore import SLOT, QObject, Slot
from PySide6.QtDBus import (
    QDBus,
    QDBusConnection,
    QDBusMessage,
    QDBusObjectPath,
    QDBusPendingCallWatcher,
    QDBusServiceWatcher,
    QDBusVariant,
)

_ASK_MS = 300
_LOGIND, _LOGIND_PATH = "org.freedesktop.login1", "/org/freedesktop/login1"
_SESSION = "org.freedesktop.login1.Session"
_PROPERTIES = "org.freedesktop.DBus.Properties"
_SAVERS: Mapping[str, str] = {
    "org.freedesktop.ScreenSaver": "/org/freedesktop/ScreenSaver",
    "org.gnome.ScreenSaver": "/org/gnome/ScreenSaver",
    "org.cinnamon.ScreenSaver": "/org/cinnamon/ScreenSaver",
    "org.mate.ScreenSaver": "/org/mate/ScreenSaver",
    "org.xfce.ScreenSaver": "/org/xfce/ScreenSaver",
}
_numbers = count(1)
_ON_ACTIVE_CHANGED: Any = SLOT("on_active_changed(QDBusMessage)")
_ON_PROPERTIES_CHANGED: Any = SLOT("on_properties_changed(QDBusMessage)")


@dataclass(frozen=True, slots=True)
class Buses:
    """Addresses of the two buses, as D-Bus writes them; None where there is none."""

    session: str | None = None
    system: str | None = None

    @classmethod
    def of(cls, environ: Mapping[str, str]) -> Buses:
        """Those of this session. Only what is there: asking for more would start a bus."""
        session = environ.get("DBUS_SESSION_BUS_ADDRESS")
        runtime = environ.get("XDG_RUNTIME_DIR")
        if session is None and runtime and (bus := Path(runtime, "bus")).exists():
            session = f"unix:path={bus}"
        system = environ.get("DBUS_SYSTEM_BUS_ADDRESS")
        if system is None and (bus := Path("/run/dbus/system_bus_socket")).exists():
            system = f"unix:path={bus}"
        return cls(session, system)


class SessionLock:
    """Made and closed in Qt's thread, whose loop hears of changes; `locked` may be asked in any."""

    def __init__(self, buses: Buses | None = None) -> None:
        self._locked = False
        self._said: dict[str, bool] = {}
        known = Buses.of(os.environ) if buses is None else buses
        self._listeners = [
            listener
            for kind, address in ((_Savers, known.session), (_Logind, known.system))
            if address and (listener := kind(address, self._note)).connected
        ]

    def locked(self) -> bool:
        """Whether the screen is locked, or covered by its saver, now. A fraction of a
        microsecond."""
        return self._locked

    def close(self) -> None:
        """Leaves the buses; what was said last stays."""
        for listener in self._listeners:
            listener.close()
        self._listeners.clear()

    def _note(self, source: str, locked: bool) -> None:
        self._said[source] = locked
        self._locked = any(self._said.values())


class _Listener(QObject):
    """One bus. `note(source, locked)` is called in Qt's thread."""

    def __init__(self, address: str, note: Callable[[str, bool], None]) -> None:
        super().__init__()
        self._name = f"captain-panel-lock-{next(_numbers)}"
        self._note = note
        self._bus = QDBusConnection.connectToBus(address, self._name)
        self._waiting: set[QDBusPendingCallWatcher] = set()
        self._watcher = QDBusServiceWatcher(self)
        self.connected = self._bus.isConnected()
        if self.connected:
            self._watcher.setConnection(self._bus)
            self._watcher.setWatchMode(QDBusServiceWatcher.WatchModeFlag.WatchForOwnerChange)
            self._watcher.serviceOwnerChanged.connect(self._on_owner_changed)
            self.listen()

    def listen(self) -> None:
        """Asks how it stands, waiting for the answer, and hears of changes from then on."""
        raise NotImplementedError

    def ask_again(self, source: str) -> None:
        """Asks one service anew, without waiting."""
        raise NotImplementedError

    def close(self) -> None:
        self._watcher.deleteLater()
        self._waiting.clear()
        QDBusConnection.disconnectFromBus(self._name)

    def watch(self, service: str) -> None:
        """Hears of its end and of its start."""
        self._watcher.addWatchedService(service)

    def ask(self, message: QDBusMessage) -> list[object]:
        """The answer, or nothing where none comes in time. Nobody is started for it."""
        message.setAutoStartService(False)
        answer = self._bus.call(message, QDBus.CallMode.Block, _ASK_MS)
        if answer.type() is not QDBusMessage.MessageType.ReplyMessage:
            return []
        return list(answer.arguments())

    def ask_later(self, message: QDBusMessage, source: str) -> None:
        """The same without waiting; an answer goes to `note`."""
        message.setAutoStartService(False)
        watcher = QDBusPendingCallWatcher(self._bus.asyncCall(message, _ASK_MS))
        self._waiting.add(watcher)

        def on_finished() -> None:
            self._waiting.discard(watcher)
            self._note(source, not watcher.isError() and _truth(watcher.reply().arguments()))

        watcher.finished.connect(on_finished)

    @Slot(str, str, str)
    def _on_owner_changed(self, service: str, _old: str, new: str) -> None:
        if new:
            self.ask_again(service)
        else:
            # A locker that ended can neither lock nor say that it is over.
            self._note(service, False)


class _Savers(_Listener):
    def listen(self) -> None:
        for service, path in _SAVERS.items():
            # Some desktops have it at other paths too.
            self._bus.connect(service, "", service, "ActiveChanged", self, _ON_ACTIVE_CHANGED)
            self.watch(service)
            self._note(service, _truth(self.ask(_get_active(service, path))))

    def ask_again(self, source: str) -> None:
        self.ask_later(_get_active(source, _SAVERS[source]), source)

    @Slot(QDBusMessage)
    def on_active_changed(self, message: QDBusMessage) -> None:
        self._note(message.interface(), _truth(message.arguments()))


class _Logind(_Listener):
    """LockedHint of the operator's own session: that of this process, else the one on display."""

    def listen(self) -> None:
        self._path = ""
        self._bus.connect(
            _LOGIND,
            "",
            _PROPERTIES,
            "PropertiesChanged",
            self,
            _ON_PROPERTIES_CHANGED,
        )
        self.watch(_LOGIND)
        self._path = self._session_path()
        if self._path:
            self._note(_LOGIND, _truth(self.ask(_locked_hint(self._path))))

    def ask_again(self, source: str) -> None:
        if self._path:
            self.ask_later(_locked_hint(self._path), source)

    def _session_path(self) -> str:
        for name in (os.environ.get("XDG_SESSION_ID"), "auto"):
            if not name:
                continue
            message = _call(_LOGIND, _LOGIND_PATH, "org.freedesktop.login1.Manager", "GetSession")
            message.setArguments([name])
            answer = self.ask(message)
            if answer and isinstance(answer[0], QDBusObjectPath):
                return answer[0].path()
        return ""

    @Slot(QDBusMessage)
    def on_properties_changed(self, message: QDBusMessage) -> None:
        if message.path() == self._path and message.arguments()[:1] == [_SESSION]:
            self.ask_again(_LOGIND)


def _call(service: str, path: str, interface: str, method: str) -> QDBusMessage:
    return QDBusMessage.createMethodCall(service, path, interface, method)


def _get_active(service: str, path: str) -> QDBusMessage:
    return _call(service, path, service, "GetActive")


def _locked_hint(path: str) -> QDBusMessage:
    message = _call(_LOGIND, path, _PROPERTIES, "Get")
    message.setArguments([_SESSION, "LockedHint"])
    return message


def _truth(arguments: list[object]) -> bool:
    value = arguments[0] if arguments else False
    return (value.variant() if isinstance(value, QDBusVariant) else value) is True
