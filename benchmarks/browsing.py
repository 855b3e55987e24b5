"""A real Chromium that draws in software: from a click until a picture is there, frames, memory."""

from __future__ import annotations

import os
import shutil
import statistics
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, TimeoutError, sync_playwright

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--enable-precise-memory-info",
]
PATIENCE = 90.0  # seconds a picture may take before it counts as never drawn
FRAMES = 90
_SETTLING = 3.0  # seconds until a browser has loaded its own parts, 40 MB that are no page's

# Ours says when it has a picture (data-drawn), and when nothing is left to paint (aria-busy).
OURS = """
addEventListener('DOMContentLoaded', () => {
  const canvas = document.querySelector('.view canvas');
  const now = () => performance.timeOrigin + performance.now();
  const watch = () => {
    if (canvas.dataset.drawn) window.first ??= now();
    if (canvas.dataset.drawn && canvas.ariaBusy === 'false') {
      const view = window.views[0];
      const { width, height } = view.size();
      window.fit = () => view.camera.fit(view.graph, width, height);
      window.near = () => {
        view.camera.scale = 0.6;
        view.camera.centre(view.graph.cards[Math.floor(view.graph.cards.length / 2)], width, height);
      };
      window.pan = (x, y) => view.pan(x, y);
      window.zoom = (factor) => view.zoom(factor, width / 2, height / 2);
      requestAnimationFrame(() => { window.drawn = now(); });
    } else requestAnimationFrame(watch);
  };
  if (canvas) watch();
});
"""
CLICKED = """
addEventListener('click', () => { sessionStorage.clicked = performance.timeOrigin + performance.now(); }, true);
"""
PARTS = """() => {
  const [page] = performance.getEntriesByType('navigation');
  const data = performance.getEntriesByType('resource').find(({ name }) => name.includes('picture.json'));
  const server = Object.fromEntries((data?.serverTiming ?? []).map(({ name, duration }) => [name, duration]));
  return {
    page: page.responseEnd - page.startTime,
    scripts: data ? data.startTime - page.responseEnd : 0,
    ...server,
    transfer: data ? data.responseEnd - data.responseStart : 0,
    paint: data ? performance.timeOrigin + data.responseEnd : 0,
    bytes: data?.encodedBodySize ?? 0,
  };
}"""
MOVE = """([name, frames]) => new Promise((done) => {
  const steps = {
    whole: (at) => window.pan(at % 60 < 30 ? 5 : -5, at % 20 < 10 ? 2 : -2),
    zoom: (at) => window.zoom(at % 60 < 30 ? 1.05 : 1 / 1.05),
    near: (at) => window.pan(at % 120 < 60 ? -12 : 12, at % 20 < 10 ? 4 : -4),
  };
  if (name === 'near') window.near();
  else window.fit();
  const found = [];
  let last = null;
  const begin = performance.now();
  const step = (now) => {
    if (last !== null) found.push(now - last);
    last = now;
    if (found.length >= frames || performance.now() - begin > 20000) { done(found); return; }
    steps[name](found.length);
    requestAnimationFrame(step);
  };
  requestAnimationFrame(step);
})"""


@dataclass
class Opening:
    """What opening a picture took: ms from the click, ms of its parts, MB, and ms of each frame."""

    drawn: float
    first: float
    parts: dict[str, float] = field(default_factory=dict)
    heap: float = 0.0
    memory: float = 0.0
    frames: dict[str, list[float]] = field(default_factory=dict)


@contextmanager
def chromium() -> Iterator[Browser]:
    """A browser of its own, so that its memory is one page's."""
    names = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
    found = next(filter(None, map(shutil.which, names)), None)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=ARGUMENTS)
        yield browser
        browser.close()


def opened(start: str, target: str) -> Opening | None:
    """Click on a link from one page to another, and measure; None where no picture came in time."""
    with chromium() as browser:
        page = browser.new_page(viewport={"width": 1280, "height": 900}, bypass_csp=True)
        page.set_default_timeout(PATIENCE * 1000)
        page.add_init_script(CLICKED)
        page.add_init_script(OURS)
        time.sleep(_SETTLING)
        before = memory_of(browser)  # of the empty page
        page.goto(start)  # its scripts are then kept, as they are where one clicks
        time.sleep(0.5)
        page.evaluate(_LINK, target)
        page.click("#to-the-picture", no_wait_after=True)
        try:
            page.wait_for_url(target, wait_until="commit")
            page.wait_for_function("() => window.drawn")
            return _measured(browser, page, before)
        except TimeoutError:
            return None


_LINK = """(target) => {
  const link = Object.assign(document.createElement('a'), { id: 'to-the-picture', href: target, textContent: 'picture' });
  link.style.cssText = 'position: fixed; top: 0; left: 0; z-index: 99';
  document.body.append(link);
}"""


def _measured(browser: Browser, page: Page, before: float) -> Opening:
    clicked = float(page.evaluate("sessionStorage.clicked"))
    drawn, first = page.evaluate("[window.drawn, window.first ?? window.drawn]")
    parts: dict[str, float] = page.evaluate(PARTS)
    parts["paint"] = drawn - parts["paint"] if parts["paint"] else 0.0
    found = Opening(drawn - clicked, first - clicked, parts)
    session = page.context.new_cdp_session(page)
    session.send("HeapProfiler.collectGarbage")
    session.send("Performance.enable")
    metrics = session.send("Performance.getMetrics")["metrics"]
    found.heap = next(m["value"] for m in metrics if m["name"] == "JSHeapUsedSize") / 1e6
    found.memory = memory_of(browser) - before
    for name in ("whole", "zoom", "near"):
        found.frames[name] = page.evaluate(MOVE, [name, FRAMES])
    return found


def memory_of(browser: Browser) -> float:
    """Return the MB of memory that all processes of a browser hold; 0 where the system does not say."""
    session: Any = browser.new_browser_cdp_session()
    found = 0
    for process in session.send("SystemInfo.getProcessInfo")["processInfo"]:
        try:
            rollup = Path(f"/proc/{process['id']}/smaps_rollup").read_text()
        except OSError:
            continue
        found += next(int(line.split()[1]) for line in rollup.splitlines() if "Pss:" in line)
    session.detach()
    return found / 1000


def percentile(values: list[float], share: float) -> float:
    """Return the value that a share of the values does not exceed."""
    return sorted(values)[min(len(values) - 1, int(len(values) * share))]


def median(values: list[float]) -> float:
    """Return the middle of the values."""
    return statistics.median(values)


def load() -> float:
    """Return how many processes want a processor."""
    return os.getloadavg()[0]
