"""Drawing: what of the lineage is shown, where each node stands, and the picture as data or SVG."""
