"""The app: its pages, their data, its errors and its guard."""

from __future__ import annotations

from importlib.metadata import version
from typing import Any

from fastapi import FastAPI, Request
from fastapi.responses import PlainTextResponse, Response
from fastapi.staticfiles import StaticFiles

from lineage_graph.model import Kind
from lineage_graph.pictures.scope import PARAMETERS
from lineage_graph.questions import Questions, load_questions
from lineage_graph.server.costs import always, given, large_scope, price
from lineage_graph.server.live import Live
from lineage_graph.server.pages import PageRouter
from lineage_graph.server.problems import add_problems
from lineage_graph.server.render import STATIC, Renderer
from lineage_graph.server.security import RequestGuard, check_address
from lineage_graph.server.views.asking import Asking, parameters_of
from lineage_graph.server.views.console import Console
from lineage_graph.server.views.contexts import ContextAnswer
from lineage_graph.server.views.data import Data
from lineage_graph.server.views.differences import COMPARED, Differences
from lineage_graph.server.views.embed import embedded_view
from lineage_graph.server.views.files import answer_file, console_file, lineage_file
from lineage_graph.server.views.filters import EitherFilters, Filters
from lineage_graph.server.views.lineage import LineageAnswer, as_columns, members
from lineage_graph.server.views.lists import SCANNING, Lists
from lineage_graph.server.views.neighbours import neighbours_of
from lineage_graph.server.views.nodes import Nodes
from lineage_graph.server.views.openlineage import add_openlineage
from lineage_graph.server.views.overview import Overview
from lineage_graph.server.views.schema import SchemaPage
from lineage_graph.server.views.search import SearchPage
from lineage_graph.settings import Settings
from lineage_graph.store import Store


def create_app(store: Store, settings: Settings | None = None) -> FastAPI:
    """Return the app over a store.

    Raises:
        InvalidArgument: the settings would let others in without an access token.
        InvalidQueryFile: a file of ``cypher/`` breaks the convention.
    """
    settings = settings or store.settings
    check_address(settings)
    renderer = Renderer()
    questions = load_questions(store.catalog)
    renderer.environment.globals.update(
        database=store.engine.version(), version=version("lineage-graph")
    )
    app = FastAPI(
        title="lineage_graph",
        version=version("lineage-graph"),
        description="The lineage of machine-learning pipelines. Every page has its data under .json.",
        docs_url=None,
        redoc_url=None,
    )
    add_problems(app, renderer)
    add_openlineage(app, store)  # first: where many events come, routes are looked through in order
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    _add_pages(PageRouter(app, renderer), store, settings, questions)
    _add_rest(app, renderer, store, questions)
    _add_live(app, store)
    app.add_middleware(RequestGuard, settings=settings, renderer=renderer)
    return app


def _add_pages(book: PageRouter, store: Store, settings: Settings, questions: Questions) -> None:
    overview = Overview(store)
    book.add("/", overview.first, data_path="/overview.json", summary="Overview", tags=("pages",))
    book.add("/types", overview.types, summary="Types", tags=("pages",))
    for kind in Kind:
        title = f"{kind.label}s"
        book.add(
            f"/{kind.value}s",
            Lists(store, kind).view,
            summary=title,
            tags=("nodes",),
            costs=given(*SCANNING),
        )
    data = Data(store, settings.files)
    nodes = Nodes(store, questions, data)
    book.app.get("/artifacts/{id:int}/file", tags=["nodes"], response_class=Response)(data.file)
    book.add("/artifacts/{id:int}/panel", nodes.artifact_panel, tags=("nodes",))
    book.add("/executions/{id:int}/panel", nodes.execution_panel, tags=("nodes",))
    book.add("/artifacts/{id:int}", nodes.artifact, summary="An artifact", tags=("nodes",))
    book.add("/executions/{id:int}", nodes.execution, summary="An execution", tags=("nodes",))
    contexts = ContextAnswer(store, questions)
    book.add(
        "/contexts/{id:int}",
        contexts.view,
        summary="A context",
        tags=("nodes",),
        parameters=PARAMETERS,
        costs=large_scope,
    )
    for kind in (Kind.ARTIFACT, Kind.EXECUTION):
        book.add(
            f"/{kind.value}s/{{id:int}}/lineage",
            LineageAnswer(store, kind).view,
            summary=f"The lineage of an {kind.value}",
            tags=("lineage",),
            parameters=PARAMETERS,
            costs=large_scope,
        )
    differences = Differences(store)
    book.add(
        "/why",
        differences.why,
        summary="Why two things differ",
        tags=("comparisons",),
        costs=given("one", "other"),
    )
    book.add(
        "/compare",
        differences.compare,
        summary="Things side by side",
        tags=("comparisons",),
        parameters=[COMPARED],
        costs=given("node"),
    )
    asking = Asking(store, questions)
    book.add("/ask", asking.all, summary="All questions", tags=("questions",))
    for question in questions.values():
        book.add(
            f"/ask/{question.name.replace('_', '-')}",
            asking.view(question),
            summary=question.title,
            description=question.prose,
            tags=("questions", *question.tags),
            parameters=parameters_of(question),
            costs=given() if question.needs_values else always,
        )
    book.add(
        "/schema",
        SchemaPage(store).view,
        summary="What statements can ask this store for",
        tags=("questions",),
        costs=always,
    )
    search = SearchPage(store, questions)
    book.add("/search", search.view, summary="Search", tags=("nodes",), costs=given("text"))
    console = Console(store, settings)
    book.add(
        "/console",
        console.view,
        summary="Cypher that only reads",
        tags=("questions",),
        costs=given("cypher"),
    )


