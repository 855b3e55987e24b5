"""Which reader a source needs: told by what it is, or by name. Readers are imported when asked for."""

from __future__ import annotations

import importlib
import re
import zlib
from collections.abc import Mapping
from pathlib import Path

from lineage_graph.errors import (
    BadFile,
    FailedPrecondition,
    InvalidArgument,
    LineageError,
    TruncatedFile,
)
from lineage_graph.exchange.base import Source
from lineage_graph.exchange.files import head_of
from lineage_graph.exchange.plugins import (
    READERS_GROUP,
    failure_of,
    plugin_readers,
    recognised_by_plugin,
)
from lineage_graph.exchange.sql.sqlite import MAGIC, tables_in

FORMATS: Mapping[str, str] = {
    "mlmd": "lineage_graph.exchange.mlmd:open_mlmd",
    "tfx": "lineage_graph.exchange.tfx:TfxSource",
    "jsonl": "lineage_graph.exchange.jsonl:JsonlSource",
    "openlineage": "lineage_graph.exchange.openlineage:OpenLineageSource",
    "mlflow": "lineage_graph.exchange.mlflow:MlflowSource",
    "dvc": "lineage_graph.exchange.dvc:DvcSource",
    "git": "lineage_graph.exchange.git.source:GitSource",
    "vertex": "lineage_graph.exchange.vertex:VertexSource",
    "prov": "lineage_graph.exchange.prov:ProvSource",
}
"""Each reader of ours by name; takes where the source is, and gives a Source."""
_HEAD = 64 * 1024  # bytes by which a file is recognised
_GZIP = b"\x1f\x8b"
_PACKED = re.compile(  # zip, bzip2, xz, zstd, 7z, rar
    rb"PK\x03\x04|PK\x05\x06|BZh[1-9]1AY&SY|\xfd7zXZ\0|\x28\xb5\x2f\xfd|7z\xbc\xaf\x27\x1c|Rar!\x1a\x07"
)
_TAR, _TAR_AT = b"ustar", 257  # where a tar archive says that it is one
_VERTEX = (b"/metadataStores/", b'"schemaTitle"')
_OPENLINEAGE = (b'"eventTime"', b"openlineage.io/spec")
_PROV_JSON = re.compile(
    rb'"(prefix|bundle|entity|activity|agent|used|was[A-Z]\w+|hadMember)"\s*:\s*\{'
)
_OURS = re.compile(rb'\{\s*"format"\s*:\s*"lineage-graph"')
_PROV_FIRST = re.compile(rb"\{\s*" + _PROV_JSON.pattern)
_PROV_N = re.compile(rb"(\s+|//[^\n]*|/\*.*?\*/)*document\b", re.DOTALL)
_MLMD = re.compile(r"((mysql|mariadb|postgresql|postgres)(\+\w+)?|grpcs?)://", re.IGNORECASE)
_ADDRESS = re.compile(r"[a-z][a-z0-9+.-]+://", re.IGNORECASE)


def open_source(where: str | Path, format: str | None = None) -> Source:
    """Open a source for reading and check it as far as that is possible without reading it twice.

    ``where`` is a file, a folder or an address.

    Raises:
        NotFound: there is no such file.
        InvalidArgument: there is no such format.
        FailedPrecondition: a library its reader needs is not installed.
        BadFile, TruncatedFile, UnknownVersion: the file is not what it should be.
    """
    if format is not None and format not in readers():
        raise _unknown(format)
    given = Path(where) if isinstance(where, Path) or not _ADDRESS.match(where) else where
    if format is not None and isinstance(given, Path) and given.is_file():
        _head_of(given)  # a compressed file is refused, for every reader
    chosen = format or recognised(given)
    if chosen not in FORMATS:
        return plugin_readers()[chosen](given)
    module, _, name = FORMATS[chosen].partition(":")
    try:
        source: Source = getattr(importlib.import_module(module), name)(given)
    except ModuleNotFoundError as error:
        if (error.name or "").startswith("lineage_graph"):
            raise
        raise FailedPrecondition(
            f"Reading {chosen} needs {error.name}, which is not installed.",
            hint=f"pip install 'lineage-graph[{chosen}]'",
        ) from None
    return source


