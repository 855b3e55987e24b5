"""Data as people hold it: what is kept of frames, arrays, values and models in memory.

Nothing is copied into the store but a digest of the content, the schema and a small profile. The
digest is defined over columns in a form of our own (``columns``, ``encoding``), so that it does not
depend on the library, its version, the machine or the process. Libraries are never imported for it,
but numpy, which reads them.
"""

from lineage_graph.recorder.data.describing import (
    IN_MEMORY,
    PICKLED,
    Description,
    address_of,
    describe,
    is_data,
    is_model,
    is_table_or_array,
)

__all__ = [
    "IN_MEMORY",
    "PICKLED",
    "Description",
    "address_of",
    "describe",
    "is_data",
    "is_model",
    "is_table_or_array",
]
