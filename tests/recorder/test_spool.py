"""A store that is down, and records that come later, exactly once."""

from __future__ import annotations

import os
import pickle
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

import lineage_graph as lg
from lineage_graph.errors import InUse, InvalidArgument, NotFound, Unreachable
from lineage_graph.model import ArtifactState, Execution, ExecutionState, Kind, Subgraph
from lineage_graph.recorder import patience, spool
from lineage_graph.settings import Settings
from lineage_graph.store import Find, PutOptions, PutResult, Store

NOWHERE = Settings(uri="bolt://127.0.0.1:1", connect_timeout=0.2)


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    Path("train.csv").write_text("one")
    return tmp_path / "spool.jsonl"


def train_and_evaluate(pipeline: lg.Pipeline, run_name: str = "r") -> None:
    """Two steps that succeed and one that fails; the second reads what the first made."""
    with pipeline.run(run_name) as run:
        with run.step("Trainer", inputs={"data": "train.csv"}, params={"epochs": 5}) as trainer:
            model = trainer.output("Model", uri="model.bin")
            Path("model.bin").write_text("weights")
            trainer.log(accuracy=0.9)
        with run.step("Evaluator", inputs={"model": model, "same": "model.bin"}) as evaluator:
            evaluator.output("Metrics")
        try:
            with run.step("Pusher", inputs={"model": [model]}) as pusher:
                pusher.output("PushedModel")
                raise OSError("no room")
        except OSError:
            pass


def everything(store: Store) -> dict[str, list[Any]]:
    """All of a store, without ids: what two stores must have in common."""
    graph = Subgraph()
    for batch in store.dump():
        graph += batch
    names = {
        (node.kind, node.id): f"{node.type} {node.name or ''}{getattr(node, 'uri', '')}"
        for node in graph.nodes
    }
    return {
        "artifacts": sorted((a.type or "", a.uri, a.state.value) for a in graph.artifacts),
        "executions": sorted((e.type or "", e.last_known_state.value) for e in graph.executions),
        "contexts": sorted((c.type or "", c.name or "") for c in graph.contexts),
        "events": sorted(
            (
                names[Kind.ARTIFACT, e.artifact_id],
                names[Kind.EXECUTION, e.execution_id],
                e.type.value,
                e.path,
            )
            for e in graph.events
        ),
        "attributions": sorted(
            (names[Kind.ARTIFACT, a.artifact_id], names[Kind.CONTEXT, a.context_id])
            for a in graph.attributions
        ),
        "associations": sorted(
            (names[Kind.EXECUTION, a.execution_id], names[Kind.CONTEXT, a.context_id])
            for a in graph.associations
        ),
        "parents": sorted(
            (names[Kind.CONTEXT, p.child_id], names[Kind.CONTEXT, p.parent_id])
            for p in graph.parent_contexts
        ),
    }


def state(store: Store) -> list[Any]:
    """All of a store, with ids and times: what must not change at all."""
    return [batch.model_dump() for batch in store.dump()]


class _Failing:
    """Takes the place of a store's put: works some times, then fails before or after writing."""

    def __init__(
        self, store: Store, works: int, error: BaseException, *, after: bool = False
    ) -> None:
        self._put = store.put
        self._works, self._error, self._after = works, error, after

    def __call__(self, subgraph: Subgraph, options: PutOptions) -> PutResult:
        self._works -= 1
        if self._works >= 0:
            return self._put(subgraph, options)
        if self._after:
            self._put(subgraph, options)
        raise self._error


def test_an_unreachable_store_breaks_nothing(file: Path) -> None:
    pipeline = lg.pipeline("penguin", settings=NOWHERE, on_error="spool", spool=file)
    started = time.monotonic()
    train_and_evaluate(pipeline)
    assert time.monotonic() - started < 10
    records = list(spool.records(file))
    assert len(records) == 1 + 3 + 3 + 3 + 1
    assert len({record.id for record in records}) == len(records)
    last = records[-2].execution
    assert last is not None
    assert last.last_known_state is ExecutionState.FAILED
    if os.name == "posix":
        assert file.stat().st_mode & 0o077 == 0


