"""The same questions, answered from the real pipeline's file: with SQL, and with networkx."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

import networkx as nx

DATA = Path(__file__).parent.parent / "data" / "tfx_mlmd.sqlite"

_VIEWS = """
CREATE TEMP VIEW state AS SELECT * FROM (VALUES (3, 'COMPLETE'), (4, 'FAILED'), (5, 'CACHED'));
CREATE TEMP VIEW e AS
  SELECT x.id AS execution, t.name AS type, t.id AS type_id, s.column2 AS state,
         x.create_time_since_epoch AS started, x.last_update_time_since_epoch AS ended,
         x.last_update_time_since_epoch - x.create_time_since_epoch AS duration
  FROM Execution x JOIN Type t ON t.id = x.type_id JOIN state s ON s.column1 = x.last_known_state;
CREATE TEMP VIEW a AS
  SELECT x.id AS artifact, t.name AS type, iif(x.state = 2, 'LIVE', '?') AS state, uri,
         x.create_time_since_epoch AS created, x.last_update_time_since_epoch AS changed
  FROM Artifact x JOIN Type t ON t.id = x.type_id;
CREATE TEMP VIEW c AS
  SELECT x.id AS context, t.name AS type, x.name AS name, x.create_time_since_epoch AS created
  FROM Context x JOIN Type t ON t.id = x.type_id;
CREATE TEMP VIEW v AS
  SELECT artifact_id AS artifact, execution_id AS execution, milliseconds_since_epoch AS time,
         iif(type = 3, 'INPUT', iif(type = 4, 'OUTPUT', 'INTERNAL_OUTPUT')) AS event,
         iif(type = 3, 'input', 'output') AS direction,
         (SELECT '["' || step_key || '", 0]' FROM EventPath p WHERE p.event_id = w.id
            AND step_key IS NOT NULL) AS argument
  FROM Event w;
CREATE TEMP VIEW run AS SELECT context, name, created FROM c WHERE type = 'pipeline_run';
CREATE TEMP VIEW ran AS
  SELECT s.execution_id AS execution, s.context_id AS context
  FROM Association s JOIN run ON run.context = s.context_id;
CREATE TEMP VIEW step AS
  SELECT s.execution_id AS execution, replace(c.name, 'penguin_local_keras.', '') AS step
  FROM Association s JOIN c ON c.context = s.context_id AND c.type = 'node';
