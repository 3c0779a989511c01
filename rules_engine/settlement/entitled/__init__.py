"""What is entitled under each key at a moment, limits and shares included."""
