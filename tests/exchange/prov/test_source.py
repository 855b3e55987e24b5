"""W3C PROV read: what becomes what, and every document given back as it was."""

from __future__ import annotations

import gzip
import json
import warnings
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import prov.tests
import pytest
from hypothesis import HealthCheck, given, settings
from prov.model import ProvDocument
from prov.tests import examples
from prov.tests.strategies import prov_documents

from lineage_graph.errors import BadFile, NotFound
from lineage_graph.exchange import open_source
from lineage_graph.exchange.prov import ProvSource
from lineage_graph.exchange.prov.statements import Document
from lineage_graph.exchange.writing import collected
from lineage_graph.model import ArtifactState, ExecutionState, Subgraph
from lineage_graph.model.merging import STATEMENTS, merged

THEIRS = Path(prov.tests.__file__).parent
PREFIX = {"ex": "http://example.org/"}


def read(path: Path, problems: int = 0) -> Subgraph:
    with open_source(path) as source:
        assert source.format == "prov"
        graph = collected(source.batches())
        assert len(source.problems) == problems, source.problems
    return graph


def written(folder: Path, **records: object) -> Path:
    path = folder / "made.json"
    path.write_text(json.dumps({"prefix": PREFIX, **records}))
    return path


def given_back(graph: Subgraph) -> ProvDocument:
    """The document that the statements of a graph make."""
    document = Document()
    for node in graph.nodes:
        for kept in (node.custom_properties.get(STATEMENTS) or {}).values():  # type: ignore[union-attr]
            document.put_back(kept)
    return document.document


def equal(one: ProvDocument, other: ProvDocument) -> bool:
    return one == other and other == one  # of bundles the library compares one side's only


def lines(path: Path, problems: int = 0) -> set[str]:
    """What is linked in a document, a line each, in the direction data flows."""
    with open_source(path) as source:
        batches = list(source.batches())
        assert len(source.problems) == problems, source.problems
    names = {}
    for batch in batches:
        for node in batch.nodes:
            if node.type is not None:
                names[node.kind, node.origin] = node.name or node.type
    found = set()
    for batch in batches:
        artifact, execution, context = (
            {n.id: names[n.kind, n.origin] for n in nodes}
            for nodes in (batch.artifacts, batch.executions, batch.contexts)
        )
        for e in batch.events:
            pair = (artifact[e.artifact_id], execution[e.execution_id])
            pair = pair if e.type.is_input else pair[::-1]
            found.add(f"{pair[0]} -{e.type.value}{''.join(f':{p}' for p in e.path)}-> {pair[1]}")
        for a in batch.attributions:
            found.add(f"{artifact[a.artifact_id]} of {context[a.context_id]}")
        for b in batch.associations:
            found.add(f"{execution[b.execution_id]} of {context[b.context_id]}")
        for p in batch.parent_contexts:
            found.add(f"{context[p.child_id]} in {context[p.parent_id]}")
    return found


def test_each_relation_has_its_link(tmp_path: Path) -> None:
    def named(**ends: str) -> dict[str, object]:
        return {"_:r": {f"prov:{end}": f"ex:{name}" for end, name in ends.items()}}

    role = {"prov:role": {"$": "ex:training", "type": "xsd:QName"}}
    used = {"ex:u": {"prov:activity": "ex:train", "prov:entity": "ex:data", **role}}
    cases: list[tuple[str, dict[str, object], set[str]]] = [
        ("used", used, {"data -INPUT:ex:training-> train"}),
        ("wasGeneratedBy", named(entity="model", activity="train"), {"train -OUTPUT-> model"}),
        (
            "wasInformedBy",
            named(informed="train", informant="clean"),
            {"clean -OUTPUT-> prov.Communication", "prov.Communication -INPUT-> train"},
        ),
        (
            "wasStartedBy",
            named(activity="train", trigger="alarm", starter="watch"),
            {
                "alarm -INTERNAL_INPUT:trigger-> train",
                "watch -INTERNAL_OUTPUT:trigger-> alarm",
            },
        ),
        (
            "wasStartedBy",
            named(activity="train", starter="watch"),
            {"watch -OUTPUT-> prov.Start", "prov.Start -INPUT-> train"},
        ),
        (
            "wasDerivedFrom",
            named(generatedEntity="b", usedEntity="a"),
            {"a -INPUT-> prov.Derivation", "prov.Derivation -OUTPUT-> b"},
        ),
        (
            "wasDerivedFrom",
            named(generatedEntity="b", usedEntity="a", activity="copy"),
            {"a -INPUT-> copy", "copy -OUTPUT-> b"},
        ),
        ("wasAttributedTo", named(entity="a", agent="ann"), {"a of ann (http://example.org/)"}),
        (
            "wasAssociatedWith",
            named(activity="train", agent="ann", plan="recipe"),
            {"train of ann (http://example.org/)", "recipe -DECLARED_INPUT:plan-> train"},
        ),
        (
            "actedOnBehalfOf",
            named(delegate="ann", responsible="lab"),
            {"ann (http://example.org/) in lab (http://example.org/)"},
        ),
        (
            "hadMember",
            {"_:m": {"prov:collection": "ex:all", "prov:entity": ["ex:a", "ex:b"]}},
            {
                "a -INPUT-> prov.Membership",
                "b -INPUT-> prov.Membership",
                "prov.Membership -OUTPUT-> all",
            },
        ),
        (
            "wasInfluencedBy",
            named(influencee="b", influencer="a"),
            {"a -INPUT-> prov.Influence", "prov.Influence -OUTPUT-> b"},
        ),
        ("wasInvalidatedBy", named(entity="a", activity="drop"), set()),
        ("wasEndedBy", named(activity="train", trigger="alarm"), set()),
        ("specializationOf", named(specificEntity="v1", generalEntity="data"), set()),
        ("alternateOf", named(alternate1="a", alternate2="b"), set()),
        ("mentionOf", named(specificEntity="a", generalEntity="b", bundle="c"), set()),
    ]
    for relation, records, wanted in cases:
        path = written(tmp_path, **{relation: records})
        assert lines(path) == wanted, relation
        document = given_back(read(path))
        assert equal(document, ProvDocument.deserialize(str(path), format="json")), relation
        assert len(document.get_records()) in (1, 2), relation


