"""A Neo4j server, by its address."""

from __future__ import annotations

import re
from typing import Literal
from urllib.parse import urlsplit

import neo4j

from lineage_graph.engines.base import DRIVER_OPTIONS, Dialect, translated
from lineage_graph.engines.dialect import GUEST_KEY, Neo4jDialect
from lineage_graph.errors import DamagedStore, InvalidArgument, TooOld
from lineage_graph.settings import Settings

SCHEMES = ("neo4j", "neo4j+s", "neo4j+ssc", "bolt", "bolt+s", "bolt+ssc")
_OLDEST = (5, 26)
_CANCEL = (
    "SHOW TRANSACTIONS YIELD transactionId AS one, metaData "
    f"WHERE metaData.{GUEST_KEY} = $guest "
    "TERMINATE TRANSACTIONS one YIELD message RETURN message"
)


class Server:
    """A Neo4j server: Community or Enterprise, 5.26 or later."""

    name: Literal["neo4j", "embedded"] = "neo4j"
    damage: DamagedStore | None = None  # a server looks after its files by itself
    dialect: Dialect = Neo4jDialect()

    def __init__(self, uri: str, settings: Settings) -> None:
        self.address = uri
        self.database = settings.database
        auth = None
        if settings.password is not None:
            auth = neo4j.basic_auth(settings.username, settings.password.get_secret_value())
        with translated(f"connecting to {uri}"):
            self.driver = neo4j.GraphDatabase.driver(
                uri,
                auth=auth,
                connection_timeout=settings.connect_timeout,
                max_transaction_retry_time=settings.connect_timeout,  # the driver's own is 30 s
                **DRIVER_OPTIONS,
            )
        self.read_driver = self.driver
        try:
            self._check()
        except BaseException:
            self.close()
            raise

    def _check(self) -> None:
        with translated(f"connecting to {self.address}"):
            self.driver.execute_query("RETURN 1", database_=self.database)
            version = self.version()
        found = re.search(r" (\d+)\.(\d+)", version)
        if found is not None and (int(found[1]), int(found[2])) < _OLDEST:
            raise TooOld(f"{version} is too old.", hint="Use Neo4j 5.26 or later.")

    def version(self) -> str:
        """Return for example ``Neo4j 5.26.30 community``."""
        with translated("asking for the version"):
            records, _, _ = self.driver.execute_query(
                "CALL dbms.components() YIELD versions, edition RETURN versions[0], edition",
                database_=self.database,
            )
        return f"Neo4j {records[0][0]} {records[0][1]}"

    def has_ended(self, address: str) -> bool:
        """Return False: whether a server ended is for others to see."""
        return False

    def cancel(self, guest: str) -> None:
        """End the running statement of a guest of this name, if there is one."""
        with translated("ending a statement"):
            self.driver.execute_query(_CANCEL, guest=guest, database_=self.database)

    def check(self) -> tuple[str, ...]:
        """Return nothing: a server's files are looked at by its own tools (neo4j-admin database check)."""
        return ()

    def close(self) -> None:
        """Close the connections."""
        self.driver.close()


def check_uri(uri: str) -> str:
    """Return the URI if it is one of a Neo4j server.

    Raises:
        InvalidArgument: the scheme is unknown or the host is missing.
    """
    parts = urlsplit(uri)
    if parts.scheme not in SCHEMES or not parts.hostname:
        raise InvalidArgument(
            f"{uri!r} is not the address of a Neo4j server.",
            hint=f"Write for example neo4j://localhost:7687; schemes are {', '.join(SCHEMES)}.",
        )
    return uri
