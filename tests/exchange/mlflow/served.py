"""A server that answers as MLflow 3.17.2 did: recorded answers, cut into pages."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

PAGE = 5
API = "/api/2.0/mlflow/"
LISTS = {
    "experiments/search": ("experiments", "experiments"),
    "runs/search": ("runs", "runs"),
    "logged-models/search": ("logged_models", "models"),
    "registered-models/search": ("registered_models", "registered_models"),
    "model-versions/search": ("model_versions", "model_versions"),
}


class Served:
    """The recorded answers, and how the server misbehaves: ``faults`` are answered first, in turn."""

    def __init__(self, folder: Path) -> None:
        self.answers = {path.stem: json.loads(path.read_text()) for path in folder.glob("*.json")}
        self.faults: list[tuple[int, bytes, dict[str, str]]] = []
        self.asked: list[tuple[str, str]] = []

    def answer(self, path: str, given: dict[str, Any]) -> Any:
        """Return what MLflow answered, None where it knows no such call."""
        if path == "runs/get":
            if not isinstance(self.answers["run_get"], dict):
                return self.answers["run_get"]
            found = self.answers["run_get"].get(given["run_id"])
            return None if found is None else {"run": found}
        if path not in LISTS:
            return None
        name, key = LISTS[path]
        if not isinstance(self.answers[name], dict):
            return self.answers[name]
        items = self.answers[name].get(key, [])
        if not isinstance(items, list):
            return {key: items}
        if "experiment_ids" in given:
            items = [i for i in items if _experiment(i) in (None, *given["experiment_ids"])]
        if path in ("registered-models/search", "model-versions/search"):
            items = [i for i in items if _is_prompt(i) == ("filter" in given)]
        start = int(given.get("page_token") or 0)
        more = {"next_page_token": str(start + PAGE)} if start + PAGE < len(items) else {}
        return {key: items[start : start + PAGE], **more}


def _experiment(item: Any) -> Any:
    """Return the experiment an item is of; None where damage leaves that open."""
    info = item.get("info") if isinstance(item, dict) else None
    return info.get("experiment_id") if isinstance(info, dict) else None


def _is_prompt(item: Any) -> bool:
    """As MLflow: prompts are listed where the filter asks for them, and only there."""
    return {"key": "mlflow.prompt.is_prompt", "value": "true"} in (
        (item.get("tags") or []) if isinstance(item, dict) else []
    )


@contextmanager
def serving(served: Served) -> Iterator[str]:
    """Serve until the block ends; give the address."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            query = parse_qs(urlsplit(self.path).query)
            self._reply({name: values[0] for name, values in query.items()})

        def do_POST(self) -> None:
            length = int(self.headers.get("content-length", 0))
            self._reply(json.loads(self.rfile.read(length)))

        def _reply(self, given: dict[str, Any]) -> None:
            path = urlsplit(self.path).path.removeprefix(API)
            served.asked.append((path, self.headers.get("authorization", "")))
            headers: dict[str, str] = {}
            if served.faults:
                code, body, headers = served.faults.pop(0)
            else:
                found = served.answer(path, given)
                code, body = (404, b"{}") if found is None else (200, json.dumps(found).encode())
            self.send_response(code)
            for name, value in {"content-length": str(len(body)), **headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
