"""The Zoom client: bounded HTTP, responses, errors, token, rate limits, circuit breaker."""
