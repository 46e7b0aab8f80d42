"""Measure the product beside its peers."""
