"""Page: what a view returns. Every page is HTML under its path, and data under its path + .json."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import wraps
from typing import Any

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse, Response

from lineage_graph.model.plain import plain
from lineage_graph.server.costs import Costs, price
from lineage_graph.server.render import Renderer

View = Callable[..., "Page"]


@dataclass(frozen=True)
class Page:
    """A template and what it is filled with; ``data`` alone is what programs get."""

    template: str
    data: Mapping[str, Any]
    extra: Mapping[str, Any] = field(default_factory=dict)
    status: int = 200


class PageRouter:
    """Adds pages to an app."""

    def __init__(self, app: FastAPI, renderer: Renderer) -> None:
        self.app = app
        self._renderer = renderer

    def add(
        self,
        path: str,
        view: View,
        *,
        data_path: str | None = None,
        summary: str = "",
        description: str = "",
        tags: tuple[str, ...] = (),
        parameters: list[dict[str, Any]] | None = None,
        costs: Costs | None = None,
    ) -> None:
        """Serve a view as a page and as data; the documentation is for the data.

        ``costs`` says when it costs the database more than a page view.
        """
        data_path = data_path or f"{path}.json"

        def as_data(request: Request, **values: Any) -> Response:
            page = _call(view, request, values)
            return JSONResponse(plain(page.data), page.status)

        def as_html(request: Request, **values: Any) -> Response:
            page = _call(view, request, values)
            query = f"?{request.url.query}" if request.url.query else ""
            name = request.url.path if request.url.path != "/" else "/overview"
            more = {**page.extra, "data_url": f"{name}.json{query}"}
            response = self._renderer.html(
                request, page.template, {**page.data, **more}, page.status
            )
            response.headers["link"] = f'<{name}.json>; rel="alternate"; type="application/json"'
            return response

        name = data_path.strip("/").replace("/", "_").replace("-", "_").removesuffix(".json")
        self.app.get(
            data_path,
            summary=summary or None,
            description=description or None,
            tags=list(tags),
            operation_id=name.replace("{", "").replace("}", "").replace(":int", ""),
            openapi_extra={"parameters": parameters} if parameters else None,
        )(_signed(as_data, view))
        self.app.get(path, include_in_schema=False)(_signed(as_html, view))
        for one in (path, data_path):
            price(self.app, one, costs)


def _call(view: View, request: Request, values: dict[str, Any]) -> Page:
    if "request" in inspect.signature(view).parameters:
        values["request"] = request
    return view(**values)


def _signed(answer: Callable[..., Response], view: View) -> Callable[..., Response]:
    """Give an answer the parameters of its view, which FastAPI reads and checks."""
    own = inspect.Parameter("request", inspect.Parameter.POSITIONAL_OR_KEYWORD, annotation=Request)
    theirs = inspect.signature(view, eval_str=True).parameters
    parameters = [own, *(p for name, p in theirs.items() if name != "request")]

    @wraps(view)
    def endpoint(*args: Any, **values: Any) -> Response:
        return answer(*args, **values)

    endpoint.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    endpoint.__annotations__ = {p.name: p.annotation for p in parameters}
    return endpoint