def _add_rest(app: FastAPI, renderer: Renderer, store: Store, questions: Questions) -> None:
    pictures = {
        Kind.ARTIFACT: LineageAnswer(store, Kind.ARTIFACT).reached,
        Kind.EXECUTION: LineageAnswer(store, Kind.EXECUTION).reached,
        Kind.CONTEXT: ContextAnswer(store, questions).reached,
    }
    for kind in (Kind.ARTIFACT, Kind.EXECUTION):
        path = f"/{kind.value}s/{{id:int}}/neighbours.json"
        app.get(path, tags=["lineage"])(neighbours_of(store, kind))
        price(app, path, given("text"))
    for kind, reach in pictures.items():
        for end, view in (
            (".{suffix}", lineage_file(store, reach, kind)),
            ("/picture.json", as_columns(reach)),
            ("/members.json", members(reach)),
        ):
            path = f"/{kind.value}s/{{id:int}}/lineage{end}"
            app.get(
                path,
                tags=["lineage"],
                response_class=Response,
                openapi_extra={"parameters": PARAMETERS},
            )(view)
            price(app, path, large_scope)
        path = f"/embed/{kind.value}s/{{id:int}}/lineage"
        app.get(path, include_in_schema=False)(embedded_view(renderer, reach, kind))
        price(app, path, large_scope)

    filters = {kind: Filters(store, kind) for kind in Kind}
    either = EitherFilters(filters[Kind.ARTIFACT], filters[Kind.EXECUTION])
    boxes: dict[str, Filters | EitherFilters] = {f"{k.value}s": one for k, one in filters.items()}
    for many, box in {**boxes, "nodes": either}.items():
        for name, answer in (("check", box.check), ("complete", box.complete)):
            app.get(f"/filters/{many}/{name}.json", tags=["nodes"])(answer)
    for path, tag, file in (
        ("/why.{suffix}", "comparisons", Differences(store).why_file),
        ("/ask/{name}/picture.{suffix}", "questions", answer_file(store, questions)),
        ("/console/picture.{suffix}", "questions", console_file(store)),
        ("/schema.svg", "questions", SchemaPage(store).picture),
        ("/console.csv", "questions", Console(store, store.settings).csv),
    ):
        app.get(path, tags=[tag], response_class=Response)(file)
        price(app, path, always)

    def health() -> Any:
        store.engine.version()
        return PlainTextResponse("ok\n")

    app.get("/health", include_in_schema=False)(health)


def _add_live(app: FastAPI, store: Store) -> None:
    app.state.live = live = Live(store)

    async def stream(request: Request) -> Response:
        """What changes in the store, as server-sent events: refs a page may show, or all."""
        return live.respond(request)

    app.get("/live", summary="Changes as they happen", tags=["pages"], response_class=Response)(
        stream
    )
