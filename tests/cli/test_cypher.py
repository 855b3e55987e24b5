"""The command ``cypher``: formats, parameters, files, errors; and its shell in a real terminal."""

from __future__ import annotations

import csv
import json
import os
import pty
import re
import select
import sys
import time
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from lineage_graph.cli.main import app
from lineage_graph.cli.results import value_of
from lineage_graph.cli.shell import Shell
from lineage_graph.errors import InvalidArgument
from lineage_graph.settings import Settings
from lineage_graph.store import Store
from lineage_graph.store.cypher_names import StoreNames
from tests.cli.test_commands import leads_to

ENDLESS = "UNWIND range(1, 900000) AS x UNWIND range(1, 900000) AS y RETURN count(*) AS n"
MODELS = "MATCH (m:Model) RETURN m.id AS id, m AS model, $x AS x ORDER BY id"
Run = Callable[..., Result]


@pytest.fixture
def run(engine_settings: Settings) -> Run:
    """Runs ``cypher`` on each engine in turn."""

    def run(*arguments: object, text: str | None = None) -> Result:
        words = ["cypher", *map(str, arguments)]
        return CliRunner().invoke(app, words, input=text, env=leads_to(engine_settings))

    return run


def test_rows_in_each_format(run: Run, tfx: Store, tmp_path: Path) -> None:
    words = (MODELS, "--param", "x=[1, 2]")
    table = run(*words)
    assert table.exit_code == 0, table.output
    head, first, *_ = (line.split("\t") for line in table.stdout.splitlines())
    assert (head, first[1].split()[0], first[2]) == (
        ["id", "model", "x"], f"artifact/{first[0]}", "[1, 2]"
    )  # fmt: skip
    document = json.loads(run(*words, "--json", "--limit", "2").stdout)
    assert (document["columns"], len(document["rows"]), document["truncated"]) == (head, 2, True)
    assert len(document["graph"]["artifacts"]) == 2
    lines = run(*words, "--format", "jsonl").stdout.splitlines()
    assert [json.loads(line)["id"] for line in lines] == [row[0] for row in document["rows"]] + [
        json.loads(lines[-1])["id"]
    ]
    file = tmp_path / "rows.csv"
    assert run(*words, "--output", file).exit_code == 0
    with file.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert json.loads(rows[0]["model"])["ref"] == f"artifact/{rows[0]['id']}"
    assert run(*words, "--output", file).exit_code == 5  # it is there
    cut = run(*words, "--limit", "1")
    assert "The first 1 rows are shown; there are more" in cut.stderr
    assert "Execution" in run("MATCH (e:Execution) RETURN count(e) AS n", "--explain").stdout


