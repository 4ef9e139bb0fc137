"""Source types: one file each, all behind `ghala.ingest.source.SourceType` and found by `ghala.ingest.find`."""
