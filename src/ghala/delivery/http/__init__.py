"""The HTTP API below `/api/v1`: `serve` runs it, `make` puts it together, `assemble` gives it its parts.

Async stands here alone: an endpoint calls the sync core through `sync.call`. One error shape, in `errors`, the only
file that knows statuses. Not here: engines, files, and what a principal may see.
"""
