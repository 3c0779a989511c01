"""Batches through Apache Spark: the same plan, the same kernel, where the data are."""
