"""A TFX schema (``schema.pbtxt``) as rows: protocol buffers' text format, as far as it is needed."""

from __future__ import annotations

import re
from collections.abc import Iterator

_TOKEN = re.compile(
    r"""\s+ | \#[^\n]* | (?P<text>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*') | (?P<word>[\w.+-]+) | (?P<sign>[{}<>:\[\],;])""",
    re.VERBOSE,
)
_MAX_DEPTH = 50
Block = dict[str, list["str | Block"]]


def schema_rows(text: str) -> list[tuple[str, str, str, str]]:
    """Return a row for each feature: name, type, presence, values; none where it is no schema."""
    try:
        schema = _block(_tokens(text), 0)
    except ValueError:
        return []
    domains = {_first(d, "name"): _values(d) for d in _blocks(schema, "string_domain")}
    return [_row(feature, domains) for feature in _blocks(schema, "feature")]


def _row(feature: Block, domains: dict[str, str]) -> tuple[str, str, str, str]:
    presence = next(iter(_blocks(feature, "presence")), {})
    share = _first(presence, "min_fraction")
    values = domains.get(_first(feature, "domain"), _first(feature, "domain"))
    for kind in ("int_domain", "float_domain"):
        for domain in _blocks(feature, kind):
            values = f"{_first(domain, 'min') or '…'} to {_first(domain, 'max') or '…'}"
    for domain in _blocks(feature, "string_domain"):
        values = _values(domain)
    required = "required" if share and float(share) >= 1 else "optional"
    return _first(feature, "name"), _first(feature, "type"), required, values


def _values(domain: Block) -> str:
    values = [value for value in domain.get("value", []) if isinstance(value, str)]
    more = f", … {len(values):,} in all" if len(values) > 10 else ""
    return ", ".join(values[:10]) + more


def _first(block: Block, name: str) -> str:
    return next((value for value in block.get(name, []) if isinstance(value, str)), "")


def _blocks(block: Block, name: str) -> Iterator[Block]:
    for value in block.get(name, []):
        if not isinstance(value, str):
            yield value


def _tokens(text: str) -> Iterator[str]:
    at = 0
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None or match.end() == at:
            raise ValueError("not the text format")
        at = match.end()
        if match.lastgroup:
            yield match[0]


def _block(tokens: Iterator[str], depth: int) -> Block:
    """Read fields until the block or the text ends."""
    if depth > _MAX_DEPTH:
        raise ValueError("too deep")
    found: Block = {}
    for name in tokens:
        if name in "}>" and depth:
            return found
        if name in ";,":
            continue
        value = next(tokens, "")
        if value == ":":
            value = next(tokens, "")
        if value in ("{", "<"):
            found.setdefault(name, []).append(_block(tokens, depth + 1))
        elif value == "[":
            for item in tokens:
                if item == "]":
                    break
                if item != ",":
                    found.setdefault(name, []).append(_plain(item))
        elif value and value not in "{}<>:[],;":
            found.setdefault(name, []).append(_plain(value))
        else:
            raise ValueError("not the text format")
    if depth:
        raise ValueError("it ends within a block")
    return found


def _plain(token: str) -> str:
    return token[1:-1].replace('\\"', '"').replace("\\'", "'") if token[0] in "\"'" else token
