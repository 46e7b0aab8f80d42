"""Provide `itertools.batched` for Python 3.11, on which the command line and the local stack may run."""

import sys

if sys.version_info >= (3, 12):
    from itertools import batched
else:
    from collections.abc import Iterable, Iterator
    from itertools import islice
    from typing import TypeVar

    T = TypeVar("T")

    def batched(iterable: Iterable[T], n: int) -> Iterator[tuple[T, ...]]:
        """Yield the items in order, `n` at a time; the last batch may be shorter."""
        iterator = iter(iterable)
        while batch := tuple(islice(iterator, n)):
            yield batch


__all__ = ["batched"]
