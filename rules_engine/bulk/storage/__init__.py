"""Documents on disk: read once, checked, kept as canonical Parquet with marks of what stands where."""
