"""Says what ML Metadata itself reads in SQLite files: all of it, as a list of JSON. Runs where ``ml_metadata`` is."""

import json
import sys

from google.protobuf import text_format
from ml_metadata.metadata_store import metadata_store
from ml_metadata.proto import metadata_store_pb2


def plain(message):
    return text_format.MessageToString(message, as_one_line=True)


def sorted_plain(messages):
    return sorted(map(plain, messages))


def content(path):
    config = metadata_store_pb2.ConnectionConfig()
    config.sqlite.filename_uri = path
    store = metadata_store.MetadataStore(config)
    artifacts, executions, contexts = (
        store.get_artifacts(),
        store.get_executions(),
        store.get_contexts(),
    )
    types = [*store.get_artifact_types(), *store.get_execution_types(), *store.get_context_types()]
    found = {
        "artifact_types": store.get_artifact_types(),
        "execution_types": store.get_execution_types(),
        "context_types": store.get_context_types(),
        "artifacts": artifacts,
        "executions": executions,
        "contexts": contexts,
        "events": store.get_events_by_execution_ids([e.id for e in executions])
        if executions
        else [],
    }
    answer = {name: sorted_plain(messages) for name, messages in found.items()}
    answer["members"] = {
        str(c.id): [
            sorted(a.id for a in store.get_artifacts_by_context(c.id)),
            sorted(e.id for e in store.get_executions_by_context(c.id)),
            sorted(p.id for p in store.get_parent_contexts_by_context(c.id)),
        ]
        for c in contexts
    }
    answer["exact"] = {
        kind: [
            m.SerializeToString(deterministic=True).hex()
            for m in sorted(found[kind], key=lambda m: m.id)
        ]
        for kind in ("artifacts", "executions", "contexts")
    }
    answer["names"] = len({t.name for t in types})
    # That it can be written to as well: ids go on after the largest.
    kind = metadata_store_pb2.ContextType(name="written.later")
    put = metadata_store_pb2.Context(name="later", type_id=store.put_context_type(kind))
    (new,) = store.put_contexts([put])
    answer["next"] = new - max((c.id for c in contexts), default=0)
    return answer


print(json.dumps([content(path) for path in sys.argv[1:]]))
