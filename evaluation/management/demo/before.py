"""The year before, shortened: twelve general lines from the national system, scored, ranked and published.

The demo needs it for growth, for last year's figures and for a published ranking.
"""

from decimal import Decimal

from evaluation.enums import AssessmentState, EndOrder, LevelSource, MarkLevel, MarkSource, Nature, Stage
from evaluation.management.year_walker import STEPS
from evaluation.models import Axis, Cycle, Indicator
from evaluation.persian import localise_digits
from evaluation.process.assessing.line import Figures, record_many
from evaluation.process.assessing.received import record_transfer
from evaluation.process.imports import catalogue_import
from evaluation.process.year import cycle as cycle_verbs

from . import figures, preparing
from .catalogue import SCHEME, rows, shared
from .year import Year, period

MAXIMUM = 2000  # of the one dimension: that of this year's two together, so that totals can be compared
SKIPPED = [Stage.CIRCULAR, Stage.EVALUATORS, Stage.BRIEFING, Stage.INDICATORS]
LINES = (
    "G-102-1 G-104 G-202 G-203-1 G-302-1 G-304 G-402-2 G-403 G-503-1 G-603-2 G-704 G-803".split()
)  # with the natures single and ratio only


def build(province, number, people, agencies):
    """The archived cycle of that year; the existing one where there is one."""
    standing = Cycle.objects.filter(province=province, performance_year=number).first()
    if standing:
        return standing
    cycle = Cycle.objects.create(
        province=province,
        performance_year=number,
        title=f"ارزیابی عملکرد سال {localise_digits(number, 'fa')} استان {province.name}",
        report_required=False,
        level_source=LevelSource.NONE,
        top_count=10,
        weak_percent=60,
        end_order=EndOrder.COUNCIL_FIRST,
        skipped=[str(stage) for stage in SKIPPED],
        **period(number),
    )
    cycle_verbs.start(cycle, by=people.manager)
    cycle.dimensions.filter(code="specific").delete()
    cycle.dimensions.update(maximum=MAXIMUM)
    write_catalogue(cycle, by=people.expert)
    return YearBefore(cycle, people, agencies).until(Stage.CLOSED).cycle


class YearBefore(Year):
    """The walk without entry, approval and objections: the figures come from the national system."""

    steps = STEPS | {
        Stage.PARTICIPANTS: ("fix_participants", "freeze_catalogue"),
        Stage.SELF_ASSESSMENT: ("take_over",),
        Stage.TRANSFER: (),
    }

    def register_circular(self):
        preparing.register_circular(self)

    def fix_participants(self):
        preparing.fix_participants(self)

    def take_over(self):
        """The figures as the national system has them."""
        lines = self.lines(self.assessments(self.order))
        taken = [(line, Figures(actual=years_actual(self, line))) for line in lines]
        record_transfer([(line, own, own) for line, own in taken], by=self.manager)

    def score_all(self):
        entries = []
        for line in self.lines(self.assessments(self.order, AssessmentState.UNDER_EVALUATION)):
            lowered, actual = self.rng.random() < 0.2, line.self_actual
            entries.append((line, figures.corrected(line, actual, self.rng) if lowered else Figures(actual=actual)))
        record_many(entries, MarkLevel.INITIAL, by=self.expert, source=MarkSource.SCREEN)

    def lead_of(self, assessment):
        return self.manager


def write_catalogue(cycle, *, by):
    """Axes and indicators, with points whose sum is MAXIMUM."""
    dimension = cycle.dimensions.get()
    chosen = [row for row in rows("general_indicators") if row["code"] in LINES]
    titles = {row["axis"] for row in chosen}
    axes = {
        row["title"]: Axis(dimension=dimension, number=row["number"], title=row["title"], maximum=0)
        for row in rows("axes")
        if row["scheme"] == SCHEME and row["title"] in titles
    }
    points = share_out(len(chosen))
    new = []
    for row, maximum in zip(chosen, points, strict=True):
        axes[row["axis"]].maximum += maximum
        new.append(Indicator(cycle=cycle, dimension=dimension, axis=axes[row["axis"]], points=maximum, **shared(row)))
    catalogue_import.write_catalogue(cycle, axes=list(axes.values()), changed_axes=[], new=new, changed=[], by=by)


def share_out(count):
    """Round points whose sum is the maximum."""
    points = Decimal(MAXIMUM // count // 10 * 10)
    return [points] * (count - 1) + [MAXIMUM - points * (count - 1)]


def years_actual(year, line):
    """A line's actual of that year, a little lower than this year's."""
    assert line.indicator.nature in (Nature.SINGLE, Nature.RATIO)
    return figures.verified(line, year.rng, year.strengths[line.assessment.agency.pk] * 0.94)
