"""The half-time card of an agency on paper: what the reader of its page reads, typeset as report cards are."""

from django.utils import timezone, translation
from django.utils.translation import gettext as _

from evaluation import persian

from .report_card_pdf import axis_cells, headings, lines_of, paper, rules_sentence
from .typeset import figure, typeset, whole


def make(card, participation, *, is_disclosed, at=None):
    """The bytes of the PDF (A4, Persian) of a HalfCard; `at` is the moment printed on it.

    Before the disclosure every page says that it is a draft.
    """
    at = at or timezone.now()
    with translation.override("fa"):
        mark = "" if is_disclosed else _("Draft: these scores are not disclosed yet.")
        return typeset("report_card", content(card, participation, mark, at), at=at)


def content(card, participation, mark, at):
    """The texts of the half-time card as data."""
    agency, cycle = participation.agency, participation.cycle
    beside = [_("last year"), _("mean of the province"), _("expected points")]
    return {
        **paper(_("Half-time card"), agency=agency, cycle=cycle, province=cycle.province, mark=mark, at=at),
        "facts": facts(card, agency),
        "rules": f"{expected_sentence()} {rules_sentence(card.rules)}",
        "words": headings(_("Axes beside last year and the province"), beside),
        "axes": [axis_row(axis) for axis in card.axes],
        "lines": True,
        "two_years": [],
        **lines_of(card),
    }


def expected_sentence():
    """By which rule the end of the year is expected."""
    return _(
        "Expected: each axis of the main cycle keeps its share of now; an axis that was not scored keeps its share of "
        "last year, and one without either is not counted."
    )


def facts(card, agency):
    """[(name, value)] of the head of the card."""
    points, maximum = card.expected
    of = _("%(points)s of %(maximum)s") % {"points": figure(points), "maximum": figure(maximum, None)}
    return [
        (_("Executive agency"), f"{agency} ({persian.localise_digits(agency.code)})"),
        (_("Scored lines"), whole(card.scored)),
        (_("Expected result by the end of the year"), of),
        (_("Integrity code"), card.code),
    ]


def axis_row(axis):
    """The texts of one axis; the points are those earned until now."""
    known = None if axis.percent is None else axis.earned
    return axis_cells(axis, known, [figure(axis.last, 1), figure(axis.province, 1), figure(axis.expected)])
