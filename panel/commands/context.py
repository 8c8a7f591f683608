"""What a command works with; panel.app puts it together."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from panel.core.errors import EnvironmentFault

if TYPE_CHECKING:
    from panel.core.desktop import Desktop
    from panel.core.dispatching import DemoRunner, DispatchControl
    from panel.store.database import Store
    from panel.store.location import Location

Progress = Callable[[str, int, int], None]


def silent(what: str, done: int, of: int) -> None:
    """Progress that nobody watches."""


class Context:
    """The store and the parts of the program that a command may ask; those it needs are there.

    `progress(what, done, of)` is called from the loop's thread. `location` is where the database
    is, also for commands that do not open it. `no_display` is why there is neither desktop nor
    dispatch, when there is none.
    """

    def __init__(
        self,
        store: Store | None = None,
        desktop: Desktop | None = None,
        dispatch: DispatchControl | None = None,
        demo: DemoRunner | None = None,
        progress: Progress = silent,
        location: Location | None = None,
        no_display: EnvironmentFault | None = None,
    ) -> None:
        self._store = store
        self._desktop = desktop
        self._demo = demo
        self._location = location
        self.dispatch = dispatch
        self.progress = progress
        self.no_display = no_display or EnvironmentFault(
            "There is no display.", "Start it in a desktop session."
        )

    @property
    def store(self) -> Store:
        """The open database."""
        if self._store is None:
            raise EnvironmentFault("No database is open.")
        return self._store

    @property
    def location(self) -> Location:
        """Where the database is."""
        if self._location is not None:
            return self._location
        return self.store.location

    @property
    def desktop(self) -> Desktop:
        """The windows and pixels of this desktop; EnvironmentFault when there are none."""
        if self._desktop is None:
            raise self.no_display
        return self._desktop

    @property
    def demo(self) -> DemoRunner:
        """The runner of the demo swarm."""
        if self._demo is None:
            raise EnvironmentFault("The demo swarm is not part of this installation.")
        return self._demo

    def watched_by(self, progress: Progress) -> Context:
        """The same context with other eyes on its progress."""
        return Context(
            self._store,
            self._desktop,
            self.dispatch,
            self._demo,
            progress,
            self._location,
            self.no_display,
        )
