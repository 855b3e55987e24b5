"""YAML, JSON and TOML from outside: only plain values, limited in size, depth and aliases.

YAML is read as DVC writes it (version 1.2: ``1e-05`` is a number, ``on`` is a word). Whoever made
the file may not be trusted: no tag makes an object, and what aliases would unfold to is counted
before anything is built.
"""

from __future__ import annotations

import json
import re
import sys
from typing import Any

import yaml

if sys.version_info >= (3, 11):
    import tomllib
else:  # the standard library reads TOML from 3.11 on
    tomllib = None

LARGEST = 16 << 20  # bytes
_MAX_DEPTH = 60
_MOST_VALUES = 1_000_000
_WORDS = {"true": True, "false": False}


class Unreadable(ValueError):
    """A document is not what it should be; says why, and in which line where that is known."""


def read_yaml(content: bytes) -> Any:
    """Return what a YAML document holds; None where it is empty.

    Raises:
        Unreadable: it is no YAML, too deep, or too large once its aliases are unfolded.
    """
    try:
        text = content.decode("utf-8")
        _measure(text)
        return yaml.load(text, Loader=_Loader)  # a safe loader: see below
    except yaml.MarkedYAMLError as error:
        line = f"line {error.problem_mark.line + 1}: " if error.problem_mark else ""
        raise Unreadable(f"{line}{error.problem or error}") from None
    except (yaml.YAMLError, ValueError, RecursionError, OverflowError, TypeError) as error:
        raise Unreadable(str(error)) from None


def read_values(path: str, content: bytes) -> Any:
    """Return what a file of metrics, plots or parameters holds, read as its name's ending says.

    Raises:
        Unreadable: it is not what its ending says, or of a kind that is not read.
    """
    ending = path.rpartition(".")[2].lower()
    if ending in ("yaml", "yml"):
        return read_yaml(content)
    try:
        if ending == "json":
            value = json.loads(content)
            json.dumps(value, ensure_ascii=False).encode("utf-8")  # refuses halves of characters
            return value
        if ending == "toml" and tomllib is not None:
            return tomllib.loads(content.decode("utf-8"))
    except (ValueError, RecursionError) as error:
        raise Unreadable(str(error)) from None
    raise Unreadable(f"files that end with .{ending} are not read")


def clean(text: str) -> str:
    """Return a text without the character that no store keeps (NUL)."""
    return text.replace("\0", "�")


def _measure(text: str) -> None:
    """Refuse what is too deep, or too large with its aliases unfolded, before it is built."""
    sizes: dict[str, int] = {}
    opened: list[tuple[str | None, int]] = []
    total = 0
    for event in yaml.parse(text, Loader=_Loader):
        if isinstance(event, yaml.AliasEvent):
            total += sizes.get(str(event.anchor), _MOST_VALUES)  # endless within its own anchor
        elif isinstance(event, yaml.CollectionStartEvent):
            total += 1
            opened.append((event.anchor, total))
            if len(opened) > _MAX_DEPTH:
                raise Unreadable(f"values are nested more than {_MAX_DEPTH} deep")
        elif isinstance(event, yaml.CollectionEndEvent):
            anchor, before = opened.pop()
            if anchor is not None:
                sizes[anchor] = total - before + 1
        elif isinstance(event, yaml.ScalarEvent):
            total += 1
            if event.anchor is not None:
                sizes[event.anchor] = 1
        if total > _MOST_VALUES:
            raise Unreadable(f"it unfolds to more than {_MOST_VALUES:,} values")


def _int(loader: Any, node: Any) -> int:
    text = loader.construct_scalar(node)
    return int(text, 8 if text[:2] == "0o" else 16 if text[:2] == "0x" else 10)


def _float(loader: Any, node: Any) -> float:
    text = loader.construct_scalar(node).lower()
    return float(text.replace(".inf", "inf").replace(".nan", "nan"))


_Loader: Any = type("_Loader", (getattr(yaml, "CSafeLoader", yaml.SafeLoader),), {})
"""A safe loader that knows the words and numbers of YAML 1.2, and only those."""
_Loader.yaml_implicit_resolvers = {}
for _tag, _pattern, _first in (
    ("bool", r"true|True|TRUE|false|False|FALSE", "tTfF"),
    ("int", r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+", "-+0123456789"),
    (
        "float",
        r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)",
        "-+.0123456789",
    ),
    ("null", r"~|null|Null|NULL|", ["~", "n", "N", ""]),
    ("merge", r"<<", "<"),
):
    _Loader.add_implicit_resolver(
        f"tag:yaml.org,2002:{_tag}", re.compile(f"^(?:{_pattern})$"), list(_first)
    )
_Loader.add_constructor(
    "tag:yaml.org,2002:bool",
    lambda loader, node: _WORDS[loader.construct_scalar(node).lower()],
)
_Loader.add_constructor("tag:yaml.org,2002:int", _int)
_Loader.add_constructor("tag:yaml.org,2002:float", _float)
