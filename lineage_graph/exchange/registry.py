"""Which reader a file needs: told by its first bytes, or by name."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from lineage_graph.errors import BadFile, InvalidArgument, NotFound
from lineage_graph.exchange.base import Source
from lineage_graph.exchange.jsonl import JsonlSource
from lineage_graph.exchange.mlmd import MlmdSource

FORMATS: dict[str, Callable[[Path], Source]] = {"mlmd": MlmdSource, "jsonl": JsonlSource}
_SQLITE = b"SQLite format 3\x00"
_GZIP = b"\x1f\x8b"


def open_source(path: Path, format: str | None = None) -> Source:
    """Open a file for reading and check it as far as that is possible without reading it twice.

    Raises:
        NotFound: there is no such file.
        InvalidArgument: there is no such format.
        BadFile, TruncatedFile, UnknownVersion: the file is not what it should be.
    """
    if format is not None and format not in FORMATS:
        raise InvalidArgument(
            f"There is no format {format!r}.", hint=f"Known are {', '.join(FORMATS)}."
        )
    return FORMATS[format or _recognised(path)](path)


def _recognised(path: Path) -> str:
    try:
        with path.open("rb") as file:
            head = file.read(len(_SQLITE))
    except FileNotFoundError:
        raise NotFound(f"There is no file {path}.") from None
    except OSError as error:
        raise BadFile(f"{path} cannot be read: {error.strerror}.") from error
    if head == _SQLITE:
        return "mlmd"
    if head.startswith((b"{", _GZIP)):
        return "jsonl"
    if not head:
        raise BadFile(f"{path} is empty.")
    raise BadFile(
        f"{path} is neither a SQLite file nor an export of lineage-graph.",
        hint="Give the SQLite file of an ML Metadata store, often called mlmd.db or metadata.sqlite.",
    )
