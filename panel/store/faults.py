"""What SQLite reports, in words: a fault of the surroundings, or a bug of ours."""

from __future__ import annotations

from panel.core.errors import EnvironmentFault, PanelError

BUSY, LOCKED = 5, 6
CORRUPT, NO_DATABASE = 11, 26
_CONSTRAINT = 19


class StoreError(PanelError):
    """A bug of ours: wrong SQL, a wrong value, a connection used in another thread."""


class ConstraintError(StoreError):
    """A row breaks a rule of the schema (a key that exists already, an unknown state word)."""


class DatabaseFault(EnvironmentFault):
    """The database file's surroundings; `code` is SQLite's primary result code."""

    def __init__(self, code: int, what: str, fix: str = "") -> None:
        super().__init__(what, fix)
        self.code = code


_FAULTS: dict[int, tuple[str, str]] = {
    3: ("The database {path} may not be used by you.", "Check the file's permissions."),
    BUSY: (
        "The database {path} is locked by another process.",
        "Wait for it to finish or close it, then try again.",
    ),
    LOCKED: (
        "The database {path} is locked by another process.",
        "Wait for it to finish or close it, then try again.",
    ),
    7: ("There is not enough memory to use the database {path}.", "Close other programs."),
    8: (
        "The database {path} cannot be written to: the file or its folder is read-only.",
        "Make it writable or name another database with --db.",
    ),
    10: (
        "The disk does not read or write the database {path} properly.",
        "Check the disk and its free space; nothing half-written is kept.",
    ),
    CORRUPT: (
        "The database {path} is damaged; it was left as it is.",
        "Put a backup in its place (captain-panel db restore FILE) or name another with --db.",
    ),
    13: (
        "There is no space left for the database {path}; nothing was changed.",
        "Free some space on its disk, then try again.",
    ),
    14: (
        "The database {path} cannot be opened.",
        "Check that its folder exists and that you may write there.",
    ),
    23: ("The database {path} may not be used by you.", "Check the file's permissions."),
    NO_DATABASE: (
        "{path} is no SQLite database; it was left as it is.",
        "Name another file with --db.",
    ),
}


def fault(native_code: str, text: str, path: str, sql: str = "") -> PanelError:
    """The error to raise for SQLite's (extended) result code, as Qt hands it out in text."""
    code = int(native_code) & 0xFF if native_code.lstrip("-").isdigit() else -1
    known = _FAULTS.get(code)
    if known is not None:
        return DatabaseFault(code, known[0].format(path=path), known[1])
    statement = " ".join(sql.split())
    shown = f"{text} [{native_code}] in: {statement[:300]}" if sql else f"{text} [{native_code}]"
    return ConstraintError(shown) if code == _CONSTRAINT else StoreError(shown)
