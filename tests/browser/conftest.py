"""What the tests in a real browser share: the browser, a server in a process of its own, a watched page.

Screenshots are kept in the folder that SCREENSHOTS names, where it is set.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from lineage_graph.settings import Settings
from lineage_graph.store import Store
from tests.browser.watched import Watched

expect.set_options(timeout=20_000)  # ms; a machine that others use as well is slow at times
_CHROMIUM = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@contextmanager
def chromium() -> Iterator[Browser | None]:
    """Start a Chromium; yields None where the machine has none."""
    found = next(filter(None, map(shutil.which, _CHROMIUM)), None)
    if found is None:
        yield None
        return
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=_ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A Chromium; no longer than a module, for its loop would be in the way of other tests' loops."""
    with chromium() as browser:
        if browser is None:
            if os.environ.get("CI"):
                pytest.fail("with CI set, the browser tests need a Chromium, and there is none")
            pytest.skip("there is no Chromium")
        yield browser


@pytest.fixture(scope="session")
def address(tfx: Store, engine_settings: Settings) -> Iterator[str]:
    """The address of a server over the TFX runs."""
    assert tfx.counts().artifacts == 58
    with serving(engine_settings) as address:
        yield address


@contextmanager
def serving(given: Settings) -> Iterator[str]:
    """Serve a store: the command, in a process of its own; yields its address."""
    command = [sys.executable, "-m", "lineage_graph", "serve", "--port=0", "--json", "--no-browser"]
    environment = {**os.environ, "LINEAGE_GRAPH_FOLDER": str(given.folder)}
    if given.uri is not None:
        environment |= {"NEO4J_URI": given.uri, "NEO4J_DATABASE": given.database}
        if given.password is not None:
            environment |= {
                "NEO4J_USERNAME": given.username,
                "NEO4J_PASSWORD": given.password.get_secret_value(),
            }
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield json.loads(process.stdout.readline())["address"].rstrip("/")
        finally:
            process.terminate()
            process.wait(20)


@pytest.fixture
def watched(browser: Browser, address: str, engine_name: str) -> Iterator[Watched]:
    with browser.new_context(viewport={"width": 1280, "height": 900}) as context:
        watched = Watched(context.new_page(), address, engine_name)
        yield watched
        assert watched.complaints == []