def readers() -> tuple[str, ...]:
    """Return the names of all readers: ours, and those of other packages (``plugins``)."""
    return tuple(dict.fromkeys((*FORMATS, *plugin_readers())))


def _unknown(format: str) -> LineageError:
    failure = failure_of(READERS_GROUP, format)
    if failure is not None:
        return FailedPrecondition(
            f"The reader {failure.name!r} of {failure.package} cannot be loaded: {failure.reason}.",
            hint=f"Install a release of {failure.package} that fits, or remove it.",
        )
    return InvalidArgument(
        f"There is no format {format!r}.", hint=f"Known are {', '.join(readers())}."
    )


def recognised(where: str | Path) -> str:
    """Return the name of the reader that a file, a folder or an address needs.

    Raises:
        NotFound: there is no such file.
        BadFile: no reader knows it.
    """
    is_file = isinstance(where, Path) and not where.is_dir()
    head = _head_of(where) if isinstance(where, Path) and is_file else b""
    if (plugin := recognised_by_plugin(where, head)) is not None:
        return plugin
    if isinstance(where, str):
        return _of_address(where)
    if not is_file:
        return _of_folder(where)
    if not head:
        raise BadFile(f"{where} is empty.")
    if head.startswith(MAGIC):
        return _of_tables(where)
    return _of_text(where, head)


def _of_address(where: str) -> str:
    if _MLMD.match(where):
        return "mlmd"
    if where.lower().startswith(("http://", "https://")):
        return "mlflow"
    raise BadFile(f"No reader knows the address {where}.", hint="Name one with --from.")


def _of_folder(where: Path) -> str:
    if (where / ".dvc").is_dir():
        return "dvc"
    if (where / ".git").exists() or (where / "objects").is_dir():
        return _of_repository(where)
    if (where / "mlruns").is_dir() or next(where.glob("*/meta.yaml"), None):
        return "mlflow"
    if importlib.import_module("lineage_graph.exchange.tfx.folder").holds_metadata(where):
        return "tfx"
    raise BadFile(f"{where} is a folder that no reader knows.", hint="Name its reader with --from.")


def _of_repository(where: Path) -> str:
    try:
        contents = importlib.import_module("lineage_graph.exchange.git.contents")
    except ModuleNotFoundError:
        return "git"  # whose reader says what is missing
    return "dvc" if contents.holds_dvc(where) else "git"


def _head_of(where: Path) -> bytes:
    """Return how a file begins; where that is a compressed text (gzip), how the text does."""
    inside = head = head_of(where, _HEAD)
    if head.startswith(_GZIP):
        try:
            inside = zlib.decompressobj(wbits=31).decompress(head, _HEAD)
        except zlib.error as error:
            raise TruncatedFile(f"{where} is damaged: {error}.", hint="Copy it again.") from error
    is_file_in_gzip = inside is not head and (inside.startswith(MAGIC) or _PACKED.match(inside))
    if is_file_in_gzip or _PACKED.match(head) or inside[_TAR_AT:].startswith(_TAR):
        raise BadFile(f"{where} is packed.", hint="Unpack it, and name what is in it.")
    return inside


def _of_text(where: Path, head: bytes) -> str:
    text = head.lstrip()
    if _OURS.match(text):  # whatever it holds of other tools
        return "jsonl"
    if _PROV_FIRST.match(text):
        return "prov"
    if text.startswith((b"{", b"[")) and all(word in text for word in _VERTEX):
        return "vertex"
    if text.startswith((b"{", b"[")) and any(word in text for word in _OPENLINEAGE):
        return "openlineage"
    if text.startswith(b"{") and _PROV_JSON.search(text):
        return "prov"
    if _PROV_N.match(text):
        return "prov"
    if text.startswith(b"{"):
        return "jsonl"
    raise BadFile(
        f"{where} is nothing that a reader knows.",
        hint=f"Readers are {', '.join(readers())}; name one with --from.",
    )


def _of_tables(where: Path) -> str:
    """Tell MLflow's SQLite files from ML Metadata's, whose reader says what is wrong with others."""
    return "mlflow" if {"experiments", "runs", "params"} <= tables_in(where) else "mlmd"
