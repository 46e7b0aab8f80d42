"""Messages in flight: deliveries, deduplication and batching, dead letters."""
