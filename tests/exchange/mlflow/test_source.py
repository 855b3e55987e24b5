"""MLflow through its three doors: a real database, real answers of its server, a folder its client made."""

from __future__ import annotations

import json
import random
import shutil
import sqlite3
import tarfile
from collections import Counter
from contextlib import closing, suppress
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lineage_graph.errors import BadFile, LineageError, Unauthorized, Unreachable
from lineage_graph.exchange import open_source
from lineage_graph.exchange.base import Source
from lineage_graph.exchange.mlflow.values import value_of
from lineage_graph.exchange.registry import recognised
from lineage_graph.model import EventType, ExecutionState, Kind, Node
from lineage_graph.store import Store
from tests.conftest import DATA
from tests.exchange.mlflow.served import Served, serving


def _named(names: dict[tuple[Kind, int], str], kind: Kind, node: int) -> str:
    return names[kind, node]


class Read:
    """What a source tells, by origins without their beginning."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.nodes: dict[tuple[Kind, str], Node] = {}
        self.links: set[tuple[Any, ...]] = set()
        for batch in source.batches():
            names: dict[tuple[Kind, int], str] = {}
            for node in batch.nodes:
                name = (node.origin or "").removeprefix(f"{source.source}:")
                names[node.kind, node.id or 0] = name
                if node.type is not None:
                    self.nodes[node.kind, name] = node.model_copy(update={"id": None})
            a, e, c = (partial(_named, names, kind) for kind in Kind)
            for v in batch.events:
                at = v.milliseconds_since_epoch
                self.links.add((e(v.execution_id), v.type, a(v.artifact_id), v.path, at))
            self.links |= {("in", a(x.artifact_id), c(x.context_id)) for x in batch.attributions}
            self.links |= {("in", e(x.execution_id), c(x.context_id)) for x in batch.associations}
            self.links |= {("of", c(x.child_id), c(x.parent_id)) for x in batch.parent_contexts}

    def types(self) -> Counter[str | None]:
        return Counter(node.type for node in self.nodes.values())

    def one(self, kind: Kind, name: str) -> Node:
        return next(node for (of, key), node in self.nodes.items() if of is kind and name in key)


def read(where: Path | str) -> Read:
    with open_source(where, "mlflow") as source:
        return Read(source)


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a real database and of the answers of the server above it."""
    folder = tmp_path_factory.mktemp("mlflow")
    with tarfile.open(DATA / "mlflow.tgz") as archive:
        archive.extractall(folder, filter="data")
    return folder


@pytest.fixture
def made(tmp_path: Path) -> Path:
    """A folder of runs that MLflow's own client made (make_mlruns.py)."""
    with tarfile.open(DATA / "mlruns.tgz") as archive:
        archive.extractall(tmp_path, filter="data")
    return tmp_path / "mlruns"


def test_everything_of_a_database_comes_across(sample: Path) -> None:
    found = read(sample / "mlflow.db")
    assert found.types() == {
        "mlflow.Run": 12,
        "Metrics": 10,
        "run": 6,
        "Dataset": 4,
        "Model": 4,
        "ModelVersion": 3,
        "mlflow.Register": 3,
        "experiment": 2,
        "registered_model": 1,
    }
    with closing(sqlite3.connect(sample / "mlflow.db")) as database:

        def asked(statement: str) -> set[Any]:
            return set(database.execute(statement))

        params = asked("SELECT run_uuid, key, value FROM params")
        metrics = asked("SELECT run_uuid, key, value FROM latest_metrics")
        inputs = asked(
            "SELECT destination_id, d.name, d.digest FROM inputs i JOIN datasets d"
            " ON d.dataset_uuid = i.source_id WHERE i.source_type = 'DATASET'"
        )
    runs = {
        name.partition("|")[2]: node
        for (kind, name), node in found.nodes.items()
        if kind is Kind.EXECUTION and name.startswith("run|")
    }
    assert {
        (r, k, v) for r, k, v in params if runs[r].custom_properties[k] == value_of(v)
    } == params
    for run, key, value in metrics:
        assert found.nodes[Kind.ARTIFACT, f"metrics|{run}"].custom_properties[key] == value
    told = {
        (link[0].partition("|")[2], *link[2].split("|")[2:])
        for link in found.links
        if link[1] is EventType.INPUT and link[2].startswith("dataset|")
    }
    assert told == inputs
    states = Counter(node.last_known_state for node in runs.values())  # type: ignore[attr-defined]
    assert states == {ExecutionState.COMPLETE: 10, ExecutionState.FAILED: 2}


def test_the_server_tells_what_its_database_holds(sample: Path) -> None:
    served = Served(sample / "rest")
    with serving(served) as address:
        over_rest = read(address)
    in_sql = read(sample / "mlflow.db")
    assert over_rest.source.source == in_sql.source.source
    assert over_rest.nodes == in_sql.nodes
    assert over_rest.links == in_sql.links


