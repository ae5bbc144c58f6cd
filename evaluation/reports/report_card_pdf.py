"""The report card of an agency on paper: what the reader of the page reads, typeset."""

from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from evaluation import persian

from . import status
from .typeset import figure, typeset, whole


def make(card, result_set, *, at=None):
    """The bytes of the PDF (A4, Persian) of a Card; `at` is the moment printed on it."""
    at = at or timezone.now()
    with translation.override("fa"):
        return typeset("report_card", content(card, status.mark(result_set), result_set.cycle.province, at), at=at)


def content(card, mark, province, at):
    """The texts of the report card as data."""
    return {
        **paper(_("Report card"), agency=card.agency, cycle=card.cycle, province=province, mark=mark, at=at),
        "facts": facts(card),
        "rules": rules_sentence(card.rules),
        "words": words(card),
        "axes": [axis_row(axis, others=card.others) for axis in card.axes],
        "lines": card.lines is not None,
        "two_years": two_years(card),
        **lines_of(card),
    }


def paper(heading, *, agency, cycle, province, mark, at):
    """What stands around the figures of a card: titles, the head of a letter, signatures."""
    return {
        "title": f"{heading} · {agency}",
        "heading": heading,
        "subject": f"{agency} · {cycle}",
        "footer": f"{heading} · {agency} · {cycle}",
        "mark": mark,
        "letter": {
            "opening": _("In the name of God"),
            "sender": _("Management and Planning Organization of %(province)s") % {"province": province},
            "facts": [
                (_("Number"), "…………"),
                (_("Date"), persian.format_jalali_datetime(at, "long")),
                (_("Attachments"), pgettext("attachments", "none")),
            ],
        },
        "signatures": [_("The provincial organization"), _("Head of the agency")],
        "sign": _("Name, signature and stamp"),
    }


def lines_of(card):
    """What a card says of its lines: what would bring most, strengths and weaknesses, lost points by axis."""
    return {
        "gains": [line_row(line) for line in card.gains],
        "verdicts": [
            {"title": _("strengths"), "rows": verdict_rows(card.strengths)},
            {"title": _("weaknesses"), "rows": verdict_rows(card.weaknesses)},
        ],
        "losses": [
            {"title": axis.title if axis else _("Lines without an axis"), "rows": [line_row(line) for line in lines]}
            for axis, lines in card.losses_by_axis
        ],
    }


def rules_sentence(rules):
    """The limits of strengths and weaknesses, in a sentence."""
    return _(
        "An axis or a line is a strength from %(strength)s percent of its maximum on, and a weakness below "
        "%(weakness)s percent. The provincial organization sets these limits in the settings of the cycle."
    ) % {"strength": whole(rules.strength_from), "weakness": whole(rules.weakness_below)}


def facts(card):
    """[(name, value)] of the head of the card."""
    of = _("%(points)s of %(maximum)s")
    pairs = [
        (_("Executive agency"), f"{card.agency} ({persian.localise_digits(card.agency.code)})"),
        (_("Total"), of % {"points": figure(card.points), "maximum": figure(card.maximum, None)}),
        (_("Percent of the maximum"), figure(card.percent)),
        (_("Lost points"), figure(card.lost)),
        (_("Rank"), place(card.rank, card.ranked) if card.shows_ranks else _("hidden until the council's approval")),
        (_("Peer group"), str(card.group or "—")),
        (_("Rank in the peer group"), place(card.group_rank, card.group_ranked)),
        (_("Level"), str(card.level or "—")),
        (_("Growth on last year, percent"), figure(card.growth)),
    ]
    pairs += [
        (dimension.title, of % {"points": figure(dimension.points), "maximum": figure(dimension.maximum, None)})
        for dimension in card.dimensions
    ]
    years = [(_("Year %(year)s") % {"year": whole(year.year)}, figure(year.percent)) for year in card.years]
    return [*pairs, *years, (_("Integrity code"), card.code)]


def place(rank, ranked):
    """A rank among so many, or a dash."""
    return "—" if rank is None else _("%(done)s of %(total)s") % {"done": whole(rank), "total": whole(ranked)}


def words(card):
    """The headings of the card."""
    beside = [_("median of the group"), _("mean of the group")] if card.others else []
    return headings(_("Axes beside the group and last year"), [*beside, _("last year")])


def two_years(card):
    """[(heading, columns, rows)] of the axes and lines of both years, in texts; those without a row are left out."""
    axes, lines = card.two_years
    columns = [_("last year"), _("this year"), _("change, percentage points")]
    planned = _("improvement plan: planned, reached")
    tables = [
        (_("Axes of both years"), [_("Axis"), *columns], [both_years(axis) for axis in axes]),
        (
            _("Indicators of both years"),
            [_("Indicator"), *columns, planned],
            [[*both_years(line), plan_of(line.planned)] for line in lines],
        ),
    ]
    return [table for table in tables if table[2]]


def both_years(row):
    """The texts of an axis or a line: its title, both years in percent of the maximum, and the change."""
    return [row.title, figure(row.last, 1), figure(row.percent, 1), figure(row.change)]


def plan_of(planned):
    """What was planned about a line, and what was won of it, in points."""
    if planned is None:
        return "—"
    return f"{figure(planned.expected)} · {figure(planned.reached)}"


def headings(axes, beside):
    """The headings of a card; `axes` is that of its axes, `beside` those of their further columns."""
    return {
        "axes": axes,
        "axis_columns": [_("Axis"), _("Points"), _("Lost points"), _("Percent"), _("picture"), *beside],
        "gains": _("What would bring most"),
        "gain_columns": [_("Code"), _("Indicator"), _("Points"), _("Maximum"), _("Lost points")],
        "no_loss": _("No line lost points."),
        "verdicts": _("Strengths and weaknesses"),
        "none": _("None by the limits of the cycle."),
        "losses": _("Lost points by axis and line"),
        "loss_columns": [_("Code"), _("Indicator"), _("Lost points"), _("Maximum")],
    }


def axis_row(axis, *, others):
    """The texts of one axis."""
    beside = [figure(axis.group.median, 1), figure(axis.group.mean, 1)] if others else []
    return axis_cells(axis, axis.points, [*beside, figure(axis.last, 1)])


def axis_cells(axis, points, beside):
    """The texts of an axis with these points, and those of its further columns."""
    return {
        "title": axis.title,
        "points": figure(points),
        "lost": figure(axis.lost),
        "percent": figure(axis.percent, 1),
        "width": float(axis.percent or 0),
        "beside": beside,
    }


def line_row(line):
    """The texts of one line."""
    return {
        "code": line.code,
        "title": line.title,
        "points": figure(line.points),
        "maximum": figure(line.maximum, None),
        "lost": figure(line.lost),
        "remark": line.remark,
    }


def verdict_rows(named):
    """Axes, then lines, of one verdict, in words."""
    axes, lines = named
    rows = [_("Axis “%(title)s”") % {"title": axis.title} + f": {figure(axis.percent, 1)}" for axis in axes]
    return rows + [f"{line.title}: {figure(line.percent, 1)}" for line in lines]