def test_elements_become_nodes_with_what_is_said_of_them(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        entity={
            "ex:model": {
                "prov:type": [
                    {"$": "ex:Model", "type": "xsd:QName"},
                    {"$": "prov:Plan", "type": "xsd:QName"},
                ],
                "prov:location": {"$": "s3://models/7", "type": "xsd:anyURI"},
                "ex:accuracy": {"$": "0.9", "type": "xsd:double"},
                "ex:words": [{"$": "eins", "lang": "de"}, {"$": "one", "lang": "en"}],
            }
        },
        activity={
            "ex:train": {
                "prov:startTime": "2026-01-02T03:04:05Z",
                "prov:endTime": "2026-01-02T04:04:05.5+01:00",
            }
        },
        agent={"ex:ann": {"prov:type": {"$": "prov:Person", "type": "xsd:QName"}}},
        wasInvalidatedBy={"_:1": {"prov:entity": "ex:model"}},
    )
    graph = read(path)
    (model,), (train,), (ann,) = graph.artifacts, graph.executions, graph.contexts
    assert (model.name, model.type, model.uri) == ("model", "Model", "s3://models/7")
    assert model.state is ArtifactState.DELETED
    assert model.custom_properties["ex:accuracy"] == 0.9
    assert model.custom_properties["ex:words"] == {"values": ["eins", "one"]}
    assert model.origin == "prov:http://example.org/model"
    assert train.last_known_state is ExecutionState.COMPLETE
    assert train.create_time_since_epoch == 1767323045000
    assert train.last_update_time_since_epoch == 1767323045500
    assert (ann.type, ann.name) == ("prov.Person", "ann (http://example.org/)")


def test_what_a_bundle_tells_belongs_to_it_and_an_empty_one_is_kept(tmp_path: Path) -> None:
    used = {"_:1": {"prov:activity": "ex:train", "prov:entity": "ex:data"}}
    bundles = {"ex:b": {"entity": {"ex:data": {}}, "used": used}, "ex:empty": {}}
    path = written(tmp_path, bundle=bundles)
    assert lines(path) == {
        "data -INPUT-> train",
        "data of b (http://example.org/)",
        "train of b (http://example.org/)",
    }
    graph = read(path)
    assert {context.type for context in graph.contexts} == {"prov.Bundle"}
    assert equal(given_back(graph), ProvDocument.deserialize(str(path), format="json"))


def test_who_acts_on_behalf_of_each_other_is_nested_without_a_circle(tmp_path: Path) -> None:
    pairs = (("a", "b"), ("b", "c"), ("c", "a"), ("d", "d"))
    records = {
        f"_:{one}{other}": {"prov:delegate": f"ex:{one}", "prov:responsible": f"ex:{other}"}
        for one, other in pairs
    }
    path = written(tmp_path, actedOnBehalfOf=records)
    assert len(lines(path)) == 2
    assert len(given_back(read(path)).get_records()) == 4


def _documents() -> Iterator[Path]:
    yield from sorted(THEIRS.glob("json/*.json"))
    yield from sorted(THEIRS.glob("provn/**/*.provn"))


def test_all_documents_of_the_library_are_given_back_as_they_were() -> None:
    compared = refused = 0
    for path in _documents():
        try:
            with ProvSource(path) as source:
                graph = collected(source.batches())
        except BadFile:
            refused += 1
            continue
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            try:
                wanted = ProvDocument.deserialize(str(path), format=_format(path))
            except prov.Error:
                assert source.problems, path  # the library takes all or nothing
                continue
            assert equal(given_back(graph), wanted), path
        compared += 1
    assert compared > 800
    assert refused < 20


