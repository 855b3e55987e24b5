"""Digests of data in memory: as they are defined, the same in each library, another for other content."""

from __future__ import annotations

import datetime
import hashlib
import random
import struct
import subprocess
import sys
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lineage_graph.errors import InvalidArgument
from lineage_graph.recorder.data import describe
from tests.tools import library

np = library("numpy")
pd = library("pandas")
pl = library("polars")
pa = library("pyarrow")


def digest(data: Any, **options: bool) -> str:
    found = describe(data, **options).digest
    assert found is not None
    return found


# The definition, written a second time


def sha(*parts: bytes) -> bytes:
    return hashlib.sha256(b"".join(parts)).digest()


def count(number: int) -> bytes:
    return struct.pack("<Q", number)


def name(text: str) -> bytes:
    return count(len(text.encode())) + text.encode()


def test_a_table_by_its_definition() -> None:
    frame = pd.DataFrame(
        {
            "n": [1.5, np.nan, -0.0],
            "text": ["é", None, ""],
            "when": pd.to_datetime([0, 1_500_000_001, -1], unit="ns"),
        }
    )
    numbers = sha(name("float64"), count(3), count(1), b"\x02", struct.pack("<3d", 1.5, 0.0, 0.0))
    texts = sha(name("text"), count(3), count(1), b"\x02", struct.pack("<3q", 2, 0, 0), b"\xc3\xa9")
    times = sha(
        name("datetime"),
        count(3),
        count(0),
        struct.pack("<3q", 0, 1, -1),
        struct.pack("<3i", 0, 500_000_001, 999_999_999),
    )
    whole = sha(
        b"lineage-graph data 1\n",
        b"table\n",
        count(3),
        count(3),
        *(name(n) + held for n, held in [("n", numbers), ("text", texts), ("when", times)]),
    )
    assert digest(frame) == f"data-v1:{whole.hex()}"


def test_rows_in_any_order_by_their_definition() -> None:
    frame = pd.DataFrame({"n": np.array([258, 1], "i2"), "text": ["b", None]})
    rows = sorted(
        [
            b"\0" + struct.pack("<h", 258) + b"\0" + sha(b"b"),
            b"\0" + struct.pack("<h", 1) + b"\1" + sha(b""),
        ]
    )
    kinds = name("n") + name("int16") + name("text") + name("text")
    head = b"lineage-graph data 1\nany order\ntable\n"
    whole = sha(head, count(2), count(2), kinds, *rows)
    assert digest(frame, any_order=True) == f"data-any-order-v1:{whole.hex()}"
    assert digest(frame[::-1].reset_index(drop=True), any_order=True).endswith(whole.hex())


def test_arrays_and_values_by_their_definition() -> None:
    flat = sha(name("int32"), count(4), count(0), struct.pack("<4i", 1, 2, 3, 4))
    whole = sha(b"lineage-graph data 1\narray\n", count(2), count(2), count(2), flat)
    assert digest(np.array([[1, 2], [3, 4]], "i4")) == f"data-v1:{whole.hex()}"

    pairs = sorted(
        [
            (b"S" + name("b"), b"L" + count(2) + b"I" + count(2) + b"ff" + b"N"),
            (b"S" + name("a"), b"F" + struct.pack("<d", 1.5)),
        ]
    )
    whole = sha(b"lineage-graph data 1\nvalue\nO", count(2), *(k + v for k, v in pairs))
    assert digest({"b": [255, None], "a": 1.5}) == f"data-v1:{whole.hex()}"
    assert digest(b"abc") == f"sha256:{hashlib.sha256(b'abc').hexdigest()}"


# The same content in several libraries


def every_kind() -> Any:
    times = ["2024-01-01", "1960-01-01 00:00:00.5", None]
    moments = pd.to_datetime(times, format="ISO8601")
    return pd.DataFrame(
        {
            "int": [1, 2, 3],
            "small": np.array([1, 2, 3], "u1"),
            "float": [1.5, np.nan, -0.0],
            "half": np.array([1.5, 2, 3], "f4"),
            "text": ["a", None, "é"],
            "bool": [True, False, True],
            "moment": moments,
            "zoned": moments.tz_localize("Europe/Berlin"),
            "category": pd.Categorical(["x", "y", None], categories=["unused", "y", "x"]),
            "date": [datetime.date(2024, 1, 1), None, datetime.date(1950, 1, 1)],
            "time": [datetime.time(1, 2, 3, 4), None, datetime.time(0)],
            "list": [[1, 2], [3], None],
            "decimal": [Decimal("1.10"), None, Decimal("2")],
            "bytes": [b"a", b"", None],
            "duration": pd.to_timedelta([1.5, 2, None], unit="s"),
            "Int64": pd.array([1, None, 3], dtype="Int64"),
            "boolean": pd.array([True, None, False], dtype="boolean"),
            "none": [None] * 3,
        }
    )


