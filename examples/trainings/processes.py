"""A pipeline of processes: a pool that prepares shards, and a program of its own that evaluates.

Neither is told of the run: processes that are started inside of it join by their environment.
"""

import multiprocessing
import subprocess
import sys
from pathlib import Path

import lineage_graph as lg


@lg.step
def prepare(number: int) -> Path:
    """Write one shard; called in the processes of the pool."""
    path = Path(f"shard-{number}.txt")
    path.write_text(f"{number} {number**2}\n")
    lg.current_step().output("Shard", path)
    return path


def evaluate(shards: list[Path]) -> None:
    """Read the shards; called in a process that was started as a command."""
    with lg.current_run().step("Evaluate", inputs={"shards": shards}) as step:
        total = sum(int(path.read_text().split()[1]) for path in shards)
        step.log(total=total)
        print(f"total {total}")


def main() -> None:
    """Start the processes."""
    with lg.pipeline("shards").run():
        with multiprocessing.get_context("spawn").Pool(2) as pool:
            shards = pool.map(prepare, range(4))
        subprocess.run([sys.executable, __file__, *map(str, shards)], check=True)


if __name__ == "__main__":
    if sys.argv[1:]:
        evaluate([Path(name) for name in sys.argv[1:]])
    else:
        main()
