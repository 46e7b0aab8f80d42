"""The fake DynamoDB against moto: random sequences of calls for one item."""

from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.unit.fakes.dynamodb.differential import KEY, SHOWN, Call, Pair, change, delete, get, put

numbers = st.integers(-3, 3).map(lambda number: {"N": str(number)})
words = st.sampled_from(["", "a", "ab", "ö"]).map(lambda word: {"S": word})
simple_conditions = st.one_of(
    st.sampled_from(["attribute_exists(n)", "attribute_not_exists(o)", "attribute_exists(s)"]),
    st.tuples(st.sampled_from(["n", "o"]), st.sampled_from(["=", "<", "<=", ">", ">="])).map(
        lambda p: f"{p[0]} {p[1]} :c"
    ),
    st.sampled_from(["s = :w"]),
)
conditions = st.recursive(
    simple_conditions,
    lambda inner: st.one_of(
        inner.map("({})".format),
        st.tuples(inner, st.sampled_from(["AND", "OR"]), inner).map(" ".join),
    ),
    max_leaves=4,
)
sets = st.lists(
    st.sampled_from(["n = :c", "o = if_not_exists(n, :c)", "s = :w", "p = if_not_exists(p, n)"]),
    unique_by=lambda one: one[0],
    min_size=1,
)
updates = st.tuples(sets, st.sampled_from(["", " REMOVE q", " ADD q :c"])).map(lambda p: f"SET {', '.join(p[0])}{p[1]}")


@st.composite
def random_calls(draw: st.DrawFn) -> Call:
    kind = draw(st.sampled_from(["put", "change", "delete", "get"]))
    if kind == "get":
        return get()
    condition = draw(st.none() | conditions)
    update = draw(updates) if kind == "change" else ""
    text = f"{update} {condition or ''}"
    values = {name: draw(kinds) for name, kinds in ((":c", numbers), (":w", words)) if name in text}
    more: dict[str, Any] = {"ConditionExpression": condition, **SHOWN} if condition else {}
    if kind == "change":
        # moto's UPDATED_NEW differs from AWS's: see test_refusals.py.
        more["ReturnValues"] = draw(st.sampled_from(["NONE", "ALL_OLD", "ALL_NEW"]))
        return change(update, values or None, **more)
    if values:
        more["ExpressionAttributeValues"] = values
    item = {**KEY, "n": draw(numbers), **draw(st.fixed_dictionaries({}, optional={"o": numbers, "s": words}))}
    return put(item, **more) if kind == "put" else delete(**more)


# The same examples in each run: a new difference may be a defect of moto as well as of the fake.
@settings(
    max_examples=100, derandomize=True, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(calls=st.lists(random_calls(), min_size=1, max_size=12))
def test_random_sequences_have_the_same_outcome(moto: Any, calls: list[Call]) -> None:
    pair = Pair(moto)
    for name, params in calls:
        pair.agree(name, params)
    pair.agree(*get())
