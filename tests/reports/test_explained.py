"""Every formula and every reason in a sentence, with the values put in."""

from decimal import Decimal

import pytest
from django.utils import translation

from evaluation import scoring
from evaluation.reports import explained
from evaluation.scoring import Formula, Measurement, Reason

D = Decimal


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


def of(**values):
    values = {"nature": "single", "direction": "ascending", "maximum": D(20), "target": D(50)} | values
    return explained.sentences(scoring.score(Measurement(**values)).explanation.as_data())


@pytest.mark.parametrize(
    ("values", "sentences"),
    [
        ({"actual": D("12.5")}, ["Score: actual 12.5 ÷ target 50 × maximum 20.00 = 5.00."]),
        ({"actual": D(60)}, ["The target 50 is reached with the actual 60: the maximum of 20.00 points."]),
        (
            {"actual": D(100), "direction": "descending"},
            ["Score: target 50 ÷ actual 100 × maximum 20.00 = 10.00."],
        ),
        (
            {"actual": D(40), "direction": "descending"},
            ["The actual 40 is not above the target 50: the maximum of 20.00 points."],
        ),
        (
            {"actual": D(0), "direction": "descending"},
            ["The actual is zero, the best there can be: the maximum of 20.00 points."],
        ),
        ({"actual": D(-3)}, ["The actual \u200e-3 is negative: no points.".replace("\u200e", "")]),
        (
            {"nature": "ratio", "numerator": D(1), "denominator": D(4)},
            [
                "Actual: numerator 1 ÷ denominator 4 × 100 = 25 percent.",
                "Score: actual 25 ÷ target 50 × maximum 20.00 = 10.00.",
            ],
        ),
        (
            {"nature": "growth", "numerator": D(110), "denominator": D(100)},
            [
                "Actual: (this year 110 − last year 100) ÷ last year 100 × 100 = 10 percent.",
                "Score: actual 10 ÷ target 50 × maximum 20.00 = 4.00.",
            ],
        ),
        (
            {"nature": "reduction", "numerator": D(90), "denominator": D(100)},
            [
                "Actual: (last year 100 − this year 90) ÷ last year 100 × 100 = 10 percent.",
                "Score: actual 10 ÷ target 50 × maximum 20.00 = 4.00.",
            ],
        ),
        (
            {"nature": "qualitative", "actual": D("0.5"), "steps": (scoring.Step("نیمه", D("0.5")),)},
            ["Score: “نیمه” (0.5) × maximum 20.00 = 10.00."],
        ),
    ],
)
def test_a_line_in_a_sentence(values, sentences):
    assert of(**values) == sentences


def explain(formula, **values):
    values = {name.replace("__", "."): value for name, value in values.items()}
    result = scoring.evaluate(scoring.Explanation(formula, values, D(0)))
    return explained.sentences(scoring.Explanation(formula, values, result).as_data())


TOTALS = {
    Formula.TYPED: (
        {"score": D(7), "maximum": D(20), "reason": "بازدید"},
        "Score typed: 7.00 of 20.00. Reason: بازدید",
    ),
    Formula.MEASURES: (
        {"maximum": D(20), "weight__1": D(60), "fraction__1": D(1), "weight__2": D(40), "fraction__2": D("0.5")},
        "Measures: (weight 60 × fraction 1 + weight 40 × fraction 0.5) ÷ sum of the weights × maximum 20.00 = 16.00.",
    ),
    Formula.EARNED: ({"raw": D(12), "maximum": D(20)}, "Earned: 12.00 of 20.00."),
    Formula.SCALED: (
        {"raw": D(12), "maximum": D(20), "exempt": D(5)},
        "Earned 12.00 × maximum 20.00 ÷ (maximum 20.00 − exempt 5.00) = 16.00.",
    ),
    Formula.GRANTED: (
        {"raw": D(12), "maximum": D(20), "exempt": D(5)},
        "Earned 12.00 + exempt points granted 5.00 = 17.00.",
    ),
    Formula.SHARED: (
        {"maximum": D(20), "wholly_exempt": D(0), "raw__1": D(6), "maximum__1": D(20), "exempt__1": D(8)},
        "Shared inside each axis: 6 × 20 ÷ (20 − exempt 8) = 10.00.",
    ),
    Formula.TOTAL: ({"figure__1": D("0.5"), "figure__2": D(2)}, "Total: 0.5 + 2 = 2.50."),
}


@pytest.mark.parametrize("formula", TOTALS)
def test_totals_in_a_sentence(formula):
    values, sentence = TOTALS[formula]
    assert explain(formula, **values) == [sentence]


def test_every_formula_and_reason_has_words():
    assert set(explained.SENTENCES) == set(Formula)
    assert all(explained.sentences({"undefined": str(reason)}) for reason in Reason)


@pytest.mark.parametrize("data", [{}, {"formula": "of later rules", "values": {}, "result": "1", "rule_version": "9"}])
def test_nothing_known_gives_no_sentence(data):
    assert explained.sentences(data) == []
