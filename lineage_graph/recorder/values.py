"""Parameters, metrics and properties as people hand them over, as values the model knows."""

from __future__ import annotations

import argparse
import dataclasses
import enum
import hashlib
import json
import logging
import re
import types
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from lineage_graph.errors import InvalidArgument
from lineage_graph.model import Properties, Proto, Value
from lineage_graph.model.run_state import RUN_NAMES
from lineage_graph.model.values import INT64_HIGH, INT64_LOW
from lineage_graph.recorder.once import Once

log = logging.getLogger(__name__)
MAX_TEXT = 100_000
"""Characters of a parameter's text (or of a dict's JSON) that are kept; the rest is told by its digest."""
MAX_PARAMETERS = 1_000
"""Parameters of a step that have a property each; further ones are in the dict ``more_parameters``."""
_MAX_REPR = 1_000  # characters of the repr of an object that cannot be kept otherwise
_MORE = "more_parameters"
_ADDRESS = re.compile(r" at 0x[0-9a-fA-F]+")
_warned = Once()

RESERVED = frozenset(
    {
        "cache_key",
        "cached_from",
        "command_line",
        "digest",
        "error_message",
        "error_type",
        "git_commit",
        "git_dirty",
        "metric_names",
        "more_parameters",
        "package_versions",
        "parent_origin",
        "parent_step",
        "python_version",
        "returned",
        *RUN_NAMES,
    }
)
"""Names of custom properties that the recorder writes itself."""
MAX_MESSAGE = 10_000
"""Characters of an error's message that are kept."""
Salvage = Callable[[str, Exception], None]
"""Is told what cannot be kept, and why; with one, the rest is kept."""


def properties(given: Mapping[str, Any], what: str, salvage: Salvage | None = None) -> Properties:
    """Return the values by name, each as the model knows it; ``what`` is what they are called.

    bool, int, float, str and dict stay what they are, scalars of numpy and the like become Python's
    own, lists JSON text, anything else text.

    Raises:
        InvalidArgument: a name that is no text or belongs to the recorder, or a value that cannot
            be kept; not with ``salvage``, which is told of it.
    """
    return _kept(given, what, lambda name, item: value(item, f"The {what} {name!r}"), salvage)


def metrics_of(given: Mapping[str, Any], salvage: Salvage | None = None) -> Properties:
    """Return metrics by name, as ``properties`` does; what holds several numbers is no metric.

    Raises:
        InvalidArgument: as ``properties`` does.
    """
    return _kept(given, "metric", _metric, salvage)


def _metric(name: str, given: object) -> Value:
    if isinstance(given, (list, tuple, set, frozenset, Mapping)):
        raise InvalidArgument(
            f"The metric {name!r} is a {type(given).__name__}: several values.",
            hint="Log its values one after the other, or each under a name of its own.",
        )
    return value(given, f"The metric {name!r}")


def _kept(
    given: Mapping[Any, Any],
    what: str,
    keep: Callable[[str, Any], Value],
    salvage: Salvage | None,
) -> Properties:
    """Return what is kept of each value; with ``salvage`` the others are told of and left out."""
    kept: Properties = {}
    for name, item in given.items():
        try:
            kept[_name(name, what)] = keep(name, item)
        except InvalidArgument as error:
            if salvage is None:
                raise
            salvage(f"the {what} {name!r}", error)
    return kept


def parameters(
    given: object, *, strict: bool = False, salvage: Salvage | None = None
) -> Properties:
    """Return a step's parameters by name: of a mapping, a namespace, a dataclass or a pydantic model.

    What cannot be kept otherwise is kept as its repr without its address in memory, which is said
    once; with ``strict`` (they decide whether work is done again) it is refused. Whole numbers
    beyond 64 bits are text. Long texts are cut, and end with the digest of the whole.

    Raises:
        InvalidArgument: it has no names, a name that is no text or belongs to the recorder, or with
            ``strict`` a value that cannot be kept; not with ``salvage``, which is told of it.
    """
    held = _fields(given)
    if held is None:
        raise InvalidArgument(
            f"Parameters are a dict, not a {type(given).__name__}.", hint="Write {'epochs': 5}."
        )

    def keep(name: str, item: object) -> Value:
        return parameter(item, name, strict=strict)

    return merged({}, _kept(held, "parameter", keep, salvage))


def parameter(given: object, name: str, *, strict: bool = False) -> Value:
    """Return one parameter as it is kept; see ``parameters``.

    Raises:
        InvalidArgument: with ``strict``, a value that cannot be kept.
    """
    if isinstance(given, int) and not INT64_LOW <= given <= INT64_HIGH:
        return _bounded(f"{int(given):#x}" if abs(given) >> 10_000 else str(int(given)))
    try:
        return _bounded(value(given, f"The parameter {name!r}"))
    except InvalidArgument:
        if strict:
            raise
    kept = bare_repr(given)
    if _warned.is_first(name):
        log.warning("The parameter %r is kept only as its text: %s", name, kept[:200])
    return kept


def bare_repr(given: object) -> str:
    """Return the repr of anything, without addresses in memory, and cut; never fails."""
    try:
        said = _ADDRESS.sub("", repr(given)).encode(errors="replace").decode()
    except Exception:  # of the caller's own class, or very deep
        said = f"<{type(given).__name__}>"
    return said if len(said) <= _MAX_REPR else f"{said[:_MAX_REPR]}…"


def merged(known: Properties, noted: Properties) -> Properties:
    """Return parameters together; those beyond ``MAX_PARAMETERS`` as one dict."""
    together = {**known, **noted}
    if len(together) <= MAX_PARAMETERS:
        return together
    before = together.pop(_MORE, {})
    names = list(together)
    more = {name: together.pop(name) for name in names[MAX_PARAMETERS - 1 :]}
    if isinstance(before, dict):
        more = {**before, **more}
    return {**together, _MORE: _bounded(more)}


