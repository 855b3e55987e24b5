"""The commands as people type them, over real stores."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from lineage_graph.cli.main import app
from lineage_graph.settings import Settings
from lineage_graph.store import Store

TFX = Path(__file__).parents[1] / "data" / "tfx_mlmd.sqlite"
Run = Callable[..., Result]


def leads_to(settings: Settings) -> dict[str, str]:
    """The environment in which commands use a store."""
    given = {"LINEAGE_GRAPH_FOLDER": str(settings.folder)}
    if settings.uri is not None:
        given |= {"NEO4J_URI": settings.uri, "NEO4J_DATABASE": settings.database}
        given |= {"NEO4J_USERNAME": settings.username}
        if settings.password is not None:
            given["NEO4J_PASSWORD"] = settings.password.get_secret_value()
    return given


@pytest.fixture
def run(engine_settings: Settings) -> Run:
    """Runs a command line on each engine in turn."""
    environment = leads_to(engine_settings)

    def run(*arguments: object) -> Result:
        return CliRunner().invoke(app, [str(a) for a in arguments], env=environment)

    return run


@pytest.fixture
def said(run: Run) -> Callable[..., Any]:
    """Runs a command line with --json, and returns what it said."""

    def said(*arguments: object) -> Any:
        result = run(*arguments, "--json")
        assert result.exit_code == 0, result.output
        return json.loads(result.stdout)

    return said


def test_import_and_export_and_import(
    run: Run, said: Callable[..., Any], store: Store, tmp_path: Path
) -> None:
    first = said("import", TFX)
    assert (first["nodes"], first["created"] > 0, first["new_links"]) == (153, True, 638)
    again = run("import", TFX)
    assert again.stdout == "tfx_mlmd.sqlite: 153 nodes and 638 links read; nothing was new.\n"
    backup = tmp_path / "backup.jsonl"
    assert said("export", backup)["nodes"] == 153
    refused = run("export", backup)
    assert (refused.exit_code, "exists" in refused.stderr) == (5, True)
    assert said("import", backup)["created"] == 0
    assert not [path for path in tmp_path.iterdir() if path != backup]


def test_a_file_of_which_nothing_can_be_read_is_an_error_each_time(
    run: Run, said: Callable[..., Any], store: Store, tmp_path: Path
) -> None:
    events = tmp_path / "events.ndjson"
    events.write_text('{"eventTime": "then"}\n' * 9)
    for _ in range(2):
        refused = run("import", events)
        assert refused.exit_code == 3, refused.output
        assert f"  {events}:5: " in refused.stderr
        assert "  and 4 more\nIf it is something else, name its reader" in refused.stderr
    assert said("sources") == []
    with events.open("a") as file:
        file.write((TFX.parent / "dbt_ol_events.ndjson").read_text().splitlines()[0] + "\n")
    assert said("import", events)["skipped"] == {"damaged or senseless records": 9}


def test_export_writes_any_format_whole_or_a_part(
    run: Run, said: Callable[..., Any], tfx: Store, tmp_path: Path
) -> None:
    backup = tmp_path / "upstream.jsonl"
    part = said("export", backup, "--of", "artifact/20", "--direction", "upstream")
    assert (part["format"], 20 < part["nodes"] < 153) == ("jsonl", True)
    assert '"id":20,' in backup.read_text()
    graph = tmp_path / "whole.graphml"
    assert said("export", graph)["format"] == "graphml"
    assert run("export", "-", "--to", "graphml").stdout == graph.read_text()
    odd = tmp_path / "backup.2026"
    assert "Nothing writes to 'backup.2026'." in run("export", odd).stderr
    assert said("export", odd, "--to", "jsonl")["format"] == "jsonl"
    for arguments, code, words in (
        (("--to", "pdf"), 2, "Written are jsonl"),
        (("--depth", "2"), 2, "--of"),
        (("--of", "artifact/9999"), 4, "no artifact"),
    ):
        refused = run("export", tmp_path / "new", *arguments)
        assert (refused.exit_code, words in refused.stderr) == (code, True), refused.stderr
    assert "nodes.csv, edges.csv" in run("export", tmp_path / "new.csv").stderr
    assert {path.name for path in tmp_path.iterdir()} == {
        "upstream.jsonl",
        "whole.graphml",
        "backup.2026",
    }


def test_types_and_doctor(run: Run, said: Callable[..., Any], tfx: Store) -> None:
    types = {item["name"]: item["nodes"] for item in said("types")}
    assert types["Model"] == 3
    found = said("doctor")
    assert found["healthy"]
    assert found["counts"]["artifacts"] == 58
    assert found["missing"] == []
    assert "All is well." in run("doctor").stdout


def test_ask(run: Run, said: Callable[..., Any], tfx: Store) -> None:
    listed = run("ask").stdout
    assert "runs-of-pipeline" in listed
    answer = said("ask", "runs-of-pipeline", "--context", "1")
    assert len(answer["rows"]) == 5
    assert said("ask", "runs_of_pipeline", "--context", "context/1")["rows"] == answer["rows"]
    table = run("ask", "makers-of-artifact", "--artifact", "artifact/20").stdout
    assert table.splitlines()[1].startswith("execution/26\t")
    help_text = run("ask", "runs-of-pipeline", "--help").stdout
    assert "Which runs does this pipeline have" in help_text


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("ask", "runs-of-pipelines"), 2, "Did you mean runs-of-pipeline"),
        (("ask", "runs-of-pipeline"), 2, "context"),
        (("ask", "runs-of-pipeline", "--context", "99999"), 4, "no context with the id 99999"),
        (("ask", "runs-of-pipeline", "--context", "x"), 2, "context"),
        (("ask", "runs-of-pipeline", "--context", "1", "--limit", "0"), 2, "limit"),
        (("walk", "artifact/99999"), 4, "no artifact with the id 99999"),
        (("walk", "17"), 2, "artifact/17"),
        (("import", "/no/such.db"), 4, "There is no file"),
        (("import", __file__), 3, "nothing that a reader knows"),
        (("import", TFX, "--format", "csv"), 2, "no format 'csv'"),
        (("replay",), 4, "spool.jsonl"),
        (("compare", "artifact/14"), 2, "nothing to compare artifact/14 with"),
        (("compare", "artifact/14", "artifact/14"), 2, "Name two or more"),
        (("compare", "artifact/14", "artifact/9999"), 4, "artifact/9999 does not exist"),
        (("export", "x.foo"), 2, "Names may end in .jsonl"),
    ],
)
def test_mistakes_are_one_sentence_and_a_code(
    run: Run, tfx: Store, arguments: tuple[Any, ...], code: int, words: str
) -> None:
    result = run(*arguments)
    assert result.exit_code == code, result.output
    assert words in re.sub(r"[\s│]+", " ", result.stderr)
    assert "Traceback" not in result.output


def test_walk(run: Run, said: Callable[..., Any], tfx: Store) -> None:
    shown = run("walk", "artifact/20", "--direction", "upstream", "--depth", "2").stdout
    assert "execution/26 Transform" in shown
    found = said("walk", "artifact/20", "--direction", "downstream", "--depth", "1")
    assert "execution/28" in json.dumps(found)


def test_why_and_compare(run: Run, said: Callable[..., Any], tfx: Store) -> None:
    shown = run("why", "artifact/14", "artifact/29").stdout
    assert shown.startswith("Same code, same parameters, but Transform read an extra input:")
    assert "Transform #14/#26 → Examples #11/#20 → Trainer #16/#28 → Model #14/#29" in shown
    assert said("why", "artifact/29", "artifact/14")["reasons"][0]["change"] == "missing"
    refused = run("why", "artifact/14", "artifact/1")
    assert refused.exit_code != 0
    assert "side by side" in refused.output
    table = run("compare", "artifact/14", "artifact/29", "artifact/9999")
    assert "input\tTrainer\texamples\tartifact/11\tartifact/20" in table.stdout
    assert "artifact/9999 does not exist." in table.stderr
    assert len(said("compare", "context/15", "context/26", "--all")["nodes"]) == 2


def test_a_server_that_is_not_there(tmp_path: Path) -> None:
    command = ["doctor", "--uri", "bolt://127.0.0.1:1", "--json"]
    result = CliRunner().invoke(app, command, env={"LINEAGE_GRAPH_CONNECT_TIMEOUT": "1"})
    assert result.exit_code == 11
    assert "does not answer" in json.loads(result.stdout)["problem"]


def test_the_engine_is_kept_and_stopped(tmp_path: Path) -> None:
    def said(*arguments: str) -> Any:
        result = CliRunner().invoke(app, [*arguments, "--folder", str(tmp_path), "--json"])
        assert result.exit_code == 0, result.output
        return json.loads(result.stdout)

    assert said("engine", "status")["running"] is False
    assert said("engine", "start")["kept"] is True
    assert said("engine", "status")["running"] is True
    said("engine", "stop")
    assert said("engine", "status")["running"] is False


def test_open_shows_a_file_and_ctrl_c_ends_it(tmp_path: Path) -> None:
    environment = {
        **os.environ,
        "LINEAGE_GRAPH_FOLDER": str(tmp_path),
        "LINEAGE_GRAPH_ENGINE_LINGER": "0.2",
    }
    command = [
        sys.executable,
        "-m",
        "lineage_graph",
        "open",
        str(TFX),
        "--port=0",
        "--json",
        "--no-browser",
    ]
    for round_number in range(2):
        with subprocess.Popen(
            command,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        ) as process:
            assert process.stdout is not None
            line = process.stdout.readline()
            assert line, process.stderr and process.stderr.read()
            started = json.loads(line)
            assert started["address"].endswith("/contexts/38")
            assert ("imported" in started) is (round_number == 0)  # unchanged since
            with urllib.request.urlopen(started["address"]) as response:
                assert b"35 nodes and 41 events" in response.read()
            process.send_signal(signal.SIGINT)
            assert process.wait(20) in (0, 130)


def test_completion_knows_commands_questions_and_ids(tfx: Store, engine_settings: Settings) -> None:
    def completed(words: str) -> str:
        environment = {
            **os.environ,
            **leads_to(engine_settings),
            "_LINEAGE_GRAPH_COMPLETE": "complete_zsh",
            "_TYPER_COMPLETE_ARGS": words,
        }
        command = [sys.executable, "-c", "from lineage_graph.cli.main import main; main()"]
        command[2] = f"import sys; sys.argv = ['lineage-graph']; {command[2]}"
        return subprocess.run(
            command, env=environment, capture_output=True, text=True, timeout=60
        ).stdout

    assert "doctor" in completed("lineage-graph d")
    assert "runs-of-pipeline" in completed("lineage-graph ask runs-of-p")
    assert "artifact/20" in completed("lineage-graph walk artifact/20")


def test_draw_writes_what_the_page_shows(
    run: Run, said: Callable[..., Any], tfx: Store, tmp_path: Path
) -> None:
    assert tfx.counts().artifacts == 58
    whole = tmp_path / "whole.svg"
    drawn = said("draw", "artifact/20", "--depth", 100, "--to", whole)
    assert (drawn["nodes"], drawn["truncated"]) == (105, False)
    assert whole.read_text().startswith("<?xml")
    address = "http://127.0.0.1:8765/artifacts/20/lineage?depth=100&stacks=no&show=artifacts"
    nodes = tmp_path / "lineage.nodes.csv"
    result = run("draw", address, "--to", nodes)
    assert result.exit_code == 0, result.output
    lines = nodes.read_text().splitlines()
    assert all(line.startswith("artifact/") for line in lines[1:])
    assert len(lines) > 40
    near = run("draw", "artifact/20", "--to", tmp_path / "near.dot")
    assert "--depth" in near.stderr
    refused = run("draw", "artifact/20", "--to", tmp_path / "lineage.pdf")
    assert (refused.exit_code, ".graphml" in refused.stderr) == (2, True)
    refused = run("draw", "artifact/20", "--to", whole)
    assert (refused.exit_code, "Use --force to replace it" in refused.stderr) == (5, True)
    assert run("draw", "artifact/20", "--to", whole, "--force").exit_code == 0
    assert run("draw", "artifact/4242", "--to", whole, "--force").exit_code == 4
