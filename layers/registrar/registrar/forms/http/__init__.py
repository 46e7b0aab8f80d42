"""Requests and responses of the HTTP API (payload format 2.0): bodies, content types, negotiation."""
