"""A screen saver and a logind of our own on a bus, as a program of its own.

Lines on stdin: `saver on|off`, `saver end|start`, `hint on|off`. Each is answered with `done`.
"""

from __future__ import annotations

import sys

from PySide6.QtCore import QCoreApplication, QSocketNotifier
from PySide6.QtDBus import (
    QDBusConnection,
    QDBusMessage,
    QDBusObjectPath,
    QDBusVariant,
    QDBusVirtualObject,
)

SAVER, SAVER_PATH = "org.freedesktop.ScreenSaver", "/org/freedesktop/ScreenSaver"
LOGIND, LOGIND_PATH = "org.freedesktop.login1", "/org/freedesktop/login1"
SESSION, SESSION_PATH = "org.freedesktop.login1.Session", "/org/freedesktop/login1/session/_31"
PROPERTIES = "org.freedesktop.DBus.Properties"


class Service(QDBusVirtualObject):
    """Answers for both."""

    def __init__(self) -> None:
        super().__init__()
        self.active = self.hint = False

    def introspect(self, path: str) -> str:
        return ""

    def handleMessage(self, message: QDBusMessage, connection: QDBusConnection) -> bool:
        answers = {
            (SAVER, "GetActive"): self.active,
            ("org.freedesktop.login1.Manager", "GetSession"): QDBusObjectPath(SESSION_PATH),
            (PROPERTIES, "Get"): QDBusVariant(self.hint),
        }
        key = message.interface(), message.member()
        if key not in answers:
            return False
        reply = message.createReply()
        reply.setArguments([answers[key]])
        connection.send(reply)
        return True


def main() -> None:
    address, wanted = sys.argv[1], sys.argv[2].split(",")
    application = QCoreApplication([])
    bus = QDBusConnection.connectToBus(address, "service")
    service = Service()
    service.active = service.hint = "locked" in wanted
    mode = QDBusConnection.VirtualObjectRegisterOption.SubPath
    assert bus.registerVirtualObject("/org/freedesktop", service, mode)
    for name in (SAVER, LOGIND):
        if name in wanted:
            assert bus.registerService(name)

    def on_line() -> None:
        match sys.stdin.readline().split():
            case ["saver", "end"]:
                bus.unregisterService(SAVER)
            case ["saver", "start"]:
                bus.registerService(SAVER)
            case ["saver", word]:
                service.active = word == "on"
                changed = QDBusMessage.createSignal(SAVER_PATH, SAVER, "ActiveChanged")
                changed.setArguments([service.active])
                bus.send(changed)
            case ["hint", word]:
                service.hint = word == "on"
                changed = QDBusMessage.createSignal(SESSION_PATH, PROPERTIES, "PropertiesChanged")
                changed.setArguments([SESSION, {"LockedHint": service.hint}, []])
                bus.send(changed)
            case _:
                application.quit()
        print("done", flush=True)

    notifier = QSocketNotifier(sys.stdin.fileno(), QSocketNotifier.Type.Read)
    notifier.activated.connect(on_line)
    print("ready", flush=True)
    application.exec()


if __name__ == "__main__":
    main()
