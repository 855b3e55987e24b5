"""Documents of W3C PROV, statement by statement: what one of them gets wrong does not stop the others."""

from __future__ import annotations

import gzip
import json
import re
import warnings
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from prov import Error
from prov.identifier import QualifiedName
from prov.model import ProvBundle, ProvDocument
from prov.serializers.provjson import decode_json_document
from prov.serializers.provn_lexer import ProvNSyntaxError
from prov.serializers.provn_parser import ProvNParser
from pydantic_core import from_json

from lineage_graph.errors import BadFile, NotFound, TruncatedFile
from lineage_graph.exchange.prov.statements import Statement, is_relation

LARGEST = 128 * 1024 * 1024  # bytes of a document, decompressed
_GZIP = b"\x1f\x8b"
_LONGEST_REASON = 300  # characters
_LINE = re.compile(r"line (\d+), column \d+: ")
Problem = Callable[[str, str], None]


def content_of(path: Path) -> bytes:
    """Return what a file holds, decompressed (gzip).

    Raises:
        NotFound, BadFile, TruncatedFile: it cannot be read, or is too large.
    """
    try:
        with path.open("rb") as file:
            compressed = file.read(2) == _GZIP
        with gzip.open(path) if compressed else path.open("rb") as stream:
            content: bytes = stream.read(LARGEST + 1)
    except FileNotFoundError:
        raise NotFound(f"There is no file {path}.") from None
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise TruncatedFile(f"{path} is damaged: {error}.", hint="Copy it again.") from error
    except OSError as error:
        raise BadFile(f"{path} cannot be read: {error.strerror or error}.") from error
    if len(content) > LARGEST:
        raise BadFile(
            f"{path}: a document has at most {LARGEST // 2**20} MB.",
            hint="Split it; what names the same things comes together again.",
        )
    if not content.strip():
        raise BadFile(f"{path} is empty.")
    return content


def statements(path: Path, content: bytes, problem: Problem) -> Iterator[Statement | QualifiedName]:
    """Yield each bundle of a document by its name, and each statement; what is wrong is a ``problem``.

    Raises:
        BadFile: it is neither PROV-JSON nor PROV-N.
    """
    if content.lstrip()[:1] in (b"{", b"["):
        yield from _of_json(path, content, problem)
    else:
        yield from _of_provn(path, content, problem)


def _of_provn(path: Path, content: bytes, problem: Problem) -> Iterator[Statement | QualifiedName]:
    try:
        text = content.decode()
    except UnicodeDecodeError as error:
        raise BadFile(f"{path}: this is no text in UTF-8: {error.reason}.") from None
    try:
        with _noting(str(path), problem):
            parser = ProvNParser(text, "lenient")
            document = parser.parse()
    except ProvNSyntaxError as error:
        raise BadFile(_at(path, _reason(error))) from None
    except Exception as error:  # whatever the library does not foresee
        raise BadFile(f"{path}: this is no PROV-N: {_reason(error)}") from None
    for message in (*parser.skipped, *parser.warnings):
        place, _, reason = _at(path, _shortened(str(message))).partition(": ")
        problem(place, reason)
    yield from _of_document(document)


def _at(path: Path, message: str) -> str:
    """Return what the library says of a line of PROV-N as we say it: ``path:line: reason``."""
    found = _LINE.search(message)
    if found is None:
        return f"{path}: {message}"
    return f"{path}:{found[1]}: {message[: found.start()]}{message[found.end() :]}"


def _of_json(path: Path, content: bytes, problem: Problem) -> Iterator[Statement | QualifiedName]:
    try:
        from_json(content, allow_inf_nan=False)  # stricter than json, and knows its depth
        container = json.loads(content, object_pairs_hook=_once(path, problem))
    except (ValueError, RecursionError) as error:
        raise BadFile(f"{path}: this is no JSON: {_reason(error)}") from None
    if not isinstance(container, dict):
        raise BadFile(f"{path}: a PROV-JSON document is a JSON object.")
    bundles = container.pop("bundle", {})
    prefix = container.pop("prefix", {})
    place = str(path)
    if not _prefixes(prefix):
        raise BadFile(f"{path}: prefix: it gives each prefix an address.")
    yield from _of_container(place, container, lambda part: {"prefix": prefix, **part}, problem)
    if not isinstance(bundles, dict):
        problem(f"{place}: bundle", "it is no JSON object")
        return
    for name, bundle in bundles.items():
        yield from _of_bundle(f"{place}: bundle {name}", name, bundle, prefix, problem)


