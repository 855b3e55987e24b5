"""What a stranger's statement may use: a list of functions, procedures and first words, and of sizes.

The list is the same for both engines. What is not on it is refused before it runs: a function that
reads files, one that runs other statements, one whose answer grows without a limit.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from lineage_graph.catalog.tokens import Token, tokens
from lineage_graph.errors import RefusedCypher


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


HINT = "The console only reads: MATCH, WHERE, WITH, RETURN and the like."
PROCEDURES = frozenset(
    {
        "db.labels",
        "db.relationshipTypes",
        "db.propertyKeys",
        "db.schema.visualization",
        "db.schema.nodeTypeProperties",
        "db.schema.relTypeProperties",
    }
)
FUNCTIONS = _words("""
    abs ceil ceiling floor rand round sign isnan e exp log log10 ln sqrt pi
    acos asin atan atan2 cos cosh cot coth degrees haversin radians sin sinh tan tanh
    coalesce elementid endnode head id last length properties size startnode type valuetype
    toboolean tobooleanornull tofloat tofloatornull tointeger tointegerornull tostring tostringornull
    tobooleanlist tofloatlist tointegerlist tostringlist timestamp randomuuid nullif isempty exists
    keys labels nodes relationships range reverse tail reduce all any none single
    avg collect count max min percentilecont percentiledisc stdev stdevp sum
    left right ltrim rtrim btrim trim lower upper tolower toupper substring split replace
    char_length character_length normalize
    date datetime localdatetime localtime time duration
    date.truncate datetime.truncate localdatetime.truncate localtime.truncate time.truncate
    date.realtime datetime.realtime localdatetime.realtime localtime.realtime time.realtime
    date.statement datetime.statement localdatetime.statement localtime.statement time.statement
    date.transaction datetime.transaction localdatetime.transaction localtime.transaction
    time.transaction datetime.fromepoch datetime.fromepochmillis
    duration.between duration.indays duration.inmonths duration.inseconds
    point point.distance point.withinbbox shortestpath allshortestpaths
    """)
MAX_RANGE = 1_000_000
"""The largest number that may be an end of range()."""
_SHORT_LISTS = _words("[ labels keys nodes relationships")
MAX_JOINS = 12
"""Times that a statement may put values together, by + or in a list: each can double what there is."""
MAX_LENGTH = 100_000
"""Characters of a statement."""
MAX_DEPTH = 50
"""Brackets of any kind that may stand in each other."""
MAX_REPEATS = 2
"""Times that a regular expression may repeat something."""
_REPEATED_GROUP = re.compile(r"\)\s*[*+{?]")
_KEYWORDS = _words("""
    match optional where with return unwind call and or xor not in as is by on when then else case
    distinct contains starts ends skip limit offset order union yield exists count collect for using
    shortest paths path groups group any all from both leading trailing
    """)
_WRITES = _words("create merge set delete remove foreach drop insert")
_FIRST_WORDS_REFUSED = _words("""
    show terminate use alter grant deny revoke enable start stop load explain profile cypher
    deallocate reallocate rename dryrun
    """)


def check_words(text: str) -> None:
    """Refuse a statement that uses what is not on the lists, or what may grow without a limit.

    Raises:
        RefusedCypher: it does; the message names what, the hint what to write instead.
        InvalidArgument: it is no Cypher.
    """
    if len(text) > MAX_LENGTH:
        raise RefusedCypher(
            f"The statement has {len(text):,} characters.",
            hint=f"Up to {MAX_LENGTH:,} are allowed: give long lists as parameters.",
        )
    found = tokens(text)
    _check_depth(found)
    _check_first_words(found)
    for place, token in enumerate(found):
        if token == Token("symbol", "("):
            name = _name_before(found, place)
            if name is not None:
                _check_function(name)
            if name == "replace":
                _check_replace(_inside(found, place))
            elif name == "reduce":
                _check_reduce(_inside(found, place))
            elif name == "range":
                _check_range(_inside(found, place))
        elif _is_word(token, "call"):
            _check_call(found, place)
        elif token == Token("symbol", "~"):
            _check_pattern(found[place + 1 : place + 3])
    _check_loops(found)
    joins = sum(_joins(found, place) for place in range(len(found)))
    if joins > MAX_JOINS:
        raise RefusedCypher(
            f"This statement puts values together {joins} times, by + or in lists and maps, and each "
            "may double them.",
            hint=f"Up to {MAX_JOINS} are allowed, constants not counted: return the values in columns "
            "of their own.",
        )


def check_procedure(name: str) -> None:
    """Refuse a procedure that is not on the list."""
    if name not in PROCEDURES:
        raise RefusedCypher(
            f"The procedure {name} is not allowed here.",
            hint=f"Allowed are {', '.join(sorted(PROCEDURES))}.",
        )


def _check_depth(found: list[Token]) -> None:
    """Refuse brackets in each other, whose planning may take minutes, which no time limit ends."""
    depth = 0
    for token in found:
        depth += _depth(token)
        if depth > MAX_DEPTH:
            raise RefusedCypher(
                f"Brackets stand in each other more than {MAX_DEPTH} deep.",
                hint="Leave out those that are not needed, or use WITH for a part.",
            )


def _check_first_words(found: list[Token]) -> None:
    for place, token in enumerate(found):
        if token == Token("symbol", ";"):
            raise RefusedCypher("There is more than one statement.", hint="Run them one by one.")
        begins = place == 0 or found[place - 1] == Token("symbol", "{")
        after = found[place + 1].text if place + 1 < len(found) else ""
        word = token.text.lower()
        if begins and token.kind == "word" and word in _FIRST_WORDS_REFUSED and after not in ":,":
            raise RefusedCypher(f"{word.upper()} is not allowed here.", hint=HINT)
        if word == "load" and token.kind == "word" and after.lower() == "csv":
            raise RefusedCypher("LOAD CSV reads files and other hosts.", hint=HINT)


def _check_function(name: str) -> None:
    if name in _WRITES:
        raise RefusedCypher("This statement would change the graph.", hint=HINT)
    if name not in FUNCTIONS:
        raise RefusedCypher(
            f"The function {name} is not allowed here.",
            hint="Allowed are Cypher's own functions for numbers, texts, lists, times, nodes and paths.",
        )


def _check_call(found: list[Token], place: int) -> None:
    """Refuse a procedure that is called, with brackets or without, unless it is on the list."""
    before = found[place - 1].text.lower() if place else ""
    if before in (".", ":", "$", "|", "&", "as"):
        return
    parts = list(_dotted(found, place + 1))
    after = found[place + 1 + 2 * len(parts) - 1 : place + 1 + 2 * len(parts)] if parts else []
    if parts and (not after or after[0].text not in (":", "=", ",")):
        check_procedure(".".join(part.text for part in parts))


def _check_replace(inside: list[Token]) -> None:
    """Refuse a replacement that may be longer than what it replaces."""
    parts = _split(inside, ",")
    texts = [
        part[0].text[1:-1] for part in parts[1:] if len(part) == 1 and part[0].kind == "string"
    ]
    if len(parts) != 3 or len(texts) != 2 or len(texts[1]) > len(texts[0]) or "\\" in texts[0]:
        raise RefusedCypher(
            "replace() may make a text longer without a limit.",
            hint="Write both texts as constants, the second no longer than the first.",
        )


def _check_reduce(inside: list[Token]) -> None:
    """Refuse a text or a list that grows with each element: it may double, and no engine ends that."""
    head, *body = _split(inside, "|")
    start = _split(_split(head, ",")[0], "=")[-1]
    rest = [token for part in body for token in part]
    uses = sum(token.text == head[0].text and token.kind in ("word", "quoted") for token in rest)
    grows = any(token.text in ("+", "[", "{") for token in rest if token.kind == "symbol")
    is_number = bool(start) and (
        start[-1].kind == "number" or start[-1].text.lower() in ("true", "false")
    )
    texts = any(token.kind == "string" for token in rest)
    if grows and (uses > 1 or texts or not is_number or len(start) > 2):
        raise RefusedCypher(
            "reduce() may make a text or a list longer each time, without a limit.",
            hint="Let it begin with a number that is used once after the |, as in "
            "reduce(n = 0, x IN xs | n + x); return the list itself where its texts should be joined.",
        )


def _check_pattern(after: list[Token]) -> None:
    """Refuse a regular expression that may take a time that grows with a power of the text's length."""
    pattern = after[0].text if after and after[0].kind == "string" else None
    is_joined = len(after) > 1 and after[1].text in "+["
    if (
        pattern is None
        or is_joined
        or sum(map(pattern.count, "*+{")) > MAX_REPEATS
        or _REPEATED_GROUP.search(pattern)
    ):
        raise RefusedCypher(
            "This regular expression may take very long, and no engine ends that.",
            hint="Use CONTAINS, STARTS WITH or ENDS WITH, or a constant pattern with at most "
            f"{MAX_REPEATS} of * + {{ and none behind a bracket: '(?i).*model.*'.",
        )


