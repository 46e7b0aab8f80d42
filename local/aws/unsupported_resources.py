"""Take what the AWS emulator does not support out of the template that is deployed to it.

Only types that no other resource refers to and that take no part in registering may be removed, each with a reason. An
alarm of metric math, to which the dashboard refers, stays, and watches a metric without values.
"""

import re
from collections.abc import Mapping

# ministack rejects the whole change set for an unsupported type.
REASONS: Mapping[str, str] = {
    "AWS::Logs::MetricFilter": "the emulator makes no metrics from log lines",
    "AWS::Logs::QueryDefinition": "saved queries belong to CloudWatch's console, which the emulator does not have",
}


_METRIC_MATH = re.compile(r"^      Metrics:\n(?:      (?:- | ).*\n)+", re.MULTILINE)
_NO_METRIC = """\
      Namespace: AWS/Lambda
      MetricName: NotInTheEmulator
      Statistic: Sum
      Period: 300
"""


def remove_unsupported(template: str) -> tuple[str, dict[str, str]]:
    """Return the template without unsupported resources, and the removed types by logical id."""
    kept, removed = [], {}
    for block in _blocks(template):
        name, type_ = re.match(r"  (\w+):", block), re.search(r"^    Type: (\S+)$", block, re.MULTILINE)
        if name and type_ and type_[1] in REASONS:
            removed[name[1]] = type_[1]
        else:
            kept.append(_METRIC_MATH.sub(_NO_METRIC, block))
    return "".join(kept), removed


def removal_messages(removed: Mapping[str, str]) -> list[str]:
    """Return a message per removed type."""
    return [
        f"Not deployed to the emulator: {', '.join(name for name, one in removed.items() if one == type_)} "
        f"({REASONS[type_]})."
        for type_ in sorted(set(removed.values()))
    ]


def _blocks(template: str) -> list[str]:
    """Split the template before every key of the first and second level."""
    return re.split(r"^(?=\S|  \w)", template, flags=re.MULTILINE)
