"""What a step does, one file for each kind: both end in staged Parquet files and a balance of rows."""
