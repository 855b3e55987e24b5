"""Repositories made by strangers: what is read is what the user named, however it is dressed up."""

from __future__ import annotations

import os
import subprocess
import time
import zlib
from pathlib import Path

import pytest
from dulwich.objects import Blob, Commit, Tree

from lineage_graph.errors import BadFile, NotFound, UnknownVersion
from lineage_graph.exchange.git import (
    CommitHistory,
    DamagedObject,
    ObjectTooLarge,
    Repository,
    Trees,
)
from tests.exchange.repositories import Made, unpacked


def _raw(oid: bytes) -> bytes:
    return bytes.fromhex(oid.decode())


def test_commits_come_parents_first_with_what_each_changed(tmp_path: Path) -> None:
    made = Made(tmp_path / "bare.git")
    first = made.commit({"a/x.csv": b"1", "b.txt": b"1"})
    left = made.commit({"a/x.csv": b"2", "b.txt": b"1"}, first)
    right = made.commit({"a/x.csv": b"1", "c/d/y.csv": b"1"}, first, ref="refs/tags/other", at=1)
    merge = made.commit({"a/x.csv": b"2", "c/d/y.csv": b"1"}, left, right)
    repository = Repository(tmp_path / "bare.git")
    assert repository.name == "bare"
    history = CommitHistory(repository, repository.refs.values())
    order = [commit.oid.hex().encode() for commit in history.commits(set())]
    assert sorted(order[1:3]) == sorted([left, right])
    assert (order[0], order[3]) == (first, merge)
    assert history.first() == _raw(first)
    assert history.tips() == {_raw(merge)}
    trees = Trees(repository.objects, lambda path: path.endswith(".csv"))
    changes = trees.changes(history.commit(_raw(first)).tree, history.commit(_raw(merge)).tree)
    assert [(c.path, bool(c.before), bool(c.after)) for c in changes] == [
        ("a/x.csv", True, True),
        ("c/d/y.csv", False, True),
    ]
    repository.close()


def test_packed_and_loose_objects_read_the_same(tmp_path: Path) -> None:
    folder = unpacked("dvc_repo", tmp_path)
    before = _whole(folder)
    assert len(before) > 20
    subprocess.run(
        ["git", "-c", "gc.auto=0", "repack", "-adfq", "--depth=50", "--window=50"],
        cwd=folder,
        check=True,
    )
    subprocess.run(["git", "pack-refs", "--all"], cwd=folder, check=True)
    subprocess.run(["git", "prune-packed"], cwd=folder, check=True)
    assert _whole(folder) == before


def _whole(folder: Path) -> dict[str, bytes]:
    repository = Repository(folder)
    history = CommitHistory(repository, repository.refs.values())
    trees = Trees(repository.objects, lambda path: True)
    found = {
        f"{commit.short}:{change.path}": trees.content(change.after)
        for commit in history.commits(set())
        for change in trees.files(commit.tree)
        if change.after is not None
    }
    repository.close()
    return found


def test_nothing_of_a_hostile_repository_is_run_or_followed(tmp_path: Path) -> None:
    made = Made(tmp_path / "work" / ".git")
    oid = made.commit({"x": b"1"})
    ran = tmp_path / "ran"
    command = f"touch {ran}"
    (made.folder / "config").write_text(
        f'[core]\n\tfsmonitor = "{command}"\n\thooksPath = ../hooks\n\tsshCommand = "{command}"\n'
        f"\tworktree = /\n\tattributesFile = /etc/passwd\n\tpager = {command}\n"
        f'[include]\n\tpath = /etc/passwd\n[filter "lfs"]\n\tsmudge = {command}\n\tprocess = {command}\n'
        f'[diff "x"]\n\ttextconv = {command}\n[alias]\n\tlog = !{command}\n'
    )
    for name in ("post-checkout", "pre-commit", "reference-transaction"):
        hook = made.folder / "hooks" / name
        hook.parent.mkdir(exist_ok=True)
        hook.write_text(f"#!/bin/sh\n{command}\n")
        hook.chmod(0o755)
    outside = Made(tmp_path / "outside")
    secret = outside.commit({"secret": b"s"})
    (made.folder / "objects" / "info").mkdir()
    (made.folder / "objects" / "info" / "alternates").write_text(f"{outside.folder}/objects\n")
    (made.folder / "refs" / "heads" / "linked").symlink_to(outside.folder / "refs/heads/main")
    (made.folder / "refs" / "tags").symlink_to(outside.folder / "refs" / "heads")
    made.ref("refs/heads/stolen", secret)
    os.mkfifo(made.folder / "refs" / "heads" / "pipe")
    repository = Repository(tmp_path / "work")
    assert set(repository.refs) == {"refs/heads/main", "refs/heads/stolen"}
    assert len(repository.problems) == 4  # the alternates, both links, the pipe
    history = CommitHistory(repository, repository.refs.values())
    assert [commit.oid for commit in history.commits(set())] == [_raw(oid)]
    assert len(history.problems) == 1
    repository.close()
    assert not ran.exists()


