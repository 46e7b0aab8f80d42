"""Split a refused call into smaller calls, so that an invalid registrant is refused alone. Pure.

There is never a fourth attempt: a registrant with one attempt left is sent alone, and a call of registrants with two
attempts left is split to single calls when Zoom refuses it.

Calls for k invalid registrants among 30 that start with three attempts each:

- Zoom names none: 30, then groups of 6, then single calls. 1 + 5 + 6·min(k, 5): 12 for k = 1, 36 at most.
- Zoom names one per response: that one alone, the other 29 together. 3 for k = 1. With k = 2, or a wrong name, the 29
  are refused too and have one attempt left: 1 + 1 + 1 + 29 = 32, and no more however many Zoom names.

So max(6 + 6·min(k, 5), 32) whatever Zoom answers; 12 where it never names any and k = 1. Registrants that start with
fewer attempts skip calls and add none: at most 1 for all, 5 for groups, 30 for single ones.
"""

import math
from collections.abc import Callable, Collection, Sequence

from registrar import limits
from registrar._compat import batched
from registrar.queue.queued_registrant import QueuedRegistrant

Calls = list[list[QueuedRegistrant]]


def split(
    refused: Sequence[QueuedRegistrant], named: Collection[str], left: Callable[[QueuedRegistrant], int]
) -> Calls:
    """Return the calls that follow a refused call of several; `named` are the identities that Zoom names.

    `left` returns a registrant's attempts left after the refusal; those with none are in no call.
    """
    named_by_zoom = [registrant for registrant in refused if registrant.key.email in named]
    others = [registrant for registrant in refused if registrant.key.email not in named]
    if named_by_zoom and others:
        # Zoom may name the wrong one, so being named only means being sent alone, as all would be in the end.
        return together(others, left) + one_by_one([registrant for registrant in named_by_zoom if left(registrant) > 0])
    return _by_attempts(refused, math.ceil(math.sqrt(len(refused))), left)


def together(registrants: Sequence[QueuedRegistrant], left: Callable[[QueuedRegistrant], int]) -> Calls:
    """Return calls of up to 30 for all with at least two attempts left, and a single call for each with one."""
    return _by_attempts(registrants, limits.REGISTRANTS_PER_CALL, left)


def one_by_one(registrants: Sequence[QueuedRegistrant]) -> Calls:
    """Return a call of its own for each registrant."""
    return [[registrant] for registrant in registrants]


def _by_attempts(registrants: Sequence[QueuedRegistrant], size: int, left: Callable[[QueuedRegistrant], int]) -> Calls:
    """Return calls of at most `size` for those with at least two attempts left; a single call for each with one."""
    several = [registrant for registrant in registrants if left(registrant) >= 2]
    alone = [registrant for registrant in registrants if left(registrant) == 1]
    return [list(chunk) for chunk in batched(several, size)] + one_by_one(alone)
