"""Data in Git LFS through a repository's history: each version, each change, who and when."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from lineage_graph.exchange import open_source
from lineage_graph.exchange.git.pointers import Pointer, read_pointer
from lineage_graph.exchange.git.source import GitSource
from lineage_graph.model import Kind, Subgraph
from lineage_graph.store import Direction, Store
from tests.exchange.repositories import Made, unpacked
from tests.tools import tool

CHANGES = {
    "data.parquet 058b922": ("git.Add", []),
    "model.bin 058b922": ("git.Add", []),
    "model.bin a59408e": ("git.Change", ["model.bin 058b922"]),
    "data.parquet ac537b6": ("git.Change", ["data.parquet 058b922"]),
    "model.bin ac537b6": ("git.Change", ["model.bin a59408e"]),
    "models.bin b67957c": ("git.Rename", ["model.bin ac537b6"]),
    "data.parquet f0c2e54": ("git.Delete", ["data.parquet ac537b6"]),
}


def pointer(name: str, size: int = 3) -> bytes:
    """Write a pointer to a content whose hash begins with a letter."""
    oid = name * 64
    return f"version https://git-lfs.github.com/spec/v1\noid sha256:{oid}\nsize {size}\n".encode()


def read(folder: Path, after: str = "") -> tuple[Subgraph, GitSource]:
    with GitSource(folder) as source:
        source.after = after
        batches = list(source.batches())
    assert len(batches) < 2
    return (batches[0] if batches else Subgraph()), source


def changes(graph: Subgraph) -> dict[str, tuple[str, list[str]]]:
    """Return what each execution did, and which executions made what it read."""
    names = {e.id: e.name or "" for e in graph.executions}
    made = {e.artifact_id: names[e.execution_id] for e in graph.events if not e.type.is_input}
    return {
        e.name or "": (
            e.type or "",
            sorted(
                made[event.artifact_id]
                for event in graph.events
                if event.execution_id == e.id and event.type.is_input
            ),
        )
        for e in graph.executions
        if e.type
    }


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return unpacked("lfs_repo", tmp_path_factory.mktemp("sample"))


def test_the_sample_says_what_each_commit_did_to_each_file(repository: Path) -> None:
    with open_source(repository) as source:
        assert source.format == "git"
    graph, source = read(repository)
    assert changes(graph) == CHANGES
    assert not source.problems
    assert {a.custom_properties["path"]: a.type for a in graph.artifacts} == {
        "data.parquet": "Dataset",
        "model.bin": "Model",
        "models.bin": "Model",
    }
    rename = next(e for e in graph.executions if e.type == "git.Rename")
    assert rename.custom_properties["renamed_from"] == "model.bin"
    assert rename.custom_properties["author"] == "lab <lab@example.org>"
    commits = {c.name for c in graph.contexts if c.type == "git.Commit"}
    assert {name.partition(" ")[2] for name in commits if name} == {
        "version 1",
        "version 2",
        "version 3",
        "rename model",
        "delete data",
    }


def test_tags_and_branches_hold_the_files_that_git_lfs_lists(repository: Path) -> None:
    tool("git-lfs")
    graph, _ = read(repository)
    artifacts = {a.id: a.custom_properties for a in graph.artifacts}
    for ref in ("v1", "v2", "v3", "main"):
        context = next(c for c in graph.contexts if (c.name or "").startswith(f"{ref} of "))
        ours = {
            (artifacts[a.artifact_id]["sha256"], artifacts[a.artifact_id]["path"])
            for a in graph.attributions
            if a.context_id == context.id
        }
        said = subprocess.run(
            ["git", "lfs", "ls-files", "--long", ref],
            cwd=repository,
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        assert ours == {tuple(line.split(maxsplit=2)[::2]) for line in said.splitlines()}


def test_reading_it_again_changes_nothing_and_a_file_has_its_own_history(
    store: Store, repository: Path
) -> None:
    graph, source = read(repository)
    for number in range(2):
        result = store.load_keyed([graph], source.source)
        assert (result.created > 0) is (result.new_links > 0) is (number == 0)
        assert result.updated == 0
    assert read(repository, source.cursor)[0] == Subgraph()
    last = next(a for a in graph.artifacts if a.custom_properties["path"] == "models.bin")
    stored = store.by_name(Kind.ARTIFACT, "Model", last.name or "")
    assert stored is not None
    history = store.walk(stored.ref, Direction.UPSTREAM).graph
    assert {a.custom_properties["path"] for a in history.artifacts} == {"model.bin", "models.bin"}
    assert len(history.artifacts) == 4


def test_only_what_is_new_is_told(tmp_path: Path) -> None:
    made = Made(tmp_path / "made")
    one = made.commit({"x": pointer("a"), "y": pointer("b")})
    _, source = read(made.folder)
    two = made.commit({"x": pointer("c"), "y": pointer("b")}, one)
    graph, _ = read(made.folder, source.cursor)
    assert [e.name for e in graph.executions] == [f"x {two.decode()[:7]}"]
    assert [a.name for a in graph.artifacts if a.type] == ["x@ccccccc"]


def test_a_merge_changes_what_no_parent_has(tmp_path: Path) -> None:
    made = Made(tmp_path / "made")
    one = made.commit({"x": pointer("a"), "y": pointer("b"), "gone": pointer("f")})
    left = made.commit({"x": pointer("c"), "y": pointer("b"), "gone": pointer("f")}, one)
    right = made.commit({"x": pointer("d"), "y": pointer("0")}, one, ref="refs/heads/side")
    merge = made.commit({"x": pointer("e"), "y": pointer("0")}, left, right)
    graph, source = read(made.folder)
    assert not source.problems
    short = merge.decode()[:7]
    merged = {n: what for n, what in changes(graph).items() if n.endswith(short)}
    assert merged == {
        f"x {short}": ("git.Change", sorted(f"x {c.decode()[:7]}" for c in (left, right)))
    }


def test_only_pointers_are_data_and_a_damaged_file_is_told(tmp_path: Path) -> None:
    made = Made(tmp_path / "made")
    made.commit({"big": b"x" * 100_000, "almost": pointer("a")[:-2], "real": pointer("a")})
    lost = made.commit({"real": pointer("b")}, ref="refs/heads/other")
    made.object(made.blob(pointer("b"))).unlink()
    graph, source = read(made.folder)
    assert [a.name for a in graph.artifacts] == ["real@aaaaaaa"]
    assert [p.place for p in source.problems] == [f"{lost.decode()[:7]}:real"]


def test_pointers_are_read_in_all_their_forms() -> None:
    assert read_pointer(pointer("a", 7)) == Pointer("a" * 64, 7)
    assert read_pointer(pointer("a").replace(b"\n", b"\r\n")) is not None
    hawser = pointer("a").replace(b"git-lfs.github.com", b"hawser.github.com")
    assert read_pointer(hawser) is not None
    extended = pointer("a").replace(b"oid", b"ext-0-foo sha256:1\noid", 1)
    assert read_pointer(extended) == Pointer("a" * 64, 3)
    for content in (b"", b"version https://example.org/v1\n", pointer("g"), pointer("a") + b"x"):
        assert read_pointer(content) is None
