"""Describing: what is kept of data in memory, and of which kinds of object anything can be."""

from __future__ import annotations

import hashlib
import io
import logging
import os
import pickle
import types
from collections.abc import Callable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from lineage_graph.errors import InvalidArgument
from lineage_graph.model import Properties
from lineage_graph.recorder import capture
from lineage_graph.recorder.data import arrays, profiles, tables
from lineage_graph.recorder.data.columns import Column, array_digest, table_digest
from lineage_graph.recorder.data.encoding import (
    Undigestible,
    digest_of,
    encoded,
    length,
)
from lineage_graph.recorder.once import Once

log = logging.getLogger(__name__)

IN_MEMORY = "in-memory://"
"""What the address of data begins with that has no file: its digest follows."""
PICKLED = f"{IN_MEMORY}pickle-sha256/"
"""What the address of an object begins with that is known by its pickle."""
_PROTOCOL = 4  # of pickle: one for all, because the digest depends on it
_MAX_DEPTH = 50  # of lists and dicts in each other
_warned = Once()


@dataclass(frozen=True)
class Description:
    """What is kept of data: its digest (None where it has none) and properties."""

    digest: str | None
    properties: Properties = field(default_factory=dict)

    @property
    def uri(self) -> str:
        """The address that data in memory has, made of its digest; empty without one."""
        return address_of(self.digest) if self.digest else ""


def address_of(digest: str) -> str:
    """Return the address of data in memory with a digest."""
    return IN_MEMORY + quote(digest.replace(":", "/", 1), safe="/")


def is_table_or_array(given: object) -> bool:
    """Return whether an argument of a function is data rather than a parameter.

    Tables, arrays of at least one dimension, tensors and datasets are; dicts, lists, bytes and
    objects are not, because a function has them as parameters as well.
    """
    reader = _reader(given)
    if reader is None:
        return False
    return reader is not _array or len(getattr(given, "shape", ())) > 0


def is_model(given: object) -> bool:
    """Return whether an object looks like a model: it predicts, transforms, or holds weights."""
    names = ("predict", "transform", "state_dict")
    if _reader(given) is not None or not _is_object(given):
        return False
    return any(callable(getattr(given, name, None)) for name in names)


def is_data(given: object) -> bool:
    """Return whether something can be an artifact without a file: data of any kind, or a model."""
    if isinstance(given, (str, os.PathLike, int, float)) or given is None:
        return False
    if isinstance(given, (bytes, bytearray, memoryview, Mapping, list, tuple, AbstractSet)):
        return True
    return _reader(given) is not None or _is_object(given)


def _is_object(given: object) -> bool:
    """Return whether something is an instance of a class that holds something, such as a model."""
    no_data = (type, types.FunctionType, types.MethodType, types.ModuleType, io.IOBase)
    return hasattr(given, "__dict__") and not isinstance(given, no_data)


def describe(given: Any, *, any_order: bool = False, profile: bool = True) -> Description:
    """Return what is kept of data in memory; never fails for what is in it.

    What cannot be read has no digest; that is said once for each kind of object. ``any_order``
    makes the digest independent of the order of rows or items.

    Raises:
        InvalidArgument: ``any_order`` of something without rows or items.
    """
    reader = _reader(given) or _plain_reader(given)
    if any_order and reader not in (_table, _array, _list):
        raise InvalidArgument(
            f"any_order=True is for tables, arrays and lists, not for a {type(given).__name__}.",
            hint="Leave it out.",
        )
    kind = kind_of_object(given)
    try:
        found = reader(given, any_order, profile)
    except Exception as error:  # of any library, and of the caller's own classes
        _warn_once(kind, error)
        return Description(None, {"object": kind})
    return Description(found.digest, {"object": kind, **found.properties})


def kind_of_object(given: object) -> str:
    """Return what people call an object's class: ``pandas.DataFrame``, ``dict``."""
    module, name = type(given).__module__.partition(".")[0], type(given).__qualname__
    return name if module == "builtins" else f"{module}.{name}"


def _warn_once(kind: str, error: Exception) -> None:
    if _warned.is_first(kind):
        reason = error if isinstance(error, Undigestible) else f"{type(error).__name__}: {error}"
        log.warning(
            "No digest is taken of a %s: %s. It is recorded without one, or with yours: "
            "lg.artifact(type, data, digest=…).",
            kind,
            reason,
        )
    log.info("no digest of a %s", kind, exc_info=error)


# Who reads what: by the module and name of its class, or of one that it derives from

_Reader = Callable[[Any, bool, bool], Description]


def _table(given: Any, any_order: bool, profile: bool) -> Description:
    _check_size(tables.bytes_of(given))
    return _of_columns(given, tables.columns_of(given), any_order, profile)


def _of_columns(given: Any, columns: list[Column], any_order: bool, profile: bool) -> Description:
    rows = len(given)
    facts: Properties = {"schema": profiles.schema(columns), "rows": rows}
    if profile:
        facts["profile"] = profiles.profile(columns, rows)
    for column in columns:
        if column.unreadable:
            reason = f"in the column {column.name!r} {column.unreadable}"
            _warn_once(kind_of_object(given), Undigestible(reason))
            return Description(None, facts)
    return Description(_named(table_digest(columns, rows, any_order=any_order), any_order), facts)


