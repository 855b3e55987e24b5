"""``python -m lineage_graph``: the same as the command ``lineage-graph``."""

from lineage_graph.cli.start import main

if __name__ == "__main__":
    main()
