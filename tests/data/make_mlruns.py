"""Makes a folder of MLflow runs with its own client (3.17.2): ``python make_mlruns.py FOLDER``.

Times and ids differ each time it runs; what is kept in mlruns.tgz came of one run.
"""

import os
import sys

os.environ["MLFLOW_ALLOW_FILE_STORE"] = "true"

import mlflow
from mlflow.entities import Dataset, DatasetInput, InputTag, LoggedModelInput, LoggedModelOutput

uri = f"file://{os.path.abspath(sys.argv[1])}/mlruns"
mlflow.set_tracking_uri(uri)
mlflow.set_registry_uri(uri)
client = mlflow.MlflowClient()
experiment = client.create_experiment("penguins", tags={"team": "blue"})
tags = {
    "mlflow.source.git.commit": "a" * 40,
    "mlflow.user": "ann",
    "mlflow.note.content": "first try",
}
sweep = client.create_run(experiment, run_name="sweep", tags=tags).info.run_id
for name, value in {"lr": "0.10", "layers": "3", "user": "x"}.items():
    client.log_param(sweep, name, value)
for step in range(5):
    client.log_metric(sweep, "loss", 1.0 / (step + 1), step=step, timestamp=1700000000000 + step)
client.log_metric(sweep, "val/acc", 0.5)
nested = {"mlflow.parentRunId": sweep}
child = client.create_run(experiment, run_name="child", tags=nested).info.run_id
client.log_param(child, "lr", "0.1")
client.log_metric(child, "acc", float("nan"))
client.set_terminated(child, "FAILED")
pens = Dataset(
    "pens",
    "abcd1234",
    "local",
    '{"uri": "/data/pens.csv"}',
    '{"mlflow_colspec": []}',
    '{"num_rows": 7}',
)
training = [InputTag("mlflow.data.context", "training")]
client.log_inputs(sweep, datasets=[DatasetInput(pens, training)])
model = client.create_logged_model(
    experiment,
    name="net",
    source_run_id=sweep,
    params={"depth": "2"},
    tags={"k": "v"},
    model_type="net",
).model_id
client.log_outputs(sweep, models=[LoggedModelOutput(model, 0)])
client.log_inputs(child, models=[LoggedModelInput(model)])
client.finalize_logged_model(model, "READY")
on = {"model_id": model, "dataset_name": "pens", "dataset_digest": "abcd1234"}
client.log_metric(sweep, "test_acc", 0.75, step=1, **on)
client.set_terminated(sweep)
client.delete_run(client.create_run(experiment, run_name="gone").info.run_id)
client.create_run(experiment, run_name="still")
client.create_registered_model("pen-net")
version = client.create_model_version("pen-net", f"models:/{model}", run_id=sweep).version
client.set_registered_model_alias("pen-net", "best", version)
client.set_model_version_tag("pen-net", version, "ok", "yes")
client.create_model_version("pen-net", f"runs:/{sweep}/model", run_id=sweep)
