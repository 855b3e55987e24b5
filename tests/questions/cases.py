"""One case at least for each question."""

from __future__ import annotations

from tests.questions import cases_artifacts, cases_contexts, cases_executions, cases_walks
from tests.questions.case import SMALL, TFX, Case, Expected

__all__ = ["CASES", "SMALL", "TFX", "Case", "Expected"]

CASES: dict[str, list[Case]] = {
    **cases_artifacts.CASES,
    **cases_contexts.CASES,
    **cases_executions.CASES,
    **cases_walks.CASES,
}
