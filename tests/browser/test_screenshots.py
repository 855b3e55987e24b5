"""The pictures of the documentation can be made, and are there in the size in which they are made."""

from __future__ import annotations

import struct
from pathlib import Path

from playwright.sync_api import Browser

from tests.browser.embedded import EMBEDDED
from tests.browser.screenshots import IMAGES, take

pytestmark = EMBEDDED


def test_the_pictures_of_the_documentation(browser: Browser, address: str, tmp_path: Path) -> None:
    for file in take(browser, address, tmp_path):
        kept = (IMAGES / file.name).read_bytes()
        sizes = [struct.unpack(">II", image[16:24]) for image in (file.read_bytes(), kept)]
        assert sizes[0] == sizes[1], f"{file.name}: run python -m tests.browser.screenshots"
        assert len(kept) < 300_000
