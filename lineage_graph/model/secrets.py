"""Secrets are masked before they are stored: they are recognised by name or by form.

By name: a name is taken apart into words (``dbPassword``, ``DB_PASSWORD`` and ``db-password`` are two),
and what it names is masked where

- one of the words is of ``PASSWORDS``; then numbers are masked as well as texts;
- the last words are of ``HEADERS``, or a word of ``USERS`` and ``pass``;
- the last word is ``token``, but not a token of a text (``pad_token``) or of a page (``next_token``);
- a word of ``KEYS`` stands before ``key``, or they are one word (``api_key``, ``apiKey``, ``accesskey``);

and the name does not end with a word of ``ABOUT``, which describe a secret without containing it
(``password_length``, ``secret_name``). So ``max_tokens``, ``token_count``, ``tokenizer``, ``key`` and ``primary_key``
stay. All texts in a list or an object of such a name are masked; but the names in ``COLUMNS`` are those of
columns, which hold no setting. Of an object with a ``name`` or ``key`` the ``value`` is masked where that names a
secret. Switches stay (``true``, ``no``, an empty text).

By form, in any text and in artifacts' addresses: the password of an address (``scheme://user:…@host``), settings of
connections, addresses and command lines by the names above (``;Password=…``, ``?token=…``, ``--api-key …``, ``"secret": "…"``),
JSON that stands in a text by the rule for values; what follows ``Bearer`` or ``Basic``, private keys (PEM), and the tokens of ``TOKENS``.
"""

from __future__ import annotations

import json
import re
from functools import lru_cache
from typing import Any, TypeVar

from lineage_graph.model.graph import Subgraph
from lineage_graph.model.merging import TOLD
from lineage_graph.model.nodes import Artifact, Node
from lineage_graph.model.values import Kind, Properties


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


MASK = "***"
"""What stands for a secret."""
PASSWORDS = _words(
    "password passwords passwd passwort pwd passphrase passcode secret secrets credential credentials"
)
KEYS = _words(
    "api access private secret account encryption decryption signing auth ssh rsa master shared subscription "
    "hmac jwt client deploy"
)
HEADERS = (("authorization",), ("cookie",), ("basic", "auth"), ("auth", "header"))
USERS = _words(
    "db database user mysql postgres pg redis smtp mail ftp ldap admin root login proxy http"
)
ABOUT = _words(
    "count counts length size name names type kind policy version path file files arn enabled required "
    "expires expiry ttl column columns field fields hint format"
)
COLUMNS = frozenset({"fields", "columnMetrics", "columns"})
TOKENS = (
    r"AKIA[0-9A-Z]{16}",
    r"gh[pousr]_[A-Za-z0-9]{30,}",
    r"github_pat_\w{22,}",
    r"glpat-[\w-]{20,}",
    r"xox[abeoprs]-[\w-]{10,}",
    r"hf_[A-Za-z0-9]{30,}",
    r"sk-(?:proj-|ant-)?[A-Za-z0-9]{20,}",
    r"dapi[0-9a-f]{32}",
    r"eyJ[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]{8,}",
)
_OF_TEXTS = _words(  # words before "token" that make it a piece of a text, or a place in a list
    "pad eos bos unk sep cls mask special stop start end eot eod begin oov blank next prev previous page per max min "
    "num first last new prompt completion input output image audio continuation sync delimiter separator"
)
_SWITCHES = _words("true false yes no on off none null")
_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")
_JOINED = re.compile(f"({'|'.join(sorted(KEYS))})key|(?:api|access|auth|bearer|session)token")
# The least that a text with a secret has in it, in lower case; most texts have none of it.
_SIGNS = tuple(
    _words(
        "pass pwd secret token key credential authorization bearer basic cookie akia ghp_ gho_ ghu_ ghs_ ghr_ "
        "github_pat_ glpat- xox hf_ sk- dapi eyj sig= signature= @"
    )
)
_SIGN_BYTES = tuple(sign.encode() for sign in _SIGNS)
_SQL = re.compile(r"\b(select|where|join|update|insert|merge)\b", re.IGNORECASE)
# All are bounded, and begin where a word does: nobody's text may cost more than a few looks at each character.
_ADDRESS = re.compile(
    r"(?<![A-Za-z0-9+.-])([A-Za-z][A-Za-z0-9+.:-]{0,40}://[^\s/?#@:]{0,200}:)[^\s/?#]{1,500}@"
)
_THIN = re.compile(r"(jdbc:oracle:\w{1,10}:[^\s/@:]{1,100}/)[^\s@]{1,200}@")
_SIGNED = re.compile(
    r"([?&](?:sig|signature|X-Amz-Signature|X-Goog-Signature)=)[^\s&]+", re.IGNORECASE
)
_NAME = r"(?P<name>[A-Za-z_][\w.-]{1,80})"
_QUOTED = (
    re.compile(  # name = 'value', "name": "value"; quotes may be escaped, for JSON stands in texts
        rf"(?:(?<![\w.-])|(?<=--))(?P<head>{_NAME}\\{{0,9}}['\"]?\s{{0,9}}[=:]\s{{0,9}})"
        r"(?P<quote>\\{0,9}['\"])(?P<value>(?:(?!(?P=quote)).){0,4000})(?P=quote)",
        re.DOTALL,
    )
)
_PLAIN = re.compile(
    rf"(?P<head>(?:^|[?&;]|--?D?|\s){_NAME}=)(?P<value>(?![(\[{{])[^\s&;'\",)\]}}]+)"
)
_FLAG = re.compile(rf"(?P<head>(?:^|\s)--{_NAME}\s+)(?P<value>'[^']*'|[^\s-][^\s]*)")
_HEADER = re.compile(
    r"\b(Bearer|Basic)\s+(?=[A-Za-z._~+/=-]*[0-9])[A-Za-z0-9._~+/=-]{8,}", re.IGNORECASE
)
_PEM = re.compile(
    r"-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)", re.DOTALL
)
_TOKEN = re.compile(rf"(?<![\w-])(?:{'|'.join(TOKENS)})")