def _of_bundle(
    place: str, name: str, bundle: Any, prefix: Mapping[str, str], problem: Problem
) -> Iterator[Statement | QualifiedName]:
    own = bundle.pop("prefix", {}) if isinstance(bundle, dict) else None
    if not _prefixes(own):
        problem(place, "it is no JSON object, or its prefix gives no addresses")
        return

    def within(part: Mapping[str, Any]) -> dict[str, Any]:
        return {"prefix": prefix, "bundle": {name: {"prefix": own, **part}}}

    yield from _decoded(place, within({}), problem)
    yield from _of_container(place, bundle, within, problem)


def _of_container(
    place: str,
    container: Mapping[str, Any],
    within: Callable[[Mapping[str, Any]], dict[str, Any]],
    problem: Problem,
) -> Iterator[Statement | QualifiedName]:
    for relation, records in container.items():
        here = f"{place}: {relation}"
        if not is_relation(relation):
            problem(here, "PROV-JSON has no such records")
        elif not isinstance(records, dict):
            problem(here, "it is no JSON object")
        elif (found := _attempt(within({relation: records}))) is not None:
            yield from _of_document(found)
        else:  # something is wrong with one or another
            for name, record in records.items():
                part = within({relation: {name: record}})
                yield from _decoded(f"{here} {name}", part, problem)


def _attempt(container: dict[str, Any]) -> ProvDocument | None:
    """Return all of a container where nothing is wrong with it."""
    wrong: list[str] = []
    document = ProvDocument()
    try:
        with _noting("", lambda _, reason: wrong.append(reason)):
            decode_json_document(_copied(container), document)
    except Exception:  # reported when the statement itself is read
        return None
    return None if wrong else document


def _decoded(
    place: str, container: dict[str, Any], problem: Problem
) -> Iterator[Statement | QualifiedName]:
    document = ProvDocument()
    try:
        with _noting(place, problem):
            decode_json_document(_copied(container), document)
    except Exception as error:  # also what the library does not foresee
        problem(place, _reason(error))
        return
    yield from _of_document(document)


def _copied(container: dict[str, Any]) -> dict[str, Any]:
    """Return a container of which the library may take parts away."""
    copied = {name: dict(part) for name, part in container.items()}
    if "bundle" in copied:
        copied["bundle"] = {name: dict(part) for name, part in copied["bundle"].items()}
    return copied


def _of_document(document: ProvDocument) -> Iterator[Statement | QualifiedName]:
    for record in document.get_records():
        yield Statement(record, None)
    for bundle in document.bundles:
        if isinstance(bundle.identifier, QualifiedName):
            yield bundle.identifier
        yield from _of_records(bundle)


def _of_records(bundle: ProvBundle) -> Iterator[Statement]:
    name = bundle.identifier
    assert isinstance(name, QualifiedName)
    for record in bundle.get_records():
        yield Statement(record, name)


@contextmanager
def _noting(place: str, problem: Problem) -> Iterator[None]:
    """Turn the library's warnings into problems."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        yield
    for warning in caught:
        problem(place, _shortened(str(warning.message)))


def _once(path: Path, problem: Problem) -> Callable[[list[tuple[str, Any]]], dict[str, Any]]:
    def made(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        if len(found) < len(pairs):
            names = [name for name, _ in pairs]
            twice = sorted({name for name in names if names.count(name) > 1})
            problem(str(path), f"{', '.join(twice)[:80]}: told twice; the last stands")
        return found

    return made


def _prefixes(value: Any) -> bool:
    return isinstance(value, dict) and all(isinstance(uri, str) for uri in value.values())


def _reason(error: BaseException) -> str:
    text = str(error) or type(error).__name__
    if not isinstance(error, (Error, ValueError)):
        text = f"it makes no sense ({type(error).__name__}: {text})"
    return _shortened(text)


def _shortened(text: str) -> str:
    text = text.partition(". prov 3.3.0 will")[0].strip()
    short = text if len(text) <= _LONGEST_REASON else f"{text[:_LONGEST_REASON]}…"
    return f"{short[:1].lower()}{short[1:]}"
