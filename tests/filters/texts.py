"""The filters that are tried here and on the original: those of lists/, and made ones of a fixed seed."""

import random
from pathlib import Path

LISTS = Path(__file__).parent / "lists"
BLANKS = [
    "",
    " ",
    "\n\t",
    "-- nothing",
    "(",
    ")",
    "'",
    "`",
    "\\",
    "\0",
    "id = 1\0",
    "id = '\0",
    "é = 1",
]

_ATOMS = [
    "id = {n}",
    "id > {n}",
    "id IN ({n}, {m})",
    "name = '{w}'",
    "name LIKE '%{w}%'",
    "name IS NULL",
    "name != '{w}'",
    "type = 'Data'",
    "external_id IS NULL",
    "properties.i.int_value = {n}",
    "properties.i.int_value < {n}",
    "properties.i.int_value IS NULL",
    "properties.s.string_value = '{w}'",
    "properties.s.string_value LIKE '{w}%'",
    "properties.d.double_value >= {n}",
    "custom_properties.x.int_value = {n}",
    "custom_properties.x.double_value < {n}.5",
    "custom_properties.x.bool_value",
    "contexts_a.id = {n}",
    "contexts_a.name = '{w}'",
    "contexts_b.type = 'Run'",
    "events_e.type = INPUT",
    "events_e.milliseconds_since_epoch > {n}000",
    "COALESCE(name, '{w}') = '{w}'",
    "LENGTH(name) > {n}",
    "id + {n} > {m}",
]
_WORDS = ["A1", "a1", "abc", "r1", "p1", "", "x", "E"]


def _combination(dice: random.Random, depth: int) -> str:
    choice = dice.random()
    if depth == 0 or choice < 0.3:
        atom = dice.choice(_ATOMS)
        return atom.format(n=dice.randint(0, 5), m=dice.randint(0, 5), w=dice.choice(_WORDS))
    if choice < 0.45:
        return f"NOT ({_combination(dice, depth - 1)})"
    operator = dice.choice([" AND ", " OR "])
    count = dice.randint(2, 3)
    return "(" + operator.join(_combination(dice, depth - 1) for _ in range(count)) + ")"


def texts() -> dict[str, list[str]]:
    """Every filter, by the kind of node it is tried on."""
    dice = random.Random(1117)
    shared = [*_listed("everywhere"), *_listed("wrong"), *BLANKS]
    made = [_combination(dice, dice.randint(1, 3)) for _ in range(150)]
    # The original refuses the same comparison of an enumeration twice.
    shared += [text for text in made if text.count("events_e.type") < 2]
    kinds = ("artifact", "execution", "context")
    return {kind: list(dict.fromkeys([*shared, *_listed(f"{kind}s")])) for kind in kinds}


def _listed(name: str) -> list[str]:
    return (LISTS / f"{name}.txt").read_text(encoding="utf-8").splitlines()