def test_where_a_statement_comes_from(run: Run, tfx: Store, tmp_path: Path) -> None:
    file = tmp_path / "q.cypher"
    file.write_text("// how many\nMATCH (m:Model)\nRETURN count(m) AS n;\n")
    for words, text in (
        (("--file", file), None),
        (("-",), file.read_text()),
        ((), file.read_text()),
    ):
        assert run(*words, text=text).stdout == "n\n3\n", words
    assert run("--file", tmp_path / "none").exit_code == 4


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("MATCH (m) RETRUN m",), 2, "  MATCH (m) RETRUN m\n            ^\nDid you mean RETURN?"),
        (("CREATE (m:Model)",), 2, "would change the graph"),
        (("RETURN $x AS x",), 2, "There is no value for $x."),
        (("RETURN 1 AS n", "--param", "x"), 2, "NAME=VALUE"),
        (("MATCH (n) RETURN n LIMIT $n", "--param", "n=ten"), 2, "$n is 'ten'"),
        ((ENDLESS, "--timeout", "0.5"), 17, "time limit"),
        (("MATCH (m:Modl) RETURN m",), 0, "Did you mean Model?"),
        (("RETURN 1 AS n", "--output", "rows.xls"), 2, "--format"),
        (("RETURN 1 AS n", "--json", "--format", "csv"), 2, "different"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_with_its_code(
    run: Run, tfx: Store, words: tuple[str, ...], code: int, said: str
) -> None:
    result = run(*words)
    assert (result.exit_code, said in result.stderr) == (code, True), result.output


def test_parquet_and_arrow_are_written_where_pyarrow_is(
    run: Run, tfx: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("pyarrow", "pyarrow.parquet", "pyarrow.ipc"):
        monkeypatch.setitem(sys.modules, name, None)
    missing = run(MODELS, "--param", "x=1", "--output", tmp_path / "rows.parquet")
    assert (missing.exit_code, "pip install pyarrow" in missing.stderr) == (6, True)
    assert not list(tmp_path.iterdir())
    wrote: list[Any] = []
    arrow, parquet = ModuleType("pyarrow"), ModuleType("pyarrow.parquet")
    arrow.table = lambda columns: columns  # type: ignore[attr-defined]
    parquet.write_table = lambda table, stream: wrote.append(table)  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "pyarrow", arrow)
    monkeypatch.setitem(sys.modules, "pyarrow.parquet", parquet)
    assert run(MODELS, "--param", "x=1", "--output", tmp_path / "rows.parquet").exit_code == 0
    assert (list(wrote[0]), wrote[0]["x"]) == (["id", "model", "x"], [1, 1, 1])


def test_values_of_parameters() -> None:
    texts = {"17": 17, "0.5": 0.5, "true": True, "null": None, "007": "007", "a b": "a b"}
    assert {text: value_of(text) for text in texts} == texts
    assert (value_of('"17"'), value_of('{"a": [1]}'), value_of("NaN")) == ("17", {"a": [1]}, "NaN")


def test_completion_knows_where_it_stands() -> None:
    class Names:
        def names(self) -> StoreNames:
            labels = frozenset({"Model", "tfx.Trainer"})
            return StoreNames(labels, labels, frozenset({"custom_loss", "accuracy"}))

    shell = Shell(Names(), None, {"name": 1})  # type: ignore[arg-type]
    for before, word, found in (
        ("", ":par", [":param", ":params"]),
        ("MATCH (m:", "Mo", ["Model"]),
        ("MATCH (", "m:Mo", ["m:Model"]),
        ("MATCH (m:", "tfx", ["`tfx.Trainer`"]),
        ("MATCH (a)-[:", "SA", ["SAME_AS"]),
        ("MATCH (m:Model)\nWHERE ", "m.acc", ["m.accuracy"]),
        ("MATCH (m:Model {", "na", []),
        ("MATCH (m:Model {name: $", "n", ["name"]),
        ("MATCH (m) ", "RETU", ["RETURN"]),
        ("RETURN ", "toUp", ["toupper("]),
    ):
        assert shell.candidates(before, word) == found, (before, word)


class Terminal:
    """The shell in a pseudo-terminal."""

    def __init__(self, settings: Settings, state: Path) -> None:
        self.process, self.handle = pty.fork()
        if self.process == 0:
            os.environ |= {"TERM": "xterm", "XDG_STATE_HOME": str(state)} | leads_to(settings)
            os.execv(sys.executable, [sys.executable, "-m", "lineage_graph", "cypher"])

    def wait_for(self, pattern: str, limit: float = 30) -> str:
        read, end = "", time.monotonic() + limit
        while not re.search(pattern, read):
            assert time.monotonic() < end, read
            if select.select([self.handle], [], [], 0.1)[0]:
                read += os.read(self.handle, 65536).decode("utf-8", "replace")
        return read

    def type(self, text: str, until: str) -> str:
        os.write(self.handle, text.encode())
        return self.wait_for(until)


@pytest.mark.skipif(sys.platform == "win32", reason="there are no pseudo-terminals")
def test_the_shell_in_a_terminal(engine_settings: Settings, tfx: Store, tmp_path: Path) -> None:
    shell = Terminal(engine_settings, tmp_path)
    shell.wait_for("cypher> ")
    shell.type("MATCH (m:Mode\t", "Mode\a?l")
    shell.type(")\n", "-> ")
    assert "3" in shell.type("RETURN count(m) AS n;\n", r"1 row in [\s\S]*cypher> ")
    shell.type(":param x 17\n", "cypher> ")
    shell.type("RETURN $x AS x, 'a' AS t;\n", r"17\s+a\s+1 row in[\s\S]*cypher> ")
    assert "Did you mean RETURN?" in shell.type("RETRUN 1;\n", r"Error[\s\S]*cypher> ")
    shell.type(f"{ENDLESS};\n", "AS n;")
    time.sleep(0.5)
    began = time.monotonic()
    shell.type("\x03", r"Stopped[\s\S]*cypher> ")
    assert time.monotonic() - began < 6
    assert "SUBTYPE_OF" in shell.type(":schema\n", r"counts are of all[\s\S]*cypher> ")
    os.write(shell.handle, b"\x04")
    assert os.waitpid(shell.process, 0)[1] == 0
    history = tmp_path / "lineage-graph" / "cypher_history"
    assert "MATCH (m:Model) RETURN count(m) AS n;\n" in history.read_text()
    assert history.stat().st_mode & 0o777 == 0o600


def test_a_parameter_needs_a_name() -> None:
    from lineage_graph.cli.cypher import given

    with pytest.raises(InvalidArgument):
        given(["1a=2"])


def test_how_tools_connect_is_told(engine_settings: Settings, tfx: Store) -> None:
    def connect(*words: str) -> Result:
        line = ["engine", "connect", *words]
        return CliRunner().invoke(app, line, env=leads_to(engine_settings))

    told = json.loads(connect("--json").stdout)
    text = connect().stdout
    if engine_settings.uri is None:
        assert set(told) == {"address", "user", "password", "database"}
        assert f"auth=('readonly', '{told['password']}')" in text
        assert f"cypher-shell -a {told['address']} -u readonly" in text
    else:
        assert (told["address"], told["has_roles"]) == (engine_settings.uri, False)
        assert "password" not in told
        assert "LOAD CSV" in text
        assert connect("--rotate").exit_code == 2


def test_the_schema_as_tables_and_as_json(engine_settings: Settings, tfx: Store) -> None:
    def schema(*words: str) -> str:
        found = CliRunner().invoke(app, ["schema", *words], env=leads_to(engine_settings))
        assert found.exit_code == 0, found.output
        return found.stdout

    assert "Artifact\tINPUT\tExecution\t58\t" in schema()
    assert {one["name"] for one in json.loads(schema("--json"))["types"]} >= {"Model", "node"}
