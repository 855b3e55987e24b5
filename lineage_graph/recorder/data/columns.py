"""Columns: the form that every table and array is brought into, whose bytes make the digest.

A column is a kind, which values are missing, and the values: those of a fixed size as arrays in
little-endian order, the others (texts, bytes, objects) as a list of bytes. Missing values are zeros
or empty. NaN is missing, and -0.0 is 0.0. So a column does not depend on the library it came from.
"""

from __future__ import annotations

import datetime
import hashlib
import importlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from lineage_graph.recorder.data.encoding import (
    Nested,
    Undigestible,
    digest_of,
    encoded,
    is_missing,
    length,
    nanoseconds,
    text,
)

Array = Any
"""An array of numpy, which is no dependency of ours."""
_INT64 = 2**63
_UNITS = {"s": 1, "ms": 10**3, "us": 10**6, "ns": 10**9}
_LONG_UNITS = ("generic", "Y", "M", "W", "D", "h", "m")  # whole seconds each, once converted
_NOT_A_TIME = -(2**63)


def numpy() -> Any:
    """Return numpy.

    Raises:
        Undigestible: it is not installed.
    """
    try:
        return importlib.import_module("numpy")
    except ImportError:
        raise Undigestible("its content can only be read with numpy, which is missing") from None


@dataclass
class Column:
    """The values of one column in canonical form.

    Either ``parts`` (arrays of one length) or ``values`` holds them. ``missing`` is an array of
    bools, or None where nothing is.
    """

    name: str
    kind: str
    rows: int
    missing: Array = None
    parts: tuple[Array, ...] = ()
    values: Sequence[bytes] | None = None
    shown: Callable[[bytes], Any] | None = field(default=None, repr=False)
    """Turns one of ``values`` into what people read; None where that is not possible."""
    unreadable: str = ""
    """Why the values could not be read, where they could not: then there are none."""

    @property
    def missing_count(self) -> int:
        """How many values are missing."""
        return 0 if self.missing is None else int(self.missing.sum())

    def digest(self) -> bytes:
        """Return the SHA-256 of kind, number of rows, missing values, and values."""
        np = numpy()
        hashed = hashlib.sha256(text(self.kind))
        hashed.update(length(self.rows))
        hashed.update(length(self.missing_count))
        if self.missing_count:
            hashed.update(np.packbits(self.missing, bitorder="little").tobytes())
        for part in self.parts:
            hashed.update(_bytes_of(part))
        if self.values is not None:
            hashed.update(np.fromiter(map(len, self.values), "<i8", self.rows).tobytes())
            hashed.update(b"".join(self.values))
        return hashed.digest()

    def cells(self) -> Iterator[Array]:
        """Yield the bytes of each value as arrays of ``rows`` lines: missing or not, then the value.

        Of values without a fixed size it is their SHA-256.
        """
        np = numpy()
        none = np.zeros(self.rows, bool) if self.missing is None else self.missing
        yield none.astype(np.uint8).reshape(self.rows, 1)
        for part in self.parts:
            held = np.ascontiguousarray(part)
            yield held.view(np.uint8).reshape(self.rows, held.dtype.itemsize)
        if self.values is not None:
            hashes = b"".join(hashlib.sha256(value).digest() for value in self.values)
            yield np.frombuffer(hashes, np.uint8).reshape(self.rows, 32)


def table_digest(columns: Sequence[Column], rows: int, *, any_order: bool) -> bytes:
    """Return the digest of a table: its rows and columns, each column's name and digest, in order.

    With ``any_order`` the rows are sorted by their bytes first.
    """
    head = [b"table\n", length(rows), length(len(columns))]
    if not any_order:
        named = (text(column.name) + column.digest() for column in columns)
        return digest_of(*head, *named)
    kinds = (text(column.name) + text(column.kind) for column in columns)
    cells = [cell for column in columns for cell in column.cells()]
    return digest_of(b"any order\n", *head, *kinds, sorted_rows(cells, rows))


