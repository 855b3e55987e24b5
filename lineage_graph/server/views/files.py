"""Pictures to take away: what a page draws, as a file that other programs read."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated
from urllib.parse import urlencode

from fastapi import Path, Request
from fastapi.responses import Response

from lineage_graph.drawing.files import FORMATS
from lineage_graph.drawing.files.page import page
from lineage_graph.drawing.picture import Picture
from lineage_graph.errors import NotFound
from lineage_graph.exchange.writing import About, writers
from lineage_graph.model import Kind, Ref, Subgraph
from lineage_graph.pictures.exporting import whole
from lineage_graph.pictures.lineage import as_it_was
from lineage_graph.pictures.scope import Scope
from lineage_graph.questions import Questions
from lineage_graph.server.views.asking import picture_of_answer
from lineage_graph.server.views.console import Text, Values, values_of
from lineage_graph.server.views.lineage import Reach, scope_of
from lineage_graph.store import Answer, Store

STORED = {writer.suffix: writer for writer in writers().values()}
"""By how their names end: files that hold what is drawn as it is stored, not as it is drawn."""

_SEEN = ("svg", "html")  # files that are looked at, as the page is
_PLACE = ("at", "selected", "x", "y", "zoom")  # where a file opens
Suffix = Annotated[str, Path(description=", ".join((*FORMATS, *STORED)))]


@dataclass(frozen=True)
class Taken:
    """What can be taken away: a picture and what it was drawn from, with a title and a name for files.

    Files that go back in time by themselves take the picture of all times; ``query`` is where those open.
    """

    title: str
    name: str
    picture: Callable[[], Picture]
    graph: Subgraph
    of_all_times: Callable[[], Picture] | None = None
    query: str = ""
    start: Ref | None = None

    def file(self, suffix: str, store: Store) -> Response:
        """Return it as a file.

        Raises:
            NotFound: there are no files of this kind.
        """
        name = f"{self.name}.{suffix}"
        if suffix in STORED:
            stream = io.BytesIO()
            about = About(store.id, self.title, self.start)
            STORED[suffix].write(whole(store, self.graph), stream, about)
            return _response(stream.getvalue(), STORED[suffix].media_type, name)
        if suffix not in FORMATS:
            raise NotFound(
                f"Nothing writes .{suffix} files.",
                hint=f"There are .{', .'.join((*FORMATS, *STORED))}.",
            )
        found = FORMATS[suffix]
        if suffix == "html":
            text = page((self.of_all_times or self.picture)(), self.title, self.query)
        else:
            text = found.write(self.picture(), self.title)
        return _response(text.encode("utf-8", "replace"), found.media_type, name)


def _response(content: bytes, media_type: str, name: str) -> Response:
    way = "inline" if name.endswith(".svg") else "attachment"
    headers = {
        "content-disposition": f'{way}; filename="{name}"',
        "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'; sandbox",
    }
    return Response(content, media_type=media_type, headers=headers)


def lineage_file(store: Store, reach: Reach, kind: Kind) -> Callable[..., Response]:
    """Return the view of a picture as a file."""

    def view(id: int, suffix: Suffix, request: Request) -> Response:
        """The picture as a file: exactly what its address shows, and whole."""
        scope = scope_of(request)
        if "by" not in request.query_params and suffix not in _SEEN:  # data is not folded unasked
            scope = scope.model_copy(update={"by": "none"})
        found = reach(id, scope)
        taken = Taken(
            f"Lineage of {kind.value}/{id}",
            _name(kind, id, scope),
            lambda: found.picture(scope),
            as_it_was(found.graph, scope.moment),
            lambda: found.picture(scope, all_times=True),
            urlencode([pair for pair in request.query_params.multi_items() if pair[0] in _PLACE]),
            Ref(kind, id),
        )
        return taken.file(suffix, store)

    return view


def answer_file(store: Store, questions: Questions) -> Callable[..., Response]:
    """Return the view of a question's answer as a file, for answers that are drawn."""

    def view(name: str, suffix: Suffix, request: Request) -> Response:
        """The picture of an answer as a file."""
        question = questions.get(name.replace("-", "_"))
        if question is None:
            raise NotFound(f"There is no question {name!r}.")
        values = {key: value for key, value in request.query_params.items() if value != ""}
        given = "-".join([name, *(str(value) for value in values.values())])
        answer = question.ask(store, values)
        return _answered(store, answer, question.title, _safe(given)).file(suffix, store)

    return view


def console_file(store: Store) -> Callable[..., Response]:
    """Return the view of a console's answer as a file, for answers that are drawn."""

    def view(suffix: Suffix, cypher: Text, values: Values = "") -> Response:
        """The picture of what a statement returns, as a file."""
        answer = store.cypher(cypher, values_of(values))
        return _answered(store, answer, "The answer of a statement", "answer").file(suffix, store)

    return view


def _answered(store: Store, answer: Answer, title: str, name: str) -> Taken:
    graph = answer.graph or Subgraph()
    picture = picture_of_answer(store, graph)
    if picture is None:
        raise NotFound("This answer has no picture: it names no artifacts or executions.")
    return Taken(title, name, lambda: picture, graph)


def _name(kind: Kind, id: int, scope: Scope) -> str:
    """Return what a file is called: lineage-of-artifact-42-upstream."""
    words = ["lineage-of", kind.value, str(id)]
    if scope.direction.value != "both":
        words.append(scope.direction.value)
    if scope.at:
        words += ["at", scope.at]
    return _safe("-".join(words))


def _safe(name: str) -> str:
    return re.sub(r"[^A-Za-z0-9]+", "-", name).strip("-")[:80]
