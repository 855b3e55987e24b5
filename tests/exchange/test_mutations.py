"""A few of the damaged inputs that ``mutations`` makes by the thousand, for every reader."""

from __future__ import annotations

import pytest

from tests.exchange import mutations
from tests.exchange.samples import SAMPLES

SLOW = {"dvc": 25, "git": 40, "mlflow": 40}


@pytest.mark.parametrize("name", SAMPLES)
def test_damaged_inputs_end_in_words_of_ours(name: str) -> None:
    tally = mutations.run(SAMPLES[name], range(SLOW.get(name, 120)), seed=7)
    assert tally.failed == []
    assert tally.ends["refused"] + tally.ends["read with problems"] > 5


def test_a_crash_and_a_hang_are_found(monkeypatch: pytest.MonkeyPatch) -> None:
    def crash(*_: object) -> None:
        raise KeyError("a reader's")

    def hang(*_: object) -> None:
        while True:
            pass

    monkeypatch.setattr(mutations, "LONGEST", 1)
    for fault, word in ((crash, "KeyError"), (hang, "Hang")):
        monkeypatch.setattr(mutations, "open_source", fault)
        tally = mutations.run(SAMPLES["prov"], range(1), seed=1)
        assert tally.ends["failed"] == len(tally.failed) == 1
        assert word in tally.failed[0]
