"""Arrays of numpy and tensors of torch, TensorFlow and JAX. No library of tensors is imported here."""

from __future__ import annotations

import sys
from typing import Any

from lineage_graph.recorder.data.columns import Array, Column, from_array, from_list, numpy
from lineage_graph.recorder.data.encoding import Nested


def plain_array(given: Any) -> tuple[Array, Array | None, str]:
    """Return an array or tensor as numpy's, what of it is masked, and its kind where numpy has none."""
    np = numpy()
    if isinstance(given, np.ma.MaskedArray):
        mask = np.ma.getmaskarray(given)
        return np.asarray(given.data), mask if mask.dtype == bool and mask.any() else None, ""
    torch = sys.modules.get("torch")
    if torch is not None and isinstance(given, torch.Tensor):
        return _of_torch(torch, given)
    if callable(getattr(given, "numpy", None)):
        given = given.numpy()  # TensorFlow's
    return np.asarray(given), None, ""


def _of_torch(torch: Any, given: Any) -> tuple[Array, Array | None, str]:
    tensor = given.detach().cpu()
    if tensor.layout is not torch.strided:
        tensor = tensor.to_dense()
    tensor = tensor.resolve_conj().resolve_neg().contiguous()
    if tensor.dtype is torch.bfloat16:  # numpy has no such kind
        return tensor.view(torch.int16).numpy(), None, "bfloat16"
    return tensor.numpy(), None, ""


def flat_column(array: Array, mask: Array | None, kind: str, nested: Nested) -> Column:
    """Return the values of an array in C order as a column."""
    flat = numpy().ascontiguousarray(array).reshape(-1)
    column = from_array("", flat, None if mask is None else mask.reshape(-1), nested)
    column.kind = kind or column.kind
    return column


def fields_of(array: Array) -> list[Column]:
    """Return the fields of a structured array as columns; one of several values is a list in each row."""
    found = []
    for name in array.dtype.names:
        values = array[name]
        is_plain = values.ndim == 1 and values.dtype.fields is None
        found.append(from_array(name, values) if is_plain else from_list(name, values.tolist()))
    return found
