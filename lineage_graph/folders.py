"""Where ``cypher/`` and ``web/`` are: next to the package in a checkout, inside it in a wheel."""

from __future__ import annotations

from pathlib import Path

_package = Path(__file__).resolve().parent


def _find(name: str) -> Path:
    inside = _package / f"_{name}"
    return inside if inside.is_dir() else _package.parent / name


CYPHER = _find("cypher")
WEB = _find("web")
