"""Our description of ML Metadata's contract: compiled, complete, and beside ML Metadata's own."""

from __future__ import annotations

import pytest
from google.protobuf.message import DecodeError

from lineage_graph.messages.pool import DESCRIPTORS, METHODS, message
from tests.messages.make_descriptors import compiled


def test_the_compiled_form_is_that_of_the_source() -> None:
    assert DESCRIPTORS.read_bytes() == compiled(), "run python -m tests.messages.make_descriptors"


def test_there_are_52_calls() -> None:
    assert len(METHODS) == 52
    for name, (request, response) in METHODS.items():
        assert request.DESCRIPTOR.full_name == f"ml_metadata.{name}Request"
        assert response.DESCRIPTOR.full_name == f"ml_metadata.{name}Response"


def test_absent_is_not_empty() -> None:
    artifact = message("Artifact")()
    assert not artifact.HasField("uri")
    artifact.uri = ""
    assert message("Artifact").FromString(artifact.SerializeToString()).HasField("uri")


def test_defaults_are_theirs() -> None:
    options = message("ListOperationOptions")()
    assert options.max_result_size == 20
    assert options.order_by_field.is_asc
    assert options.order_by_field.Field.Name(options.order_by_field.field) == "ID"
    assert message("PutArtifactTypeRequest")().all_fields_match


def test_a_text_that_is_no_text_is_refused() -> None:
    with pytest.raises(DecodeError, match="UTF-8"):
        message("Artifact").FromString(b"\x1a\x02\xff\xfe")


def test_a_state_that_nobody_knows_is_none() -> None:
    artifact = message("Artifact").FromString(b"\x30\x63")
    assert not artifact.HasField("state")
