"""What a repository's history says, in the forms DVC has written it over the years."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest

from lineage_graph.errors import BadFile
from lineage_graph.exchange import open_source
from lineage_graph.exchange.dvc import DvcSource
from lineage_graph.model import Node, Subgraph
from lineage_graph.store import Store
from tests.exchange.repositories import Made

HASHES = {name: hashlib.md5(name.encode()).hexdigest() for name in "abcdefgh"}


def lock(stage: str = "train", read: str = "a", wrote: str = "b", more: str = "") -> bytes:
    """Write a lock of one stage that reads ``in.csv`` and writes ``out.csv``."""
    return (
        f"schema: '2.0'\nstages:\n  {stage}:\n    cmd: run\n    deps:\n    - path: in.csv\n"
        f"      hash: md5\n      md5: {HASHES[read]}\n      size: 3\n{more}    outs:\n"
        f"    - path: out.csv\n      hash: md5\n      md5: {HASHES[wrote]}\n"
    ).encode()


def read(folder: Path, after: str = "") -> tuple[Subgraph, DvcSource]:
    source = DvcSource(folder)
    source.after = after
    with source:
        whole = Subgraph()
        for number, batch in enumerate(source.batches()):
            assert number == 0
            whole = batch
    return whole, source


def named(nodes: tuple[Node, ...]) -> list[str]:
    return sorted(node.name or "" for node in nodes)


@pytest.fixture
def made(tmp_path: Path) -> Made:
    return Made(tmp_path / "made")


def test_an_entry_seen_again_is_the_same_execution(made: Made) -> None:
    one = made.commit({"dvc.lock": lock()})
    two = made.commit({"dvc.lock": lock(wrote="c")}, one)
    three = made.commit({"dvc.lock": lock(), "other": b""}, two)  # taken back
    made.commit({"dvc.lock": lock(), "other": b"1"}, three)  # not touched
    graph, source = read(made.folder)
    assert named(graph.executions) == [f"train {c.decode()[:7]}" for c in sorted([one, two])]
    runs = [c for c in graph.contexts if c.type == "pipeline_run"]
    assert len(runs) == 3
    assert named(graph.artifacts) == sorted(
        f"{path}@{HASHES[name][:7]}"
        for path, name in (("in.csv", "a"), ("out.csv", "b"), ("out.csv", "c"))
    )
    assert not source.problems


def test_a_merge_that_takes_a_parents_lock_is_no_run_of_its_own(made: Made) -> None:
    one = made.commit({"dvc.lock": lock()})
    left = made.commit({"dvc.lock": lock(), "x": b"1"}, one)
    right = made.commit({"dvc.lock": lock(wrote="c")}, one, ref="refs/heads/side")
    made.commit({"dvc.lock": lock(wrote="c"), "x": b"1"}, left, right)
    graph, _ = read(made.folder)
    assert len([c for c in graph.contexts if c.type == "pipeline_run"]) == 2


def test_only_what_is_new_is_read_and_rewritten_history_stays(made: Made, store: Store) -> None:
    one = made.commit({"dvc.lock": lock()})
    two = made.commit({"dvc.lock": lock(wrote="c")}, one)
    first, source = read(made.folder)
    store.load_keyed([first], source.source)
    assert read(made.folder, source.cursor)[0] == Subgraph()
    # two is gone, three stands in its place and brings back the first entry, four brings a new one
    three = made.commit({"dvc.lock": lock(), "x": b""}, one)
    four = made.commit({"dvc.lock": lock(wrote="d")}, three)
    new, later = read(made.folder, source.cursor)
    assert later.source == source.source
    assert named(tuple(e for e in new.executions if e.type)) == [f"train {four.decode()[:7]}"]
    result = store.load_keyed([new], source.source)
    assert result.created > 0
    assert store.counts().executions == 3
    graph, _ = read(made.folder)  # all of it again, without what is gone
    assert not any(two.decode()[:7] in name for name in named(graph.executions))
    result = store.load_keyed([graph], source.source)
    assert (
        result.created,
        result.updated,
        result.new_links if hasattr(result, "new_links") else 0,
    ) == (0, 0, 0)


def test_definitions_say_what_files_are_for(made: Made) -> None:
    measured = b'{"test": {"acc": 0.5, "n": 3}, "who": "x"}'
    definition = b"""
