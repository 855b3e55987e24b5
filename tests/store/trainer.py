"""A process that records a run and says on its standard output which of its steps have ended."""

from __future__ import annotations

import sys
from pathlib import Path

import lineage_graph as lg
from lineage_graph.settings import Settings


def main(settings: str, spool: str, count: int) -> None:
    """Record ``count`` steps, each with an output that the next one reads; print each one's number."""
    known = Settings.model_validate_json(settings)
    pipeline = lg.pipeline("penguin", settings=known, on_error="spool", spool=Path(spool))
    print("ready", flush=True)
    with pipeline.run("r") as run:
        made: dict[str, object] = {}
        for number in range(count):
            with run.step("Step", inputs=made, params={"number": number}) as step:
                made = {"data": step.output("Data", uri=f"file:///data/{number}")}
            print(number, flush=True)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
