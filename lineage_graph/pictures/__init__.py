"""Pictures of a store's lineage: one way to draw, for pages, commands and notebooks."""
