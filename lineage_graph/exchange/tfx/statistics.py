"""A dataset's statistics (TFX's ``FeatureStats.pb``) as rows, read from protocol buffers' wire format.

The numbers of fields are those of TensorFlow Metadata's ``statistics.proto``.
"""

from __future__ import annotations

from lineage_graph.exchange.tfx.wire import messages, number, real, text

_TYPES = ("int", "float", "string", "bytes", "struct")
_STATS = (3, 4, 5, 7)  # of numbers, strings, bytes, structs
Row = tuple[
    str, str, str, int, int, float | None, float | None, float | None, float | None, int | None
]


def statistics_rows(data: bytes) -> list[Row]:
    """Return a row for each feature: dataset, feature, type, count, missing, mean, least, median, most, unique.

    What is no such message gives no rows.
    """
    try:
        return [
            _row(text(dataset, 1), feature)
            for dataset in messages(data, 1)
            for feature in messages(dataset, 3)
        ]
    except ValueError:
        return []


def example_counts(data: bytes) -> list[int]:
    """Return how many examples each dataset has.

    Raises:
        ValueError: it is no such message.
    """
    return [number(dataset, 2) for dataset in messages(data, 1)]


def _row(dataset: str, feature: bytes) -> Row:
    path = ".".join(step.decode() for p in messages(feature, 8) for step in messages(p, 1))
    kind = number(feature, 2)
    stats = next((found for field in _STATS for found in messages(feature, field)), b"")
    is_number = any(True for _ in messages(feature, 3))
    common = next(messages(stats, 1), b"")
    mean, least, median, most = (
        real(stats, field) if is_number else None for field in (2, 5, 6, 7)
    )
    return (
        dataset,
        text(feature, 1) or path,
        _TYPES[kind] if kind < len(_TYPES) else str(kind),
        number(common, 1),
        number(common, 2),
        mean,
        least,
        median,
        most,
        None if is_number else number(stats, 2),
    )
