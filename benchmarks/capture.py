"""What recording costs a training, beside MLflow's clients of SQLite and of files.

    MLFLOW=python-that-has-mlflow python -m benchmarks.capture [--engine embedded|neo4j] [--rounds 3]

The time the training's own thread spends: in a call that logs a metric (100,000 of ours; 1,000 of MLflow's, which
writes each before it returns), in a step, and in a run with one step, two parameters, ten metrics and an output
(MLflow: a run with the same). MLflow runs in a process of its own, in turns with ours. Also how the time of a
step grows with its outputs.
"""

from __future__ import annotations

import json
import logging
import os
import statistics
import subprocess
import tempfile
from pathlib import Path

import lineage_graph as lg
from benchmarks.common import arguments, seconds
from lineage_graph.store import Store
from tests.each_engine import engines

LOGS, PEER_LOGS, RUNS, STEPS = 100_000, 1_000, 20, 50
OUTPUTS = (100, 1_000)

PEER = """
import json, sys, time, warnings
warnings.simplefilter("ignore")
import logging; logging.disable(logging.CRITICAL)
import mlflow
mlflow.set_tracking_uri(sys.argv[1])
mlflow.set_experiment("capture")
def run():
    with mlflow.start_run():
        mlflow.log_params({"epochs": 5, "lr": 0.1})
        for number in range(10):
            mlflow.log_metric("loss", 1 / (number + 1), step=number)
        mlflow.log_text("model", "model.txt")
run()
logs, runs = int(sys.argv[2]), int(sys.argv[3])
with mlflow.start_run():
    begin = time.perf_counter()
    for number in range(logs):
        mlflow.log_metric("loss", 1 / (number + 1), step=number)
    a_log = (time.perf_counter() - begin) / logs
begin = time.perf_counter()
for _ in range(runs):
    run()
print(json.dumps({"log": a_log, "run": (time.perf_counter() - begin) / runs}))
"""


def ours(store: Store, round_number: int) -> dict[str, float]:
    """Return the seconds of a log, a step and a run of ours."""
    pipeline = lg.pipeline("capture", store=store)

    def run(number: int) -> None:
        with (
            pipeline.run(f"{round_number}.{number}") as run,
            run.step("Train", params={"epochs": 5, "lr": 0.1}) as step,
        ):
            for epoch in range(10):
                step.log(loss=1 / (epoch + 1), step=epoch)
            step.output("Model", uri="mem://model")

    run(-1)
    with pipeline.run(f"{round_number}.logs") as whole:
        with whole.step("Train") as step:

            def log() -> None:
                for number in range(LOGS):
                    step.log(loss=1 / (number + 1), step=number)

            a_log = seconds(log) / LOGS

        def steps() -> None:
            for _ in range(STEPS):
                with whole.step("Nothing"):
                    pass

        a_step = seconds(steps) / STEPS
    a_run = seconds(lambda: [run(number) for number in range(RUNS)]) / RUNS
    return {"log": a_log, "step": a_step, "run": a_run}


def outputs(store: Store, count: int, round_number: int) -> float:
    """Return the seconds of a step with so many outputs."""

    def work() -> None:
        with (
            lg.pipeline("capture", store=store).run(f"{round_number}.{count}") as run,
            run.step("Split") as step,
        ):
            for number in range(count):
                step.output("Shard", uri=f"mem://shard/{number}")

    return seconds(work)


def peer(python: str, uri: str) -> dict[str, float]:
    """Return the seconds of a log and a run of MLflow with a store at this address."""
    command = [python, "-c", PEER, uri, str(PEER_LOGS), str(RUNS)]
    variables = {**os.environ, "MLFLOW_ALLOW_FILE_STORE": "true", "GIT_PYTHON_REFRESH": "quiet"}
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run(
            command, cwd=folder, env=variables, capture_output=True, text=True, check=True
        )
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


def median(rounds: list[dict[str, float]], what: str) -> float:
    """Return the median of a figure over the rounds."""
    return statistics.median(one[what] for one in rounds)


def main() -> None:
    """Print the table."""
    options = arguments(str(__doc__)).parse_args()
    logging.disable(logging.WARNING)
    python = os.environ.get("MLFLOW", "")
    for name, settings in engines(options.engine):
        store = Store.open(settings=settings)
        mine: list[dict[str, float]] = []
        theirs: dict[str, list[dict[str, float]]] = {"SQLite": [], "files": []}
        grown: list[dict[str, float]] = []
        for number in range(options.rounds):
            mine.append(ours(store, number))
            grown.append({str(count): outputs(store, count, number) for count in OUTPUTS})
            with tempfile.TemporaryDirectory() as folder:
                places = {"SQLite": f"sqlite:///{folder}/mlflow.db", "files": Path(folder).as_uri()}
                for place, uri in places.items() if python else ():
                    theirs[place].append(peer(python, uri))
        print(name)
        for what, unit, scale in (("log", "µs", 1e6), ("step", "ms", 1e3), ("run", "ms", 1e3)):
            told = [f"ours {median(mine, what) * scale:9,.1f} {unit}"]
            for place, rounds in theirs.items():
                if rounds and what in rounds[0]:
                    value = median(rounds, what)
                    ratio = median(mine, what) / value
                    told.append(f"MLflow, {place} {value * scale:9,.1f} {unit} ({ratio:.3f}x)")
            print(f"  a {what:<5} {'   '.join(told)}")
        few, many = (median(grown, str(count)) for count in OUTPUTS)
        print(
            f"  {OUTPUTS[0]:,} outputs {few:.2f} s, {OUTPUTS[1]:,} outputs {many:.2f} s: {many / few:.1f}x"
        )
        store.close()


if __name__ == "__main__":
    main()
