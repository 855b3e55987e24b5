"""What is kept of data in memory: kinds of columns, profiles, and what cannot be read."""

from __future__ import annotations

import datetime
import threading
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from lineage_graph.recorder import capture
from lineage_graph.recorder.data import describe, describing, is_data, is_model, is_table_or_array
from lineage_graph.recorder.once import Once
from tests.tools import library

np, pd, pl, pa = library("numpy"), library("pandas"), library("polars"), library("pyarrow")


@pytest.fixture(autouse=True)
def _nothing_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(describing, "_warned", Once())


class Model:
    def __init__(self, weights: Any) -> None:
        self.weights = weights

    def predict(self) -> None: ...


def test_schema_and_profile() -> None:
    frame = pd.DataFrame(
        {
            "n": [3, 1, 1],
            "x": [0.5, None, np.inf],
            "text": ["b", "a", None],
            "when": pd.to_datetime(
                ["2024-01-02", None, "1960-01-01 00:00:00.25"], format="ISO8601"
            ),
            "day": [datetime.date(2024, 1, 2), datetime.date(1960, 1, 1), None],
            "class": pd.Categorical([20, 3, 3]),
            "password": ["hunter2", "x", "y"],
            "any": [1, "a", Decimal(1)],
            "none": [None] * 3,
        }
    )
    found = describe(frame).properties
    assert (found["object"], found["rows"]) == ("pandas.DataFrame", 3)
    kinds = ["int64", "float64", "text", "datetime", "date", "category", "text", "object", "null"]
    assert found["schema"] == {
        "columns": [{"name": n, "kind": k} for n, k in zip(frame.columns, kinds, strict=True)],
        "total": 9,
    }
    assert found["profile"] == {
        "columns": [
            {"name": "n", "missing": 0, "min": 1, "max": 3, "distinct": 2},
            {"name": "x", "missing": 1, "min": 0.5, "max": "inf", "distinct": 2},
            {"name": "text", "missing": 1, "min": "a", "max": "b", "distinct": 2},
            {
                "name": "when",
                "missing": 1,
                "min": "1960-01-01T00:00:00.25",
                "max": "2024-01-02T00:00:00",
                "distinct": 2,
            },
            {"name": "day", "missing": 1, "min": "1960-01-01", "max": "2024-01-02", "distinct": 2},
            {"name": "class", "missing": 0, "min": 3, "max": 20, "distinct": 2},
            {"name": "password", "missing": 0, "distinct": 3},
            {"name": "any", "missing": 0, "distinct": 3},
            {"name": "none", "missing": 3, "distinct": 0},
        ]
    }
    array = describe(np.ones((2, 3), "f4")).properties
    assert array["schema"] == {"kind": "float32", "shape": [2, 3]}
    assert "profile" not in describe(frame, profile=False).properties


def test_large_tables_are_sampled_and_wide_ones_cut() -> None:
    numbers = np.arange(300_000)
    numbers[123_457] = -5
    found = describe(pd.DataFrame({"n": numbers, "t": numbers.astype(str)})).properties["profile"]
    assert isinstance(found, dict)
    assert found["sampled_rows"] == 100_000
    assert found["columns"][0] == {
        "name": "n",
        "missing": 0,
        "min": -5,
        "max": 299_999,
        "distinct": 100_000,
    }
    wide = describe(pd.DataFrame(np.zeros((30_000, 300)))).properties
    assert isinstance(wide["schema"], dict)
    assert isinstance(wide["profile"], dict)
    assert (len(wide["schema"]["columns"]), wide["schema"]["total"]) == (200, 300)
    assert (len(wide["profile"]["columns"]), wide["profile"]["sampled_rows"]) == (200, 10_000)


