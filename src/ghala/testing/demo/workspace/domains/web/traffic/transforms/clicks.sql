-- A browser that gets no answer sends an event again: each id counts once.
SELECT *
FROM collector
QUALIFY row_number() OVER (PARTITION BY event_id ORDER BY occurred_at) = 1
