"""Transforms: from the sketch of all that was read to the sketch of what is drawn."""
