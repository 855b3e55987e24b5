"""Tables of pandas, polars, Arrow and Hugging Face as columns. None of these is imported here."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from typing import Any

from lineage_graph.recorder.data.columns import (
    Column,
    from_array,
    from_categories,
    from_list,
    moments,
    numpy,
    readable,
    shown_text,
    whole,
)
from lineage_graph.recorder.data.encoding import Undigestible, is_missing, zone_name

_NANOSECONDS = {"s": 10**9, "ms": 10**6, "us": 10**3, "ns": 1}


def column_name(name: object) -> str:
    """Return a column's name as text: ``('a', 'x')`` of several levels; empty where it has none."""
    if isinstance(name, tuple):
        return f"({', '.join(repr(str(level)) for level in name)})"
    return "" if is_missing(name) else str(name)


def columns_of(given: Any) -> list[Column]:
    """Return a table, series or column of any of the libraries as columns."""
    for base in type(given).__mro__:
        reader = _READERS.get((base.__module__.partition(".")[0], base.__name__))
        if reader is not None:
            return reader(given)
    raise Undigestible("it is no table")


def bytes_of(given: Any) -> int:
    """Return how much memory a table takes, as its library tells; 0 where it does not."""
    if hasattr(given, "memory_usage"):
        used = given.memory_usage()
        return int(used if isinstance(used, int) else used.sum())
    if hasattr(given, "estimated_size"):
        return int(given.estimated_size())
    return int(getattr(given, "nbytes", None) or getattr(given, "dataset_size", None) or 0)


# pandas


def of_pandas_frame(frame: Any) -> list[Column]:
    """Return the columns of a pandas frame, then those of its index.

    An index that only counts rows from 0 and has no name is no content.
    """
    series = [(column_name(name), frame.iloc[:, place]) for place, name in enumerate(frame.columns)]
    return [*(_of_pandas(name, held) for name, held in series), *_of_index(frame.index)]


def of_pandas_series(series: Any) -> list[Column]:
    """Return a pandas series as a column, and those of its index."""
    own = _of_pandas(column_name(series.name), series)
    return [own, *_of_index(series.index)]


def of_pandas_index(index: Any) -> list[Column]:
    """Return a pandas index as columns."""
    return [
        _of_pandas(column_name(index.names[level]), index.get_level_values(level))
        for level in range(index.nlevels)
    ]


def _of_index(index: Any) -> Iterator[Column]:
    if index.nlevels == 1 and index.name is None and _counts(index):
        return
    for level, column in enumerate(of_pandas_index(index)):
        column.name = column.name or f"__index_level_{level}__"  # as Arrow calls it
        yield column


def _counts(index: Any) -> bool:
    if type(index).__name__ == "RangeIndex":
        return bool(index.start == 0 and index.step == 1)
    if index.dtype.kind != "i":
        return len(index) == 0
    np = numpy()
    return bool((np.asarray(index) == np.arange(len(index))).all())


def _of_pandas(name: str, series: Any) -> Column:
    return readable(name, len(series), lambda: _pandas_column(name, series))


def _pandas_column(name: str, series: Any) -> Column:
    dtype = series.dtype
    if isinstance(dtype, numpy().dtype):
        return from_array(name, series.to_numpy())
    array = series.array
    kind = type(dtype).__name__
    if kind == "CategoricalDtype":
        return from_categories(name, numpy().asarray(array.codes), list(array.categories))
    if kind == "DatetimeTZDtype":
        utc = array.tz_convert("UTC").tz_localize(None)
        return moments(name, numpy().asarray(utc), None, zone_name(dtype.tz))
    missing = numpy().asarray(series.isna())
    if getattr(dtype, "numpy_dtype", None) is not None and hasattr(array, "_mask"):
        plain = array.fillna(dtype.type(0)) if missing.any() else array
        return from_array(name, plain.to_numpy(dtype.numpy_dtype), missing)
    if kind == "SparseDtype":
        return from_array(name, numpy().asarray(array))
    if kind in ("PeriodDtype", "IntervalDtype"):
        texts = [None if gone else str(v) for v, gone in zip(array, missing.tolist(), strict=True)]
        column = from_list(name, texts)
        column.kind = str(dtype)
        return column
    arrow = sys.modules.get("pyarrow")
    if arrow is not None and (kind == "ArrowDtype" or getattr(dtype, "storage", "") == "pyarrow"):
        return of_arrow_column(name, array.__arrow_array__())
    column = from_list(name, series.to_numpy(object).tolist())
    if kind == "StringDtype":
        column.kind = "text"
        column.values = column.values or [b""] * column.rows
    return column


# Arrow


def of_arrow_table(table: Any) -> list[Column]:
    """Return the columns of an Arrow table or record batch."""
    names = table.schema.names
    return [_of_arrow(name, table.column(place)) for place, name in enumerate(names)]


def _of_arrow(name: str, given: Any) -> Column:
    return readable(name, len(given), lambda: of_arrow_column(name, given))


