"""What files and stages of DVC are in the graph: models, metrics, plots, data; trainings, evaluations.

DVC says what metrics and plots are, and ``dvc.yaml`` may declare models and data (``artifacts``).
Where it says nothing, what a stage writes is a model by its name: it ends as models do (``.onnx``,
``.pt``, …) or is called model without being a text; else it is data. A file that no stage writes
and that git itself keeps (code, configuration) is a ``File``. A stage that writes a model trains;
one that reads a model and writes metrics evaluates.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple

from lineage_graph.model import BaseType


class Sort(NamedTuple):
    """A type's name and the system type it derives from."""

    name: str
    base: BaseType | None


DATASET = Sort("Dataset", BaseType.DATASET)
MODEL = Sort("Model", BaseType.MODEL)
METRICS = Sort("Metrics", BaseType.METRICS)
PLOT = Sort("Plot", None)
FILE = Sort("File", None)
STAGE = Sort("dvc.Stage", None)
TRAIN = Sort("dvc.Train", BaseType.TRAIN)
EVALUATE = Sort("dvc.Evaluate", BaseType.EVALUATE)
IMPORT = Sort("dvc.Import", None)
_DECLARED = {"model": MODEL, "dataset": DATASET, "data": DATASET, "metrics": METRICS}
_MODELS = (".onnx", ".pt", ".pth", ".ckpt", ".safetensors", ".keras", ".tflite", ".gguf")
_TEXTS = (".json", ".yaml", ".yml", ".toml", ".csv", ".tsv", ".md", ".txt", ".html", ".png", ".svg")


def of_output(path: str, role: str | None, declared: object) -> Sort:
    """Return what a file is that a stage wrote, or that DVC tracks."""
    if role in ("metrics", "plots"):
        return METRICS if role == "metrics" else PLOT
    if isinstance(declared, str) and declared.lower() in _DECLARED:
        return _DECLARED[declared.lower()]
    name = path.rstrip("/").rpartition("/")[2].lower()
    if name.endswith(_MODELS) or ("model" in name and not name.endswith(_TEXTS)):
        return MODEL
    return DATASET


def of_stage(read: Collection[Sort], wrote: Collection[Sort]) -> Sort:
    """Return what a stage is, by what it read and wrote."""
    if MODEL in wrote:
        return TRAIN
    return EVALUATE if MODEL in read and METRICS in wrote else STAGE
