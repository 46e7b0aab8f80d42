"""Webhooks of form providers: read, verify and map a delivery (docs/facts/form-providers.md)."""
