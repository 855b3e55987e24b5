"""Our description of ML Metadata's contract: compiled, complete, and beside ML Metadata's own."""

from __future__ import annotations

import ast

import pytest
from google.protobuf.message import DecodeError

from lineage_graph.messages import contract
from lineage_graph.messages.pool import DESCRIPTORS, MESSAGES, METHODS
from tests.messages.make_descriptors import STUBS, compiled
from tests.messages.stubs import stubs


def test_the_compiled_form_is_that_of_the_source() -> None:
    assert DESCRIPTORS.read_bytes() == compiled(), "run python -m tests.messages.make_descriptors"


def test_the_stubs_are_those_of_the_source() -> None:
    expected = stubs(compiled())
    assert STUBS.read_text(encoding="utf-8") == expected, (
        "run python -m tests.messages.make_descriptors"
    )


def test_every_message_of_the_stubs_exists_at_runtime() -> None:
    classes = [node for node in ast.parse(STUBS.read_text()).body if isinstance(node, ast.ClassDef)]
    assert {node.name for node in classes} == set(MESSAGES)
    for node in classes:
        message = getattr(contract, node.name)
        named = (inner for inner in node.body if isinstance(inner, ast.ClassDef | ast.FunctionDef))
        declared = {inner.name for inner in named} - {"__init__"}
        declared |= {
            inner.target.id
            for inner in node.body
            if isinstance(inner, ast.AnnAssign) and isinstance(inner.target, ast.Name)
        }
        fields = set(message.DESCRIPTOR.fields_by_name)
        assert declared >= fields
        assert all(hasattr(message, name) for name in declared - fields), node.name


def test_there_are_52_calls() -> None:
    assert len(METHODS) == 52
    for name, (request, response) in METHODS.items():
        assert request.DESCRIPTOR.full_name == f"ml_metadata.{name}Request"
        assert response.DESCRIPTOR.full_name == f"ml_metadata.{name}Response"


def test_absent_is_not_empty() -> None:
    artifact = contract.Artifact()
    assert not artifact.HasField("uri")
    artifact.uri = ""
    assert contract.Artifact.FromString(artifact.SerializeToString()).HasField("uri")


def test_defaults_are_theirs() -> None:
    options = contract.ListOperationOptions()
    assert options.max_result_size == 20
    assert options.order_by_field.is_asc
    assert options.order_by_field.Field.Name(options.order_by_field.field) == "ID"
    assert contract.PutArtifactTypeRequest().all_fields_match


def test_a_text_that_is_no_text_is_refused() -> None:
    with pytest.raises(DecodeError, match="UTF-8"):
        contract.Artifact.FromString(b"\x1a\x02\xff\xfe")


def test_a_state_that_nobody_knows_is_none() -> None:
    artifact = contract.Artifact.FromString(b"\x30\x63")
    assert not artifact.HasField("state")
