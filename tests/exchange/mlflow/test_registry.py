"""MLflow's registry: models with and without versions, copies, what was deleted, prompts; through each door."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

from lineage_graph.model import EventType, Kind
from tests.exchange.mlflow.reading import Read, altered, read
from tests.exchange.mlflow.served import Served, serving

RUN = "b3ab0854b2414822b28ca41b88eafd54"
PROMPT = {"mlflow.prompt.is_prompt": "true"}
TEXT = {**PROMPT, "mlflow.prompt.text": "Say {{it}}"}
MODELS: list[dict[str, Any]] = [
    {"name": "empty", "description": "none yet", "tags": {"team": "blue"}},
    {"name": "early copy", "tags": {}},
    {"name": "greeting", "description": "says it", "tags": PROMPT},
]
VERSIONS: list[dict[str, Any]] = [
    {"name": "early copy", "source": "models:/wine-clf/2", "run": RUN, "tags": {"k": "v"}},
    {"name": "greeting", "source": "dummy-source", "run": "", "tags": TEXT},
]


def in_database(sample: Path, folder: Path) -> Path:
    """Return the real database with the models above, and one version deleted as MLflow deletes it."""
    statements = [
        "UPDATE model_versions SET current_stage = 'Deleted_Internal', source = 'REDACTED-SOURCE-PATH',"
        " run_id = 'REDACTED-RUN-ID', user_id = NULL WHERE version = 3"
    ]
    for model in MODELS:
        told = (model["name"], model.get("description", ""))
        statements.append(
            "INSERT INTO registered_models (name, description, creation_time, last_updated_time)"
            f" VALUES ('{told[0]}', '{told[1]}', 1700, 1800)"
        )
        statements += [
            f"INSERT INTO registered_model_tags (name, key, value) VALUES ('{told[0]}', '{k}', '{v}')"
            for k, v in model["tags"].items()
        ]
    for version in VERSIONS:
        name = version["name"]
        statements.append(
            "INSERT INTO model_versions (name, version, creation_time, last_updated_time,"
            f" current_stage, source, run_id, status) VALUES ('{name}', 1, 1750, 1750, 'None',"
            f" '{version['source']}', '{version['run']}', 'READY')"
        )
        statements += [
            "INSERT INTO model_version_tags (name, version, key, value)"
            f" VALUES ('{name}', 1, '{k}', '{v}')"
            for k, v in version["tags"].items()
        ]
    return altered(sample, folder, *statements)


def from_server(sample: Path) -> Read:
    """Read the same from a server, which does not tell of what was deleted."""
    served = Served(sample / "rest")
    models = served.answers["registered_models"]["registered_models"]
    versions = served.answers["model_versions"]["model_versions"]
    versions[:] = [one for one in versions if one["version"] != "3"]
    times = {"creation_timestamp": 1700, "last_updated_timestamp": 1800}
    models += [{**model, **times, "tags": _listed(model["tags"])} for model in MODELS]
    versions += [
        {
            "name": one["name"],
            "version": "1",
            "current_stage": "None",
            "status": "READY",
            "creation_timestamp": 1750,
            "last_updated_timestamp": 1750,
            "source": one["source"],
            "run_id": one["run"],
            "tags": _listed(one["tags"]),
        }
        for one in VERSIONS
    ]
    with serving(served) as address:
        return read(address)


def _listed(tags: dict[str, str]) -> list[dict[str, str]]:
    return [{"key": key, "value": value} for key, value in tags.items()]


def in_folder(made: Path) -> Path:
    """Return a folder of runs with the models above."""
    for model in MODELS:
        folder = made / "models" / model["name"]
        said = {"name": model["name"], "description": model.get("description")}
        _write(folder, {**said, "creation_timestamp": 1700, "last_updated_timestamp": 1800})
        _tags(folder, model["tags"])
    for version in VERSIONS:
        folder = made / "models" / version["name"] / "version-1"
        source = version["source"].replace("wine-clf/2", "pen-net/1")
        said = {"name": version["name"], "version": 1, "source": source, "status": "READY"}
        _write(folder, {**said, "run_id": version["run"], "creation_timestamp": 1750})
        _tags(folder, version["tags"])
    return made


def _write(folder: Path, said: dict[str, Any]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "meta.yaml").write_text(json.dumps(said))


def _tags(folder: Path, tags: dict[str, str]) -> None:
    (folder / "tags").mkdir()
    for key, value in tags.items():
        (folder / "tags" / key).write_text(value)


def test_each_door_tells_the_same_of_the_registry(sample: Path, made: Path, tmp_path: Path) -> None:
    database = read(in_database(sample, tmp_path))
    assert database.source.skipped == {"deleted versions of models": 1}
    server = from_server(sample)
    assert server.nodes == database.nodes
    assert server.links == database.links
    folder = read(in_folder(made))
    assert not folder.source.problems
    for found, copied in ((database, "wine-clf|2"), (folder, "pen-net|1")):
        assert (Kind.ARTIFACT, "version|wine-clf|3") not in found.nodes
        empty = found.one(Kind.CONTEXT, "registered_model|empty")
        assert (empty.type, empty.create_time_since_epoch, empty.last_update_time_since_epoch) == (
            "registered_model",
            1700,
            1800,
        )
        assert empty.custom_properties == {"description": "none yet", "tags": {"team": "blue"}}
        greeting = found.one(Kind.CONTEXT, "registered_model|greeting")
        said = found.one(Kind.ARTIFACT, "version|greeting|1")
        assert (greeting.type, said.type) == ("registered_prompt", "PromptVersion")
        assert said.custom_properties["text"] == "Say {{it}}"
        links = {link[:3] for link in found.links}
        assert ("register|early copy|1", EventType.INPUT, f"version|{copied}") in links
        assert ("register|early copy|1", EventType.OUTPUT, "version|early copy|1") in links
        assert not any(name.startswith("files|") and "models:" in name for _, name in found.nodes)


def test_a_copy_of_what_is_gone_is_of_its_run(sample: Path, tmp_path: Path) -> None:
    """Also where it names itself, or an alias that may have moved since."""
    for source in ("models:/gone/1", "models:/wine-clf/1", "models:/wine-clf@champion"):
        file = altered(
            sample,
            tmp_path,
            f"UPDATE model_versions SET source = '{source}', run_id = '{RUN}' WHERE version = 1",
        )
        found = read(file)
        links = {link[:3] for link in found.links}
        assert (f"run|{RUN}", EventType.OUTPUT, "version|wine-clf|1") in links
        assert not any("files" in name or name == "register|wine-clf|1" for _, name in found.nodes)
        file.unlink()


def test_folders_without_their_description_are_told(made: Path) -> None:
    before = read(made)
    experiment = next(path for path in made.iterdir() if (path / "datasets").is_dir())
    run = next(
        path.parent for path in experiment.glob("*/meta.yaml") if "sweep" in path.read_text()
    )
    (made / "77").mkdir()
    (made / ".cache").mkdir()
    (made / "models" / "bare" / "version-1").mkdir(parents=True)
    (experiment / "models" / "m-bare").mkdir(parents=True)
    shutil.copytree(run, experiment / "cut")
    whole = (run / "meta.yaml").read_text()
    (experiment / "cut" / "meta.yaml").write_text(whole[: whole.index("run_id")])
    (run / "meta.yaml").unlink()
    found = read(made)
    told = {problem.place: problem.reason for problem in found.source.problems}
    name = f"{experiment.name}/"
    assert {
        "77",
        "models/bare",
        "models/bare/version-1",
        f"{name}models/m-bare",
        f"{name}{run.name}",
        f"{name}cut/meta.yaml",
    } <= told.keys()
    assert told["77"] == "it has no meta.yaml"
    assert "cut off" in told[f"{name}cut/meta.yaml"]
    assert (Kind.EXECUTION, "run|cut") not in found.nodes
    assert found.types()["mlflow.Run"] == before.types()["mlflow.Run"] - 1
