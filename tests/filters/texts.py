"""The filters that are tried here and on the original: written ones, and made ones of a fixed seed."""

import random

EVERYWHERE = """
id = 1
ID = 2 AND Name = 'A1'
id != 1
id <> 1
id IN (1, 3, 99)
id NOT IN (1, 3)
id IN (1, NULL)
id NOT IN (1, NULL)
id IN (1, 2.0, 2.5)
id BETWEEN 2 AND 3
id NOT BETWEEN 2 AND 3
id BETWEEN 3 AND 2
2 BETWEEN id AND 3
id = 1.0
id = 1.5
id > 1.5
id = 0x2
id = 1e0
id = .5
id = 1.
id = 00001
id > 9223372036854775807
id > 9223372036854775808
id > -9223372036854775808
id > - - 1
+id = 1
-id = -2
id + 1 = 2
id - 1 = 0
id+1=2
id * 2 = 4
id * 2 + 1 = 5
2 * (id + 1) = 6
id / 2 = 1
id / 2 = 1.5
id / 0 = 1
id / 0 IS NULL
id - id - 1 = -1
ABS(-id) = 2
id = id
1 = id
id = 1 OR id = 2 AND id = 3
(id = 1 OR id = 2) AND id != 2
id = 1 OR id = 2 OR name = 'Z' OR id = 3
NOT id = 1
NOT NOT id = 1
NOT (id = 1 OR id = 2)
NOT (id = 1 AND type = 'Data')
not(id=1)
true
false
TRUE = true
true AND NULL
NULL OR id = 1
NULL IS NULL
1=1
'a' = 'a' AND 1 < 2
'a' < 'B'
id IS NULL
id IS NOT NULL
type = 'Data'
type = 'data'
type LIKE 'd%'
type IN ('Data', 'Train', 'Run')
type != 'Data'
type_id = 10
type_id >= 12
name = 'A1'
name = "a1"
name = '''A1'''
name = r'A1'
name = 'A\\x31'
name = '\\u00411'
name = ''
name != ''
name != 'A1'
NOT name = 'A1'
name IS NULL
name IS NOT NULL
name IN ('A1', 'a1', '')
name NOT IN ('A1')
name IN ('A1', NULL)
name < 'a'
name >= 'a'
name BETWEEN 'A' AND 'C'
name LIKE 'a1'
name LIKE 'a%'
name LIKE '%1'
name LIKE '%'
name LIKE '_1'
name LIKE '__'
name LIKE ''
name NOT LIKE 'a%'
name LIKE '%\\'%'
name LIKE '%"q%d"%'
name LIKE '%\\\\%'
name LIKE '%i%t%q%'
name LIKE '%.%'
name LIKE '(%'
name LIKE 'E_' OR name LIKE 'p%'
name = 'it\\'s "quoted" \\\\ back'
(name = 'A1') IS NULL
(name = 'A1') IS TRUE
(name = 'A1') IS NOT TRUE
(name = 'A1') IS FALSE
(name = 'A1') IS NOT FALSE
(name = 'A1') = (id = 1)
(id = 1) = true
(id = 1) != (id = 2)
name = name
LOWER(name) = 'a1'
UPPER(name) = 'A1'
LENGTH(name) = 2
LENGTH(name) > id
SUBSTR(name, 1, 1) = 'A'
SUBSTR(name, 2) = '1'
SUBSTR(name, 1, 0) = ''
SUBSTR(name, 99) = ''
TRIM('  a ') = 'a'
TRIM(name) = 'B'
LTRIM('  a') = 'a' AND RTRIM('a  ') = 'a'
REPLACE(name, '1', '2') = 'A2'
COALESCE(name, 'none') = 'none'
COALESCE(NULL, name, 'none') = 'none'
IFNULL(name, 'none') = 'none'
NULLIF(id, 1) IS NULL
NULLIF(name, 'A1') IS NULL
CAST(id AS STRING) = '1'
CAST(id AS FLOAT64) = 1.0
CAST('2' AS INT64) = id
CASE WHEN id = 1 THEN true ELSE false END
CASE WHEN id = 1 THEN true END
CASE WHEN id = 1 THEN 'one' WHEN id = 2 THEN 'two' ELSE name END = 'two'
CASE id WHEN 1 THEN true WHEN 2 THEN false END
NOT CASE id WHEN 1 THEN true WHEN 2 THEN false END
external_id = 'e1'
external_id = ''
external_id IS NULL
external_id != 'e1'
create_time_since_epoch > 0
last_update_time_since_epoch >= create_time_since_epoch
NOT(create_time_since_epoch < 1 OR last_update_time_since_epoch < 1)
properties.i.int_value = 1
properties.i.int_value != 1
NOT properties.i.int_value = 1
properties.i.int_value = 1.0
properties.i.int_value > 0
properties.i.int_value >= -3
properties.i.int_value < 0.5
properties.i.int_value IN (1, 2, 3)
properties.i.int_value NOT IN (1, 2)
properties.i.int_value BETWEEN 0 AND 2
properties.i.int_value IS NULL
properties.i.int_value IS NOT NULL
properties.i.double_value IS NULL
properties.i.double_value IS NOT NULL
properties.i.double_value = 2
properties.i.double_value < 0
properties.i.int_value = 9007199254740993
properties.i.int_value = 9007199254740992
properties.i.int_value = 1 OR name = 'A1'
properties.i.int_value = 1 OR id = 5
properties.i.int_value = 1 OR true
properties.none.int_value IS NULL
properties.i.int_value = 1 OR properties.i.double_value = 2
properties.i.int_value = 1 OR properties.s.string_value = ''
properties.i.int_value + 1 = 2
properties.i.int_value * -1 = 3
-properties.i.int_value = 3
ABS(properties.i.int_value) = 3
properties.i.int_value / 2 = 0.5
properties.s.string_value = 'abc'
properties.s.string_value = 'ABC'
properties.s.string_value LIKE 'abc'
properties.s.string_value LIKE 'a%b\\_c'
properties.s.string_value LIKE 'ad%'
properties.s.string_value LIKE '%'
properties.s.string_value = ''
properties.s.string_value != ''
properties.s.string_value > 'a'
properties.s.string_value <= 'abc'
properties.s.string_value IN ('abc', '', 'x')
properties.s.string_value IS NULL
properties.s.int_value IS NULL
properties.s.int_value IS NOT NULL
LENGTH(properties.s.string_value) = 3
COALESCE(properties.s.string_value, 'none') = 'none'
properties.d.double_value > 0.25
properties.d.double_value >= 0
properties.d.double_value = 1
properties.d.double_value = 1.0
properties.d.double_value IN (1, 2.5, 0.5)
properties.d.double_value > properties.i.int_value
properties.d.double_value + properties.i.int_value = 2
CAST(properties.d.double_value AS INT64) = 2
properties.b.bool_value
NOT properties.b.bool_value
properties.b.bool_value = true
properties.b.bool_value = FALSE
properties.b.bool_value != true
properties.b.bool_value IS TRUE
properties.b.bool_value IS NOT TRUE
properties.b.bool_value < true
properties.b.bool_value AND id = 1
properties.b.bool_value OR id = 2
properties.t.int_value IS NULL
properties.t.bool_value IS NULL
properties.type.string_value = 'deep'
properties.state.int_value = 3
custom_properties.x.int_value = 5
custom_properties.x.int_value = -5
custom_properties.x.double_value = 5
custom_properties.x.string_value = '5'
custom_properties.x.bool_value = true
custom_properties.x.bool_value = false
custom_properties.x.int_value IS NULL
custom_properties.x.double_value IS NULL
custom_properties.x.bool_value IS NOT NULL
custom_properties.x.int_value > 0 OR custom_properties.x.double_value > 0
custom_properties.x.int_value = 5 OR custom_properties.x.string_value = '5'
NOT (custom_properties.x.int_value = 5 OR custom_properties.x.string_value = '5')
custom_properties.x.int_value < 100
custom_properties.x.int_value != 5
custom_properties.`my:key`.string_value = 'v'
custom_properties.`my key`.int_value = 1
custom_properties.case.bool_value
custom_properties.5x.int_value = 7
custom_properties.s.string_value = 'line\\nbreak'
custom_properties.s.string_value LIKE 'line%'
custom_properties.s.string_value = 'Größe'
properties.`i`.int_value = 1
id = 1 -- a comment
id = 1 # a comment
id /* a comment */ = 1
`id` = 1
contexts_a.name = 'r1'
contexts_a.id = 1
contexts_a.id = 1 AND contexts_b.id = 3
contexts_a.id = 1 AND contexts_a.id = 3
contexts_a.id = 1 OR contexts_a.id = 3
contexts_a.id = 1 OR contexts_b.id = 3
contexts_a.id < contexts_b.id
contexts_a.id = contexts_b.id
contexts_a.type = 'Run' AND contexts_a.name LIKE 'R%'
contexts_a.name != 'r1'
NOT contexts_a.name = 'r1'
contexts_a.name = 'r1' OR id = 6
contexts_0.type = 'Run' AND contexts_1.type = 'Pipeline'
contexts_a.create_time_since_epoch > 0
contexts_a.name = 'p1' AND properties.i.int_value = 1
(contexts_a.type = 'Run' AND contexts_a.name = 'r1') AND (properties.i.int_value = 1 OR custom_properties.x.int_value = 5)
contexts_long_alias_1.name = 'r1'
events_0.type = INPUT
events_0.type = OUTPUT
events_0.type != INPUT
events_0.type IN (INPUT, INTERNAL_INPUT)
events_0.type NOT IN (INPUT, INTERNAL_INPUT)
events_0.type = DECLARED_OUTPUT OR events_0.type = OUTPUT
events_0.milliseconds_since_epoch >= 3000
events_0.milliseconds_since_epoch = 1000 AND events_0.type = INPUT
events_a.type = INPUT AND events_b.type = OUTPUT
events_a.type = INPUT AND events_a.type = OUTPUT
events_0.type = INPUT AND contexts_a.name = 'r1'
"""

