"""Layout: where each card and each edge of a picture stands, from left to right in time."""
