WITH outcomes AS (
  SELECT read_id, outcome, row_count, byte_count
  FROM system.audit
  WHERE tag = 'dataset:read_finished'
),
reads AS (
  SELECT recorded_at, decision, read_id, principal, on_behalf_of, purpose, endpoint, unnest(datasets) AS used
  FROM system.audit
  WHERE tag IN ('dataset:read', 'dataset:read_denied')
)
SELECT
  CAST(reads.recorded_at AS date) AS day,
  reads.used.domain AS domain,
  reads.used.dataset AS dataset,
  reads.principal AS principal,
  reads.on_behalf_of AS on_behalf_of,
  reads.purpose AS purpose,
  reads.endpoint AS endpoint,
  count(*) FILTER (WHERE reads.decision = 'allowed') AS questions,
  count(*) FILTER (WHERE reads.decision = 'denied') AS denied,
  count(*) FILTER (
    WHERE reads.decision = 'allowed' AND coalesce(outcomes.outcome, 'interrupted') <> 'finished'
  ) AS unfinished,
  CAST(coalesce(sum(outcomes.row_count), 0) AS bigint) AS row_count,
  CAST(coalesce(sum(outcomes.byte_count), 0) AS bigint) AS byte_count,
  list_sort(list_distinct(flatten(list(reads.used.columns)))) AS columns,
  list_sort(list_distinct(flatten(list(reads.used.masked)))) AS masked,
  max(reads.used.release) AS last_release,
  max(reads.recorded_at) AS last_at
FROM reads
LEFT JOIN outcomes ON outcomes.read_id = reads.read_id
GROUP BY ALL
