"""The import time of each package, from the output of `python -X importtime`.

That option makes every import slower, so these results only show which packages are slow; the total is startup.py's.
"""

import re
import sys
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import NamedTuple

STANDARD_LIBRARY = "(standard library)"
_LINE = re.compile(r"import time:\s+(\d+) \|\s+(\d+) \| (\s*)(\S+)$")  # self µs, cumulative µs, depth, module


class Import(NamedTuple):
    """One module; `depth` grows with every import inside of another."""

    module: str
    depth: int
    own_ms: float
    cumulative_ms: float

    @property
    def package(self) -> str:
        top = self.module.partition(".")[0]
        return STANDARD_LIBRARY if top in sys.stdlib_module_names else top


class Cost(NamedTuple):
    """`own_ms`: of its modules. `with_others_ms`: with everything that it was the first to import."""

    own_ms: float
    with_others_ms: float


def imports(output: str, function: str = "app") -> list[Import]:
    """Return the imports of the function in one start, innermost first, as Python prints them.

    Raises:
        ValueError: the output has no import of the function.
    """
    found = [_read(match) for line in output.splitlines() if (match := _LINE.match(line))]
    last = next((place for place, one in enumerate(found) if (one.module, one.depth) == (function, 0)), None)
    if last is None:
        raise ValueError(f"no import of {function} in {output[-500:]!r}")
    first = max((place + 1 for place in range(last) if found[place].depth == 0), default=0)
    return found[first : last + 1]


def _read(match: re.Match[str]) -> Import:
    own, cumulative, indent, module = match.groups()
    return Import(module, len(indent) // 2, int(own) / 1000, int(cumulative) / 1000)


def costs(start: Sequence[Import]) -> dict[str, Cost]:
    """Return the cost of each package in one start."""
    own: defaultdict[str, float] = defaultdict(float)
    whole: defaultdict[str, float] = defaultdict(float)
    around: list[str] = []  # the packages that import this module, outermost first
    for one in reversed(start):  # reversed: each module before those that it imports
        del around[one.depth :]
        own[one.package] += one.own_ms
        if one.package not in around:
            whole[one.package] += one.cumulative_ms
        around.append(one.package)
    return {package: Cost(own[package], whole[package]) for package in own}


def least(starts: Iterable[dict[str, Cost]]) -> dict[str, Cost]:
    """Return the minimum of several starts by package, slowest first; other processes slow some starts down."""
    gathered: defaultdict[str, list[Cost]] = defaultdict(list)
    for start in starts:
        for package, cost in start.items():
            gathered[package].append(cost)
    found = {
        package: Cost(*(min(values) for values in zip(*several, strict=True))) for package, several in gathered.items()
    }
    return dict(sorted(found.items(), key=lambda item: -item[1].own_ms))