def of_arrow_column(name: str, given: Any) -> Column:
    """Return an Arrow array, whole or in chunks, as a column."""
    arrow = sys.modules["pyarrow"]
    kinds = arrow.types
    array = given.combine_chunks() if isinstance(given, arrow.ChunkedArray) else given
    if isinstance(array, arrow.ChunkedArray):
        array = arrow.concat_arrays(array.chunks)
    if isinstance(array, arrow.ExtensionArray):
        array = array.storage
    kind = array.type
    if kinds.is_dictionary(kind):
        codes = array.indices.fill_null(-1).cast("int64").to_numpy(zero_copy_only=False)
        return from_categories(name, codes, array.dictionary.to_pylist())
    missing = array.is_null().to_numpy(zero_copy_only=False) if array.null_count else None
    if kinds.is_boolean(kind):
        return from_array(name, array.fill_null(False).to_numpy(zero_copy_only=False), missing)
    if kinds.is_integer(kind) or kinds.is_floating(kind):
        filled = array.fill_null(arrow.scalar(0, kind)) if array.null_count else array
        return from_array(name, filled.to_numpy(zero_copy_only=False), missing)
    if kinds.is_timestamp(kind) or kinds.is_duration(kind):
        numbers = _zeros_for_nulls(array.view("int64"))
        letter = "M" if kinds.is_timestamp(kind) else "m"
        zone = zone_name(kind.tz) if kinds.is_timestamp(kind) and kind.tz else ""
        return moments(name, numbers.view(f"{letter}8[{kind.unit}]"), missing, zone)
    if kinds.is_date(kind):
        days = _zeros_for_nulls(array.cast("date32").view("int32"))
        return whole(name, "date", days.astype("i8"), missing)
    if kinds.is_time(kind):
        numbers = _zeros_for_nulls(array.view("int32" if kinds.is_time32(kind) else "int64"))
        return whole(name, "time", numbers.astype("i8") * _NANOSECONDS[kind.unit], missing)
    if kinds.is_string(kind) or kinds.is_large_string(kind) or "string_view" in str(kind):
        held = array.cast("large_binary").to_pylist()
        values = [b"" if value is None else value for value in held]
        return Column(name, "text", len(values), missing, values=values, shown=shown_text)
    if "binary" in str(kind):
        return Column(
            name, "bytes", len(array), missing, values=[v or b"" for v in array.to_pylist()]
        )
    column = from_list(name, array.to_pylist())
    if kinds.is_decimal(kind):
        column.kind = "decimal"
        column.values = column.values or [b""] * column.rows
    return column


def _zeros_for_nulls(numbers: Any) -> Any:
    filled = numbers.fill_null(0) if numbers.null_count else numbers
    return filled.to_numpy(zero_copy_only=False)


# polars


def of_polars_frame(frame: Any) -> list[Column]:
    """Return the columns of a polars frame."""
    return [_of_polars(series) for series in frame.get_columns()]


def _of_polars(series: Any) -> Column:
    return readable(series.name, len(series), lambda: _polars_column(series))


def _polars_column(series: Any) -> Column:
    name, dtype = series.name, series.dtype
    kind = type(dtype).__name__ if not isinstance(dtype, type) else dtype.__name__
    missing = series.is_null().to_numpy() if series.null_count() else None
    if kind == "Boolean":
        return from_array(name, series.fill_null(False).to_numpy(), missing)
    if (dtype.is_integer() and kind not in ("Int128", "UInt128")) or dtype.is_float():
        return from_array(name, series.fill_null(0).to_numpy(), missing)
    if kind in ("Datetime", "Duration"):
        numbers = series.to_physical().fill_null(0).to_numpy()
        letter = "M" if kind == "Datetime" else "m"
        zone = getattr(dtype, "time_zone", None)
        values = numbers.view(f"{letter}8[{dtype.time_unit}]")
        return moments(name, values, missing, zone_name(zone) if zone else "")
    if kind in ("Date", "Time"):
        numbers = series.to_physical().fill_null(0).to_numpy().astype("i8")
        return whole(name, kind.lower(), numbers, missing)
    if kind in ("Categorical", "Enum"):
        categories = series.drop_nulls().unique().to_list()
        places = {category: place for place, category in enumerate(categories)}
        codes = [places.get(value, -1) for value in series.to_list()]
        return from_categories(name, numpy().array(codes, "i8"), categories)
    column = from_list(name, series.to_list())
    named = {"String": "text", "Binary": "bytes", "Decimal": "decimal"}.get(kind)
    if named is not None:
        column.kind = named
        column.values = column.values or [b""] * column.rows
    return column


_READERS: dict[tuple[str, str], Callable[[Any], list[Column]]] = {
    ("pandas", "DataFrame"): of_pandas_frame,
    ("pandas", "Series"): of_pandas_series,
    ("pandas", "Index"): of_pandas_index,
    ("polars", "DataFrame"): of_polars_frame,
    ("polars", "Series"): lambda series: [_of_polars(series)],
    ("pyarrow", "Table"): of_arrow_table,
    ("pyarrow", "RecordBatch"): of_arrow_table,
    ("pyarrow", "Array"): lambda array: [_of_arrow("", array)],
    ("pyarrow", "ChunkedArray"): lambda array: [_of_arrow("", array)],
    ("datasets", "Dataset"): lambda held: of_arrow_table(held.with_format("arrow")[:]),
}