def array_digest(flat: Column, shape: Sequence[int], *, any_order: bool) -> bytes:
    """Return the digest of an array: its shape, and its values as one column in C order.

    With ``any_order`` its rows (along the first axis) are sorted by their bytes first.
    """
    head = [b"array\n", length(len(shape)), *map(length, shape)]
    if not any_order or not shape:
        return digest_of(*head, flat.digest())
    rows = shape[0]
    wide = [cell.reshape(rows, -1) for cell in flat.cells()] if flat.rows else []
    return digest_of(b"any order\n", *head, text(flat.kind), sorted_rows(wide, rows))


def sorted_rows(cells: Sequence[Array], rows: int) -> bytes:
    """Return the rows that cells form together, as bytes, sorted."""
    np = numpy()
    if not cells or not rows:
        return b""
    together = np.ascontiguousarray(np.concatenate(cells, axis=1))
    lines = together.view(f"S{together.shape[1]}").ravel()
    return bytes(np.sort(lines).tobytes())


def _bytes_of(part: Array) -> Any:
    """Return an array's memory as hashlib takes it, without a copy where it is contiguous."""
    held = numpy().ascontiguousarray(part)
    return memoryview(held.view("u1")) if held.size else b""


def readable(name: str, rows: int, read: Callable[[], Column]) -> Column:
    """Return what ``read`` returns; a column without values where they have no canonical form."""
    try:
        return read()
    except Undigestible as error:
        return Column(name, "object", rows, unreadable=str(error))


# From arrays of numpy


def from_array(
    name: str, values: Array, missing: Array = None, nested: Nested | None = None
) -> Column:
    """Return a flat array as a column; ``missing`` says which values are none.

    Raises:
        Undigestible: a kind that has no canonical form.
    """
    np = numpy()
    kind = values.dtype.kind
    if kind in "OUST":
        given = values.tolist()
        if missing is not None:
            given = [
                None if gone else item for item, gone in zip(given, missing.tolist(), strict=True)
            ]
        return from_list(name, given, nested)
    if kind in "mM":
        return _times(name, values, missing)
    if kind in "fc":
        if values.dtype.itemsize > (8 if kind == "f" else 16):
            raise Undigestible(f"{values.dtype} differs from machine to machine")
        absent = np.isnan(values)
        missing = absent if missing is None else missing | absent
    if kind == "V" and values.dtype.fields is not None:
        return from_list(name, values.tolist(), nested)
    if kind not in "biufcV":
        raise Undigestible(f"it holds values of type {values.dtype}")
    if missing is not None and missing.any():
        values = np.where(missing, np.zeros((), values.dtype), values)
    else:
        missing = None
    if kind in "fc":
        values = values + values.dtype.type(0)  # the two zeros are one
    return Column(name, _kind(values.dtype), len(values), missing, (_little(values),))


def _kind(dtype: Any) -> str:
    return str(dtype.newbyteorder("=").name)


def _little(values: Array) -> Array:
    if values.dtype.kind == "V":
        return numpy().ascontiguousarray(values).view(f"V{values.dtype.itemsize}")
    return values.astype(values.dtype.newbyteorder("<"), copy=False)