def _array(given: Any, any_order: bool, profile: bool) -> Description:
    plain, mask, kind = arrays.plain_array(given)
    _check_size(plain.nbytes)
    if plain.dtype.fields is not None and plain.ndim == 1 and mask is None:
        return _of_columns(given, arrays.fields_of(plain), any_order, profile)
    flat = arrays.flat_column(plain, mask, kind, _nested)
    digest = array_digest(flat, plain.shape, any_order=any_order)
    facts: Properties = {"schema": {"kind": flat.kind, "shape": list(plain.shape)}}
    if plain.ndim:
        facts["rows"] = plain.shape[0]
    if profile:
        facts["profile"] = profiles.profile([flat], flat.rows)
    return Description(_named(digest, any_order), facts)


def _stream(given: Any, any_order: bool, profile: bool) -> Description:
    raise Undigestible("its rows are not in memory, and reading them is not for us to start")


def _named(digest: bytes, any_order: bool) -> str:
    return f"data-{'any-order-' if any_order else ''}v1:{digest.hex()}"


def _check_size(size: int) -> None:
    if size > capture.DIGEST_LIMIT:
        raise Undigestible(f"it has {size:,} bytes, more than {capture.DIGEST_LIMIT:,}")


_READERS: dict[tuple[str, str], _Reader] = {
    **{("pandas", name): _table for name in ("DataFrame", "Series", "Index")},
    **{("polars", name): _table for name in ("DataFrame", "Series")},
    **{("pyarrow", name): _table for name in ("Table", "RecordBatch", "Array", "ChunkedArray")},
    ("datasets", "Dataset"): _table,
    ("datasets", "DatasetDict"): lambda *given: _value(*given),
    ("numpy", "ndarray"): _array,
    ("torch", "Tensor"): _array,
    **{("tensorflow", name): _array for name in ("Tensor", "_EagerTensorBase", "Variable")},
    ("jaxlib", "ArrayImpl"): _array,
    ("jax", "ArrayImpl"): _array,
    ("polars", "LazyFrame"): _stream,
    ("pyarrow", "RecordBatchReader"): _stream,
    ("pyarrow", "Dataset"): _stream,
    ("datasets", "IterableDataset"): _stream,
    ("tensorflow", "DatasetV2"): _stream,
}


def _reader(given: object) -> _Reader | None:
    for base in type(given).__mro__:
        found = _READERS.get((base.__module__.partition(".")[0], base.__name__))
        if found is not None:
            return found
    return None


def _plain_reader(given: object) -> _Reader:
    if isinstance(given, (bytes, bytearray, memoryview)):
        return _bytes
    if isinstance(given, (list, tuple, AbstractSet)):
        return _list
    return _value if isinstance(given, Mapping) else _object


# Plain values, bytes and objects


def _bytes(given: Any, any_order: bool, profile: bool) -> Description:
    held = memoryview(given)
    digest = hashlib.sha256(held if held.contiguous else held.tobytes()).hexdigest()
    return Description(f"sha256:{digest}", {"bytes": held.nbytes})


def _list(given: Any, any_order: bool, profile: bool) -> Description:
    if not any_order:
        content = encoded(given, _nested)
    else:
        parts = sorted(encoded(item, _nested) for item in given)
        content = b"any order\n" + length(len(parts)) + b"".join(parts)
    return Description(_named(digest_of(b"value\n", content), any_order), {"rows": len(given)})


def _value(given: Any, any_order: bool, profile: bool) -> Description:
    digest = digest_of(b"value\n", encoded(given, _nested))
    facts: Properties = {}
    if all(isinstance(name, str) for name in given):
        kinds = [
            {"name": profiles.short(name), "kind": kind_of_object(item)}
            for name, item in list(given.items())[: profiles.MAX_COLUMNS]
        ]
        facts["schema"] = {"columns": kinds, "total": len(given)}
    return Description(_named(digest, False), facts)


def _nested(given: Any) -> bytes | None:
    """Return the digest of a table or array inside of a dict or list, None of anything else."""
    reader = _reader(given)
    if reader is None or isinstance(given, Mapping):
        return None
    if reader is _array and not getattr(given, "shape", ()):
        return None
    found = reader(given, False, False)
    return None if found.digest is None else found.digest.encode()


class _Hashing(io.RawIOBase):
    """A file that keeps nothing but the digest and the length of what is written to it."""

    def __init__(self) -> None:
        self.hashed = hashlib.sha256()
        self.size = 0

    def writable(self) -> bool:
        return True

    def write(self, held: Any) -> int:
        view = memoryview(held)
        self.size += view.nbytes
        _check_size(self.size)
        self.hashed.update(view)
        return view.nbytes


def _object(given: Any, any_order: bool, profile: bool) -> Description:
    """Describe a model by its pickle: another process or version may write other bytes of an equal one."""
    file = _Hashing()
    pickle.Pickler(file, protocol=_PROTOCOL).dump(given)
    facts: Properties = {"pickled": True, "bytes": file.size}
    return Description(f"pickle-sha256:{file.hashed.hexdigest()}", facts)
