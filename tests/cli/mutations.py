"""Command lines with a word replaced, and settings with awkward values: never exit 70.

python -m tests.cli.mutations [--count 500] [--seed 1]
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from random import Random

from typer.testing import CliRunner

from lineage_graph.cli.exits import FAULT
from lineage_graph.cli.main import app
from lineage_graph.engines import start_engine, stop_engine
from lineage_graph.exchange import open_source
from lineage_graph.settings import Settings
from lineage_graph.store import Store
from tests.conftest import DATA
from tests.mutating import NUMBERS, TEXTS, Tally, changed_text

LONGEST = 30  # seconds that one command may take
REFS = ("artifact/17", "execution/4", "context/38", "artifact/0", "artifact/99999999999999999999")
COMMANDS: Sequence[Sequence[str]] = (
    ("find", "artifacts", "--where", "type = 'Model' AND id > 5", "--limit", "5"),
    ("find", "executions", "--type", "Trainer", "--after", "x"),
    ("walk", "artifact/17", "--direction", "upstream", "--depth", "3", "--limit", "9"),
    ("walk", "execution/4", "--stop-at", "Model"),
    ("draw", "artifact/17", "--to", "{folder}/a.svg", "--force", "--depth", "2"),
    ("draw", "context/38", "--to", "{folder}/a.dot", "--force"),
    ("why", "artifact/14", "artifact/29"),
    ("compare", "context/38", "context/40", "--all"),
    ("types", "--kind", "artifact", "--system"),
    ("export", "{folder}/a.jsonl", "--force", "--of", "artifact/17", "--depth", "3"),
    ("export", "{folder}/a.json", "--to", "prov", "--force"),
    ("import", "{data}/tfx_mlmd.sqlite", "--from", "mlmd"),
    ("import", "{data}/dbt_ol_events.ndjson", "--strict"),
    ("replay", "{folder}/no_such_spool"),
    ("sources",),
    ("ask", "lineage-of-artifact", "--artifact", "17", "--direction", "upstream", "--hops", "3"),
    ("ask", "latest-artifacts", "--type", "Model", "--limit", "5"),
    ("ask", "executions-since", "--since", "2021-01-01"),
    ("ask", "executions-with-property", "--property", "span", "--value", "0"),
)


def commands(folder: Path) -> Sequence[Sequence[str]]:
    """Return sound command lines; what they read and write lies in a folder."""
    places = {"folder": str(folder), "data": str(DATA)}
    return [[word.format(**places) for word in words] for words in COMMANDS]


def awkward_places(folder: Path) -> Sequence[str]:
    """Make files that are none, and return where they lie."""
    (folder / "empty").touch()
    (folder / "loop").symlink_to(folder / "loop")
    (folder / "\udcff").mkdir()
    (folder / "bytes").write_bytes(bytes(range(256)) * 10)
    names = ("", "empty", "loop", "\udcff", "bytes", "gone/gone", "empty/x", "n" * 300)
    return [*(str(folder / name) for name in names), "/dev/null", "/proc/self/mem", "-", "\0"]


def changed(words: Sequence[str], places: Sequence[str], dice: Random) -> list[str]:
    """Return a command line with a word behind the command replaced, left out, or told twice."""
    words = list(words)
    at = dice.randrange(1, len(words) + 1)
    match dice.randrange(7):
        case 0:
            del words[at - 1 : at]
        case 1:
            words[at:at] = words[at - 1 : at + 1]
        case 2:
            words[at : at + 1] = [changed_text(words[at], dice) if at < len(words) else ""]
        case 3:
            words[at : at + 1] = [dice.choice(places)]
        case 4:
            words[at : at + 1] = [str(dice.choice(NUMBERS))]
        case 5:
            words[at : at + 1] = [dice.choice(REFS)]
        case _:
            words[at : at + 1] = [dice.choice(TEXTS)]
    return [*words, *(("--json",) if dice.random() < 0.3 else ())]


def outcome(words: Sequence[str], environment: Mapping[str, str]) -> str:
    """Run a command line; return how it ended.

    Raises:
        AssertionError: it is a fault of ours.
    """
    result = CliRunner().invoke(app, list(words), env=dict(environment))
    fault = f"{result.exception!r}: {result.output[-300:]}"
    assert result.exit_code != FAULT, fault
    assert result.exception is None or isinstance(result.exception, SystemExit), fault
    return f"exit {result.exit_code}"


def run(folder: Path, environment: Mapping[str, str], numbers: range, seed: int) -> Tally:
    """Run so many mutated command lines on the store the environment leads to."""
    tally = Tally("commands")
    sound, places = commands(folder), awkward_places(folder)
    for number in numbers:
        dice = Random(f"{seed} cli {number}")
        words = changed(dice.choice(sound), places, dice)
        tally.note(f"{number} {str(words)[:300]}", partial(outcome, words, environment), LONGEST)
    return tally


def run_settings() -> Tally:
    """Give each setting each awkward text that an environment can hold."""
    tally = Tally("settings")
    for name in Settings.model_fields:
        for text in (*TEXTS, "9" * 20, "inf", ",,,", "[]", "{}", "/dev/null", "relative"):
            if "\0" in text:
                continue
            environment = {f"LINEAGE_GRAPH_{name.upper()}": text}
            tally.note(f"{name} {text[:60]!r}", partial(_read, environment), LONGEST)
    return tally


def _read(environment: Mapping[str, str]) -> str:
    from lineage_graph.cli.command import Globals, Session
    from lineage_graph.errors import InvalidArgument

    kept = dict(os.environ)
    os.environ.update(environment)
    try:
        assert Session(Globals()).settings is not None
    except InvalidArgument:
        return "refused"
    finally:
        os.environ.clear()
        os.environ.update(kept)
    return "read"


def main() -> None:
    """Run mutated command lines over an embedded engine; print how they ended."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=500)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryDirectory() as files:
        settings = Settings(folder=Path(folder))
        start_engine(settings)
        try:
            with Store.open(settings=settings) as store:
                with open_source(DATA / "tfx_mlmd.sqlite") as source:
                    store.load(source.batches(), source.source)
                os.chdir(files)
                environment = {"LINEAGE_GRAPH_FOLDER": folder}
                tallies = [
                    run(Path(files), environment, range(given.count), given.seed),
                    run_settings(),
                ]
        finally:
            stop_engine(settings)
    for tally in tallies:
        print(tally.told(), f"slowest: {tally.slowest}", sep="\n", flush=True)
    sys.exit(any(tally.failed for tally in tallies))


if __name__ == "__main__":
    main()