def test_the_spool_is_where_the_settings_say(tmp_path: Path) -> None:
    settings = NOWHERE.model_copy(update={"spool": tmp_path / "deep" / "down.jsonl"})
    with lg.pipeline("penguin", settings=settings, on_error="spool").run("r"):
        pass
    assert len(list(spool.records(tmp_path / "deep" / "down.jsonl"))) == 2  # it began, and ended


def test_a_wrong_address_is_the_callers_mistake(file: Path) -> None:
    pipeline = lg.pipeline("penguin", uri="http://localhost", on_error="spool", spool=file)
    with pytest.raises(InvalidArgument), pipeline.run("r"):
        pass


def test_replayed_is_as_if_the_store_had_been_there(store: Store, file: Path) -> None:
    train_and_evaluate(lg.pipeline("penguin", store=store))
    direct = everything(store)
    Path("model.bin").unlink()
    train_and_evaluate(lg.pipeline("other", settings=NOWHERE, on_error="spool", spool=file))
    assert lg.replay(store, file) == 11
    both = everything(store)
    own_dataset = [a for a in both["artifacts"] if a[0] == "Dataset"]
    assert len(own_dataset) == 1  # the same file: found by its content
    assert [e for e in both["executions"] if e in direct["executions"]] == both["executions"]
    assert len(both["executions"]) == 2 * len(direct["executions"])
    assert len(both["events"]) == 2 * len(direct["events"])
    renamed = str(direct["associations"]).replace("penguin", "other")
    others = [a for a in both["associations"] if "other" in a[1]]
    assert str(others) == renamed


def test_replaying_again_changes_nothing(store: Store, file: Path) -> None:
    train_and_evaluate(lg.pipeline("penguin", settings=NOWHERE, on_error="spool", spool=file))
    copy = file.read_bytes()
    assert lg.replay(store, str(file)) == 11
    before = state(store)
    assert file.read_bytes() == b""
    assert lg.replay(store, file) == 0
    file.write_bytes(copy)
    assert lg.replay(store, file) == 0
    file.write_bytes(copy + copy)
    assert lg.replay(store, file) == 0
    assert state(store) == before


def test_times_are_those_of_the_run(store: Store, file: Path) -> None:
    train_and_evaluate(lg.pipeline("penguin", settings=NOWHERE, on_error="spool", spool=file))
    latest = int(time.time() * 1000)
    time.sleep(0.05)
    lg.replay(store, file)
    for kind in Kind:
        for node in store.find(Find(kind=kind)).nodes:
            assert (node.create_time_since_epoch or 0) <= latest
            assert (node.last_update_time_since_epoch or 0) <= latest


@pytest.mark.parametrize("works", [1, 4])
def test_the_store_goes_down_in_the_middle_of_a_run(
    store: Store, file: Path, monkeypatch: pytest.MonkeyPatch, works: int
) -> None:
    train_and_evaluate(lg.pipeline("penguin", store=store))
    direct = everything(store)
    Path("model.bin").unlink()
    with monkeypatch.context() as patch:
        patch.setattr(store, "put", _Failing(store, works, Unreachable("gone")))
        pipeline = lg.pipeline("again", store=store, on_error="spool", spool=file)
        train_and_evaluate(pipeline)
    assert lg.replay(store, file) > 0
    both = everything(store)
    assert len(both["executions"]) == 2 * len(direct["executions"])
    assert len(both["events"]) == 2 * len(direct["events"])
    assert [e for e in both["executions"] if e not in direct["executions"]] == []
    assert all(a[2] != "PENDING" for a in both["artifacts"])


