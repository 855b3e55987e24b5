"""Makes the files of a few TFX artifacts with TFX's own messages: ``python make_tfx_files.py FOLDER``.

Runs where ``tensorflow-metadata`` 1.16.1 and ``tensorflow-model-analysis`` 0.47.0 can be imported as far as
their messages go (neither TensorFlow nor TFX is needed). A record's checksums are left zero.
"""

import struct
import sys
from pathlib import Path

from google.protobuf import text_format
from tensorflow_metadata.proto.v0 import schema_pb2, statistics_pb2
from tensorflow_model_analysis.proto import metrics_for_slice_pb2 as measured

root = Path(sys.argv[1])


def place(*parts):
    path = root.joinpath(*parts)
    path.parent.mkdir(parents=True, exist_ok=True)
    return path


def metric(into, name, number, output="", class_id=None, bounded=False, is_diff=False):
    entry = into.metric_keys_and_values.add()
    entry.key.name, entry.key.output_name, entry.key.is_diff = name, output, is_diff
    if class_id is not None:
        entry.key.sub_key.class_id.value = class_id
    if bounded:
        entry.value.bounded_value.value.value = number
        entry.value.bounded_value.lower_bound.value = number - 0.1
    else:
        entry.value.double_value.value = number


everything = measured.MetricsForSlice()
metric(everything, "example_count", 109.0)
metric(everything, "sparse_categorical_accuracy", 0.9541284)
metric(everything, "loss", 0.0)
metric(everything, "precision", 0.75, output="species", class_id=0)
metric(everything, "auc", 0.875, bounded=True)
metric(everything, "loss", -0.125, is_diff=True)
metric(everything, "undefined", float("nan"))
everything.metric_keys_and_values.add().value.array_value.int32_values.append(3)
part = measured.MetricsForSlice()
single = part.slice_key.single_slice_keys.add()
single.column, single.bytes_value = "island", b"Biscoe"
single = part.slice_key.single_slice_keys.add()
single.column, single.int64_value = "year", 2007
metric(part, "sparse_categorical_accuracy", 0.5)
older = measured.MetricsForSlice()
older.metrics["recall"].double_value.value = 0.25
records = [message.SerializeToString() for message in (everything, part, older)]
frames = [struct.pack("<Q", len(data)) + bytes(4) + data + bytes(4) for data in records]
place("Evaluator", "evaluation", "18", "metrics-00000-of-00001.tfrecord").write_bytes(
    b"".join(frames)
)

for split, count in (("train", 225), ("eval", 109)):
    found = statistics_pb2.DatasetFeatureStatisticsList()
    dataset = found.datasets.add(num_examples=count)
    feature = dataset.features.add(type=statistics_pb2.FeatureNameStatistics.FLOAT)
    feature.path.step.append("body_mass_g")
    feature.num_stats.common_stats.num_non_missing = count
    feature.num_stats.mean, feature.num_stats.min, feature.num_stats.max = 0.4, 0.0, 1.0
    file = place("StatisticsGen", "statistics", "6", f"Split-{split}", "FeatureStats.pb")
    file.write_bytes(found.SerializeToString())

schema = schema_pb2.Schema()
for name in ("body_mass_g", "culmen_depth_mm", "species"):
    feature = schema.feature.add(name=name, type=schema_pb2.FLOAT)
    feature.presence.min_fraction = 1.0
place("ImportSchemaGen", "schema", "3", "schema.pbtxt").write_text(
    text_format.MessageToString(schema)
)
