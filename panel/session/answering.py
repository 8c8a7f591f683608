"""Collecting what agents put into their outboxes, beside the window and beside a dispatcher."""

from __future__ import annotations

import asyncio
import contextlib
import os
from collections.abc import AsyncIterator, Sequence

from panel.commands import answers
from panel.commands.context import Context
from panel.core.reply import Reply
from panel.core.workspace import Workspace, workspace
from panel.dispatch.postman import Postman
from panel.store import agents
from panel.store.database import Store
from panel.store.location import home_folder


def make_postman(store: Store) -> Postman:
    """The postman of this database's agents."""
    context = Context(store)
    home = home_folder(os.environ)

    async def workspaces() -> Sequence[Workspace]:
        rows = await store.read(agents.rows)
        return [
            workspace(home, str(row["agent_id"]), str(path) if path else None)
            for row in rows
            for path in [row["workspace_path"]]
        ]

    async def receive(agent_id: str, reply: Reply, key: str) -> object:
        return await answers.receive(context, agent_id, reply, key)

    return Postman(workspaces, receive)


@contextlib.asynccontextmanager
async def collecting(store: Store) -> AsyncIterator[None]:
    """While the block runs, what agents put into their outboxes is taken."""
    work = asyncio.ensure_future(make_postman(store).run())
    try:
        yield
    finally:
        work.cancel()
        await asyncio.gather(work, return_exceptions=True)
