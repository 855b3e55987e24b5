"""Charts: numbers over time and bars, computed as data; templates draw them as SVG."""
