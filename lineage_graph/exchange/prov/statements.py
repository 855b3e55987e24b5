"""Statements: each record of a PROV document for itself, and how it is kept word for word.

A statement is kept as a PROV-JSON document of its own, with the prefixes it uses and within the bundle
it stands in, under a key made of what it says: so it can be given back, and twice the same is once.
"""

from __future__ import annotations

import hashlib
import json
import warnings
from collections.abc import Mapping
from typing import Any, NamedTuple

from prov.constants import PROV_N_MAP, PROV_RECORD_IDS_MAP, XSD
from prov.identifier import Identifier, QualifiedName
from prov.model import Literal, ProvBundle, ProvDocument, ProvRecord
from prov.serializers.provjson import decode_json_document, encode_json_document


class Statement(NamedTuple):
    """A record, and the bundle it stands in (None: the document itself)."""

    record: ProvRecord
    bundle: QualifiedName | None

    @property
    def relation(self) -> str:
        """What PROV-N calls it: ``entity``, ``wasDerivedFrom``, …"""
        return PROV_N_MAP[self.record.get_type()]

    @property
    def key(self) -> str:
        """A key that identifies the statement independent of its prefixes."""
        record = self.record
        said = sorted((name.uri, *_told(value)) for name, value in record.attributes)
        names = [name and name.uri for name in (self.bundle, record.get_type(), record.identifier)]
        return key_of(names, said)

    def kept(self) -> dict[str, Any]:
        """Return it as a PROV-JSON document of its own."""
        document = ProvDocument()
        adopt(document if self.bundle is None else document.bundle(self.bundle), self.record)
        return _plain(encode_json_document(document))


def bundle_kept(bundle: QualifiedName) -> dict[str, Any]:
    """Return a bundle without any statement as a PROV-JSON document, by its key."""
    document = ProvDocument()
    document.bundle(bundle)
    return {key_of(bundle.uri): _plain(encode_json_document(document))}


def key_of(*parts: Any) -> str:
    """Return the key under which what is made of these parts is kept."""
    text = json.dumps(parts, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _told(value: Any) -> tuple[str, ...]:
    """Return a value so that equal ones, as PROV compares them, are equal texts."""
    if isinstance(value, Literal):
        datatype = value.datatype.uri if value.datatype else ""
        return "literal", value.value, datatype, (value.langtag or "").casefold()
    if isinstance(value, Identifier):
        return "name" if isinstance(value, QualifiedName) else "address", value.uri
    return type(value).__name__, str(value)


class Document:
    """A document that grows by what was kept."""

    def __init__(self) -> None:
        self.document = ProvDocument()
        self._bundles: dict[str, ProvBundle] = {}

    def put_back(self, kept: Mapping[str, Any]) -> None:
        """Add a statement, or a bundle, as it was kept.

        Raises:
            ValueError: it is not as it was kept.
        """
        part = ProvDocument()
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                decode_json_document(_plain(kept), part)
            for record in part.get_records():
                adopt(self.document, record)
            for bundle in part.bundles:
                home = self._bundle(bundle)
                for record in bundle.get_records():
                    adopt(home, record)
        except Exception as error:  # whatever the library makes of it
            raise ValueError(str(error)) from error

    def _bundle(self, bundle: ProvBundle) -> ProvBundle:
        assert bundle.identifier is not None
        uri = bundle.identifier.uri
        if uri not in self._bundles:
            self._bundles[uri] = self.document.bundle(bundle.identifier)
        return self._bundles[uri]


def adopt(home: ProvBundle, record: ProvRecord) -> None:
    """Add a copy of a record to a bundle that has yet to know the prefixes of its datatypes."""
    formal = [(name, value) for name, value in record.formal_attributes if value is not None]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # they were reported when the record was read
        attributes = [(name, _known(home, value)) for name, value in record.extra_attributes]
        home.new_record(record.get_type(), record.identifier, formal, attributes)


def _known(home: ProvBundle, value: Any) -> Any:
    """Return a literal with its datatype as the bundle names it; it would not write the prefix else."""
    if not isinstance(value, Literal) or value.datatype is None or value.datatype.namespace == XSD:
        return value
    return Literal(value.value, home.valid_qualified_name(value.datatype), value.langtag)


def is_relation(name: str) -> bool:
    """Say whether PROV-JSON has records of this name."""
    return name in PROV_RECORD_IDS_MAP and name != "bundle"


def _plain(container: Any) -> dict[str, Any]:
    plain: dict[str, Any] = json.loads(json.dumps(container))
    return plain