stages:
  fit:
    foreach: [1, 2]
    do:
      wdir: inner
      cmd: fit ${item}
      desc: fits
      frozen: true
      outs:
      - clf.onnx
      - fit_${item}.bin:
          remote: other
      metrics:
      - m_${item}.json:
          cache: false
artifacts:
  best: {path: fit_1.bin, type: model, desc: the best}
"""
    entry = (
        b"schema: '2.0'\nstages:\n  fit@1:\n    cmd: fit 1\n    params:\n      params.yaml:\n"
        b"        lr: 1e-05\n        net: {depth: 2, names: [a, b]}\n      other.toml:\n        k: on\n"
        b"    outs:\n    - path: fit_1.bin\n      hash: md5\n      md5: %s\n"
        b"    - path: m_1.json\n      hash: md5\n      md5: %s\n"
    ) % (HASHES["a"].encode(), hashlib.md5(measured).hexdigest().encode())
    made.commit(
        {
            "sub/dvc.yaml": definition,
            "sub/dvc.lock": entry,
            "sub/inner/m_1.json": measured,
            ".dvc/config": b"['remote \"other\"']\n    url = https://me:secret@example.org/store/\n",
        }
    )
    graph, source = read(made.folder)
    assert not source.problems
    (execution,) = graph.executions
    assert execution.type == "dvc.Train"
    properties = execution.custom_properties
    assert {k: properties[k] for k in ("lr", "net.depth", "net.names", "other.toml:k")} == {
        "lr": 1e-05,
        "net.depth": 2,
        "net.names": '["a", "b"]',
        "other.toml:k": "on",
    }
    assert (properties["description"], properties["frozen"]) == ("fits", True)
    model, metrics = graph.artifacts
    assert (model.type, model.custom_properties["path"]) == ("Model", "sub/inner/fit_1.bin")
    assert model.uri == (f"https://example.org/store/files/md5/{HASHES['a'][:2]}/{HASHES['a'][2:]}")
    assert (metrics.type, metrics.uri) == ("Metrics", "")
    assert {k: metrics.custom_properties[k] for k in ("test.acc", "test.n")} == {
        "test.acc": 0.5,
        "test.n": 3,
    }
    assert "who" not in metrics.custom_properties
    (pipeline,) = [c for c in graph.contexts if c.type == "pipeline"]
    assert (pipeline.name or "").endswith("/sub")


def test_imports_name_where_they_come_from(made: Made) -> None:
    rev = "c" * 40
    made.commit(
        {
            "data/x.csv.dvc": (
                "frozen: true\ndeps:\n- path: d/x.csv\n  repo:\n    url: https://u:p@example.org/r.git\n"
                f"    rev: v1\n    rev_lock: {rev}\nouts:\n- md5: {HASHES['a']}\n  path: x.csv\n"
            ).encode(),
            "data/y.dvc": (
                "deps:\n- path: s3://bucket/y\n  etag: '123-4'\nouts:\n"
                f"- md5: {HASHES['b']}.dir\n  hash: md5\n  path: y\n  nfiles: 3\n"
            ).encode(),
        }
    )
    graph, source = read(made.folder)
    assert not source.problems
    assert {e.type for e in graph.executions} == {"dvc.Import"}
    by_path = {str(a.custom_properties["path"]): a for a in graph.artifacts}
    origin = by_path["d/x.csv"]
    assert origin.uri == "https://example.org/r.git"
    assert (origin.custom_properties["revision"], origin.custom_properties["git_commit"]) == (
        "v1",
        rev,
    )
    assert by_path["s3://bucket/y"].uri == "s3://bucket/y"
    assert by_path["s3://bucket/y"].custom_properties["etag"] == "123-4"
    assert by_path["data/y"].custom_properties["md5"] == f"{HASHES['b']}.dir"
    # text was hashed without its CRs before DVC 3: that hash is not the content's own
    assert by_path["data/x.csv"].custom_properties["md5_dos2unix"] == HASHES["a"]
    assert len(graph.events) == 4


def test_stages_of_dvc_before_1_are_executions_as_well(made: Made) -> None:
    made.commit(
        {
            "train.dvc": (
                f"cmd: run\ndeps:\n- md5: {HASHES['a']}\n  path: in.csv\nouts:\n"
                f"- md5: {HASHES['b']}\n  path: model.h5\nmd5: {HASHES['c']}\n"
            ).encode()
        }
    )
    graph, _ = read(made.folder)
    (execution,) = graph.executions
    assert (execution.type, execution.custom_properties["command"]) == ("dvc.Train", "run")


def test_paths_that_lead_out_are_names_and_nothing_more(made: Made) -> None:
    paths = ["../../etc/passwd", "/etc/passwd", "a/../../x.json", "C:\\x"]
    outs = "".join(
        f"    - path: '{path}'\n      hash: md5\n      md5: {HASHES['a']}\n" for path in paths
    )
    text = f"schema: '2.0'\nstages:\n  s:\n    cmd: x\n    outs:\n{outs}".encode()
    definition = "stages:\n  s:\n    cmd: x\n    metrics: ['/etc/passwd', 'a/../../x.json']\n"
    made.commit({"dvc.lock": text, "dvc.yaml": definition.encode()})
    graph, source = read(made.folder)
    found = {str(a.custom_properties["path"]) for a in graph.artifacts}
    assert found == {"../../etc/passwd", "/etc/passwd", "../x.json", "C:\\x"}
    assert source.skipped == {"values of metrics and plots that git does not keep": 2}


def test_what_cannot_be_read_is_told_by_commit_and_path_and_the_rest_goes_in(made: Made) -> None:
    one = made.commit({"dvc.lock": b"stages: [", "a.dvc": b"- 1\n"})
    half = lock() + b"  broken:\n    cmd: {a: 1}\n  nohash:\n    cmd: y\n    outs:\n    - path: z\n"
    two = made.commit({"dvc.lock": half}, one)
    three = made.commit({"dvc.lock": b"x" * (17 << 20)}, two)
    four = made.commit({"dvc.lock": lock(wrote="c"), "dvc.yaml": b"stages: [}"}, three)
    five = made.commit({"dvc.lock": lock(wrote="d"), "x": b"1"}, four)
    blob = made.blob(lock(wrote="d"))
    made.object(blob).unlink()
    graph, source = read(made.folder)
    assert named(graph.executions) == sorted(
        [f"{stage} {two.decode()[:7]}" for stage in ("train", "nohash")]
        + [f"train {four.decode()[:7]}"]
    )
    places = [problem.place for problem in source.problems]
    assert places[:5] == [
        f"{one.decode()[:7]}:a.dvc",
        f"{one.decode()[:7]}:dvc.lock",
        f"{two.decode()[:7]}:dvc.lock",
        f"{three.decode()[:7]}:dvc.lock",
        f"{four.decode()[:7]}:dvc.yaml",
    ]
    assert f"{five.decode()[:7]}:dvc.lock" in places
    assert source.skipped["files of stages without a hash"] == 1


def test_a_folder_is_recognised_and_an_address_is_not_fetched(made: Made, tmp_path: Path) -> None:
    made.commit({"dvc.lock": lock(), ".dvc/config": b""})
    with open_source(made.folder) as source:  # bare: nothing lies in it but git's own files
        assert source.format == "dvc"
    other = Made(tmp_path / "other")
    other.commit({"notes.txt": b""})
    with open_source(other.folder) as source:
        assert source.format == "git"
    with pytest.raises(BadFile, match="nothing is fetched"):
        open_source("https://example.org/r.git", "dvc")
    with pytest.raises(BadFile, match="no commit"):
        DvcSource(Made(tmp_path / "empty").folder)


def tracked(name: str, legacy: bool) -> bytes:
    """Write a file that tracks ``in.csv``, as DVC before 3.0 or since writes it."""
    kind = "" if legacy else "  hash: md5\n"
    return f"outs:\n- md5: {HASHES[name]}\n{kind}  size: 3\n  path: in.csv\n".encode()


CONFIG = b"['remote \"r\"']\n    url = s3://bucket/store\n[core]\n    remote = r\n"


@pytest.mark.parametrize("first", ["in.csv.dvc", "dvc.lock"])
@pytest.mark.parametrize("apart", [True, False])
def test_both_names_of_a_digest_are_one_file(made: Made, first: str, apart: bool) -> None:
    files = {"in.csv.dvc": tracked("a", legacy=True), "dvc.lock": lock(), ".dvc/config": CONFIG}
    if apart:
        before = {first: files[first], ".dvc/config": CONFIG}
        made.commit(files, made.commit(before))
    else:
        made.commit(files)
    graph, source = read(made.folder)
    assert not source.problems
    (data,) = [a for a in graph.artifacts if a.custom_properties["path"] == "in.csv"]
    assert data.custom_properties["md5"] == data.custom_properties["md5_dos2unix"] == HASHES["a"]
    # where the data lies is known by what tracks it
    assert data.uri == f"s3://bucket/store/{HASHES['a'][:2]}/{HASHES['a'][2:]}"
    commits = {c.id for c in graph.contexts if c.type == "git.Commit"}
    assert len([a for a in graph.attributions if a.context_id in commits]) == 1
    assert len([e for e in graph.events if e.artifact_id == data.id]) == 1


def test_a_stage_whose_hashes_were_renamed_was_not_run_again(made: Made, store: Store) -> None:
    old = lock().replace(b"      hash: md5\n", b"")
    half = lock().replace(b"      hash: md5\n", b"", 1)
    named_out = lock().replace(b"hash: md5\n      md5:", b"md5-dos2unix:")
    one = made.commit({"dvc.lock": old})
    first, source = read(made.folder)
    store.load_keyed([first], source.source)
    two = made.commit({"dvc.lock": half}, one)
    three = made.commit({"dvc.lock": named_out}, two)
    made.commit({"dvc.lock": lock()}, three)
    later, _ = read(made.folder, source.cursor)
    store.load_keyed([later], source.source)
    whole, _ = read(made.folder)
    again = store.load_keyed([whole], source.source)
    counts = store.counts()
    assert (counts.artifacts, counts.executions, counts.events) == (2, 1, 2)
    assert (again.created, again.updated, again.new_links) == (0, 0, 0)
    # another digest is another file under either name
    assert len({a.custom_properties["md5_dos2unix"] for a in whole.artifacts}) == 2


def test_a_folder_whose_files_are_listed_is_an_artifact(made: Made) -> None:
    listed = "".join(
        f"  - relpath: {path}\n    md5: {HASHES[name]}\n    size: 4\n"
        f"    cloud:\n      versions:\n        etag: {name}\n        version_id: v{name}\n"
        for path, name in (("z/b", "b"), ("a", "a"))
    )
    imported = "  - relpath: a\n    etag: x\n    version_id: y\n    size: 4\n"
    config = b"['remote \"versions\"']\n    url = s3://bucket/tree/\n    version_aware = true\n"
    config += b"[core]\n    remote = versions\n"
    # as DVC hashes a folder: of its files by path
    digest = hashlib.md5(
        json.dumps(
            [{"md5": HASHES["a"], "relpath": "a"}, {"md5": HASHES["b"], "relpath": "z/b"}],
            sort_keys=True,
        ).encode(),
        usedforsecurity=False,
    ).hexdigest()
    made.commit(
        {
            ".dvc/config": config,
            "sub/data.dvc": f"outs:\n- hash: md5\n  path: data\n  files:\n{listed}".encode(),
            "one.dvc": (
                f"outs:\n- md5: {HASHES['c']}\n  hash: md5\n  path: one\n  cloud:\n"
                "    versions:\n      etag: c\n      version_id: vc\n"
            ).encode(),
            "far.dvc": (
                f"deps:\n- path: s3://other/far\n  files:\n{imported}outs:\n- path: far\n"
                f"  hash: md5\n  files:\n{imported}- path: none\n  files:\n  - relpath: a\n"
            ).encode(),
            "dvc.lock": lock()
            .replace(b"in.csv", b"sub/data")
            .replace(HASHES["a"].encode(), digest.encode() + b".dir"),
        }
    )
    graph, source = read(made.folder)
    assert not source.problems
    assert source.skipped == {"files of stages without a hash": 1}
    by_path = {str(a.custom_properties["path"]): a for a in graph.artifacts}
    assert sorted(by_path) == ["far", "one", "out.csv", "s3://other/far", "sub/data"]
    data = by_path["sub/data"]  # the folder that the stage read is the one that is tracked
    told = data.custom_properties
    assert (told["md5"], told["files"], told["bytes"]) == (f"{digest}.dir", 2, 8)
    assert data.uri == "s3://bucket/tree/sub/data"
    assert by_path["one"].uri == "s3://bucket/tree/one"
    assert by_path["one"].custom_properties["md5"] == HASHES["c"]
    far = by_path["far"].custom_properties["files_sha256"]
    assert far == by_path["s3://other/far"].custom_properties["files_sha256"]
    assert len(graph.executions) == 2
