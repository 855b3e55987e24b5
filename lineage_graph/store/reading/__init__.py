"""Reading: look-ups, filters, walks, search and the dump, one module each."""
