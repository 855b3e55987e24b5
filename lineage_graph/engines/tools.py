"""How other tools reach the embedded engine: as a user that only reads."""

from __future__ import annotations

from dataclasses import dataclass

from lineage_graph.engines.embedded import start_engine
from lineage_graph.engines.passwords import TOOLS_USER, new_password, tools_password
from lineage_graph.engines.state import DATABASE, call, make_folder, read_state
from lineage_graph.errors import EngineFailed
from lineage_graph.settings import Settings


@dataclass(frozen=True)
class ToolAccess:
    """Address, user, password and database with which a tool connects."""

    address: str
    user: str
    password: str
    database: str


def tool_access(settings: Settings, *, rotate: bool = False) -> ToolAccess:
    """Return how tools reach the folder's engine; it is started, and kept until it is stopped.

    ``rotate`` makes another password: the one before opens no more connections.

    Raises:
        InUse: the folder belongs to another user.
        EngineFailed: the engine cannot be started, or did not take the password.
    """
    folder = make_folder(settings.folder)
    status = start_engine(settings)
    password = new_password(folder) if rotate else tools_password(folder)
    if rotate:
        state = read_state(folder)
        answered = None if state is None else call(state, "password")
        if answered is None:
            raise EngineFailed("The engine did not take the password.", hint="Try again.")
        answered[0].close()
    return ToolAccess(status.address or "", TOOLS_USER, password, DATABASE)
