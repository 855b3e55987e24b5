"""A page of the real browser, watched: what it complains about, what it asks others for, where cards are."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import ConsoleMessage, Error, Locator, Page, expect

SCREENSHOTS = os.environ.get("SCREENSHOTS")


class Watched:
    """A page, what it complained about, and what it asked others for."""

    def __init__(self, page: Page, address: str, name: str) -> None:
        self.page = page
        self.address = address
        self.complaints: list[str] = []
        self._name = name
        page.on("console", self._heard)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("request", self._asked)

    def _heard(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.complaints.append(message.text)

    def _asked(self, request: object) -> None:
        url = getattr(request, "url", "")
        if not url.startswith((self.address, "data:")):
            self.complaints.append(f"asked {url}")

    def open(self, path: str) -> None:
        self.page.goto(f"{self.address}{path}")
        if self.canvas.count():
            self.drawn()

    @property
    def canvas(self) -> Locator:
        """The page's first picture."""
        return self.page.locator(".view > canvas").first

    def drawn(self, cards: int | None = None) -> None:
        """Wait for the picture, of so many cards, to be drawn and to have come to rest."""
        wanted = re.compile(r"\d") if cards is None else str(cards)
        expect(self.canvas).to_have_attribute("data-drawn", wanted)
        expect(self.canvas).to_have_attribute("aria-busy", "false")

    def cards(self) -> int:
        """How many cards the picture has, once it is drawn."""
        self.drawn()
        return int(self.canvas.get_attribute("data-drawn") or 0)

    def shown(self) -> dict[str, list[str]]:
        """The parameters of the page's address."""
        return parse_qs(urlsplit(self.page.url).query)

    def until(self, code: str) -> None:
        """Wait for JavaScript in which ``view`` is the page's first picture to be true."""
        for _ in range(400):
            try:
                if self.does(code):
                    return
            except Error:  # the page is on its way to another, or has no picture yet
                pass
            self.page.wait_for_timeout(50)
        raise AssertionError(f"never true: {code}")

    def does(self, code: str) -> Any:
        """Evaluate JavaScript in which ``view`` is the page's first picture."""
        return self.page.evaluate(f"() => {{ const view = window.views[0]; return {code}; }}")

    def shoot(self, what: str) -> None:
        if SCREENSHOTS:
            folder = Path(SCREENSHOTS)
            folder.mkdir(parents=True, exist_ok=True)
            self.page.screenshot(path=folder / f"{self._name}-{what}.png")

    def at(self, ref: str) -> tuple[float, float]:
        """Where a card is on the screen."""
        x, y = self.page.evaluate(
            """(ref) => {
                const view = window.views[0];
                const card = view.graph.cards[view.graph.numberOf(ref)];
                const box = view.canvas.getBoundingClientRect();
                return [box.x + (card.x - view.camera.x) * view.camera.scale,
                        box.y + (card.y - view.camera.y) * view.camera.scale];
            }""",
            ref,
        )
        return x, y