def test_a_model_is_followed_from_its_data_to_its_version(sample: Path) -> None:
    links = {link[:3] for link in read(sample / "mlflow.db").links}
    run = "run|b3ab0854b2414822b28ca41b88eafd54"
    model = "model|m-2b3a804f6bde4ebda635b4b5536f67ad"
    assert {
        (run, EventType.INPUT, "dataset|1|wine-train|770e9b05"),
        (run, EventType.OUTPUT, model),
        ("register|wine-clf|1", EventType.INPUT, model),
        ("register|wine-clf|1", EventType.OUTPUT, "version|wine-clf|1"),
        ("run|a4cc111a8981414caed289005c812524", EventType.INPUT, model),
    } <= links


def test_nested_runs_belong_to_the_run_they_are_in(sample: Path) -> None:
    found = read(sample / "mlflow.db")
    top = "run|705a091c5ffe4341a3b90e14a7eb1646"
    inside = {link[1] for link in found.links if link[0] == "in" and link[2] == top}
    assert len([name for name in inside if name.startswith("run|")]) == 5
    assert ("of", top, "experiment|1") in found.links


def test_a_folder_of_runs(made: Path) -> None:
    found = read(made)
    assert found.source.skipped == {"deleted runs": 1}
    run = found.one(
        Kind.EXECUTION,
        next(
            n
            for (k, n), v in found.nodes.items()
            if k is Kind.EXECUTION and v.name and v.name.startswith("sweep")
        ),
    )
    told = run.custom_properties
    assert (told["lr"], told["layers"], told["git_commit"]) == ("0.10", 3, "a" * 40)
    assert (told["user"], told["user (parameter)"], told["description"]) == (
        "ann",
        "x",
        "first try",
    )
    metrics = next(
        v for v in found.nodes.values() if v.name and v.name.startswith("metrics of sweep")
    )
    assert metrics.custom_properties["loss"] == 0.2
    assert (metrics.custom_properties["loss least"], metrics.custom_properties["loss most"]) == (
        0.2,
        1.0,
    )
    assert metrics.custom_properties["val/acc"] == 0.5
    history: Any = metrics.custom_properties["history"]
    assert history["loss"][0] == [0.0, 1.0, 1700000000000.0]
    assert len(history["loss"]) == 5
    (dataset,) = (v for v in found.nodes.values() if v.type == "Dataset")
    assert (dataset.custom_properties["rows"], dataset.uri) == (7, "/data/pens.csv")  # type: ignore[attr-defined]
    (best,) = (v for v in found.nodes.values() if v.custom_properties.get("aliases"))
    assert (best.name, best.custom_properties["aliases"]) == ("pen-net version 1", "best")
    assert found.types()["Model"] == 2  # one was registered from a run's files
    models = {link[:2] for link in found.links if len(link) == 5 and link[2].startswith("model|")}
    assert {direction for _, direction in models} == {EventType.INPUT, EventType.OUTPUT}
    states = {v.last_known_state for v in found.nodes.values() if v.type == "mlflow.Run"}  # type: ignore[attr-defined]
    assert states == {ExecutionState.COMPLETE, ExecutionState.FAILED, ExecutionState.RUNNING}


def test_reading_again_changes_nothing_and_later_only_adds(
    store: Store, sample: Path, tmp_path: Path
) -> None:
    file = Path(shutil.copy(sample / "mlflow.db", tmp_path / "mlflow.db"))

    def load() -> tuple[int, int, int]:
        with open_source(file) as source:
            result = store.load_keyed(source.batches(), source.source)
        return result.created, result.updated, result.new_links

    created, _, links = load()
    assert created > 45
    assert links > 100
    assert load() == (0, 0, 0)
    with closing(sqlite3.connect(file)) as database, database:
        database.execute(
            "INSERT INTO runs (run_uuid, name, status, start_time, lifecycle_stage, experiment_id)"
            " VALUES ('new', 'new', 'RUNNING', 1895430771339, 'active', 1)"
        )
    assert load() == (2, 0, 3)  # its execution and its context
    with closing(sqlite3.connect(file)) as database, database:
        database.execute(
            "UPDATE runs SET status = 'FAILED', end_time = 1895430771340 WHERE name = 'new'"
        )
    assert load() == (0, 2, 0)


def test_what_is_recognised(sample: Path, made: Path, tmp_path: Path) -> None:
    assert recognised(sample / "mlflow.db") == "mlflow"
    assert recognised(made) == recognised(made.parent) == "mlflow"
    assert recognised("https://mlflow.example") == "mlflow"
    with pytest.raises(BadFile, match="not of MLflow"):
        open_source(DATA / "tfx_mlmd.sqlite", "mlflow")
    with pytest.raises(BadFile, match="--from mlflow"):
        open_source(sample / "mlflow.db", "mlmd")
    (tmp_path / "empty").mkdir()
    with pytest.raises(BadFile, match="no experiment"):
        open_source(tmp_path / "empty", "mlflow")


