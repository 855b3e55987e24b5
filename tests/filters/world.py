"""The small store that filters are tried on, here and on the original: plain data, no imports.

Ids count from 1 in the order of the lists, as both stores give them.
"""

TYPES = {
    "artifact": {
        "Data": {
            "i": "INT",
            "d": "DOUBLE",
            "s": "STRING",
            "b": "BOOLEAN",
            "t": "STRUCT",
            "p": "PROTO",
        },
        "Model": {"i": "DOUBLE", "type": "STRING", "state": "INT"},
    },
    "execution": {"Train": {"i": "INT", "s": "STRING"}, "Push": {"b": "BOOLEAN"}},
    "context": {"Run": {"i": "INT", "s": "STRING"}, "Pipeline": {"d": "DOUBLE"}},
}
"""Types by kind, with the properties they declare; their ids begin at 10, in this order."""

NODES = {
    "artifact": [
        {
            "type": "Data",
            "name": "A1",
            "uri": "s3://x/data/1",
            "state": "LIVE",
            "external_id": "e1",
            "properties": {"i": 1, "d": 1.0, "s": "abc", "b": True, "t": {"a": 1}},
            "custom_properties": {"x": 5, "my:key": "v", "my key": 1},
        },
        {
            "type": "Data",
            "name": "a1",
            "uri": "S3://X/DATA/1",
            "state": "PENDING",
            "properties": {"i": -3, "d": -0.5, "s": "ABC", "b": False},
            "custom_properties": {"x": 5.0, "my:key": "w"},
        },
        {
            "type": "Data",
            "name": "B",
            "state": "DELETED",
            "external_id": "",
            "properties": {"i": 0, "d": 0.0, "s": ""},
            "custom_properties": {"x": "5", "case": True, "5x": 7},
        },
        {
            "type": "Data",
            "uri": "/x/a%b_c",
            "state": "MARKED_FOR_DELETION",
            "properties": {"i": 7, "d": 2.5, "s": "a%b_c"},
            "custom_properties": {"x": True, "s": "line\nbreak"},
        },
        {
            "type": "Model",
            "name": 'it\'s "quoted" \\ back',
            "uri": "u",
            "state": "ABANDONED",
            "properties": {"i": 2.0, "type": "deep", "state": 3},
            "custom_properties": {"x": {"k": [1, 2]}, "b": False},
        },
        {
            "type": "Model",
            "name": "",
            "uri": "größe/ü",
            "state": "REFERENCE",
            "properties": {"i": -7.25},
            "custom_properties": {"x": -5, "s": "Größe"},
        },
        {"type": "Model", "name": "Z", "state": "LIVE"},
        {
            "type": "Data",
            "name": "big",
            "properties": {"i": 9007199254740993, "d": 1e300, "s": "zz"},
            "custom_properties": {"x": 0},
        },
        {"type": "Data", "state": "UNKNOWN"},
    ],
    "execution": [
        {
            "type": "Train",
            "name": "E1",
            "last_known_state": "COMPLETE",
            "properties": {"i": 1, "s": "adam"},
            "custom_properties": {"x": 1},
        },
        {
            "type": "Train",
            "last_known_state": "FAILED",
            "properties": {"i": 2, "s": "sgd"},
            "custom_properties": {"x": 1.5},
        },
        {"type": "Push", "name": "E3", "last_known_state": "RUNNING", "properties": {"b": True}},
        {"type": "Push", "name": "e3", "last_known_state": "CACHED", "external_id": "x"},
        {
            "type": "Train",
            "name": "E5",
            "last_known_state": "CANCELED",
            "properties": {"s": "Adam"},
        },
        {"type": "Push", "name": "E6"},
        {"type": "Push", "last_known_state": "UNKNOWN"},
    ],
    "context": [
        {"type": "Pipeline", "name": "p1", "properties": {"d": 0.5}},
        {"type": "Pipeline", "name": "p2", "custom_properties": {"x": "a"}},
        {"type": "Run", "name": "r1", "properties": {"i": 1, "s": "x"}, "external_id": "c"},
        {"type": "Run", "name": "r2", "properties": {"i": 2, "s": "X"}},
        {"type": "Run", "name": "R1", "properties": {"i": 3}, "custom_properties": {"x": 2}},
        {"type": "Run", "name": "of no state"},
        {"type": "Run", "name": "of an unknown state"},
    ],
}
"""Nodes by kind."""

EVENTS = [
    (1, 1, "INPUT", 1000),
    (2, 1, "INPUT", 1001),
    (5, 1, "OUTPUT", 1002),
    (1, 2, "INTERNAL_INPUT", 2000),
    (6, 2, "DECLARED_OUTPUT", 2001),
    (5, 3, "INPUT", 3000),
    (5, 3, "OUTPUT", 3001),
    (7, 4, "OUTPUT", 4000),
]
"""Events: the artifact, the execution, the type, milliseconds."""
ATTRIBUTIONS = [(1, 1), (1, 3), (2, 3), (5, 1), (5, 3), (5, 4), (6, 4), (7, 2), (8, 6), (9, 7)]
"""Attributions: the artifact, the context."""
ASSOCIATIONS = [(1, 1), (1, 3), (2, 1), (2, 4), (3, 3), (4, 5), (6, 6), (7, 7)]
"""Associations: the execution, the context."""
PARENTS = [(3, 1), (4, 1), (4, 2), (5, 2)]
"""Parents of contexts: the child, the parent."""
