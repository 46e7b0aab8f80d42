"""Tests; a package, so that `tests.fakes` is found before any other `tests` on the path."""
