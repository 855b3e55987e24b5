"""YAML of strangers: read as DVC writes it, refused where it is a bomb."""

from __future__ import annotations

import math
import random
import time
from pathlib import Path

import pytest

from lineage_graph.exchange.documents import Unreadable, read_values, read_yaml
from lineage_graph.exchange.dvc.stages import Locks
from tests.exchange.repositories import unpacked

LAUGHS = b"a: &a [x, x, x, x, x, x, x, x, x]\n" + b"".join(
    b"%c: &%c [%s]\n" % (name + 1, name + 1, b", ".join([b"*%c" % name] * 9))
    for name in range(ord("a"), ord("j"))
)
MERGES = b"a: &a {x: 1}\n" + b"".join(
    b"%c: &%c {<<: [%s]}\n" % (name + 1, name + 1, b", ".join([b"*%c" % name] * 9))
    for name in range(ord("a"), ord("j"))
)


def test_numbers_and_words_are_those_of_yaml_1_2() -> None:
    value = read_yaml(
        b"small: 1e-05\nhalf: .5\nwhole: 010\nwords: [on, yes, no, off, y]\ntime: 12:30:45\n"
        b"day: 2024-01-01\nflags: [true, False]\nnothing: [null, ~, ]\nend: -.inf\n"
        b"hex: 0x1F\nold: &p {a: 1}\nnew:\n  <<: *p\n  b: 2\nquoted: '1'\nversion: 1.2.3\n"
    )
    assert value == {
        "small": 1e-05,
        "half": 0.5,
        "whole": 10,
        "words": ["on", "yes", "no", "off", "y"],
        "time": "12:30:45",
        "day": "2024-01-01",
        "flags": [True, False],
        "nothing": [None, None],
        "end": -math.inf,
        "hex": 31,
        "old": {"a": 1},
        "new": {"a": 1, "b": 2},
        "quoted": "1",
        "version": "1.2.3",
    }


@pytest.mark.parametrize(
    "content",
    [
        LAUGHS,
        MERGES,
        b"a: &a [*a]\n",
        b"[" * 100_000,
        b"- " * 100_000,
        b"{a: " * 5000,
        b"? " * 5000,
        b"!!python/object/apply:os.system ['touch ran']",
        b"a: [1, 2",
        b"\xff\xfe",
        b"a: 1\n---\nb: 2\n",
        b"a: *nothing\n",
        b"x: " + b"9" * 5000,
    ],
)
def test_bombs_and_what_makes_no_sense_are_refused_at_once(content: bytes) -> None:
    begin = time.process_time()
    with pytest.raises(Unreadable):
        read_yaml(content)
    assert time.process_time() - begin < 2


def test_json_with_half_a_character_is_refused() -> None:
    assert read_values("m.json", b'{"a": 1}') == {"a": 1}
    for content in (b'{"a": "\\ud800"}', b"{", b"[" * 100_000):
        with pytest.raises(Unreadable):
            read_values("m.json", content)


def test_a_lock_read_stage_by_stage_is_the_lock_read_whole(tmp_path: Path) -> None:
    content = (unpacked("dvc_repo", tmp_path) / "dvc.lock").read_bytes()
    locks = Locks()
    assert [stage.name for stage in locks.read(content).stages] == [
        "prepare",
        "featurize",
        "train",
        "evaluate",
    ]
    assert locks.read(content) == Locks().read(content.replace(b"'2.0'", b'"2.0"'))
    older = b"".join(line[2:] for line in content.splitlines(True)[2:])
    assert Locks().read(older).stages == locks.read(content).stages


def test_locks_that_are_damaged_anywhere_say_so_and_never_more(tmp_path: Path) -> None:
    content = (unpacked("dvc_repo", tmp_path) / "dvc.lock").read_bytes()
    chance = random.Random(7)
    whole = 0
    for _ in range(800):
        changed = bytearray(content)
        for _ in range(chance.randint(1, 4)):
            place = chance.randrange(len(changed))
            if chance.random() < 0.5:
                changed[place] = chance.choice(b" \n-:[]{}&*'\"#0a\x00\xff")
            else:
                del changed[place : place + chance.randint(1, 40)]
        try:
            lock = Locks().read(bytes(changed))
        except Unreadable:
            continue
        whole += not lock.problems
        assert all(stage.digest and stage.name for stage in lock.stages)
    assert whole > 50
