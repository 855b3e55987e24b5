"""Views: one module per family of pages. Each asks the store and returns a Page."""