def test_a_put_that_was_written_although_it_failed(
    store: Store, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(store, "put", _Failing(store, 2, Unreachable("gone"), after=True))
        train_and_evaluate(lg.pipeline("penguin", store=store, on_error="spool", spool=file))
    lg.replay(store, file)
    counts = store.counts()
    assert (counts.executions, counts.artifacts, counts.contexts) == (3, 4, 5)


def test_the_store_comes_back_in_the_middle_of_a_run(
    store: Store, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(patience, "PAUSES", (0.01,))
    working = store.put
    monkeypatch.setattr(store, "put", _Failing(store, 0, Unreachable("gone")))
    pipeline = lg.pipeline("penguin", store=store, on_error="spool", spool=file)
    with pipeline.run("r") as run:
        with run.step("Trainer") as trainer:
            monkeypatch.setattr(store, "put", working)
            model = trainer.output("Model")  # goes to the file as well: it must not overtake
        assert trainer.ref is None
        deadline = time.monotonic() + 30
        while pipeline.connection._probe is not None and time.monotonic() < deadline:
            time.sleep(0.01)
        with run.step("Evaluator", inputs={"model": model}) as evaluator:
            pass
        assert evaluator.ref is not None
    assert lg.replay(store, file) == 0  # what had gone to the file was loaded as the run ended
    (made,) = store.find(Find(kind=Kind.ARTIFACT)).nodes
    assert getattr(made, "state", None) is ArtifactState.LIVE
    events = store.neighbours(made.ref).events
    assert sorted(event.type.value for event in events) == ["INPUT", "OUTPUT"]


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("works", [0, 9])
def test_replay_dies_and_is_taken_up(
    store: Store, file: Path, monkeypatch: pytest.MonkeyPatch, works: int, after: bool
) -> None:
    train_and_evaluate(lg.pipeline("penguin", settings=NOWHERE, on_error="spool", spool=file))
    with monkeypatch.context() as patch:
        patch.setattr(store, "put", _Failing(store, works, KeyboardInterrupt(), after=after))
        with pytest.raises(KeyboardInterrupt):
            lg.replay(store, file)
    train_and_evaluate(
        lg.pipeline("penguin", settings=NOWHERE, on_error="spool", spool=file), "later"
    )
    lg.replay(store, file)
    counts = store.counts()
    assert (counts.executions, counts.artifacts, counts.contexts) == (6, 7, 6)
    assert counts.events == 2 * 6
    finals = {e.last_known_state.value for e in _executions(store)}
    assert finals == {"COMPLETE", "FAILED"}


def _executions(store: Store) -> list[Execution]:
    found = store.find(Find(kind=Kind.EXECUTION, limit=1000)).nodes
    return [node for node in found if isinstance(node, Execution)]


@pytest.mark.skipif(os.name != "posix", reason="there is no kill -9")
def test_replay_is_killed(store: Store, file: Path, engine_settings: Settings) -> None:
    pipeline = lg.pipeline("penguin", settings=NOWHERE, on_error="spool", spool=file)
    with pipeline.run("r") as run:
        for number in range(60):
            with run.step("Step", params={"number": number}):
                pass
    script = (
        "import pickle, sys, lineage_graph as lg\n"
        "settings, path = pickle.load(sys.stdin.buffer)\n"
        "lg.replay(lg.Store.open(settings=settings), path)\n"
    )
    process = subprocess.Popen([sys.executable, "-c", script], stdin=subprocess.PIPE)
    assert process.stdin is not None
    process.stdin.write(pickle.dumps((engine_settings, file)))
    process.stdin.close()
    while process.poll() is None and store.counts().executions < 5:
        time.sleep(0.01)
    process.send_signal(signal.SIGKILL)
    assert process.wait() == -signal.SIGKILL
    assert 5 <= len(_executions(store)) < 60
    lg.replay(store, file)
    numbers = sorted(int(str(e.custom_properties["number"])) for e in _executions(store))
    assert numbers == list(range(60))
    assert {e.last_known_state.value for e in _executions(store)} == {"COMPLETE"}


def test_a_half_written_line(store: Store, file: Path) -> None:
    pipeline = lg.pipeline("penguin", settings=NOWHERE, on_error="spool", spool=file)
    with pipeline.run("r") as run:
        with run.step("A"):
            pass
        whole = file.read_bytes()
        file.write_bytes(whole + whole[:100])  # a writer died in the middle of a line
        with run.step("B"):
            pass
    with file.open("ab") as end:
        end.write(whole[:50])
    with pytest.warns(UserWarning, match="cut short") as told:
        assert lg.replay(store, file) == 6
    assert len(told) == 2
    assert sorted(e.type or "" for e in _executions(store)) == ["A", "B"]
    refused = file.with_name("spool.jsonl.refused").read_text().splitlines()
    assert len(refused) == 2


def test_a_record_the_store_refuses_stops_no_other(store: Store, file: Path) -> None:
    pipeline = lg.pipeline("penguin", settings=NOWHERE, on_error="spool", spool=file)
    with pipeline.run("r") as run:
        with run.step("A", inputs={"data": 12345}):  # nobody can say whether it exists
            pass
        with run.step("B"):
            pass
    with pytest.warns(UserWarning, match="12345"):
        assert lg.replay(store, file) == 4
    assert [e.type for e in _executions(store)] == ["B"]


def test_replay_while_the_store_is_down_loses_nothing(
    store: Store, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    train_and_evaluate(lg.pipeline("penguin", settings=NOWHERE, on_error="spool", spool=file))
    with monkeypatch.context() as patch:
        patch.setattr(store, "put", _Failing(store, 3, Unreachable("gone")))
        with pytest.raises(Unreachable):
            lg.replay(store, file)
    lg.replay(store, file)
    assert store.counts().executions == 3


def test_no_such_file_and_two_replays_at_once(store: Store, file: Path) -> None:
    with pytest.raises(NotFound, match=r"spool\.jsonl"):
        lg.replay(store, file)
    file.touch()
    with spool._lock(file.with_name("spool.jsonl.replay")), pytest.raises(InUse):
        lg.replay(store, file)
    assert lg.replay(store, file) == 0


def test_records_of_another_store_are_refused(
    store: Store, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with lg.pipeline("penguin", store=store).run("r") as run, run.step("Make") as make:
        made = make.output("Examples")
    with monkeypatch.context() as patch:
        patch.setattr(store, "put", _Failing(store, 0, Unreachable("gone")))
        pipeline = lg.pipeline("penguin", store=store, on_error="spool", spool=file)
        with pipeline.run("r") as run, run.step("Use", inputs={"data": made}):
            pass
    with monkeypatch.context() as patch:
        patch.setattr(store, "_id", "another")
        with pytest.raises(lg.LineageError, match="another store"):
            lg.replay(store, file)
    lg.replay(store, file)
    assert store.counts().executions == 2


def test_writers_go_on_while_it_is_replayed(store: Store, file: Path) -> None:
    def write(worker: int) -> None:
        pipeline = lg.pipeline("penguin", settings=NOWHERE, on_error="spool", spool=file)
        with pipeline.run("r") as run:
            for number in range(10):
                with run.step("Step", params={"number": worker * 10 + number}):
                    pass

    with ThreadPoolExecutor(4) as pool:
        writers = [pool.submit(write, worker) for worker in range(4)]
        while not all(writer.done() for writer in writers):
            if file.exists():
                lg.replay(store, file)
        for writer in writers:
            writer.result()
    lg.replay(store, file)
    numbers = sorted(int(str(e.custom_properties["number"])) for e in _executions(store))
    assert numbers == list(range(40))


def test_a_spool_that_cannot_be_written_breaks_nothing(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    path = tmp_path / "file" / "spool.jsonl"
    done = False
    with lg.pipeline("penguin", settings=NOWHERE, on_error="spool", spool=path).run("r") as run:  # noqa: SIM117
        with run.step("Trainer"):
            done = True
    assert done
