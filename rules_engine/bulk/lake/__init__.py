"""Tables of a lake (Delta, Iceberg, partitioned folders) as lists of Parquet files at a version."""
