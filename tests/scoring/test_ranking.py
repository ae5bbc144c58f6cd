"""Ranks by shown total, levels, growth, progress and the shown figures themselves."""

from decimal import Decimal as D

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluation.scoring import (
    Entry,
    Rank,
    axis_progress,
    extremes,
    growth_percent,
    level_for,
    ranks,
    to_six_decimals,
    to_two_decimals,
)
from tests.strategies import decimals, ranked_entries


def places(*totals):
    return [rank.overall for rank in ranks(Entry(key, D(total)) for key, total in enumerate(totals)).values()]


def test_equal_totals_share_a_rank_and_the_next_is_skipped():
    assert places("1900", "1800", "1800", "1700") == [1, 2, 2, 4]
    assert places("5", "5", "5") == [1, 1, 1]
    assert places("1700", "1800", "1900", "1800") == [4, 2, 1, 2]


def test_ranks_go_by_the_shown_total():
    assert places("1800.004999", "1800.000001", "1800.005") == [2, 2, 1]


def test_ranks_inside_groups_skip_on_their_own():
    entries = [
        Entry("a", D(90), "north"),
        Entry("b", D(80), "south"),
        Entry("c", D(80), "south"),
        Entry("d", D(70), "south"),
        Entry("e", D(60), None),
        Entry("f", None, "north"),
    ]
    assert ranks(entries) == {
        "a": Rank(1, 1),
        "b": Rank(2, 1),
        "c": Rank(2, 1),
        "d": Rank(4, 3),
        "e": Rank(5, None),
    }


def test_tie_breakers_are_compared_in_their_order():
    entries = [
        Entry("a", D(90), None, (D(40), D(1))),
        Entry("b", D(90), None, (D(50), D(1))),
        Entry("c", D(90), None, (D(50), D(2))),
        Entry("d", D(91), None, (D(0), D(0))),
        Entry("e", D(90), None, (D("50.001"), D(1))),
        Entry("f", D(90), None, (None, D(9))),
    ]
    assert {key: rank.overall for key, rank in ranks(entries).items()} == {
        "d": 1,
        "c": 2,
        "b": 3,
        "e": 3,
        "a": 5,
        "f": 6,
    }


@given(ranked_entries())
def test_a_rank_is_one_more_than_the_number_of_those_better(entries):
    found = ranks(entries)
    counted = [entry for entry in entries if entry.total is not None]
    assert found.keys() == {entry.key for entry in counted}

    def strength(entry):
        return to_two_decimals(entry.total), to_two_decimals(entry.tie_breakers[0])

    for entry in counted:
        better = [other for other in counted if strength(other) > strength(entry)]
        assert found[entry.key].overall == 1 + len(better)
        inside = 1 + len([other for other in better if other.group == entry.group])
        assert found[entry.key].in_group == (None if entry.group is None else inside)


@given(ranked_entries(), st.randoms())
def test_the_order_of_entries_does_not_matter(entries, random):
    assert ranks(random.sample(entries, k=len(entries))) == ranks(entries)


@pytest.mark.parametrize(
    ("total", "level"),
    [
        ("1000", "first"),
        ("900", "first"),
        ("899.995", "first"),
        ("899.994999", "second"),
        ("600", "second"),
        ("0", None),
    ],
)
def test_levels_go_by_the_shown_total(total, level):
    thresholds = [("second", D(600)), ("first", D(900))]
    assert level_for(D(total), thresholds) == level


def test_no_total_or_no_thresholds_no_level():
    assert (level_for(None, [("first", D(0))]), level_for(D(5), [])) == (None, None)


def test_growth_between_cycles():
    assert to_two_decimals(growth_percent(D("1291.57"), D("1785.56"))) == D("38.25")
    assert growth_percent(D(200), D(150)) == D(-25)
    assert [
        growth_percent(D(0), D(5)),
        growth_percent(D(-1), D(5)),
        growth_percent(None, D(5)),
        growth_percent(D(5), None),
    ] == [None] * 4


def test_progress_is_the_mean_over_agencies():
    pairs = [(D(30), D(60)), (D(10), D(40)), (None, D(100)), (D(5), None), (D(0), D(0))]
    assert axis_progress(pairs) == D("37.5")
    assert axis_progress([(None, None)]) is None
    assert axis_progress([]) is None


def test_the_lowest_axis_of_qazvin_is_the_fourth_not_the_second():
    progress = {1: D("27.55"), 2: D("26.02"), 3: D("40.09"), 4: D("25.43"), 5: D("52.94"), 6: D("54.96")}
    assert extremes(progress) == (4, 6)
    assert extremes(progress | {7: None}) == (4, 6)
    assert (extremes({}), extremes({1: None})) == ((None, None), (None, None))


@pytest.mark.parametrize(
    ("figure", "six", "two"),
    [
        ("0.0000005", "0.000001", "0.00"),
        ("2.675", "2.675000", "2.68"),
        ("2.6749995", "2.675000", "2.68"),
        ("2.6749994", "2.674999", "2.67"),
        ("-38.245", "-38.245000", "-38.25"),
    ],
)
def test_rounding_is_half_up_after_six_decimals(figure, six, two):
    assert (str(to_six_decimals(D(figure))), str(to_two_decimals(D(figure)))) == (six, two)


@given(decimals("-100000", "100000", places=9))
def test_what_is_shown_is_close_and_stays_when_shown_again(figure):
    assert abs(to_two_decimals(figure) - figure) <= D("0.0050005")
    assert to_two_decimals(to_two_decimals(figure)) == to_two_decimals(figure)
    assert to_six_decimals(to_six_decimals(figure)) == to_six_decimals(figure)


def test_an_entry_that_is_ranked_only_in_its_group_takes_nobodys_overall_rank():
    entries = [
        Entry("a", D(90), "g"),
        Entry("bank", D(95), "g", only_in_group=True),
        Entry("b", D(80), "h"),
        Entry("lonely", D(99), None, only_in_group=True),
    ]
    assert {key: (rank.overall, rank.in_group) for key, rank in ranks(entries).items()} == {
        "a": (1, 2),
        "bank": (None, 1),
        "b": (2, 1),
        "lonely": (None, None),
    }
