"""Autolog: fits of machine-learning libraries recorded without a word in the training code."""

from lineage_graph.recorder.autolog.calls import Call, Fit
from lineage_graph.recorder.autolog.fitlog import FitLog
from lineage_graph.recorder.autolog.integration import Integration
from lineage_graph.recorder.autolog.patches import Patches
from lineage_graph.recorder.autolog.switch import Autolog, autolog

__all__ = ["Autolog", "Call", "Fit", "FitLog", "Integration", "Patches", "autolog"]
