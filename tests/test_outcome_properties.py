"""What holds of every outcome, whatever the rule and the votes: tried with many of both."""

from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.addons.partnership_management.tools.outcome import (
    BASES,
    COUNTED,
    STATES,
    Quorum,
    Rule,
    Seats,
    Threshold,
    get_outcome,
    to_fraction,
)

RESULTS = {"adopted", "refused", "no_quorum", "unbalanced", "repeat"}
WEIGHTS = [0.1, 0.3, 1, 1, 1, 2, 2.5]  # .1 x 3 is .3
GROUPS = ["councils", "firms", "associations", "residents", None]
SHARES = [Fraction(1, 3), Fraction(1, 2), Fraction(2, 3), Fraction(3, 4), Fraction(49, 100)]

thresholds = st.builds(Threshold, st.sampled_from(SHARES), st.booleans())
quorums = st.builds(
    Quorum,
    st.sampled_from(["none", "weight", "seats"]),
    st.sampled_from(SHARES),
    st.integers(0, 6),
    st.booleans(),
    st.sampled_from(["all", "filled"]),
    st.sampled_from(list(COUNTED)),
)
rules = st.builds(
    Rule,
    base=st.sampled_from(list(BASES)),
    threshold=st.none() | thresholds,
    quorum=quorums,
    balance=st.sampled_from(["none", "ceiling", "weights"]),
    ceiling=st.sampled_from([Fraction(49, 100), Fraction(1, 3), Fraction(1)]),
    balance_base=st.sampled_from(list(BASES)),
    is_public_beside=st.booleans(),
    is_half_non_public=st.booleans(),
    by_group=st.sampled_from(["none", "each", "each_and_all", "one_voice"]),
    groups=st.just({}) | st.just({"councils": Threshold(Fraction(2, 3)), "firms": None}),
    tie=st.sampled_from(["refused", "repeat", "chair"]),
)
plain_rules = rules.map(
    lambda rule: rule._replace(balance="none", is_half_non_public=False, by_group="none")
)


def make_seat(state, weight, group):
    return Seats(state, to_fraction(weight), group, is_public=group == "councils")


seats = st.builds(
    make_seat, st.sampled_from(STATES), st.sampled_from(WEIGHTS), st.sampled_from(GROUPS)
)
bodies = st.lists(seats, max_size=14)
chairs = st.sampled_from([None, "yes", "no"])


@given(rules, bodies, chairs)
@settings(max_examples=500, deadline=None)
def test_one_result(rule, body, chair):
    """Whatever the rule and the votes, there is a result, the last line says why."""
    outcome = get_outcome(rule, body, chair)
    assert outcome.result in RESULTS
    if outcome.result == "no_quorum":
        assert [step.kind for step in outcome.steps] == ["quorum"]
    if outcome.result == "unbalanced":
        kinds = {step.kind for step in outcome.steps if not step.is_met}
        assert kinds & {"ceiling", "public", "weights", "non_public"}


@given(rules, st.data(), chairs)
@settings(max_examples=300, deadline=None)
def test_order(rule, data, chair):
    body = data.draw(bodies)
    shuffled = data.draw(st.permutations(body))
    assert get_outcome(rule, body, chair).result == get_outcome(rule, shuffled, chair).result


@given(rules, bodies, st.sampled_from([Fraction(1, 3), Fraction(2), Fraction(7)]), chairs)
@settings(max_examples=300, deadline=None)
def test_weights_times(rule, body, times, chair):
    scaled = [each._replace(weight=each.weight * times) for each in body]
    assert get_outcome(rule, body, chair).result == get_outcome(rule, scaled, chair).result


@given(plain_rules, bodies, chairs)
@settings(max_examples=500, deadline=None)
def test_recused_is_not_there(rule, body, chair):
    """For a rule without a group clause."""
    without = [each for each in body if each.state != "recused"]
    assert get_outcome(rule, body, chair).result == get_outcome(rule, without, chair).result


@given(rules, st.data(), chairs)
@settings(max_examples=1000, deadline=None)
def test_yes_more(rule, data, chair):
    """It never turns adopted into refused, but through the balance."""
    body = data.draw(bodies.filter(len))
    index = data.draw(st.sampled_from(range(len(body))))
    seat = body[index]
    if seat.state in ("recused", "vacant", "yes"):
        return
    before = get_outcome(rule, body, chair)
    after = get_outcome(
        rule, [*body[:index], seat._replace(state="yes"), *body[index + 1 :]], chair
    )
    if before.result == "adopted":
        assert after.result in ("adopted", "unbalanced")


@given(st.integers(1, 400), st.integers(1, 400), st.integers(0, 400))
@settings(max_examples=300, deadline=None)
def test_weights_are_under_the_ceiling(first, second, third):
    """What each group has after weighting is at the ceiling, or under it."""
    body = [
        Seats("yes", group=group, number=number)
        for group, number in enumerate((first, second, third))
    ]
    rule = Rule(balance="weights")
    outcome = get_outcome(rule, body)
    if outcome.result == "unbalanced":
        return
    cast = [step.have * step.base for step in outcome.steps if step.kind == "factor"]
    assert all(each <= rule.ceiling * sum(cast) for each in cast)
    for group, each in enumerate(cast):
        had = (first, second, third)[group]
        assert each == had or each == rule.ceiling * sum(cast) < had
