"""Writing: one Subgraph as one transaction."""
