"""A tracking server that is busy, refuses, or answers what it should not."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from lineage_graph.errors import BadFile, InvalidArgument, LineageError, Unauthorized, Unreachable
from lineage_graph.exchange import open_source
from tests.exchange.mlflow.reading import read
from tests.exchange.mlflow.served import Served, serving


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
        ((200, b"{}", {"content-encoding": "gzip"}), BadFile, "not compressed as it says"),
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


@pytest.mark.parametrize("tokens", ["xx", "xyx"])
def test_pages_that_lead_round_are_said(sample: Path, tokens: str) -> None:
    served = Served(sample / "rest")
    pages = [json.dumps({"experiments": [], "next_page_token": token}) for token in tokens]
    served.faults = [(200, page.encode(), {}) for page in pages]
    with serving(served) as address, pytest.raises(BadFile, match="circle"):
        read(address)


@pytest.mark.parametrize("user", ["ann:s3cret@", "s3cret@", ":s3cret@", "ann:s3%63ret@"])
def test_a_password_in_the_address_is_refused_and_not_repeated(user: str) -> None:
    with pytest.raises(InvalidArgument, match="can be seen") as raised:
        open_source(f"http://{user}127.0.0.1:1/")
    assert "s3" not in str(raised.value)
    assert "MLFLOW_TRACKING_PASSWORD" in str(raised.value.hint)


@pytest.mark.parametrize(
    "address", ["http://", "http://h:x", "http://h?token=s3cret", "http://[::1"]
)
def test_what_is_no_address_of_a_server_is_refused(address: str) -> None:
    with pytest.raises((BadFile, InvalidArgument)) as raised:
        open_source(address)
    assert "s3cret" not in str(raised.value)


@pytest.mark.parametrize("time", ["--5", "9" * 30, 1.5, "٣", True, "1e3", [], {}])
def test_a_time_that_is_none_is_told(sample: Path, time: Any) -> None:
    served = Served(sample / "rest")
    for experiment in served.answers["experiments"]["experiments"]:
        experiment["creation_time"] = time
    with serving(served) as address:
        found = read(address)
    assert found.types()["mlflow.Run"] == 12
    reasons = {problem.reason.partition(":")[0] for problem in found.source.problems}
    assert reasons == {"creation_time is no whole number"}
