// Which properties do nodes of this type have?
//
// Only those that some node has, declared or custom, with how many have it and the value of the oldest;
// the property that holds the times of the others (told) is left out.
//
// @param kind str = artifact (artifact|execution|context)  kind of the nodes
// @param type str  type of the nodes
// @returns rows property str, custom bool, nodes int, example any
// @tags types
CALL () {
  MATCH (n:Artifact) WHERE $kind = 'artifact' AND n.type = $type RETURN n
  UNION ALL
  MATCH (n:Execution) WHERE $kind = 'execution' AND n.type = $type RETURN n
  UNION ALL
  MATCH (n:Context) WHERE $kind = 'context' AND n.type = $type RETURN n
}
UNWIND keys(n) AS key
WITH n, key
WHERE NOT key IN ['id', 'type', 'type_id', 'type_version', 'name', 'external_id', 'origin',
                  'create_time_since_epoch', 'last_update_time_since_epoch', 'uri', 'state',
                  'last_known_state', 'name_key', 'external_key', 'uri_key', 'sha256_key', 'md5_key', 'digest_key', 'value_kinds',
                  'seek_number_0', 'seek_number_1', 'seek_number_2', 'seek_number_3', 'seek_number_4',
                  'seek_text_0', 'seek_text_1', 'seek_text_2', 'seek_more', 'custom_told']
WITH key, n
ORDER BY n.create_time_since_epoch, n.id
WITH key, count(*) AS holders, collect(n[key])[0] AS sample
RETURN CASE WHEN key STARTS WITH 'custom_' THEN substring(key, 7) ELSE key END AS property,
       key STARTS WITH 'custom_' AS custom, holders AS nodes, sample AS example
ORDER BY custom, property