ARTIFACTS = """
uri = ''
uri != ''
uri IS NULL
uri IS NOT NULL
uri = 'u'
uri LIKE 's3://x/%'
uri LIKE '%/data/1'
uri LIKE '%\\%%'
uri LIKE 'GRÖSSE%'
uri LIKE 'gr%/_'
uri = 'größe/ü'
uri IN ('u', '')
uri LIKE "%/1" AND properties.i.int_value > 0
LENGTH(uri) = 7
state = LIVE
state != LIVE
state = PENDING OR state = LIVE
state IN (PENDING, LIVE)
state NOT IN (PENDING, LIVE)
NOT state = LIVE
state IS NULL
state IS NOT NULL
state = DELETED AND type = 'Data'
state = UNKNOWN
state = ABANDONED
state IN (REFERENCE, LIVE)
events_0.execution_id = 1
events_a.execution_id = 1 AND events_b.execution_id = 2
events_a.execution_id = 1 AND events_a.type = INPUT
type='Data' AND name LIKE 'A%'
"""

EXECUTIONS = """
last_known_state = COMPLETE
last_known_state IN (FAILED, CANCELED)
last_known_state NOT IN (FAILED, CANCELED)
last_known_state != RUNNING
last_known_state = CACHED OR last_known_state = NEW
last_known_state IS NULL
events_0.artifact_id = 1
events_a.artifact_id = 5 AND events_a.type = INPUT
events_a.artifact_id = 5 AND events_a.type = INPUT AND events_b.artifact_id = 5 AND events_b.type = OUTPUT
contexts_a.name = 'p1' AND last_known_state = FAILED
"""

