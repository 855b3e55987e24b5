"""Question: one protocol with two sources, a file of ``cypher/questions`` or a walk in Python."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from functools import cached_property
from typing import Any

from pydantic import BaseModel

from lineage_graph.catalog import Catalog, Param, Query, Returns, bind_values, input_model
from lineage_graph.errors import InvalidQueryFile, NotFound
from lineage_graph.model import Kind, Ref
from lineage_graph.questions.empty import why_empty
from lineage_graph.store import Answer, Store

Run = Callable[[Store, Mapping[str, Any]], Answer]


@dataclass(frozen=True)
class Question:
    """A question people ask: what it is called, what it takes, what it returns, how it is answered.

    ``cypher`` is the text of its file, None for a walk written in Python.
    """

    name: str
    title: str
    prose: str
    params: tuple[Param, ...]
    returns: Returns
    tags: tuple[str, ...]
    cypher: str | None
    run: Run = field(repr=False, compare=False)

    @cached_property
    def input_model(self) -> type[BaseModel]:
        """A pydantic model of the parameters, for schemas."""
        return input_model(self.name, self.params)

    def ask(self, store: Store, values: Mapping[str, Any]) -> Answer:
        """Answer the question.

        Raises:
            InvalidArgument: a value is missing, unknown, of the wrong kind or out of range.
            NotFound: a parameter names a node that does not exist.
            TimedOut: the time limit was reached.
        """
        bound = bind_values(self.params, values)
        for param in self.params:
            kind = kind_of_id(param.name) if param.type == "int" else None
            if kind is not None and bound[param.name] is not None:
                store.node(Ref(kind, bound[param.name]))
        answer = self.run(store, bound)
        if answer.rows or (answer.graph is not None and len(answer.graph)):
            return answer
        answer = replace(answer, note=answer.note or why_empty(store, self.params, bound))
        if answer.kind == "graph":
            return answer
        # The embedded engine names no columns where it finds no rows.
        return replace(answer, columns=tuple(column.name for column in self.returns.columns))

    @property
    def needs_values(self) -> bool:
        """True where it cannot be asked without a value."""
        return any(param.required for param in self.params)

    @property
    def start(self) -> tuple[Kind, str] | None:
        """Where it can be asked about one node: the node's kind and the parameter that takes its id.

        None where it takes no node or several, or where something else is required too.
        """
        nodes = [param for param in self.params if param.type == "int" and kind_of_id(param.name)]
        if len(nodes) != 1 or any(param.required for param in self.params if param is not nodes[0]):
            return None
        kind = kind_of_id(nodes[0].name)
        return None if kind is None else (kind, nodes[0].name)


class Questions(Mapping[str, Question]):
    """All questions by name, sorted."""

    def __init__(self, questions: Mapping[str, Question]) -> None:
        self._questions = dict(sorted(questions.items()))

    def __getitem__(self, name: str) -> Question:
        return self._questions[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._questions)

    def __len__(self) -> int:
        return len(self._questions)

    def for_kind(self, kind: Kind) -> tuple[tuple[Question, str], ...]:
        """The questions that can be asked about one node of a kind, with the parameter for its id."""
        return tuple(
            (question, question.start[1])
            for question in self.values()
            if question.start is not None and question.start[0] is kind
        )

    def named(self, name: str) -> Question:
        """Return the question of this name; hyphens will do for underscores.

        Raises:
            NotFound: there is none; the hint says what may have been meant.
        """
        found = self.get(name) or self.get(name.replace("-", "_"))
        if found is not None:
            return found
        close = get_close_matches(name.replace("-", "_"), self, n=3)
        hint = f"Did you mean {' or '.join(close)}?" if close else ""
        raise NotFound(f"There is no question {name!r}.", hint=hint)


def kind_of_id(name: str) -> Kind | None:
    """Return the kind of node whose id a parameter or column of this name holds, if any.

    ``artifact``, ``execution`` and ``context`` do, and what ends so: ``model_artifact``.
    """
    last = name.rpartition("_")[2]
    return next((kind for kind in Kind if kind.value == last), None)


def from_query(query: Query) -> Question:
    """Return the question a file of ``cypher/questions`` asks."""
    return Question(
        query.name,
        query.title,
        query.prose,
        query.params,
        query.returns,
        query.tags,
        query.body,
        lambda store, values: store.run(query, **values),
    )


def gather(catalog: Catalog, walks: Mapping[str, Question]) -> Questions:
    """Return the questions of both sources together.

    Raises:
        InvalidQueryFile: a file has the name of a walk.
    """
    questions = dict(walks)
    for query in catalog.folder("questions"):
        if query.name in questions:
            raise InvalidQueryFile(f"{query.path}:1: a walk has the same name")
        questions[query.name] = from_query(query)
    return Questions(questions)
