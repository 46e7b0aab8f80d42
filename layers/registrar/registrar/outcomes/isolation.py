"""A refused call → smaller calls, so that whoever is to blame is refused alone and everybody else gets in. Pure.

In: the people of a refused call, whom the answer names, and how many attempts each has left today. Out: the calls to
make next. Nobody is ever sent a fourth time: somebody with one attempt left is sent alone, and a call of people with
two left is split to single ones when it is refused.

Calls for k culprits among 30 who start with three attempts each:

- nobody named: 30, then groups of 6, then single ones. 1 + 5 + 6·min(k, 5): 12 for one culprit, 36 at most.
- one named an answer: him alone, the other 29 together. 3 for one culprit. With a second culprit, or a wrong name, the
  29 are refused too and have one attempt left: 1 + 1 + 1 + 29 = 32, and no more however many are named.

So max(6 + 6·min(k, 5), 32), whatever the answers say; 12 where they never name anybody and there is one culprit.
Whoever starts with fewer attempts skips calls and adds none: 1 for everybody, 5 for groups, 30 for each alone, at most.
"""

import math
from collections.abc import Callable, Collection, Sequence

from registrar._compat import batched
from registrar.queue.queued_registrant import QueuedRegistrant

Calls = list[list[QueuedRegistrant]]


def split(
    refused: Sequence[QueuedRegistrant], named: Collection[str], left: Callable[[QueuedRegistrant], int]
) -> Calls:
    """The calls that follow a refusal of several; `named` are identities, `left` tells the attempts left after it.

    Whoever has no attempt left is in none of them.
    """
    accused = [registrant for registrant in refused if registrant.key.email in named]
    others = [registrant for registrant in refused if registrant.key.email not in named]
    if accused and others:
        # The answer may be wrong about whom it names: he is only tried alone, as everybody would be in the end.
        return together(others, left) + one_by_one([registrant for registrant in accused if left(registrant) > 0])
    return _by_attempts(refused, math.ceil(math.sqrt(len(refused))), left)


def together(registrants: Sequence[QueuedRegistrant], left: Callable[[QueuedRegistrant], int]) -> Calls:
    """One call for all who could be refused once more; the others alone."""
    return _by_attempts(registrants, max(1, len(registrants)), left)


def one_by_one(registrants: Sequence[QueuedRegistrant]) -> Calls:
    """Everybody alone."""
    return [[registrant] for registrant in registrants]


def _by_attempts(registrants: Sequence[QueuedRegistrant], size: int, left: Callable[[QueuedRegistrant], int]) -> Calls:
    """Calls of at most `size` for those who could be refused once more and still be sent alone; the others alone."""
    several = [registrant for registrant in registrants if left(registrant) >= 2]
    alone = [registrant for registrant in registrants if left(registrant) == 1]
    return [list(chunk) for chunk in batched(several, size)] + one_by_one(alone)
