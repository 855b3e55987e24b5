"""The trainings of ``examples/trainings``, run as a reader would, and what they left in the store."""

from __future__ import annotations

import ast
import json
import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import lineage_graph as lg
from lineage_graph.model import Execution, Kind
from lineage_graph.settings import Settings
from lineage_graph.store import Direction, Find, Store
from tests.conftest import empty

pytest.importorskip("sklearn")
pytest.importorskip("xgboost")
EXAMPLES = Path(__file__).parents[2] / "examples" / "trainings"


@pytest.fixture
def folder(
    embedded_settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Path]:
    """A folder to work in, with copies of the examples; their store is empty."""
    empty(embedded_settings)
    monkeypatch.setenv("LINEAGE_GRAPH_FOLDER", str(embedded_settings.folder))
    monkeypatch.chdir(tmp_path)
    for path in EXAMPLES.iterdir():
        if path.is_file():
            shutil.copy(path, tmp_path)
    yield tmp_path
    empty(embedded_settings)


@pytest.fixture
def stored(folder: Path, embedded_settings: Settings) -> Iterator[Store]:
    """The store the examples write to."""
    with Store.open(settings=embedded_settings) as store:
        yield store


def run(name: str) -> str:
    """Run an example; return what it said."""
    done = subprocess.run([sys.executable, name], capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    assert "could not record" not in done.stderr
    return done.stdout


def executions(store: Store) -> dict[str, list[Execution]]:
    found: dict[str, list[Execution]] = {}
    for node in store.find(Find(kind=Kind.EXECUTION, limit=1000)).nodes:
        assert isinstance(node, Execution)
        found.setdefault(str(node.type), []).append(node)
    return found


def artifact(store: Store, uri: str) -> Any:
    return store.by_uri(uri)[-1]


def upstream(store: Store, node: Any) -> set[str]:
    """Return the types and addresses of what led to something."""
    graph = store.walk(node.ref, Direction.UPSTREAM).graph
    return {str(n.type) for n in graph.executions} | {a.uri for a in graph.artifacts if a.uri}


def test_a_parallel_search_with_scikit_learn(stored: Store) -> None:
    said = run("search_in_parallel.py")
    steps = executions(stored)
    assert {name: len(some) for name, some in steps.items()} == {
        "Load": 1,
        "Search": 1,
        "Evaluate": 1,
    }
    search, evaluation = steps["Search"][0].custom_properties, steps["Evaluate"][0]
    assert f"{evaluation.custom_properties['accuracy']:.3f}" in said
    assert f"'logisticregression__C': {search['best_logisticregression__C']}" in said
    assert search["candidates"] == 3
    assert 0.9 < float(str(search["best_score"])) <= 1
    assert {"tumours.pkl", "Load", "Search"} <= upstream(stored, artifact(stored, "model.pkl"))


def test_early_stopping_with_xgboost(stored: Store) -> None:
    said = run("early_stopping.py")
    (train,) = executions(stored)["Train"]
    custom = train.custom_properties
    best, rounds = map(int, re.findall(r"\d+", said))
    assert (custom["best_iteration"], custom["rounds"]) == (best, rounds)
    assert best < rounds < 200
    assert (custom["eta"], custom["max_depth"], custom["num_boost_round"]) == (0.2, 3, 200)
    assert float(str(custom["best_score"])) <= float(str(custom["test-rmse"]))
    graph = stored.neighbours(train.ref)
    keys = {(event.type.value, event.path[0]) for event in graph.events}
    inputs = {("INPUT", key) for key in ("train", "train_y", "test", "test_y")}
    made = {("OUTPUT", "model"), ("OUTPUT", "best")}
    assert keys - {("OUTPUT", "history")} == inputs | made


def test_a_training_that_was_killed_goes_on(stored: Store) -> None:
    command = [sys.executable, "resume.py"]
    slow = os.environ | {"PAUSE": "0.3"}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=slow) as process:
        assert process.stdout is not None
        for line in process.stdout:
            if line.startswith("epoch 2"):
                break
        process.send_signal(signal.SIGKILL)
    done = subprocess.run(
        command, capture_output=True, text=True, timeout=120, env=os.environ | {"PAUSE": "0"}
    )
    assert done.returncode == 0, done.stderr
    first = int(re.findall(r"going on with epoch (\d+)", done.stdout)[0])
    assert first >= 3
    assert "trained" in done.stdout
    states = sorted(str(step.last_known_state.value) for step in executions(stored)["Train"])
    assert states == ["CANCELED", "COMPLETE"]
    led = upstream(stored, artifact(stored, "model.pkl"))
    assert f"checkpoints/{first - 1}.pkl" in led
    assert (
        len(stored.walk(artifact(stored, "model.pkl").ref, Direction.UPSTREAM).graph.executions)
        == 2
    )


def test_a_pipeline_of_processes(stored: Store) -> None:
    assert "total 14" in run("processes.py")
    steps = executions(stored)
    assert {name: len(some) for name, some in steps.items()} == {"prepare": 4, "Evaluate": 1}
    (evaluation,) = steps["Evaluate"]
    assert evaluation.custom_properties["total"] == 14
    graph = stored.walk(evaluation.ref, Direction.UPSTREAM).graph
    assert len(graph.executions) == 5
    assert {a.uri for a in graph.artifacts} == {f"shard-{n}.txt" for n in range(4)}


def test_a_notebook(stored: Store) -> None:
    """Run the cells as a notebook does; the value of a cell's last line is what it shows."""
    shown = [one for one in cells(Path("notebook.ipynb")) if one is not None]
    picture = shown[-2]
    assert repr(picture).startswith("<Lineage of artifact/")
    page = picture._repr_html_()
    assert page.startswith("<iframe srcdoc=")
    assert "LogisticRegression" in page
    if folder := os.environ.get("SCREENSHOTS"):
        Path(folder).mkdir(parents=True, exist_ok=True)
        Path(folder, "notebook.html").write_text(page, "utf-8")
    assert "iris" in str(shown[-1].to_dicts() if hasattr(shown[-1], "to_dicts") else shown[-1])
    fit = executions(stored)["LogisticRegression"][0]
    assert fit.custom_properties["C"] == 0.5


def cells(path: Path) -> Iterator[Any]:
    """Run the cells of code of a notebook; yield what each shows."""
    namespace: dict[str, Any] = {"__name__": "__main__"}
    try:
        for cell in json.loads(path.read_text("utf-8"))["cells"]:
            if cell["cell_type"] != "code":
                continue
            tree = ast.parse("".join(cell["source"]))
            last = tree.body.pop() if isinstance(tree.body[-1], ast.Expr) else None
            exec(compile(tree, str(path), "exec"), namespace)
            if isinstance(last, ast.Expr):
                yield eval(compile(ast.Expression(last.value), str(path), "eval"), namespace)
    finally:
        lg.autolog(False)
        if "store" in namespace:
            namespace["store"].close()