def _times(name: str, values: Array, missing: Array, zone: str = "") -> Column:
    """Return moments or durations as whole seconds and nanoseconds, whatever their unit is."""
    np = numpy()
    kind = "datetime" if values.dtype.kind == "M" else "duration"
    unit, count = np.datetime_data(values.dtype)
    if unit in _LONG_UNITS or count != 1:
        finer = "s" if unit in (*_LONG_UNITS, "s") else unit
        values, unit = values.astype(f"{values.dtype.kind}8[{finer}]"), finer
    if unit not in _UNITS:
        raise Undigestible(f"it holds values of type {values.dtype}")
    numbers = values.astype(values.dtype.newbyteorder("="), copy=False).view("i8")
    absent = numbers == _NOT_A_TIME
    missing = absent if missing is None else missing | absent
    numbers = np.where(missing, 0, numbers)
    seconds, rest = np.divmod(numbers, _UNITS[unit])
    rest = rest * (10**9 // _UNITS[unit])
    parts = (seconds.astype("<i8"), rest.astype("<i4"))
    return Column(name, f"{kind}[{zone}]" if zone else kind, len(values), _some(missing), parts)


def moments(name: str, values: Array, missing: Array, zone: str) -> Column:
    """Return moments in UTC, shown in a time zone, as a column."""
    return _times(name, values, missing, zone)


def whole(name: str, kind: str, numbers: Array, missing: Array) -> Column:
    """Return a column of whole numbers of 64 bits: days of a date, nanoseconds of a time."""
    numbers = numpy().where(missing, 0, numbers) if missing is not None else numbers
    return Column(name, kind, len(numbers), _some(missing), (numbers.astype("<i8", copy=False),))


def _some(missing: Array) -> Array:
    return missing if missing is not None and missing.any() else None


# From lists


def from_list(name: str, values: Sequence[Any], nested: Nested | None = None) -> Column:
    """Return Python's values as a column: of one kind where all have it, else of kind ``object``.

    Raises:
        Undigestible: a value has no canonical form.
    """
    np = numpy()
    gone = [is_missing(value) for value in values]
    missing = np.array(gone, bool) if any(gone) else None
    types = {type(value) for value, absent in zip(values, gone, strict=True) if not absent}
    if not types:
        return Column(name, "null", len(values), missing)
    filled = values
    if len(types) == 1:
        (only,) = types
        if only in _NUMBERS and _fits(only, values, gone):
            filled = [0 if absent else v for v, absent in zip(values, gone, strict=True)]
            return from_array(name, np.array(filled, _NUMBERS[only]), missing)
        if only in _BLOBS:
            return _blobs(name, values, gone, missing, only)
        if only is datetime.date:
            days = [
                0 if absent else (v - _DAY_ONE).days for v, absent in zip(values, gone, strict=True)
            ]
            return whole(name, "date", np.array(days, "i8"), missing)
        if only is datetime.time:
            times = [
                0 if absent else nanoseconds(v) for v, absent in zip(values, gone, strict=True)
            ]
            return whole(name, "time", np.array(times, "i8"), missing)
    kind = "decimal" if types == {Decimal} else "object"
    parts = [
        b"" if absent else encoded(v, nested or _none)
        for v, absent in zip(values, gone, strict=True)
    ]
    return Column(name, kind, len(values), missing, values=parts)


_NUMBERS: dict[type, str] = {bool: "?", int: "i8", float: "f8", complex: "c16"}
_BLOBS = (str, bytes)
_DAY_ONE = datetime.date(1970, 1, 1)


def _none(value: Any) -> None:
    return None


def _fits(kind: type, values: Sequence[Any], gone: Sequence[bool]) -> bool:
    return kind is not int or all(
        absent or -_INT64 <= value < _INT64 for value, absent in zip(values, gone, strict=True)
    )


def _blobs(
    name: str, values: Sequence[Any], gone: Sequence[bool], missing: Array, kind: type
) -> Column:
    if kind is str:
        parts = [
            b"" if absent else value.encode("utf-8", "surrogatepass")
            for value, absent in zip(values, gone, strict=True)
        ]
        return Column(name, "text", len(parts), missing, values=parts, shown=shown_text)
    held = [b"" if absent else value for value, absent in zip(values, gone, strict=True)]
    return Column(name, "bytes", len(held), missing, values=held)


def shown_text(value: bytes) -> str:
    """Return a text's bytes as it is read."""
    return value.decode("utf-8", "replace")


# Categories


def from_categories(
    name: str, codes: Array, categories: Sequence[Any], nested: Nested | None = None
) -> Column:
    """Return a categorical column: the encoded category of each row; a negative code is missing.

    Categories that no row has, and their order, are no content.
    """
    forms = [encoded(category, nested or _none) for category in categories]
    values = [forms[code] if code >= 0 else b"N" for code in codes.tolist()]
    missing = numpy().array([value == b"N" for value in values], bool)
    values = [b"" if value == b"N" else value for value in values]
    shown = dict(zip(forms, categories, strict=True)).get
    return Column(name, "category", len(values), _some(missing), values=values, shown=shown)