NodeT = TypeVar("NodeT", bound=Node)
_NO, _TEXTS, _ALL = range(3)
_SHORT = 200  # characters of texts that are cached


def is_secret(name: str) -> bool:
    """Return whether a value with this name is a secret."""
    return _weight(name) != _NO


@lru_cache(maxsize=20_000)
def _weight(name: str) -> int:
    """Return what of a name's value is masked: nothing, texts, or numbers as well."""
    words = [word.lower() for word in _WORD.findall(name[:200])]
    if not words or words[-1] in ABOUT:
        return _NO
    if PASSWORDS.intersection(words):
        return _ALL
    pairs = list(zip(["", *words], words, strict=False))
    if pairs[-1][1] == "token" and pairs[-1][0] not in _OF_TEXTS:
        return _TEXTS
    if pairs[-1][1] == "pass" and pairs[-1][0] in USERS:
        return _TEXTS
    if any(before in KEYS and word == "key" for before, word in pairs):
        return _TEXTS
    ends = any(tuple(words[-len(header) :]) == header for header in HEADERS)
    return _TEXTS if ends or any(_JOINED.fullmatch(word) for word in words) else _NO


def masked_text(text: str) -> str:
    """Return a text with the secrets masked that have a known form; the same object where there is none."""
    found = _short(text) if len(text) <= _SHORT else _masked_text(text)
    return text if found == text else found  # the cache may return an equal text


def _masked_text(text: str) -> str:
    lower = text.lower()
    if not any(sign in lower for sign in _SIGNS):
        return text
    if text[0] in "{[":
        try:
            held = json.loads(text)
            kept = masked(held)
        except (ValueError, RecursionError):
            pass
        else:
            return text if kept == held else json.dumps(kept, ensure_ascii=False)
    if "@" in text:
        text = _THIN.sub(rf"\1{MASK}@", _ADDRESS.sub(rf"\1{MASK}@", text))
    if "=" in text or ":" in text:
        text = _SIGNED.sub(rf"\1{MASK}", _PLAIN.sub(_setting, _QUOTED.sub(_setting, text)))
    if "--" in text:
        text = _FLAG.sub(_setting, _PEM.sub(MASK, text))
    return _TOKEN.sub(MASK, _HEADER.sub(rf"\1 {MASK}", text))


# The same texts come again and again: names of types, of schemas, of tools.
_short = lru_cache(maxsize=20_000)(_masked_text)