def test_one_table_in_every_library() -> None:
    frame = every_kind()
    table = pa.Table.from_pandas(frame, preserve_index=False)
    same = [
        table,
        pa.concat_tables([table.slice(0, 1), table.slice(1)]),
        table.to_batches()[0],
        pl.from_arrow(table),
        table.to_pandas(types_mapper=pd.ArrowDtype),
        frame.astype({"text": "string"}),
        frame.astype({"text": object}),
        frame.assign(category=frame["category"].cat.set_categories(["x", "y"])),
    ]
    assert {digest(one) for one in same} == {digest(frame)}
    assert {digest(one, any_order=True) for one in same} == {digest(frame, any_order=True)}
    described = describe(frame).properties["schema"]
    assert all(describe(one).properties["schema"] == described for one in same)
    for column in frame.columns:
        series = [frame[column], table[column], pl.from_arrow(table)[column]]
        assert (
            len({digest(one.rename("") if hasattr(one, "rename") else one) for one in series}) == 1
        )


def test_an_index_is_content_unless_it_counts_the_rows() -> None:
    frame = pd.DataFrame({"a": [1, 2, 3]})
    counted = frame.set_axis([0, 1, 2])
    named = frame.rename_axis("row")
    assert digest(frame) == digest(counted)
    different = [frame, frame[1:], frame.set_axis([5, 6, 7]), named, frame.set_axis(list("xyz"))]
    assert len({digest(one) for one in different}) == 5
    indexed = frame.set_axis(list("xyz"))
    assert digest(indexed) == digest(pa.Table.from_pandas(indexed))
    assert digest(named) != digest(frame.set_index(pd.Index([7, 8, 9], name="row")))


def test_how_an_array_lies_in_memory_is_no_content() -> None:
    array = np.arange(12, dtype="i4").reshape(3, 4)
    same = [
        np.asfortranarray(array),
        array.astype(">i4"),
        np.repeat(array, 2, axis=1)[:, ::2],
        array[::-1][::-1],
        np.ma.array(array),
        array.view(np.recarray),
    ]
    assert {digest(one) for one in same} == {digest(array)}
    other = [
        array.T,
        array.reshape(4, 3),
        array.ravel(),
        array.astype("i8"),
        array[::-1],
        array + 1,
    ]
    assert len({digest(one) for one in [array, *other]}) == 7
    assert digest(array, any_order=True) == digest(array[[2, 0, 1]], any_order=True)
    assert digest(array, any_order=True) != digest(array[[2, 0, 0]], any_order=True)
    rows = np.array([(1, 2.5, "a"), (3, 0.5, "b")], [("x", "i4"), ("y", "f8"), ("z", "U3")])
    assert digest(rows) == digest(pd.DataFrame.from_records(rows))


CELLS = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=3), st.binary(max_size=3)
)


@given(
    st.lists(
        st.tuples(st.integers(-9, 9), st.floats(width=32), st.text(max_size=3), CELLS),
        min_size=1,
        max_size=6,
    ),
    st.data(),
)
def test_equal_content_has_an_equal_digest_and_a_changed_cell_another(
    rows: list[tuple[Any, ...]], data: st.DataObject
) -> None:
    def frame(held: list[tuple[Any, ...]]) -> Any:
        return pd.DataFrame(
            {
                letter: pd.Series([row[place] for row in held], dtype=kind)
                for place, (letter, kind) in enumerate(
                    [("i", "int64"), ("f", "float64"), ("t", object), ("o", object)]
                )
            }
        )

    assert digest(frame(rows)) == digest(frame(list(rows)))
    shuffled = random.Random(0).sample(rows, len(rows))
    assert digest(frame(rows), any_order=True) == digest(frame(shuffled), any_order=True)
    row, column = data.draw(st.integers(0, len(rows) - 1)), data.draw(st.integers(0, 3))
    cell = data.draw([st.integers(-9, 9), st.floats(width=32), st.text(max_size=3), CELLS][column])
    changed = [
        tuple(cell if (r, c) == (row, column) else rows[r][c] for c in range(4))
        for r in range(len(rows))
    ]
    same = all(
        (type(a) is type(b) and (a == b or (a != a and b != b))) or (is_none(a) and is_none(b))
        for one, other in zip(rows, changed, strict=True)
        for a, b in zip(one, other, strict=True)
    )
    assert (digest(frame(rows)) == digest(frame(changed))) is same


def is_none(cell: object) -> bool:
    return cell is None or (isinstance(cell, float) and cell != cell)


@given(
    st.recursive(
        CELLS,
        lambda inner: (
            st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=2), inner, max_size=3)
        ),
    )
)
def test_values_by_their_content(held: Any) -> None:
    def turned(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: turned(value[key]) for key in reversed(value)}
        return [turned(item) for item in value] if isinstance(value, list) else value

    assert digest({"held": held}) == digest({"held": turned(held)})
    assert digest({"held": held}) != digest({"held": [held]})


def test_the_same_in_another_process() -> None:
    code = (
        "from lineage_graph.recorder.data import describe\n"
        "import numpy, sys\n"
        "print(describe({'s': {'a', 'b', 'c'}, 'x': numpy.arange(3.0)}).digest)\n"
        "print('polars' in sys.modules, 'torch' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={"PYTHONHASHSEED": "1", "PYTHONPATH": ":".join(sys.path)},
        capture_output=True,
        text=True,
        check=True,
    )
    own = digest({"x": np.arange(3.0), "s": {"c", "a", "b"}})
    assert done.stdout.split("\n")[:2] == [own, "False False"]


@pytest.mark.parametrize("data", [b"abc", {"a": 1}, object.__new__(type("Model", (), {}))])
def test_what_has_no_rows_has_no_order(data: object) -> None:
    with pytest.raises(InvalidArgument, match="any_order"):
        describe(data, any_order=True)
