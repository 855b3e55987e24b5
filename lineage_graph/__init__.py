"""The lineage of machine-learning pipelines in a graph."""