def _check_range(inside: list[Token]) -> None:
    """Refuse a range whose length cannot be seen, or is too long."""
    for part in _split(inside, ","):
        texts = [token.text.lower() for token in part]
        numbers = [token.text for token in part if token.kind == "number"]
        is_short = all(len(n) < 8 and n.isdigit() and int(n) <= MAX_RANGE for n in numbers)
        is_seen = len(part) <= 2 and bool(numbers) and texts[0] in ("-", numbers[0])
        is_sized = texts[:1] in (["size"], ["length"]) and not {"*", "^", "+"} & set(texts)
        if not is_short or not (is_seen or is_sized):
            raise RefusedCypher(
                "range() may be too long here.",
                hint=f"Its ends are whole numbers up to {MAX_RANGE}, or size() or length() of something.",
            )


def _check_loops(found: list[Token]) -> None:
    """Refuse a list that is gone through inside another: the database cannot end that between two rows."""
    ends: list[int] = []
    for place in range(len(found)):
        ends = [end for end in ends if end > place]
        loop = _loop(found, place)
        if loop is None:
            continue
        if ends and loop.lower() not in _SHORT_LISTS:
            raise RefusedCypher(
                "A list is gone through for each element of another list.",
                hint="UNWIND the outer list, or the inner one in a CALL { } of its own; the labels() "
                "and keys() of nodes and the nodes() of paths may be gone through.",
            )
        ends.append(place + len(_inside(found, place)) + 1)