CONTEXTS = """
parent_contexts_a.id = 1
parent_contexts_a.name = 'p1'
parent_contexts_a.name = 'p1' AND parent_contexts_b.name = 'p2'
parent_contexts_a.type = 'Pipeline'
parent_contexts_a.name != 'p1'
child_contexts_a.name = 'r2'
child_contexts_a.name LIKE 'r%' AND name = 'p2'
child_contexts_a.id = 3 OR child_contexts_a.id = 5
artifacts_a.id = 1
artifacts_a.name = 'A1'
artifacts_a.state = LIVE
artifacts_a.state IN (LIVE, PENDING)
artifacts_a.uri LIKE 's3%'
artifacts_a.uri = 'u' AND artifacts_b.name = 'A1'
artifacts_a.type = 'Model'
executions_a.id = 1
executions_a.last_known_state = RUNNING
executions_a.last_known_state != COMPLETE
executions_a.type = 'Train' AND artifacts_a.type = 'Data'
executions_a.name = 'E1' AND parent_contexts_a.id = 1
"""

WRONG = r"""
id
name
'a'
1
NULL
id AND true
NOT id
NOT name
id = 'a'
id = true
name = 1
name > 1
name LIKE 1
name LIKE NULL
id LIKE 'a'
id = NULL
NULL = 1
NOT NULL
name != NULL
foo = 1
id.x = 1
properties = 1
properties.i = 1
properties.i.float_value = 1
properties.i.struct_value IS NULL
properties.i.int_value
properties.a-b.int_value = 1
contexts_.name = 'x'
contexts_a = 'x'
contexts_a.foo = 1
contexts_a.name = 1
events_0.type = 'INPUT'
events_0.type = 3
events_0.type = NOSUCH
events_0.type < INPUT
events_0.foo = 1
state = 'LIVE'
state = 2
state = NOSUCH
state < LIVE
state LIKE 'L%'
state BETWEEN LIVE AND PENDING
state IN (LIVE, 1)
state = state
state != NULL
COALESCE(state, LIVE) = LIVE
uri = LIVE
parent_contexts_a.id = 'x'
id == 1
id = 1 = true
id = 1 IS NULL
1 < id < 3
!id = 1
id = 1;
id = 1 AND
AND id = 1
id = 1 AND AND id = 2
id = 1 id = 2
id 1
(id = 1
id = 1)
((id = 1)
[id] = 1
{id} = 1
id IN ()
id IN 1
id IN (1,)
id IN (1 2)
id IN (1, 'a')
id BETWEEN 1
id BETWEEN 1 AND 'x'
id BETWEEN 1 AND 2 AND 3
id IS 1
id IS TRUE
name = 'A1
name = "A1
name = '''A1
name = 'A\q'
name = '\x1'
name = '\uD800'
name = 'A' '1'
name = b'A1'
`id = 1
id = 1 /* no end
@p = 1
? = 1
$p = 1
id = 1e
id = 1abc
id = 0xg
id % 2 = 0
COALESCE() = 1
COALESCE(name, 1) = 'x'
IFNULL(name) = 'x'
LOWER() = 'a'
LOWER(1) = 'a'
LOWER(name, name) = 'a'
ABS(name) = 1
LENGTH(id) = 1
NOSUCH(name) = 1
-name = 1
name + 1 = 2
id + 'a' = 1
true + 1 = 2
id = (id = 1)
CASE END
CASE WHEN id THEN true END
CASE WHEN id = 1 THEN 2 ELSE 'a' END = 2
CASE WHEN id = 1 THEN true
CASE id WHEN 'a' THEN true END
CAST(id) = 1
CAST(id AS NOSUCH) = 1
CAST(id AS) = 1
SELECT 1
id = 1 UNION SELECT 1
id = 1 OR 1=1; DROP TABLE Artifact
id = 1 }) DETACH DELETE n //
"""

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
    shared = [*_lines(EVERYWHERE), *_lines(WRONG), *BLANKS]
    made = [_combination(dice, dice.randint(1, 3)) for _ in range(150)]
    # The original refuses the same comparison of an enumeration twice.
    shared += [text for text in made if text.count("events_e.type") < 2]
    own = {"artifact": ARTIFACTS, "execution": EXECUTIONS, "context": CONTEXTS}
    return {kind: list(dict.fromkeys([*shared, *_lines(text)])) for kind, text in own.items()}


def _lines(text: str) -> list[str]:
    return [line for line in text.splitlines() if line]
