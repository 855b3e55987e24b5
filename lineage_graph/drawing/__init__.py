"""Drawing: a subgraph as a picture; where each node stands, as data, as SVG. It knows the model only."""
