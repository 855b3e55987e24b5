"""One path through four tools, by the real samples: git and DVC, MLflow, TFX.

    python -m tests.exchange.journey

It fills the store of the settings (``LINEAGE_GRAPH_FOLDER=…``) and says where to look. What the samples
share is real: the file that the runs of MLflow were about, ``wine.csv``, is byte for byte the
``data/raw.csv`` that the first commits of the DVC repository track. That it was split into what MLflow
calls ``wine-train`` no tool recorded, so the recorder does it here, as it would have then. The samples
of MLflow and TFX come from projects that had nothing to do with each other: the step between them,
from a model of wines to examples of penguins, is made up.
"""

from __future__ import annotations

import tarfile
import tempfile
from pathlib import Path
from typing import NamedTuple

import lineage_graph as lg
from lineage_graph.exchange import open_source
from lineage_graph.settings import Settings
from lineage_graph.store import Store
from tests.conftest import DATA
from tests.exchange.repositories import unpacked

OUT = "/srv/ml-pipeline/out/mlflow"  # where the samples say that it lay
WINE = "2925c4a8cd201c79d97d3d283429ef23"  # the md5 of wine.csv, which lay beside it
MODEL = f"file://{OUT}/artifacts/models/m-2b3a804f6bde4ebda635b4b5536f67ad/artifacts"
PIPELINE = "/srv/ml-pipeline/tfxwork/penguin/pipelines/penguin_local_keras"
EXAMPLES, PUSHED = f"{PIPELINE}/CsvExampleGen/examples/1", f"{PIPELINE}/Trainer/model/16"


class Journey(NamedTuple):
    """The ids of where the path begins (what DVC tracks) and ends (a model of TFX's)."""

    raw: int
    model: int


def fill(store: Store, folder: Path) -> Journey:
    """Read the samples, record the steps that none of them tells, and link what is the same."""
    with tarfile.open(DATA / "mlflow.tgz") as archive:
        archive.extractall(folder, filter="data")
    sources = (
        unpacked("dvc_repo", folder),
        next(folder.rglob("mlflow.db")),
        DATA / "tfx_mlmd.sqlite",
    )
    record(store)
    for where in sources:
        with open_source(where) as source:
            load = store.load_keyed if source.keyed else store.load
            load(source.batches(), source.source)
    store.identity.link()
    (raw,) = store.find(
        lg.Find(kind=lg.Kind.ARTIFACT, where="name LIKE 'data/raw.csv@2925c4a%'")
    ).nodes
    (model,) = store.by_uri(PUSHED)
    return Journey(raw.id or 0, model.id or 0)


def record(store: Store) -> None:
    """Record the steps that no tool did."""
    with lg.pipeline("between tools", store=store).run("by hand") as run:
        wine = lg.artifact("Dataset", f"{OUT}/wine.csv", digest=f"md5:{WINE}")
        with run.step("Split", inputs={"data": wine}, params={"test_share": 0.25}) as step:
            step.output("Dataset", uri=f"{OUT}/train.csv")
        model = lg.artifact("Model", MODEL)
        with run.step("Label", inputs={"model": model}) as step:
            step.output("Dataset", uri=EXAMPLES)


def main() -> None:
    """Fill the store of the settings, and say where to look."""
    settings = Settings()
    with Store.open(settings=settings) as store, tempfile.TemporaryDirectory() as folder:
        found = fill(store, Path(folder))
    print(f"lineage-graph walk artifact/{found.model} --direction upstream --depth 30")
    print(
        f"lineage-graph serve, then /artifacts/{found.model}/lineage?direction=upstream&depth=100"
    )


if __name__ == "__main__":
    main()
