"""An import, a replay and a recording that are killed, or whose engine is, and are run again.

One seed of each on the embedded engine; ``python -m tests.store.kills`` tries many, on Neo4j as well. That Neo4j
is killed is in ``test_durability``.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing

import pytest

from tests.store.kills import KILLS, Import, Recording, Replay, Work
from tests.store.places import EmbeddedPlace, Place


@pytest.fixture(scope="module")
def embedded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """An embedded engine that may be killed."""
    with closing(EmbeddedPlace(tmp_path_factory.mktemp("killed"))) as place:
        yield place


@pytest.fixture(scope="module")
def imports(embedded: Place, tmp_path_factory: pytest.TempPathFactory) -> Work:
    """Imports into it."""
    return Import(embedded, tmp_path_factory.mktemp("files"), ("mlmd",), nodes=1000)


@pytest.fixture(scope="module")
def replays(embedded: Place, tmp_path_factory: pytest.TempPathFactory) -> Work:
    """Replays into it."""
    return Replay(embedded, tmp_path_factory.mktemp("replays"))


@pytest.fixture(scope="module")
def recordings(embedded: Place, tmp_path_factory: pytest.TempPathFactory) -> Work:
    """Recordings into it."""
    return Recording(embedded, tmp_path_factory.mktemp("recordings"))


@pytest.mark.parametrize("how", [*KILLS, "SIGTERM"])
def test_an_import(imports: Work, how: str) -> None:
    imports.run(6, how)


def test_a_replay_and_a_recording(replays: Work, recordings: Work) -> None:
    replays.run(3, "engine")  # that its own process is killed is in tests/recorder/test_spool.py
    recordings.run(3, "engine")
