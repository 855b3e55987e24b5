"""Recorder: TFX's driver, executor and publisher for any Python code."""

from lineage_graph.recorder.decorator import step
from lineage_graph.recorder.inputs import artifact
from lineage_graph.recorder.pipelines import current_run, pipeline, spool_of
from lineage_graph.recorder.runs import Pipeline, Run, RunHandle
from lineage_graph.recorder.spool import replay
from lineage_graph.recorder.steps import Step, current_step
from lineage_graph.recorder.tracking import track

__all__ = [
    "Pipeline",
    "Run",
    "RunHandle",
    "Step",
    "artifact",
    "current_run",
    "current_step",
    "pipeline",
    "replay",
    "spool_of",
    "step",
    "track",
]