def test_links_to_objects_and_git_files_that_point_elsewhere_are_refused(tmp_path: Path) -> None:
    outside = Made(tmp_path / "outside")
    oid = outside.commit({"x": b"1"})
    made = Made(tmp_path / "made")
    made.ref("refs/heads/main", oid)
    name = oid.decode()
    (made.folder / "objects" / name[:2]).symlink_to(outside.folder / "objects" / name[:2])
    repository = Repository(made.folder)
    with pytest.raises(DamagedObject, match="missing"):
        repository.objects.read(_raw(oid), b"commit")
    (tmp_path / "tree").mkdir()
    (tmp_path / "tree" / ".git").write_text(f"gitdir: {outside.folder}\n")
    with pytest.raises(BadFile, match="points to another folder"):
        Repository(tmp_path / "tree")
    with pytest.raises(BadFile, match="is no git repository"):
        Repository(tmp_path)
    with pytest.raises(NotFound):
        Repository(tmp_path / "nothing")


@pytest.mark.parametrize("name", ["reftable", "sha256"])
def test_forms_that_are_not_read_are_named(tmp_path: Path, name: str) -> None:
    made = Made(tmp_path / "made")
    if name == "reftable":
        (made.folder / "reftable").mkdir()
    else:
        (made.folder / "config").write_text("[extensions]\n\tobjectFormat = sha256\n")
    with pytest.raises(UnknownVersion):
        Repository(made.folder)


def test_an_object_larger_than_its_limit_is_not_unpacked(tmp_path: Path) -> None:
    made = Made(tmp_path / "made")
    oid = made.blob(b"x" * 3_000_000)
    claims = Blob.from_string(b"y").id
    made.object(claims).parent.mkdir(exist_ok=True)
    made.object(claims).write_bytes(zlib.compress(b"blob 5\0" + bytes(200_000_000), 9))
    repository = Repository(made.folder)
    with pytest.raises(ObjectTooLarge):
        repository.objects.read(_raw(oid), b"blob", 1_000_000)
    begin = time.process_time()
    with pytest.raises(DamagedObject):
        repository.objects.read(_raw(claims), b"blob", 1_000_000)
    assert time.process_time() - begin < 1


def test_a_packed_object_larger_than_its_limit_is_not_unpacked(tmp_path: Path) -> None:
    folder = tmp_path / "work"
    subprocess.run(["git", "init", "-q", str(folder)], check=True)
    who = ["-c", "user.name=a", "-c", "user.email=a@example.org"]
    for number in range(2):
        (folder / "x").write_bytes(b"x" * 2_000_000 + b"%d" % number)
        subprocess.run(["git", "add", "x"], cwd=folder, check=True)
        subprocess.run(["git", *who, "commit", "-qm", "x"], cwd=folder, check=True)
    subprocess.run(["git", "repack", "-adq"], cwd=folder, check=True)
    repository = Repository(folder)
    history = CommitHistory(repository, repository.refs.values())
    trees = Trees(repository.objects, lambda path: True)
    for commit in history.commits(set()):
        entry = trees.find(commit.tree, "x")
        assert entry is not None
        with pytest.raises(ObjectTooLarge):
            trees.content(entry, 1_000_000)
        assert len(trees.content(entry)) == 2_000_001
    repository.close()


def test_a_bomb_of_trees_ends_soon(tmp_path: Path) -> None:
    made = Made(tmp_path / "made")
    for wanted in (False, True):
        tree = Tree()
        tree.add(b"x.dvc", 0o100644, made.blob(b"%d" % wanted))
        for _ in range(12):
            oid, tree = made.put(tree), Tree()
            for number in range(10):
                tree.add(b"%d" % number, 0o040000, oid)
        commit = Commit()
        commit.tree = made.put(tree)
        repository = Repository(made.folder)
        trees = Trees(repository.objects, lambda path, wanted=wanted: wanted)
        begin = time.process_time()
        if wanted:
            with pytest.raises(DamagedObject, match="folders"):
                trees.files(_raw(commit.tree))
        else:
            assert trees.files(_raw(commit.tree)) == []
        assert time.process_time() - begin < 10
        repository.close()


def test_paths_never_lead_out_of_a_tree(tmp_path: Path) -> None:
    made = Made(tmp_path / "made")
    made.commit({"a/x": b"1"})
    repository = Repository(made.folder)
    history = CommitHistory(repository, repository.refs.values())
    (commit,) = history.commits(set())
    trees = Trees(repository.objects, lambda path: True)
    assert trees.find(commit.tree, "a/x") is not None
    for path in ("../a/x", "a/../a/x", "/a/x", "a//x", "/etc/passwd", "", "a/x/y", "./a/x"):
        assert trees.find(commit.tree, path) is None
    tree = Tree()
    tree.add(b"..", 0o100644, made.blob(b"up"))
    tree.add(b"link", 0o120000, made.blob(b"/etc/passwd"))
    tree.add(b"module", 0o160000, commit.oid.hex().encode())
    assert trees.files(_raw(made.put(tree))) == []
    repository.close()


def test_what_is_damaged_or_missing_is_told_and_the_rest_is_read(tmp_path: Path) -> None:
    made = Made(tmp_path / "made")
    first = made.commit({"x": b"1"})
    second = made.commit({"x": b"2"}, first)
    third = made.commit({"x": b"3"}, second)
    content = bytearray(made.object(second).read_bytes())
    content[len(content) // 2] ^= 0xFF
    made.object(second).write_bytes(bytes(content))
    repository = Repository(made.folder)
    history = CommitHistory(repository, repository.refs.values())
    assert [commit.oid for commit in history.commits(set())] == [_raw(third)]
    assert [place for place, _ in history.problems] == [f"commit {second.decode()[:7]}"]
    (made.folder / "shallow").write_bytes(third + b"\n")
    history = CommitHistory(repository, repository.refs.values())
    assert (history.problems, history.cut) == ([], 1)
    repository.close()
