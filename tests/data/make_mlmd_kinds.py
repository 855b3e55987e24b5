"""Makes a small ML Metadata store with every kind of value, by ML Metadata itself (ml-metadata 1.17.1).

With a file's name (``….sqlite``): that file, and one of each older schema version beside it. With
``mysql`` or ``postgresql`` and a port: in the empty database ``mlmd`` of a server on this machine,
whose user is ``mlmd``. Of those, the dumps were made by
``mariadb-dump --skip-comments --skip-extended-insert --default-character-set=utf8mb4 mlmd`` and
``pg_dump --no-owner --inserts mlmd`` (without its lines that begin with a backslash).
"""

import shutil
import sys

from google.protobuf import any_pb2, struct_pb2
from ml_metadata.metadata_store import metadata_store
from ml_metadata.proto import metadata_store_pb2 as p

out = sys.argv[1]


def config(path):
    c = p.ConnectionConfig()
    c.sqlite.filename_uri = path
    c.sqlite.connection_mode = 3
    return c


def server(kind, port):
    c = p.ConnectionConfig()
    at = getattr(c, kind)
    at.host, at.user = "127.0.0.1", "mlmd"
    if kind == "mysql":
        at.port, at.database, at.password = int(port), "mlmd", "secret"
    else:
        at.port, at.dbname = port, "mlmd"
    return c


on_server = len(sys.argv) > 2
bits = 31 if on_server else 63  # there, whole numbers have 32 bits
s = metadata_store.MetadataStore(server(*sys.argv[1:]) if on_server else config(out))
at = p.ArtifactType(name="Everything", version="v1", description="every kind", external_id="type-1")
for n, k in {"i": 1, "d": 2, "s": 3, "st": 4, "pr": 5, "b": 6}.items():
    at.properties[n] = k
at.base_type = p.ArtifactType.DATASET
tid = s.put_artifact_type(at)
et = s.put_execution_type(
    p.ExecutionType(name="Train", base_type=p.ExecutionType.TRAIN, description="trains")
)
ct = s.put_context_type(p.ContextType(name="Run"))
a = p.Artifact(
    type_id=tid, uri="file:///data/α b", name="näme", external_id="ext-a", state=p.Artifact.LIVE
)
a.properties["i"].int_value = -(2**bits)
a.properties["d"].double_value = 0.1 + 0.2
a.properties["s"].string_value = "quote ' \" ` {} \n ü 漢"
st = struct_pb2.Struct()
st.update({"a": [1, 2.5, None, True, {"x": "y"}], "b": {}})
a.properties["st"].struct_value.CopyFrom(st)
an = any_pb2.Any(type_url="type.googleapis.com/x.Y", value=b"\x00\x01\xff")
a.properties["pr"].proto_value.CopyFrom(an)
a.properties["b"].bool_value = False
a.custom_properties["i"].int_value = 2**bits - 1
a.custom_properties["long"].string_value = "x" * 5000
a.custom_properties["b"].bool_value = True
a.custom_properties["st"].struct_value.CopyFrom(st)
a.custom_properties["empty"].string_value = ""
b = p.Artifact(type_id=tid, state=p.Artifact.ABANDONED)
states = [p.Artifact(type_id=tid, state=x) for x in range(7)]
aids = s.put_artifacts([a, b, *states])
eids = s.put_executions(
    [p.Execution(type_id=et, name=f"e{x}", last_known_state=x) for x in range(7)]
)
cids = s.put_contexts(
    [p.Context(type_id=ct, name="parent"), p.Context(type_id=ct, name="child", external_id="ext-c")]
)
s.put_parent_contexts([p.ParentContext(parent_id=cids[0], child_id=cids[1])])
evs = []
for t in range(1, 8):
    e = p.Event(
        artifact_id=aids[t - 1], execution_id=eids[t - 1], type=t, milliseconds_since_epoch=1000 + t
    )
    e.path.steps.add().key = "examples"
    e.path.steps.add().index = t
    e.path.steps.add().key = ""
    evs.append(e)
s.put_events(evs)
s.put_attributions_and_associations(
    [p.Attribution(artifact_id=aids[0], context_id=cids[0])],
    [p.Association(execution_id=eids[0], context_id=cids[1])],
)
del s

for v in () if on_server else (9, 8, 7, 6, 5, 4):
    path = f"{out[:-7]}_v{v}.sqlite"
    shutil.copy(out, path)
    metadata_store.downgrade_schema(config(path), v)