def test_deleted_things_are_counted(sample: Path, tmp_path: Path) -> None:
    file = Path(shutil.copy(sample / "mlflow.db", tmp_path / "mlflow.db"))
    with closing(sqlite3.connect(file)) as database, database:
        database.execute("UPDATE runs SET lifecycle_stage = 'deleted' WHERE name = 'grid'")
        database.execute(
            "UPDATE experiments SET lifecycle_stage = 'deleted' WHERE name = 'Default'"
        )
    found = read(file)
    assert found.source.skipped == {"deleted runs": 1, "deleted experiments": 1}
    assert found.types()["mlflow.Run"] == 11
    assert found.types()["run"] == 9  # what was nested in it stands for itself


# Servers


def test_a_busy_server_is_asked_again(sample: Path) -> None:
    served = Served(sample / "rest")
    served.faults = [(503, b"", {}), (429, b"", {"retry-after": "0"})]
    with serving(served) as address:
        assert read(address).types()["mlflow.Run"] == 12


def test_a_token_and_a_user_are_sent(sample: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    served = Served(sample / "rest")
    with serving(served) as address:
        monkeypatch.setenv("MLFLOW_TRACKING_TOKEN", "secret")
        read(address)
        assert {sent for _, sent in served.asked} == {"Bearer secret"}
        monkeypatch.delenv("MLFLOW_TRACKING_TOKEN")
        monkeypatch.setenv("MLFLOW_TRACKING_USERNAME", "ann")
        served.asked.clear()
        read(address)
        assert {sent for _, sent in served.asked} == {"Basic YW5uOg=="}


@pytest.mark.parametrize(
    ("fault", "error", "words"),
    [
        ((401, b"", {}), Unauthorized, "MLFLOW_TRACKING_TOKEN"),
        ((200, b"<html>", {}), BadFile, "as MLflow does not"),
        ((200, b"[]", {}), BadFile, "as MLflow does not"),
        ((404, b"", {}), BadFile, "as MLflow does not"),
        ((302, b"", {"location": "http://127.0.0.1:1/"}), BadFile, "302"),
        ((500, b"", {}), Unreachable, "failed"),
    ],
)
def test_wrong_answers_are_said(
    sample: Path, fault: Any, error: type[LineageError], words: str
) -> None:
    served = Served(sample / "rest")
    served.faults = [fault]
    with serving(served) as address, pytest.raises(error, match=words):
        read(address)


def test_nobody_there() -> None:
    with pytest.raises(Unreachable, match="does not answer"):
        open_source("http://127.0.0.1:1")


def test_a_page_that_leads_to_itself_ends(sample: Path) -> None:
    served = Served(sample / "rest")
    body = json.dumps({"experiments": [], "next_page_token": "x"}).encode()
    served.faults = [(200, body, {}), (200, body, {})]
    with serving(served) as address:
        assert "mlflow.Run" not in read(address).types()


# Damage


def test_links_out_of_the_folder_are_not_followed(made: Path, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.mkdir()
    (secret / "password").write_text("secret")
    run = next(made.glob("*/*/params")).parent
    (run / "params" / "leak").symlink_to(secret / "password")
    (run / "tags" / "more").symlink_to(secret)
    assert "secret" not in str(read(made).nodes)


@pytest.mark.parametrize(
    "text", ["[", "a: &a [*a]", "- 1", "\x00", "x: !!python/object:os.system {}", "{" * 100]
)
def test_a_damaged_description_is_told_and_the_rest_goes_in(made: Path, text: str) -> None:
    run = next(made.glob("*/*/params")).parent
    (run / "meta.yaml").write_text(text)
    found = read(made)
    assert any(
        str(problem).startswith(f"{run.parent.name}/{run.name}/meta.yaml")
        for problem in found.source.problems
    )
    assert found.types()["experiment"] == 2


def test_mutations_never_break_it(made: Path, sample: Path) -> None:
    chance = random.Random(3)
    files = [path for path in made.rglob("*") if path.is_file()]
    for _ in range(25):
        path = chance.choice(files)
        kept = path.read_bytes()
        path.write_bytes(mutated(kept, chance))
        with suppress(LineageError):
            read(made)
        path.write_bytes(kept)
    served = Served(sample / "rest")
    whole = json.dumps(served.answers).encode()
    with serving(served) as address:
        for _ in range(12):
            try:
                served.answers = json.loads(mutated(whole, chance).decode("utf-8", "replace"))
            except ValueError:
                continue
            with suppress(LineageError):
                read(address)


def mutated(data: bytes, chance: random.Random) -> bytes:
    changed = bytearray(data)
    for _ in range(chance.randint(1, 6)):
        place = chance.randrange(len(changed) + 1) if changed else 0
        kind = chance.randrange(3)
        if kind == 0 and changed:
            changed[min(place, len(changed) - 1)] = chance.randrange(256)
        elif kind == 1:
            del changed[place : place + chance.randrange(20)]
        else:
            changed[place:place] = chance.choice(
                [b'"', b"{", b"null", b"9" * 30, b": ", b"\n", b"-1"]
            )
    return bytes(changed)


@given(st.text(max_size=40) | st.floats().map(str) | st.integers().map(str))
def test_a_parameter_is_a_number_only_where_that_loses_nothing(text: str) -> None:
    value = value_of(text)
    if not isinstance(value, str):
        assert str(value) == text or repr(value) == text
