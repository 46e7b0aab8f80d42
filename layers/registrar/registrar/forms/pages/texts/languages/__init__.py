"""All texts, one file per language."""
