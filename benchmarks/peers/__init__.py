"""The same picture drawn by cytoscape.js and by React Flow, from their npm packages, to compare with.

Nothing of them is kept in the repository: npm puts them into a folder for caches, once.
"""

from __future__ import annotations

import functools
import http.server
import os
import shutil
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

HERE = Path(__file__).parent
PACKAGES = ("cytoscape@3", "@xyflow/react@12", "react@19", "react-dom@19", "esbuild")
NAMES = {"cytoscape": "cytoscape.js", "flow": "React Flow"}


class Missing(Exception):
    """The libraries are not to be had; says why."""


def built() -> Path:
    """Return a folder with a page for each library: installed and bundled on the first call.

    Raises:
        Missing: npm is not there, or does not get the packages.
    """
    if shutil.which("npm") is None:
        raise Missing("npm is not installed, so cytoscape.js and React Flow are left out.")
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    folder = cache / "lineage_graph" / "benchmarks"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "package.json").write_text('{"private": true}\n', encoding="utf-8")
    bundler = folder / "node_modules" / ".bin" / "esbuild"
    if not bundler.exists():
        _run(["npm", "install", "--no-audit", "--no-fund", "--loglevel=error", *PACKAGES], folder)
    for source in HERE.glob("*.js"):
        shutil.copy(source, folder)
    for name in NAMES:
        pages = folder / "pages" / name
        pages.mkdir(parents=True, exist_ok=True)
        shutil.copy(HERE / "page.html", pages / "index.html")
        options = [
            "--bundle",
            "--minify",
            "--format=esm",
            '--define:process.env.NODE_ENV="production"',
        ]
        _run([str(bundler), f"{name}.js", f"--outfile={pages / 'script.js'}", *options], folder)
    style = folder / "node_modules" / "@xyflow" / "react" / "dist" / "style.css"
    shutil.copy(style, folder / "pages" / "flow" / "style.css")
    (folder / "pages" / "cytoscape" / "style.css").touch()
    return folder / "pages"


def _run(command: list[str], folder: Path) -> None:
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    if done.returncode:
        said = (done.stderr.strip() or done.stdout.strip() or "no reason given").splitlines()[-1]
        raise Missing(f"{command[0]} failed, so cytoscape.js and React Flow are left out: {said}")


class _Quiet(http.server.SimpleHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """Serve a folder on this machine; yields its address."""
    handler = functools.partial(_Quiet, directory=str(folder))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