def _setting(found: re.Match[str]) -> str:
    name = found["name"].rpartition(".")[2] or found["name"]
    if not is_secret(name) or _is_switch(found["value"]):
        return found[0]
    if found["head"][:1].isspace() and "--" not in found["head"] and _SQL.search(found.string):
        return found[0]  # a condition on a column
    quote = found.groupdict().get("quote", "")
    return f"{found['head']}{quote}{MASK}{quote}"


def may_hold_secrets(text: bytes) -> bool:
    """Return whether a JSON text may hold a secret; a quick check, for most do not."""
    lower = text.lower()
    for sign in _SIGN_BYTES:  # a generator takes twice as long, and each event is asked twice
        if sign in lower:
            return True
    return b"\\u" in lower


def masked(value: Any, name: str = "") -> Any:
    """Return a value with its secrets masked; the same object where it holds none. ``name`` is its name."""
    return _masked(value, _weight(name))


def _masked(value: Any, weight: int) -> Any:
    if type(value) is str:
        return _secret(value) if weight else masked_text(value)
    if isinstance(value, dict):
        return _object(value, weight)
    if isinstance(value, list):
        items = [_masked(item, weight) for item in value]
        return items if any(a is not b for a, b in zip(items, value, strict=True)) else value
    if weight == _ALL and isinstance(value, (int, float)) and not isinstance(value, bool):
        return MASK
    return value


def _object(value: dict[str, Any], weight: int) -> dict[str, Any]:
    changed = {}
    for name, item in value.items():
        own = weight or _weight(name)
        if type(item) is str:
            if name == "value" and not own:
                named = value.get("name", value.get("key"))
                own = _weight(named) if isinstance(named, str) else _NO
            new: Any = _secret(item) if own else masked_text(item)
        elif item is None or (not own and type(item) is int):
            continue
        elif name in COLUMNS and not weight:
            new = _columns(item)
        else:
            new = _masked(item, own)
        if new is not item:
            changed[name] = new
    return {**value, **changed} if changed else value


def _columns(value: Any) -> Any:
    """Mask the entries of columns, a list or an object by name; column names are no settings."""
    if not isinstance(value, dict):
        return _masked(value, _NO)
    changed = {name: new for name, item in value.items() if (new := _masked(item, _NO)) is not item}
    return {**value, **changed} if changed else value


def _secret(text: str) -> str:
    return text if text == MASK or _is_switch(text) else MASK


def _is_switch(text: str) -> bool:
    return not text.strip() or text.strip().lower() in _SWITCHES


def masked_properties(properties: Properties) -> Properties:
    """Return properties with their secrets masked; the same object where they hold none."""
    changed = {}
    for name, value in properties.items():
        if name == TOLD:
            continue  # the time of each property, by name
        own = name.partition(" of ")[0]  # of what, says the rest
        if (new := masked(value, own)) is not value:
            changed[name] = new
    return {**properties, **changed} if changed else properties


def without_secrets(subgraph: Subgraph) -> Subgraph:
    """Return a subgraph with the secrets in its nodes' properties and addresses masked."""
    changes: dict[str, Any] = {}
    for kind in Kind:
        nodes = subgraph.nodes_of(kind)
        fresh = tuple(_node(node) for node in nodes)
        if any(a is not b for a, b in zip(fresh, nodes, strict=True)):
            changes[f"{kind.value}s"] = fresh
    return subgraph.model_copy(update=changes) if changes else subgraph


def _node(node: NodeT) -> NodeT:
    changes: dict[str, Any] = {}
    custom = masked_properties(node.custom_properties)
    if custom is not node.custom_properties:
        changes["custom_properties"] = custom
    declared = _declared(node.properties)
    if declared is not node.properties:
        changes["properties"] = declared
    if isinstance(node, Artifact) and (uri := masked_text(node.uri)) != node.uri:
        changes["uri"] = uri
    return node.model_copy(update=changes) if changes else node


def _declared(properties: Properties) -> Properties:
    """Mask declared properties; a value that would change its kind stays."""
    fresh = masked_properties(properties)
    if fresh is properties:
        return properties
    kept = {
        name: new if isinstance(new, type(properties[name])) else properties[name]
        for name, new in fresh.items()
    }
    return properties if kept == properties else kept
