"""A training that goes on after it was killed: run it, kill it with ``kill -9``, run it again.

Each epoch leaves a checkpoint that is live at once. The run is resumed under its name, and finds the last
checkpoint by itself; the lineage of the model leads through it to what made it.
"""

import os
import time
from pathlib import Path

import joblib
from sklearn.datasets import load_digits
from sklearn.linear_model import SGDClassifier

import lineage_graph as lg

EPOCHS = 6
PAUSE = float(os.environ.get("PAUSE", "0.5"))  # seconds that an epoch takes at least


def main() -> None:
    """Train for some epochs, from the beginning or from the last checkpoint."""
    data, labels = load_digits(return_X_y=True)
    Path("checkpoints").mkdir(exist_ok=True)
    with lg.pipeline("digits").run("long", resume=True) as run:
        found = run.latest("Checkpoint")
        inputs = {} if found is None else {"checkpoint": found}
        with run.step("Train", inputs=inputs, params={"epochs": EPOCHS}) as step:
            if found is None:
                first, model = 0, SGDClassifier(random_state=0)
            else:
                first, model = joblib.load(found.uri)
                print(f"going on with epoch {first}", flush=True)
            for epoch in range(first, EPOCHS):
                model.partial_fit(data, labels, classes=range(10))
                time.sleep(PAUSE)
                step.log(accuracy=model.score(data, labels), step=epoch)
                path = Path("checkpoints", f"{epoch}.pkl")
                joblib.dump((epoch + 1, model), path)
                step.output("Checkpoint", path, checkpoint=True)
                print(f"epoch {epoch} is done", flush=True)
            joblib.dump(model, "model.pkl")
            step.output("Model", "model.pkl")
    print("trained", flush=True)


if __name__ == "__main__":
    main()