"""

_MEMBERS = "SELECT artifact_id FROM Attribution WHERE context_id = :context"
_RAN = "SELECT execution_id FROM Association WHERE context_id = :context"

SQL = {
    "counts_by_type": """
        SELECT 'artifact' AS kind, type, count(*) AS nodes FROM a GROUP BY type
        UNION ALL SELECT 'execution', type, count(*) FROM e GROUP BY type
        UNION ALL SELECT 'context', type, count(*) FROM c GROUP BY type
        ORDER BY kind, nodes DESC, type""",
    "counts_by_state": f"""
        SELECT state, count(*) AS executions FROM e
        WHERE :context IS NULL OR execution IN ({_RAN})
        GROUP BY state ORDER BY executions DESC, state""",
    "pipelines": """
        SELECT c.context, c.type, c.name, count(*) AS runs, max(run.context) AS last_run_context,
               max(run.created) AS last_run
        FROM ParentContext p JOIN c ON c.context = p.parent_context_id
        JOIN run ON run.context = p.context_id GROUP BY c.context""",
    "runs_of_pipeline": """
        SELECT run.context, run.name,
               iif(sum(state = 'FAILED' AND type NOT LIKE '%Resolver'), 'FAILED', 'COMPLETE') AS state,
               count(*) AS executions, sum(state = 'FAILED') AS failed,
               sum(state = 'CACHED') AS cached, min(started) AS started, max(ended) AS ended,
               max(ended) - min(started) AS duration
        FROM run JOIN ran USING (context) JOIN e USING (execution)
        GROUP BY run.context ORDER BY run.created DESC""",
    "completed_run_before": """
        SELECT run.context, run.name, run.created AS started
        FROM run JOIN ran USING (context) JOIN e USING (execution)
        WHERE run.created < (SELECT created FROM run AS this WHERE this.context = :context)
        GROUP BY run.context HAVING NOT sum(state = 'FAILED' AND type NOT LIKE '%Resolver')
        ORDER BY run.created DESC LIMIT 1""",
    "executions_of_run": f"""
        SELECT * FROM e JOIN step USING (execution)
        WHERE execution IN ({_RAN}) ORDER BY started""",
    "inputs_and_outputs": """
        SELECT * FROM v JOIN a USING (artifact) WHERE execution = :execution
        ORDER BY direction, argument""",
    "makers_of_artifact": """
        SELECT * FROM v JOIN e USING (execution)
        WHERE artifact = :artifact AND direction = 'output' ORDER BY time""",
    "users_of_artifact": """
        SELECT * FROM v JOIN e USING (execution)
        WHERE artifact = :artifact AND direction = 'input' ORDER BY time""",
    "runs_of_artifact": """
        SELECT run.context, run.name, sum(direction = 'input') AS reads,
               sum(direction = 'output') AS writes, run.created AS started
        FROM v JOIN ran USING (execution) JOIN run USING (context) WHERE artifact = :artifact
        GROUP BY run.context
        HAVING :direction IS NULL OR (:direction = 'input' AND reads) OR
               (:direction = 'output' AND writes)
        ORDER BY started DESC""",
    "artifacts_of_context": f"""
        SELECT * FROM a WHERE artifact IN ({_MEMBERS}) AND (:type IS NULL OR type = :type)
        ORDER BY created DESC, artifact DESC""",
    "artifacts_of_pipeline": """
        SELECT a.*, count(DISTINCT context_id) AS contexts, max(context_id) AS last_context
        FROM a JOIN Attribution t ON t.artifact_id = a.artifact
        WHERE type = :type AND (context_id = :context OR context_id IN
              (SELECT context_id FROM ParentContext WHERE parent_context_id = :context))
        GROUP BY artifact ORDER BY created DESC""",
    "made_in_run": f"""
        SELECT artifact, a.type AS type, execution, time
        FROM v JOIN a USING (artifact) JOIN e USING (execution)
        WHERE event = 'OUTPUT' AND e.state <> 'CACHED' AND execution IN ({_RAN})
          AND (:type IS NULL OR a.type = :type) ORDER BY time, artifact""",
    "models_trained_in_run": f"""
        SELECT artifact, a.type AS type, execution, time
        FROM v JOIN a USING (artifact) JOIN e USING (execution)
        WHERE event = 'OUTPUT' AND a.type = 'Model' AND e.type LIKE '%.Trainer'
          AND execution IN ({_RAN}) ORDER BY time""",
    "latest_artifacts": f"""
        SELECT * FROM a WHERE type = :type AND (:context IS NULL OR artifact IN ({_MEMBERS}))
        ORDER BY created DESC LIMIT coalesce(:limit, 10)""",
    "artifacts_changed_since": """
        SELECT *, 'made' AS change FROM a WHERE changed >= :since AND created >= :since
        ORDER BY changed DESC, artifact DESC""",
    "executions_since": """
        SELECT * FROM e WHERE started >= round((julianday(:since) - 2440587.5) * 86400000)
        ORDER BY started DESC""",
    "failed_executions": f"""
        SELECT execution, context AS run_context, started, ended FROM e JOIN ran USING (execution)
        WHERE state = 'FAILED' AND (:context IS NULL OR execution IN ({_RAN}))
        ORDER BY ended DESC""",
    "failed_runs": """
        SELECT run.context, run.name, parent_context_id AS pipeline_context, count(*) AS failed,
               max(execution) AS execution, step, max(ended) AS time
        FROM e JOIN ran USING (execution) JOIN run USING (context) JOIN step USING (execution)
        JOIN ParentContext ON context_id = run.context
        WHERE state = 'FAILED' AND type NOT LIKE '%Resolver'
        GROUP BY run.context ORDER BY time DESC""",
    "cached_executions": f"""
        SELECT e.execution, started, min(first.execution) AS original_execution
        FROM e JOIN v USING (execution) JOIN v AS first ON first.artifact = v.artifact
        WHERE state = 'CACHED' AND v.event = 'OUTPUT' AND first.event = 'OUTPUT'
          AND e.execution IN ({_RAN}) GROUP BY e.execution ORDER BY started DESC""",
    "slowest_executions": """
        SELECT * FROM e WHERE state <> 'CACHED' ORDER BY duration DESC LIMIT :limit""",
    "unused_artifacts": """
        SELECT * FROM a WHERE type = :type
          AND artifact NOT IN (SELECT artifact FROM v WHERE direction = 'input')
        ORDER BY created, artifact""",
    "contexts_of_artifact": """
        SELECT c.* FROM c JOIN Attribution t ON t.context_id = c.context
        WHERE t.artifact_id = :artifact ORDER BY created""",
    "contexts_of_execution": """
        SELECT c.* FROM c JOIN Association t ON t.context_id = c.context
        WHERE t.execution_id = :execution ORDER BY created""",
    "parents_of_context": """
        SELECT *, context AS parent_context FROM c WHERE context IN
          (SELECT parent_context_id FROM ParentContext WHERE context_id = :context)""",
    "children_of_context": """
        SELECT *, context AS child_context FROM c WHERE context IN
          (SELECT context_id FROM ParentContext WHERE parent_context_id = :context)
        ORDER BY created DESC""",
    "properties_of_type": """
        SELECT name AS property, is_custom_property AS custom, count(*) AS nodes,
               coalesce(int_value, string_value) AS example, min(artifact_id)
        FROM ArtifactProperty p JOIN a ON a.artifact = p.artifact_id WHERE type = :type
        GROUP BY name, is_custom_property ORDER BY custom, property""",
    "executions_with_property": """
        SELECT *, string_value AS value
        FROM ExecutionProperty p JOIN e ON e.execution = p.execution_id
        WHERE name = :property AND string_value = :value ORDER BY started DESC""",
    "deployments": """
        SELECT pushed.artifact, execution, e.state AS state, model.artifact AS model_artifact,
               pushed.time AS time
        FROM e JOIN v AS pushed USING (execution) JOIN v AS model USING (execution)
        JOIN a ON a.artifact = model.artifact
        WHERE e.type LIKE '%.Pusher' AND pushed.event = 'OUTPUT' AND model.event = 'INPUT'
          AND a.type = 'Model' ORDER BY time DESC""",
    "evaluations_of_model": """
        SELECT made.artifact AS evaluation_artifact, a.type AS type, execution, e.state AS state,
               made.time AS time
        FROM e JOIN v AS used USING (execution) JOIN v AS made USING (execution)
        JOIN a ON a.artifact = made.artifact
        WHERE e.type LIKE '%.Evaluator' AND used.artifact = :artifact AND used.event = 'INPUT'
          AND made.event = 'OUTPUT' ORDER BY time, evaluation_artifact""",
}


class File:
    """The real pipeline's file, read without the code under test."""

    def __init__(self) -> None:
        self.connection = sqlite3.connect(f"file:{DATA}?mode=ro", uri=True)
        self.connection.row_factory = sqlite3.Row
        self.connection.executescript(_VIEWS)

    def rows(self, sql: str, values: dict[str, Any]) -> list[sqlite3.Row]:
        """The rows of a statement; parameters that are not given are NULL."""
        names = ("artifact", "execution", "context", "type", "direction", "since", "limit")
        known = {**dict.fromkeys((*names, "property", "value")), **values}
        return self.connection.execute(sql, known).fetchall()

    def flow(self) -> nx.DiGraph[str]:
        """Artifacts and executions along the flow of data, with types and states."""
        flow: nx.DiGraph[str] = nx.DiGraph()
        for row in self.rows("SELECT * FROM a", {}):
            flow.add_node(f"artifact/{row['artifact']}", type=row["type"], state=row["state"])
        for row in self.rows("SELECT * FROM e", {}):
            flow.add_node(f"execution/{row['execution']}", **dict(row))
        for row in self.rows("SELECT * FROM v", {}):
            ends = f"artifact/{row['artifact']}", f"execution/{row['execution']}"
            flow.add_edge(*(ends if row["direction"] == "input" else ends[::-1]))
        return flow

    def run(self, context: int) -> nx.DiGraph[str]:
        """The executions of a run and what they read and wrote."""
        ran = {f"execution/{row[0]}" for row in self.rows(_RAN, {"context": context})}
        whole = self.flow()
        edges = [edge for edge in whole.edges if ran & set(edge)]
        flow: nx.DiGraph[str] = nx.DiGraph(edges)
        flow.add_nodes_from((node, whole.nodes[node]) for node in {*ran, *flow})
        return flow
