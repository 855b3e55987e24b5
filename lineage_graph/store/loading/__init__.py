"""Loading: an outside source into the store, batch by batch."""
