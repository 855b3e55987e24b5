"""The environment of child processes: how they find the run they are part of.

``LINEAGE_GRAPH_RUN`` holds what a process needs to join a run, as JSON, without secrets: a password comes
from the child's own settings. It is set while a run's block is open, so that processes started inside of it
(``multiprocessing`` with spawn, ``joblib``, ``subprocess``) join by themselves.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from lineage_graph.errors import InvalidArgument
from lineage_graph.recorder.connection import Address
from lineage_graph.settings import Settings

VARIABLE = "LINEAGE_GRAPH_RUN"
_SETTINGS = ("uri", "username", "database", "folder", "engine_memory", "engine_linger", "spool")
"""Settings that a child takes over; all others are its own."""


def encode(pipeline: str, run: str, address: Address) -> str:
    """Return the variable's value for the children of this process."""
    settings = address.settings.model_dump(mode="json", include=set(_SETTINGS))
    return json.dumps(
        {
            "pipeline": pipeline,
            "run": run,
            "uri": address.uri,
            "on_error": address.on_error,
            "spool": str(address.spool),
            "settings": settings,
            "process": os.getpid(),
        }
    )


def decode(value: str) -> tuple[str, str, Address] | None:
    """Return the pipeline, the run and where its records go; None where this process set the value.

    Raises:
        InvalidArgument: it is not what ``encode`` makes.
    """
    try:
        told: dict[str, Any] = json.loads(value)
        if told["process"] == os.getpid():
            return None
        settings = Settings(**told["settings"])
        spool = Path(told["spool"])
        address = Address(told["uri"], settings, told["on_error"], spool)
        return str(told["pipeline"]), str(told["run"]), address
    except (ValueError, KeyError, TypeError) as error:
        raise InvalidArgument(
            f"The variable {VARIABLE} does not name a run: {error}.",
            hint="Take it from run.environment(), or unset it.",
        ) from None


@contextmanager
def told_to_children(variables: Mapping[str, str]) -> Iterator[None]:
    """Set variables of this process inside the block, for the processes it starts."""
    before = {name: os.environ.get(name) for name in variables}
    os.environ.update(variables)
    try:
        yield
    finally:
        for name, value in variables.items():
            if os.environ.get(name) != value:
                continue  # another run that is still open set its own
            earlier = before[name]
            if earlier is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = earlier
