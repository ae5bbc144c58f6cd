"""The half-time cards of all agencies of an interim cycle, and whom the manager names (Qazvin).

Agencies are named by the rules of the cycle, as in the results, over the percent of the points that they could have
earned until now. Figures are those that are kept when the interim cycle is archived (`interim_figures`).
"""

from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from evaluation import persian
from evaluation.enums import AssessmentState
from evaluation.models import Assessment, CardReceipt, Participation
from evaluation.process.year import interim_figures
from evaluation.scoring import to_two_decimals

from .comparing.named import below, by_percent, listed, reaches, rule_of_top, rule_of_weak, sentences
from .comparing.phases import whole
from .half_time_card import HalfCard, Reader
from .tables import PERCENT, Bar, Column, Picture, Report, Table


@dataclass(frozen=True)
class HalfRow:
    """One agency at half-time: `percent` of its possible points, None while a line has no score.

    `card` is None before anything is scored; `acknowledged`: whether the agency has read the figures that stand.
    """

    participation: Participation
    name: str
    card: HalfCard | None
    percent: Decimal | None
    is_absent: bool
    is_disclosed: bool
    acknowledged: bool

    @property
    def is_passive(self):
        """It did not take part, or everything is scored and nothing was earned."""
        return self.is_absent or self.percent == 0


@dataclass(frozen=True)
class HalfCards:
    """`rows` by the agencies' names; `report` names top, weak and passive agencies, with the text to announce."""

    rows: list[HalfRow]
    report: Report

    @property
    def drawn(self):
        return [row for row in self.rows if row.card]

    @property
    def acknowledged(self):
        return sum(row.acknowledged for row in self.rows)

    @property
    def unfinished(self):
        """How many agencies are not scored in every line, or cannot read their scores yet."""
        return sum(not row.is_absent and (row.percent is None or not row.is_disclosed) for row in self.rows)


def of_cycle(cycle, user):
    """The HalfCards of an interim cycle over the agencies that the person may read; so many queries always."""
    visible = Participation.objects.visible_to(user).filter(cycle=cycle)
    participations = list(visible.select_related("agency", "cycle__province", "peer_group"))
    reader = Reader(cycle, user, participations)
    rows = rows_of(participations, reader)
    return HalfCards(rows, named(cycle, rows, reader.means))


def rows_of(participations, reader):
    """The HalfRow of each agency that has not left, by name; of an archived cycle as it was called."""
    states = dict(
        Assessment.objects.filter(participation__in=participations)
        .exclude(state=AssessmentState.WITHDRAWN)
        .values_list("participation", "state")
    )
    shares = {}
    for share in interim_figures.shares(reader.cycle):
        shares.setdefault(share.agency, []).append(share)
    read = dict(CardReceipt.objects.filter(participation__in=participations).values_list("participation", "sha256"))
    rows = []
    for participation in participations:
        if participation.pk in states:
            own, card = shares.get(participation.agency_id, []), reader.card(participation)
            row = HalfRow(
                participation=participation,
                name=own[0].agency_name if own else participation.agency.name,
                card=card,
                percent=whole(own),
                is_absent=states[participation.pk] == AssessmentState.ABSENT,
                is_disclosed=states[participation.pk] in AssessmentState.disclosed_or_after(),
                acknowledged=card is not None and read.get(participation.pk) == card.code,
            )
            rows.append(row)
    return sorted(rows, key=lambda row: persian.sort_key(row.name))


def named(cycle, rows, means):
    """The Report of top, weak and passive agencies."""
    active = [row for row in rows if not row.is_passive and row.percent is not None]
    top, weak = top_of(active, cycle), below(active, cycle.weak_percent)
    passive = [row for row in rows if row.is_passive]
    note = _("They did not take part, or earned no point in any line.")
    tables = [
        table_of(_("Top agencies"), top, rule_of_top(cycle)),
        table_of(_("Weak agencies"), weak, rule_of_weak(cycle)),
        table_of(_("Passive agencies at half-time"), passive, note),
    ]
    title = _("Top, weak and passive agencies at half-time")
    return Report(title=title, tables=tables, announcement=announcement(cycle, top, weak, passive, means))


def top_of(active, cycle):
    """The first agencies by their shown percent, or those with at least the percent that is set, the highest first."""
    percents = {row.participation.pk: to_two_decimals(row.percent) for row in active}

    def is_first(row):
        return sum(other > percents[row.participation.pk] for other in percents.values()) < cycle.top_count

    rows = [
        row
        for row in active
        if (cycle.top_count and is_first(row)) or (cycle.top_percent is not None and reaches(row, cycle.top_percent))
    ]
    return sorted(rows, key=by_percent, reverse=True)


def table_of(title, rows, note):
    columns = (
        Column(_("Agency"), width=44),
        Column(_("Peer group"), width=24),
        Column(_("Percent of the possible points"), PERCENT),
    )
    figures = [(row.name, str(row.participation.peer_group or ""), row.percent) for row in rows]
    picture = Picture((columns[2].heading,), tuple(Bar(name, (percent,)) for name, _group, percent in figures))
    return Table(title, columns, figures, note=note, empty=_("No agency is named here."), picture=picture)


def announcement(cycle, top, weak, passive, means):
    """The text that the manager announces: means of the axes, then who is named, with figures and by which rule."""
    parts = [_("Half-time results of “%(cycle)s” in %(province)s:") % {"cycle": cycle, "province": cycle.province}]
    known = [mean for mean in means if mean.percent is not None]
    if known:
        axes = [percent_of(mean.axis.title, mean.percent) for mean in known]
        parts.append(_("Mean progress by axis: %(axes)s.") % {"axes": listed(axes)})
    if len({mean.percent for mean in known}) > 1:
        best, last = (pick(known, key=lambda mean: mean.percent) for pick in (max, min))
        words = {"best": best.axis.title, "last": last.axis.title}
        parts.append(_("The highest mean is that of “%(best)s”, the lowest that of “%(last)s”.") % words)
    parts += sentences(cycle, top=map(with_percent, top), weak=map(with_percent, weak))
    if passive:
        words = {"names": listed(row.name for row in passive)}
        parts.append(_("Passive agencies (they did not take part, or earned no point): %(names)s.") % words)
    return "\n".join(parts) if len(parts) > 1 else ""


def with_percent(row):
    return percent_of(row.name, row.percent)


def percent_of(name, percent):
    return _("%(name)s (%(percent)s percent)") % {"name": name, "percent": persian.format_decimal(percent, 2)}
