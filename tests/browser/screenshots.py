"""The pictures of the README and the documentation: ``python -m tests.browser.screenshots`` makes them anew."""

from __future__ import annotations

import tempfile
from pathlib import Path

from playwright.sync_api import Browser

from lineage_graph.engines import stop_engine
from lineage_graph.importing import import_from
from lineage_graph.settings import Settings
from lineage_graph.store import Store
from tests.browser.watched import Watched
from tests.conftest import DATA

IMAGES = Path(__file__).parents[2] / "docs" / "images"
SHOTS = {
    "run": "/contexts/38",
    "lineage": "/artifacts/14/lineage?depth=6",
    "why": "/why?one=artifact/14&other=artifact/54",
}
"""Each picture by name, with the page of the sample of TFX that it shows."""
SCHEMES = ("light", "dark")
SIZE = {"width": 1280, "height": 900}


def take(browser: Browser, address: str, folder: Path) -> list[Path]:
    """Take every picture in light and dark into a folder, and return their files."""
    files = []
    for scheme in SCHEMES:
        with browser.new_context(color_scheme=scheme, viewport=SIZE) as context:  # type: ignore[arg-type]
            watched = Watched(context.new_page(), address, scheme)
            for name, path in SHOTS.items():
                watched.open(path)
                files.append(folder / f"{name}-{scheme}.png")
                watched.page.locator(".view").first.screenshot(path=files[-1])
            assert not watched.complaints
    return files


def main() -> None:
    """Serve the sample from a store of its own, and take the pictures of the documentation."""
    from tests.browser.conftest import chromium, serving

    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(folder=Path(folder))
        with Store.open(settings=settings) as store:
            import_from(DATA / "tfx_mlmd.sqlite", store)
            with serving(settings) as address, chromium() as browser:
                if browser is None:
                    raise SystemExit("There is no Chromium.")
                for file in take(browser, address, IMAGES):
                    print(file.name, f"{file.stat().st_size // 1000} kB")
        stop_engine(settings)


if __name__ == "__main__":
    main()