MIXED = [
    1,
    "a",
    None,
    np.nan,
    pd.NaT,
    pd.NA,
    2**70,
    (1, 2),
    {"k": 1},
    {1, 2},
    b"b",
    1j,
    Decimal("nan"),
]
MIXED += [np.int64(3), np.float32(1), np.datetime64("1969-12-31T23:59:59.5", "ns"), np.arange(3)]
MIXED += [datetime.datetime(9999, 1, 1), pd.Timestamp(0, tz="UTC"), pd.Timedelta(1), Path("a")]
AWKWARD = {
    "mixed": pd.DataFrame({"o": MIXED}),
    "empty": pd.DataFrame(),
    "no rows": pd.DataFrame({"a": [], "b": pd.Series([], dtype=object)}),
    "rows only": pd.DataFrame(index=range(3)),
    "duplicate names": pd.DataFrame([[1, 2.5]], columns=["a", "a"]),
    "odd names": pd.DataFrame([[1, 2, 3]], columns=[0, np.nan, pd.Timestamp(0)]),
    "levels": pd.DataFrame(
        [[1, 2]],
        columns=pd.MultiIndex.from_tuples([("a", 1), ("a", 2)]),
        index=pd.MultiIndex.from_tuples([("k", 1)], names=["one", None]),
    ),
    "zoned index": pd.DataFrame(
        {"a": [1]}, index=pd.date_range("2024", periods=1, tz="Asia/Tokyo")
    ),
    "periods": pd.DataFrame({"p": pd.period_range("2024-01", periods=2, freq="M")}),
    "intervals": pd.Series(pd.interval_range(0, 3)),
    "sparse": pd.DataFrame({"p": pd.arrays.SparseArray([0, 0, 1])}),
    "mixed categories": pd.Series(pd.Categorical([3, "a", None])),
    "far away": pd.DataFrame({"d": [datetime.datetime(9999, 1, 1), datetime.datetime(1, 1, 1)]}),
    "lone surrogate": pd.Series(["\ud800"], dtype=object),
    "no dimension": np.array(3),
    "object of no dimension": np.array({"a": 1}, dtype=object),
    "objects": np.array([1, "a", None], dtype=object),
    "complex": np.array([1j, complex(np.nan, 1)]),
    "structured": np.array([(1, [1, 2])], [("x", "i4"), ("y", "f8", (2,))]),
    "structured square": np.array([[(1, 2.5)]], [("x", "i4"), ("y", "f8")]),
    "masked": np.ma.array([1, 2, 3], mask=[0, 1, 0]),
    "no time": np.array(["2024-01-01", "NaT"], "M8[D]"),
    "odd unit": np.array([5, 7], "m8[10ms]"),
    "no elements": np.zeros((0, 3)),
    "raw": np.array([b"ab"], "V2"),
    "half": np.array([1.5, np.nan], "f2"),
    "polars nested": pl.DataFrame({"l": [[1], None], "s": [{"a": 1}, {"a": None}]}),
    "polars enum": pl.DataFrame({"c": ["b", None]}, schema={"c": pl.Enum(["a", "b"])}),
    "polars empty": pl.DataFrame({"a": []}, schema={"a": pl.String}),
    "arrow views": pa.table({"s": pa.array(["a", None], pa.string_view())}),
    "arrow no chunks": pa.table({"a": pa.chunked_array([], type=pa.int64())}),
    "arrow dictionaries": pa.table(
        {"d": pa.chunked_array([pa.array([t]).dictionary_encode() for t in ("a", "c")])}
    ),
    "arrow days": pa.array([datetime.date(2024, 1, 1), None], pa.date64()),
    "frames in a dict": {"train": pd.DataFrame({"a": [1]}), "x": [np.arange(2), {1: (2, {3})}]},
    "dataclass": [SimpleNamespace(a=1).__dict__],
    "model": Model(np.arange(3)),
    "bytes": memoryview(b"abcdef")[::2],
}


@pytest.mark.parametrize("awkward", list(AWKWARD))
def test_awkward_data_has_a_digest(awkward: str, caplog: pytest.LogCaptureFixture) -> None:
    found = describe(AWKWARD[awkward])
    assert found.digest
    assert found.digest == describe(AWKWARD[awkward]).digest
    assert found.uri.startswith("in-memory://")
    assert not caplog.records


def circle() -> list[Any]:
    held: list[Any] = []
    held.append(held)
    return held


UNREADABLE = {
    "objects in a frame": (pd.DataFrame({"a": [1], "o": [object()]}), "column 'o'"),
    "polars objects": (pl.DataFrame({"o": [object()]}), "type object"),
    "long doubles": (np.ones(2, np.longdouble), "machine"),
    "lazy": (pl.LazyFrame({"a": [1]}), "not in memory"),
    "reader": (pa.RecordBatchReader.from_batches(pa.schema([]), []), "not in memory"),
    "too large": (np.broadcast_to(np.float64(1), (10**6, 10**6)), "bytes"),
    "circle": (circle(), "Recursion"),
    "unpicklable": (Model(threading.Lock()), "pickle"),
    "objects in a dict": ({"a": object}, "class object"),
}


@pytest.mark.parametrize("unreadable", list(UNREADABLE))
def test_what_cannot_be_read_has_no_digest_and_is_said_once(
    unreadable: str, caplog: pytest.LogCaptureFixture
) -> None:
    data, reason = UNREADABLE[unreadable]
    for _ in range(2):
        found = describe(data)
    assert found.digest is None
    assert found.uri == ""
    assert found.properties["object"] == describing.kind_of_object(data)
    (said,) = [record.getMessage() for record in caplog.records if record.levelname == "WARNING"]
    assert reason in said
    assert "digest=" in said
    if unreadable == "objects in a frame":
        assert found.properties["schema"]["columns"][0] == {"name": "a", "kind": "int64"}  # type: ignore[index,call-overload]
        assert found.properties["rows"] == 1


def test_models_by_their_pickle(monkeypatch: pytest.MonkeyPatch) -> None:
    found = describe(Model([1, 2]))
    assert found.digest == describe(Model([1, 2])).digest != describe(Model([1, 3])).digest
    assert found.digest is not None
    assert found.digest.startswith("pickle-sha256:")
    assert found.properties["pickled"] is True
    monkeypatch.setattr(capture, "DIGEST_LIMIT", 10)
    assert describe(Model([1, 2])).digest is None


def test_what_is_data_and_what_a_parameter() -> None:
    tables = [pd.DataFrame(), pd.Series([1]), pl.DataFrame(), pa.table({}), np.zeros(2)]
    assert all(is_table_or_array(one) and is_data(one) for one in tables)
    assert not any(is_model(one) for one in tables)
    either = [{"a": 1}, [1], b"x", np.array(3), Model(1)]
    assert all(is_data(one) and not is_table_or_array(one) for one in either)
    assert is_model(Model(1))
    neither = [None, 1, 2.5, True, "x", Path("x"), object(), Model, len, np, np.float64(1), open]
    assert not any(is_data(one) or is_model(one) for one in neither)