def _format(path: Path) -> str:
    return path.suffix.lstrip(".")


@pytest.mark.parametrize("name", [name for name, _ in examples.tests])
def test_examples_are_given_back_by_either_notation(name: str, tmp_path: Path) -> None:
    document = dict(examples.tests)[name]()
    for format in ("json", "provn"):
        path = tmp_path / f"it.{format}"
        document.serialize(str(path), format=format)
        assert equal(given_back(read(path)), document)


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(document=prov_documents())
def test_random_documents_are_given_back(document: ProvDocument) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "it.json"
        document.serialize(str(path), format="json")
        with ProvSource(path) as source:
            assert equal(given_back(collected(source.batches())), document)
            assert source.problems == []


def test_two_documents_of_one_thing_together_state_what_both_do(tmp_path: Path) -> None:
    accounts = []
    for value in ("1", "2"):
        path = written(tmp_path, entity={"ex:e": {"ex:v": {"$": value, "type": "xsd:int"}}})
        accounts.append(read(path).artifacts[0])
    both = merged(*accounts)
    assert len(both.custom_properties[STATEMENTS]) == 2  # type: ignore[arg-type]
    assert both.custom_properties["ex:v"] == 2
    renamed = tmp_path / "renamed.json"
    renamed.write_text(path.read_text().replace('"ex', '"other'))
    assert (
        merged(both, read(renamed).artifacts[0]).custom_properties[STATEMENTS]
        == (
            both.custom_properties[STATEMENTS]  # another prefix states nothing new
        )
    )


def test_what_cannot_be_read_is_told_by_its_place_and_the_rest_goes_in(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        entity={"ex:good": {}, "ex:bad": {"ex:a": {"type": "xsd:int"}}, "ex:list": 3},
        used={"_:1": {"prov:activity": "ex:a", "prov:time": "yesterday"}},
        wasFoundBy={"_:1": {}},
        bundle={"ex:b": []},
    )
    with open_source(path) as source:
        graph = collected(source.batches())
        reasons = {problem.place.partition(": ")[2]: problem.reason for problem in source.problems}
    assert {artifact.name for artifact in graph.artifacts} == {"good"}
    assert set(reasons) == {
        "entity ex:bad",
        "entity ex:list",
        "used _:1",
        "wasFoundBy",
        "bundle ex:b",
    }
    assert "yesterday" in reasons["used _:1"]


def test_a_link_of_ours_that_makes_no_sense_is_a_statement_like_others(tmp_path: Path) -> None:
    said = {"lg:event": "INPUT", "lg:path": {"$": "[[1]]", "type": "lg:struct"}}
    path = tmp_path / "it.json"
    prefix = PREFIX | {"lg": "urn:lineage-graph:field:"}
    used = {"_:1": {"prov:activity": "ex:a", "prov:entity": "ex:e", **said}}
    path.write_text(json.dumps({"prefix": prefix, "used": used}))
    assert lines(path) == {"e -INPUT-> a"}
    assert equal(given_back(read(path)), ProvDocument.deserialize(str(path), format="json"))


def test_prov_n_tells_the_line(tmp_path: Path) -> None:
    path = tmp_path / "it.provn"
    path.write_text(
        "document\n prefix ex <http://example.org/>\n entity(ex:e)\n used(ex:a)(\nendDocument\n"
    )
    with open_source(path) as source:
        list(source.batches())
        (problem, *_) = source.problems
    assert problem.place.startswith(f"{path}:4")
    path.write_text("document\n entity('\nendDocument\n")
    with pytest.raises(BadFile, match=":2: "), open_source(path) as source:
        list(source.batches())


def test_a_document_read_before_yields_nothing(tmp_path: Path) -> None:
    path = written(tmp_path, entity={"ex:e": {}})
    with open_source(path) as source:
        cursor, name = source.cursor, source.source
    packed = tmp_path / "moved.json.gz"
    packed.write_bytes(gzip.compress(path.read_bytes()))
    with open_source(packed) as source:
        source.after = cursor
        assert source.source == name
        assert list(source.batches()) == []


def test_bombs_and_what_is_no_document_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "it.json"
    with pytest.raises(NotFound):
        ProvSource(path)
    for content in (b"", b"[1]", b'{"entity": {"a"', b'"document"', b"\xff\xfe", b"documents"):
        path.write_bytes(content)
        with pytest.raises(BadFile), ProvSource(path) as source:
            list(source.batches())
    path.write_bytes(b'{"entity":' + b"[" * 100_000 + b"]" * 100_000 + b"}")
    with pytest.raises(BadFile), ProvSource(path) as source:
        list(source.batches())
    monkeypatch.setattr("lineage_graph.exchange.prov.documents.LARGEST", 1000)
    path.write_bytes(gzip.compress(b'{"entity": {}}' + b" " * 100_000))
    with pytest.raises(BadFile, match="at most"):
        ProvSource(path)
