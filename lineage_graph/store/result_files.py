"""Results of statements as files: JSON, JSON lines, CSV, Parquet and Arrow."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Mapping
from typing import IO, Any

from lineage_graph.model.plain import plain
from lineage_graph.store.cypher_result import CypherResult, library, text_of


def as_document(result: CypherResult) -> dict[str, Any]:
    """Return a result as one JSON object; ``graph`` is there where the result has nodes."""
    document: dict[str, Any] = {
        "columns": list(result.columns),
        "rows": [[plain(value) for value in row] for row in result.rows],
        "truncated": result.truncated,
        "warnings": list(result.warnings),
        "milliseconds": result.milliseconds,
    }
    if result.graph is not None:
        document["graph"] = plain(result.graph)
    return document


def csv_of(result: CypherResult) -> str:
    """Return a result as CSV with a heading; null is empty, nodes, lists and maps are JSON."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(result.columns)
    writer.writerows([text_of(value) for value in row] for row in result.rows)
    return stream.getvalue()


def _json(result: CypherResult, stream: IO[bytes]) -> None:
    stream.write(_line(as_document(result)))


def _json_lines(result: CypherResult, stream: IO[bytes]) -> None:
    stream.writelines(map(_line, result.to_dicts()))


def _line(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode("utf-8", "replace") + b"\n"


def _csv(result: CypherResult, stream: IO[bytes]) -> None:
    stream.write(csv_of(result).encode("utf-8", "replace"))


def _parquet(result: CypherResult, stream: IO[bytes]) -> None:
    library("pyarrow.parquet").write_table(result.to_arrow(), stream)


def _arrow(result: CypherResult, stream: IO[bytes]) -> None:
    table = result.to_arrow()
    with library("pyarrow.ipc").new_file(stream, table.schema) as writer:
        writer.write_table(table)


WRITERS: Mapping[str, Callable[[CypherResult, IO[bytes]], None]] = {
    "json": _json,
    "jsonl": _json_lines,
    "csv": _csv,
    "parquet": _parquet,
    "arrow": _arrow,
}
"""What writes a result, by format."""
BINARY = ("parquet", "arrow")
