"""Records what ML Metadata answers to many sequences of calls: ``PYTHON record.py FILE``.

PYTHON is one that has ``ml-metadata`` 1.17.1 (``original.py`` makes one), FILE becomes
``tests/data/mlmd_calls.jsonl.gz``: a line a sequence, its name and its calls: tag, name, request, status
code, response; messages serialised and in base64.
"""

from __future__ import annotations

import base64
import gzip
import json
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

from front import opened
from ml_metadata.metadata_store.pywrap.metadata_store_extension import metadata_store as engine
from ml_metadata.proto import metadata_store_service_pb2 as requests
from sequences import SEQUENCES
from sequences.world import World

# Seconds after a put: times that lie further apart than a put takes are those of different puts.
APART = 0.01


class Recorder:
    """A store of the original in memory, and a note of every call made to it."""

    def __init__(self) -> None:
        self._store = opened(None)
        self.calls: list[list[Any]] = []

    def call(self, tag: str, name: str, request: Any) -> Any:
        """Make one call; return its response, or None where it was refused."""
        sent = request.SerializeToString(deterministic=True)
        answer, _, code = getattr(engine, name)(self._store, sent)
        self.calls.append([tag, name, _text(sent), code, "" if code else _text(answer)])
        if name.startswith("Put"):
            time.sleep(APART)
        return None if code else getattr(requests, f"{name}Response").FromString(answer)


def _text(content: bytes) -> str:
    return base64.b64encode(content).decode("ascii")


def main() -> None:
    """Record every sequence and print how often each call had which status."""
    statuses: Counter[tuple[str, int]] = Counter()
    tags: Counter[tuple[str, str, int]] = Counter()
    with gzip.GzipFile(Path(sys.argv[1]), "wb", 9, mtime=0) as file:
        for name, sequence, seed in SEQUENCES:
            recorder = Recorder()
            sequence(World(recorder.call, seed))
            line = json.dumps({"sequence": f"{name} {seed}", "calls": recorder.calls})
            file.write(line.encode() + b"\n")
            statuses.update((call[1], call[3]) for call in recorder.calls)
            tags.update((call[1], call[0], call[3]) for call in recorder.calls)
    for (name, code), count in sorted(statuses.items()):
        print(f"{name:36} {code:3} {count:5}")
    print(len(SEQUENCES), "sequences,", sum(statuses.values()), "calls")
    if "--tags" in sys.argv:
        for (name, tag, code), count in sorted(tags.items()):
            print(f"{name:36} {tag:50} {code:3} {count:5}")


if __name__ == "__main__":
    main()
