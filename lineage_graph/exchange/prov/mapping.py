"""From PROV's statements to the graph.

| PROV | in the graph |
|---|---|
| entity | an artifact; its type is its ``prov:type``, else ``prov.Entity`` |
| activity | an execution, with its times |
| agent, bundle | a context |
| used, wasGeneratedBy | an input, an output |
| wasInformedBy | an artifact ``prov.Communication`` that the one made and the other used |
| wasStartedBy | what triggered it is an internal input; whoever started it made that |
| wasDerivedFrom | through the activity it names, else through an execution ``prov.Derivation`` (``prov.Revision``, …) |
| hadMember | the members are what an execution ``prov.Membership`` made the collection from |
| wasAssociatedWith | an association; its plan is a declared input |
| wasAttributedTo | an attribution |
| actedOnBehalfOf | the one is part of the other, unless that would go round in a circle |
| wasInfluencedBy | an attribution or association to an agent; between others an execution or artifact ``prov.Influence`` |
| wasInvalidatedBy | the artifact is deleted |
| in a bundle | what it tells of belongs to the bundle's context |

Each statement is also kept word for word with the thing it begins with; specializationOf,
alternateOf, mentionOf and wasEndedBy are that alone. A thing that is only named has a node too. The
same name in several documents and bundles is the same thing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from prov.constants import PROV, PROV_ROLE, PROV_TYPE
from prov.identifier import Identifier, QualifiedName
from prov.model import ProvRecord

from lineage_graph.exchange.prov.statements import Statement, bundle_kept
from lineage_graph.exchange.prov.things import Path, Things
from lineage_graph.exchange.prov.told import ProvStatements, plain
from lineage_graph.exchange.prov.vocabulary import (
    ProvRelation,
    link_of,
    milliseconds_of,
    understood,
    understood_type,
)
from lineage_graph.model import EventType, Kind, Subgraph

_ELEMENTS = {"entity": Kind.ARTIFACT, "activity": Kind.EXECUTION, "agent": Kind.CONTEXT}
_ROLES = {
    "entity": Kind.ARTIFACT,
    "generatedEntity": Kind.ARTIFACT,
    "usedEntity": Kind.ARTIFACT,
    "specificEntity": Kind.ARTIFACT,
    "alternate1": Kind.ARTIFACT,
    "collection": Kind.ARTIFACT,
    "trigger": Kind.ARTIFACT,
    "plan": Kind.ARTIFACT,
    "activity": Kind.EXECUTION,
    "informed": Kind.EXECUTION,
    "informant": Kind.EXECUTION,
    "starter": Kind.EXECUTION,
    "agent": Kind.CONTEXT,
    "delegate": Kind.CONTEXT,
    "responsible": Kind.CONTEXT,
}
_SUBTYPES = ("Revision", "Quotation", "PrimarySource")


class Mapper:
    """Takes in statements, elements before relations, and gives them as subgraphs."""

    def __init__(self, problem: Callable[[str, str], None]) -> None:
        self._problem = problem
        self._things = Things()

    def batches(self) -> Iterator[Subgraph]:
        """Yield everything that was taken in."""
        return self._things.batches()

    def bundle(self, name: QualifiedName) -> None:
        """Take in a bundle, whatever it tells."""
        thing = self._things.thing(Kind.CONTEXT, name)
        thing.stand_in = "prov.Bundle"
        thing.statements |= bundle_kept(name)

    def element(self, place: str, statement: Statement) -> None:
        """Take in an entity, an activity or an agent."""
        record = statement.record
        defined = understood_type(record)
        if defined is not None:
            self._things.define(defined)
            return
        kind = _ELEMENTS[statement.relation]
        assert record.identifier is not None  # the library sees to it
        thing = self._things.thing(kind, record.identifier)
        try:
            node = understood(kind, record)
        except ValueError as error:
            self._problem(f"{place}: {record.identifier}", str(error))
            node = None
        if node is not None:
            thing.node = node
            return
        self._keep(thing, statement)
        thing.learn(record)
        for attribute, value in record.formal_attributes:
            moment = milliseconds_of(value)
            if moment is not None:
                thing.times.append(moment)
            thing.ended |= attribute.localpart == "endTime" and value is not None

    def relation(self, place: str, statement: Statement) -> None:
        """Take in a relation; the elements that the document declares must have come before."""
        relation = _Relation(statement.record, self._things)
        subject = relation.subject
        if (link := link_of(statement.relation, statement.record)) is not None and subject:
            self._link(link, statement.relation, relation, subject)
            return
        self._keep(subject or relation.anything or self._things.nothing(), statement)
        handler = _HANDLERS.get(statement.relation)
        if handler is not None and subject is not None:
            handler(self, relation, subject)

    def _keep(self, thing: ProvStatements, statement: Statement) -> None:
        key = statement.key
        if key not in thing.statements:
            thing.statements[key] = statement.kept()
        if statement.bundle is not None:
            self._things.belong(thing, self._things.thing(Kind.CONTEXT, statement.bundle))

    def _link(
        self, link: ProvRelation, name: str, relation: _Relation, subject: ProvStatements
    ) -> None:
        """Take in a link of ours, which is no more than it says."""
        if link.type is not None:
            ends = relation.thing("activity"), relation.thing("entity")
            self._things.event(*ends, link.type, link.path, link.at, link.inferred_at)
        elif name == "actedOnBehalfOf":
            self._acted_on_behalf_of(relation, subject)
        elif name != "alternateOf":  # the rule that told it tells it again
            self._things.belong(subject, relation.thing("agent"))

    # One relation each

    def _used(self, relation: _Relation, activity: ProvStatements) -> None:
        entity = relation.thing("entity")
        self._things.event(activity, entity, EventType.INPUT, relation.role, relation.time)

    def _was_generated_by(self, relation: _Relation, entity: ProvStatements) -> None:
        activity, at = relation.thing("activity"), relation.time
        self._things.event(activity, entity, EventType.OUTPUT, relation.role, at)
        entity.times += [] if at is None else [at]

    def _was_informed_by(self, relation: _Relation, informed: ProvStatements) -> None:
        informant = relation.thing("informant")
        if informant is not None:
            self._things.through(informant, informed, "prov.Communication")

    def _was_started_by(self, relation: _Relation, activity: ProvStatements) -> None:
        trigger, starter, at = relation.thing("trigger"), relation.thing("starter"), relation.time
        activity.times += [] if at is None else [at]
        if trigger is None and starter is not None:
            self._things.through(starter, activity, "prov.Start")
        self._things.event(activity, trigger, EventType.INTERNAL_INPUT, ("trigger",), at)
        self._things.event(starter, trigger, EventType.INTERNAL_OUTPUT, ("trigger",), at)

    def _was_ended_by(self, relation: _Relation, activity: ProvStatements) -> None:
        activity.times += [] if relation.time is None else [relation.time]
        activity.ended = True

    def _was_invalidated_by(self, relation: _Relation, entity: ProvStatements) -> None:
        entity.gone = True

    def _was_derived_from(self, relation: _Relation, generated: ProvStatements) -> None:
        used, activity = relation.thing("usedEntity"), relation.thing("activity")
        if used is None:
            return
        if activity is None:
            self._things.through(used, generated, relation.derivation)
            return
        self._things.infer(activity, used, EventType.INPUT)
        self._things.infer(activity, generated, EventType.OUTPUT)

    def _was_attributed_to(self, relation: _Relation, entity: ProvStatements) -> None:
        self._things.belong(entity, relation.thing("agent"))

    def _was_associated_with(self, relation: _Relation, activity: ProvStatements) -> None:
        self._things.belong(activity, relation.thing("agent"))
        plan = relation.thing("plan")
        self._things.event(activity, plan, EventType.DECLARED_INPUT, ("plan",))

    def _acted_on_behalf_of(self, relation: _Relation, delegate: ProvStatements) -> None:
        responsible = relation.thing("responsible")
        if responsible is not None:
            self._things.nest(delegate, responsible)

    def _had_member(self, relation: _Relation, collection: ProvStatements) -> None:
        member = relation.thing("entity")
        if member is not None and member is not collection:
            self._things.through(member, collection, "prov.Membership", collection.uri)

    def _was_influenced_by(self, relation: _Relation, influenced: ProvStatements) -> None:
        influencer = relation.thing("influencer")
        if influencer is None or influenced.kind is Kind.CONTEXT:
            return
        if influencer.kind is Kind.CONTEXT:
            self._things.belong(influenced, influencer)
        elif influencer.kind is influenced.kind:
            self._things.through(influencer, influenced, "prov.Influence")
        elif influenced.kind is Kind.EXECUTION:
            self._things.event(influenced, influencer, EventType.INTERNAL_INPUT, ("influence",))
        else:
            self._things.event(influencer, influenced, EventType.INTERNAL_OUTPUT, ("influence",))


class _Relation:
    """A relation's record, asked for what it names."""

    def __init__(self, record: ProvRecord, things: Things) -> None:
        self._record = record
        self._things = things
        self._formal = {name.localpart: value for name, value in record.formal_attributes}

    def thing(self, role: str) -> ProvStatements | None:
        return self._meant(role, self._formal.get(role))

    @property
    def subject(self) -> ProvStatements | None:
        """What it begins with."""
        (attribute, name), *_ = self._record.formal_attributes
        return self._meant(attribute.localpart, name)

    @property
    def anything(self) -> ProvStatements | None:
        """The first thing that it names."""
        return next(filter(None, (self._meant(*pair) for pair in self._formal.items())), None)

    def _meant(self, role: str, name: object) -> ProvStatements | None:
        if not isinstance(name, Identifier):
            return None
        kind = _ROLES.get(role)
        return self._things.any(name) if kind is None else self._things.thing(kind, name)

    @property
    def time(self) -> int | None:
        return milliseconds_of(self._formal.get("time"))

    @property
    def role(self) -> Path:
        """Under which role something was used or made."""
        roles = self._record.get_attribute(PROV_ROLE)
        return tuple(sorted(str(plain(role)) for role in roles))

    @property
    def derivation(self) -> str:
        """What kind of derivation it is."""
        types = self._record.get_attribute(PROV_TYPE)
        kind = next((name for name in _SUBTYPES if PROV[name] in types), "Derivation")
        return f"prov.{kind}"


_HANDLERS: dict[str, Callable[[Mapper, _Relation, ProvStatements], None]] = {
    "used": Mapper._used,
    "wasGeneratedBy": Mapper._was_generated_by,
    "wasInformedBy": Mapper._was_informed_by,
    "wasStartedBy": Mapper._was_started_by,
    "wasEndedBy": Mapper._was_ended_by,
    "wasInvalidatedBy": Mapper._was_invalidated_by,
    "wasDerivedFrom": Mapper._was_derived_from,
    "wasAttributedTo": Mapper._was_attributed_to,
    "wasAssociatedWith": Mapper._was_associated_with,
    "actedOnBehalfOf": Mapper._acted_on_behalf_of,
    "hadMember": Mapper._had_member,
    "wasInfluencedBy": Mapper._was_influenced_by,
}
