"""Programs for a developer's own machine: nothing in here is deployed."""