def _loop(found: list[Token], place: int) -> str | None:
    """Return the beginning of the list that is gone through in the bracket that opens here; None where none is."""
    if _depth(found[place]) <= 0:
        return None
    inside = found[place + 1 : place + 4]
    if len(inside) == 3 and inside[0].kind != "symbol" and _is_word(inside[1], "in"):
        called = place > 0 and found[place - 1].text.lower() in ("any", "all", "none", "single")
        return inside[2].text if found[place].text == "[" or called else None
    if place > 0 and _is_word(found[place - 1], "reduce"):
        words = _inside(found, place)
        marks = [number for number, token in enumerate(words) if _is_word(token, "in")]
        return words[marks[0] + 1].text if marks and marks[0] + 1 < len(words) else None
    return None


def _joins(found: list[Token], place: int) -> bool:
    """Say whether something is put together here of which one part may be as long as another.

    That is a + before what is no constant, or a list or a map with two parts that are none.
    """
    token = found[place]
    if token == Token("symbol", "+") and place + 1 < len(found):
        return found[place + 1].kind not in ("string", "number")
    if token.kind != "symbol" or token.text not in "[{":
        return False
    parts = [_split(part, ":")[-1] for part in _split(_inside(found, place), ",")]
    return sum(bool(part) and part[-1].kind not in ("string", "number") for part in parts) > 1


def _name_before(found: list[Token], place: int) -> str | None:
    """Return in small letters the name of the function whose bracket opens here; None where none is called."""
    parts: list[str] = []
    while place and found[place - 1].kind in ("word", "quoted"):
        place -= 1
        parts.insert(0, found[place].text)
        if place < 2 or found[place - 1] != Token("symbol", "."):
            break
        place -= 1
    name = ".".join(parts).lower()
    is_plain = len(parts) == 1 and found[place].kind == "word"
    is_procedure = place > 0 and _is_word(found[place - 1], "call")
    if not parts or is_procedure or (is_plain and name in _KEYWORDS - FUNCTIONS):
        return None
    return name


def _dotted(found: list[Token], place: int) -> Iterator[Token]:
    """Yield the parts of the name with dots that begins here."""
    while place < len(found) and found[place].kind in ("word", "quoted"):
        yield found[place]
        if place + 1 == len(found) or found[place + 1] != Token("symbol", "."):
            return
        place += 2


def _inside(found: list[Token], place: int) -> list[Token]:
    """Return what is between the bracket that opens here and the one that closes it."""
    depth = 0
    for end in range(place, len(found)):
        depth += _depth(found[end])
        if not depth:
            return found[place + 1 : end]
    return found[place + 1 :]


def _split(found: list[Token], separator: str) -> list[list[Token]]:
    """Split at a symbol that is inside no bracket."""
    parts: list[list[Token]] = [[]]
    depth = 0
    for token in found:
        depth += _depth(token)
        if not depth and token == Token("symbol", separator):
            parts.append([])
        else:
            parts[-1].append(token)
    return parts


def _depth(token: Token) -> int:
    if token.kind != "symbol":
        return 0
    return (token.text in "([{") - (token.text in ")]}")


def _is_word(token: Token, word: str) -> bool:
    return token.kind == "word" and token.text.lower() == word
