"""The rule by which artifacts of several tools are the same: what proves it, what contradicts it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from lineage_graph.model import Artifact
from lineage_graph.model.same_as import MAX_ALIKE, Seen, digests_of, judge, spellings

SHA, OTHER = "a" * 64, "b" * 64
MD5 = "c" * 32
GIT, DVC, MLMD, MLMD_2 = (
    "git:0123456789abcdef",
    "dvc:0123456789abcdef",
    "mlmd:ab12ab12",
    "mlmd:ff00ff00",
)


@pytest.mark.parametrize(
    ("held", "uri", "digests"),
    [
        ({"sha256": SHA}, "", {"sha256": SHA}),
        ({"sha256": SHA.upper()}, "", {"sha256": SHA}),
        ({"digest": f"sha256:{SHA}", "md5": MD5}, "", {"sha256": SHA, "md5": MD5}),
        ({"md5": f"{MD5}.dir"}, "", {"md5": f"{MD5}.dir"}),
        ({"digest": f"files-sha256:{SHA}"}, "", {"digest": f"files-sha256:{SHA}"}),
        ({}, f"s3://bucket/files/md5/{MD5[:2]}/{MD5[2:]}", {"md5": MD5}),
        ({}, f"oci://registry/model@sha256:{SHA}", {"sha256": SHA}),
        ({"digest": "5a2b9f10"}, "", {}),  # as MLflow's: short, and of no known algorithm
        ({"digest": SHA}, "", {}),
        ({"sha256": MD5, "md5": SHA}, "", {}),
        ({"sha256": 7, "md5": None}, "", {}),
        ({"sha256": SHA, "bytes": 0}, "", {}),
        ({"md5": "d41d8cd98f00b204e9800998ecf8427e"}, "", {}),
        ({}, f"s3://bucket/{MD5[:2]}/{MD5[2:]}", {}),
    ],
)
def test_what_proves_a_content(held: dict[str, Any], uri: str, digests: dict[str, str]) -> None:
    properties = {name: value for name, value in held.items() if value is not None}
    assert digests_of(Artifact(type="Dataset", uri=uri, custom_properties=properties)) == digests
    assert digests_of(Artifact(type="Dataset", uri=uri, properties=properties)) == digests


def test_a_dataset_of_mlflow_is_known_by_name_digest_and_source() -> None:
    def told(origin: str, **held: str) -> str | None:
        held = {"dataset": "wine", "digest": "770e9b05", "source": "s3://b/x", **held}
        return digests_of(Artifact(type="Dataset", origin=origin, custom_properties=held)).get(
            "digest"
        )

    one, other = told("mlflow:abcdef12:dataset:1"), told("mlflow:abcdef12:dataset:2")
    assert one == other
    assert one not in (told("mlflow:a:b", digest="770e9b06"), told("mlflow:a:b", source="s3://b/y"))
    assert told("dvc:a:b") is None
    members = [Seen(n, f"mlflow:abcdef12:dataset:{n}", "", digest=one) for n in (1, 2)]
    assert same("digest", members) == ([(1, 2)], False)


def test_a_place_has_several_spellings() -> None:
    for uri in (
        "/data/x",
        "/data/x/",
        "file:///data/x",
        "file:/data/x/",
        "file://localhost/data/x",
    ):
        assert spellings(uri) == spellings("/data/x")
        assert uri in spellings(uri)
    assert spellings("s3://b/x/") == spellings("s3://b/x") == ("s3://b/x", "s3://b/x/")
    assert spellings("data/x") == spellings("./data/x") == spellings("") == ()
    assert "C:\\data\\x" in spellings("C:\\data\\x")


def same(by: str, members: Sequence[Seen]) -> tuple[list[tuple[int, int]], bool]:
    found = judge(by, members)
    return sorted((link.other_id, link.artifact_id) for link in found.links), found.is_ambiguous


def seen(id: int, source: str, **told: Any) -> Seen:
    return Seen(id, f"{source}:artifact:{id}" if source else "", told.pop("uri", ""), **told)


def test_equal_digests_of_different_sources_are_one_thing() -> None:
    members = [seen(3, GIT), seen(1, DVC), seen(2, GIT), seen(7, "")]
    assert same("md5", members) == ([(1, 2), (1, 3), (1, 7)], False)
    assert same("md5", [seen(1, GIT), seen(2, GIT)]) == ([], False)


def test_what_contradicts_is_not_the_same() -> None:
    members = [seen(1, GIT, bytes=5), seen(2, DVC, bytes=6), seen(3, MLMD, bytes=5)]
    assert same("md5", members) == ([(1, 3)], True)
    assert same("md5", [*members, seen(4, "")]) == ([(1, 3)], True)
    assert same("md5", [seen(1, GIT, sha256=SHA), seen(2, DVC, sha256=OTHER)]) == ([], True)
    assert same("sha256", [seen(1, GIT, bytes=5), seen(2, DVC)]) == ([(1, 2)], False)


def test_an_address_is_one_thing_where_each_source_has_one_there() -> None:
    there = {"uri": "s3://bucket/x"}
    assert same("uri", [seen(1, MLMD, **there), seen(2, MLMD_2, **there)]) == ([(1, 2)], False)
    twice = [seen(1, MLMD, **there), seen(2, "openlineage", **there), seen(3, MLMD, **there)]
    assert same("uri", twice) == ([], True)
    told = [seen(1, MLMD, sha256=SHA, **there), seen(2, "", sha256=OTHER, **there)]
    assert same("uri", told) == ([], True)


@pytest.mark.parametrize("uri", ["/data/x", "file:///data/x", "models:/m-1"])
def test_a_path_on_a_machine_says_so_only_between_tools(uri: str) -> None:
    assert same("uri", [seen(1, MLMD, uri=uri), seen(2, "recorder", uri=uri)]) == ([(1, 2)], False)
    assert same("uri", [seen(1, MLMD, uri=uri), seen(2, MLMD_2, uri=uri)]) == ([], True)


def test_what_very_many_have_is_no_identity() -> None:
    members = [
        seen(number, MLMD if number % 2 else DVC) for number in range(1, MAX_ALIKE["sha256"] + 2)
    ]
    assert same("sha256", members) == ([], True)