def _bounded(kept: Value) -> Value:
    """Return a value, or its text cut where that is very long, with the digest of the whole."""
    said = json.dumps(kept, ensure_ascii=False) if isinstance(kept, dict) else kept
    if not isinstance(said, str) or len(said) <= MAX_TEXT:
        return kept
    digest = hashlib.sha256(said.encode()).hexdigest()
    note = f"… (cut from {len(said):,} characters, sha256:{digest})"
    return said[: MAX_TEXT - len(note)] + note


def _fields(given: object) -> dict[Any, Any] | None:
    """Return what is in an object that holds values by name; None for others."""
    if isinstance(given, Mapping):
        return dict(given)
    if isinstance(given, (argparse.Namespace, types.SimpleNamespace)):
        return dict(vars(given))
    if isinstance(given, type):
        return None
    if dataclasses.is_dataclass(given):
        return {field.name: getattr(given, field.name) for field in dataclasses.fields(given)}
    if (attributes := getattr(type(given), "__attrs_attrs__", None)) is not None:
        return {attribute.name: getattr(given, attribute.name) for attribute in attributes}
    for dump, sign in (("model_dump", "model_fields"), ("dict", "__fields__")):  # pydantic 2 and 1
        if hasattr(type(given), sign) and callable(getattr(given, dump, None)):
            return dict(getattr(given, dump)())
    return None


def _name(name: object, what: str) -> str:
    if not isinstance(name, str) or not name:
        raise InvalidArgument(f"{name!r} cannot name a {what}.", hint="Use text.")
    if name in RESERVED:
        raise InvalidArgument(
            f"The recorder itself writes {name!r}.", hint=f"Give the {what} another name."
        )
    return text(name, f"The name of the {what} {name!r}")


def value(given: object, what: str) -> Value:
    """Return one value as the model knows it; ``what`` begins the sentence of an error.

    Raises:
        InvalidArgument: it cannot be kept: an array, an object without a text of its own, a number
            beyond 64 bits.
    """
    plain = _plain(given, what)
    if isinstance(plain, (list, tuple, dict, set, frozenset)):
        encoded = _json(plain, what)
        return json.loads(encoded) if isinstance(plain, dict) else encoded
    if isinstance(plain, (bool, float, Proto)):
        return plain
    if isinstance(plain, int):
        if not INT64_LOW <= plain <= INT64_HIGH:
            raise InvalidArgument(f"{what} is beyond 64 bits.", hint="Give it as text or a float.")
        return plain
    return text(plain, what)


def _plain(given: object, what: str) -> object:
    """Return Python's own bool, int, float or str for subclasses and for scalars of other libraries."""
    if isinstance(given, enum.Enum):
        return _plain(given.value, what)
    for own in (bool, int, float, str):  # bool before int: bool is an int in Python
        if isinstance(given, own):
            return own(given)
    if isinstance(given, (Proto, dict, list, tuple, set, frozenset)) or given is None:
        return given
    if (fields := _fields(given)) is not None:
        return fields
    if isinstance(given, Sequence) and not isinstance(given, (bytes, bytearray, memoryview, range)):
        return list(given)  # such as omegaconf's
    item = getattr(given, "item", None)
    if callable(item) and not isinstance(given, type):
        try:
            scalar = item()
        except Exception:  # whatever the library raises for more than one element
            raise _array(what) from None
        return scalar if isinstance(scalar, (bool, int, float, str)) else str(scalar)
    if hasattr(given, "shape") or hasattr(given, "__array__"):
        raise _array(what)
    return given


def _array(what: str) -> InvalidArgument:
    return InvalidArgument(
        f"{what} is an array or a table.",
        hint="Log single numbers, such as its mean or one for each class (acc_0=…, acc_1=…); keep "
        "all of it as data: step.output('Metrics', array), or inputs={'name': array}.",
    )


def _json(given: object, what: str) -> str:
    def other(item: object) -> object:
        if isinstance(item, (set, frozenset)):
            return sorted(item, key=repr)
        plain = _plain(item, what)
        return (
            plain if isinstance(plain, (bool, int, float, str, dict, list)) else text(plain, what)
        )

    if isinstance(given, (set, frozenset)):
        given = sorted(given, key=repr)
    try:
        encoded = json.dumps(given, default=other, ensure_ascii=False)
    except (TypeError, ValueError, RecursionError) as error:
        raise InvalidArgument(
            f"{what} cannot be kept as JSON ({error}).", hint="Use text as keys, and no circles."
        ) from None
    return text(encoded, what)


def text(given: object, what: str) -> str:
    """Return the text of anything that has one.

    Raises:
        InvalidArgument: the text would only be an address in memory, is not Unicode, or fails.
    """
    try:
        said = given if isinstance(given, str) else str(given)
    except Exception as error:  # of the caller's own class
        raise InvalidArgument(
            f"{what} is a {type(given).__name__}, whose text fails: {readable(error)}.",
            hint="Pass a number, text or a dict that describes it.",
        ) from error
    if not isinstance(given, str) and " at 0x" in said:
        raise InvalidArgument(
            f"{what} is a {type(given).__name__}, which has no value of its own.",
            hint="Pass a number, text or a dict that describes it.",
        )
    try:
        said.encode()
    except UnicodeEncodeError:
        raise InvalidArgument(f"{what} is not Unicode text.", hint="Decode it properly.") from None
    return said


def readable(given: object) -> str:
    """Return the text of anything, with what is not Unicode replaced; never fails."""
    try:
        said = str(given)
    except Exception:  # an error whose own text fails must not hide the error
        said = f"a {type(given).__name__} without a text"
    return said.encode(errors="replace").decode()
