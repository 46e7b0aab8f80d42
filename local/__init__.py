"""Programs for the developer's machine; nothing in this package is deployed."""
