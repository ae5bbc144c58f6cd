"""What improvement plans show: the province's picture of a cycle, and what was planned beside a line of the next year.

“Won” alone would flatter the plans: scores move also where nobody planned anything. So the gain of the planned lines
stands beside that of the other lines that had lost points, in percentage points of the maximum, by axis and by agency.
Plans count once they were agreed on and approved.
"""

from dataclasses import dataclass, field
from decimal import Decimal
from typing import NamedTuple

from django.utils import timezone
from django.utils.translation import gettext as _

from evaluation import persian
from evaluation.enums import Effect, Light, PlanState, ResultState
from evaluation.models import ImprovementAction, ImprovementPlan
from evaluation.process.improvement import measuring
from evaluation.rules import lights
from evaluation.templatetags.look import tone_of

ZERO, HUNDRED = Decimal(0), Decimal(100)


EFFECT_TONES = {Effect.BY_PLANS: "good", Effect.BOTH: "info", Effect.WITHOUT_PLANS: "neutral", Effect.NONE: "warning"}


@dataclass
class Gains:
    """Sums over lines: expected points and won ones of the planned lines, and shares won with and without a plan."""

    title: str
    actions: int = 0
    expected: Decimal = ZERO
    won: Decimal = ZERO
    planned_shares: list[Decimal] = field(default_factory=list)
    other_shares: list[Decimal] = field(default_factory=list)

    @property
    def with_plan(self):
        """Mean gain of the planned lines, in percentage points of their maximum; None before they are measured."""
        return mean(self.planned_shares)

    @property
    def without_plan(self):
        """Mean gain of the lines that lost points and that nobody planned, in percentage points of their maximum."""
        return mean(self.other_shares)

    @property
    def with_plan_width(self):
        """The length of the bar of `with_plan`, in percent of the picture; losses have none."""
        return width(self.with_plan)

    @property
    def without_plan_width(self):
        """The length of the bar of `without_plan`."""
        return width(self.without_plan)

    @property
    def effect(self):
        """The Effect on the lines that are measured again; None before."""
        if self.with_plan is None and self.without_plan is None:
            return None
        others = (self.without_plan or ZERO) > 0
        if (self.with_plan or ZERO) > 0:
            return Effect.BOTH if others else Effect.BY_PLANS
        return Effect.WITHOUT_PLANS if others else Effect.NONE

    @property
    def effect_tone(self):
        return EFFECT_TONES[self.effect]

    def add(self, share, *, planned):
        """Count the gain of one measured line."""
        (self.planned_shares if planned else self.other_shares).append(share)


class Score(NamedTuple):
    """A final score and the maximum of its line, in points."""

    final_score: Decimal
    maximum: Decimal


class MeasuredLine(NamedTuple):
    """A line of the cycle, of which there are thousands, and the score of the same line in the following one."""

    pk: int
    final_score: Decimal
    maximum: Decimal
    axis: tuple[int, int] | None
    axis_title: str
    participation: int
    later: Score


def width(share):
    return f"{max(share or ZERO, ZERO):.1f}"


def mean(shares):
    return sum(shares, ZERO) / len(shares) if shares else None


@dataclass
class PlanRow:
    """The plan of one agency: its state, its lights and its gains."""

    plan: ImprovementPlan
    light: Light | None
    late: int
    done: int
    gains: Gains

    @property
    def tone(self):
        """The tone of the light's badge."""
        return tone_of(self.light)


@dataclass
class Picture:
    """The plans of a cycle. `following` is the cycle whose results measured them, or None before."""

    rows: list[PlanRow]
    axes: list[Gains]
    whole: Gains
    following: object | None

    @property
    def effects(self):
        """[(effect, names of axes)] of the axes that are measured; effects without an axis are left out."""
        other = _("Lines without an axis")
        named = [(effect, [axis.title or other for axis in self.axes if axis.effect == effect]) for effect in Effect]
        return [(effect, names) for effect, names in named if names]

    @property
    def late(self):
        return sum(row.late for row in self.rows)

    @property
    def followed(self):
        return sum(row.plan.state in PlanState.begun() for row in self.rows)


def of_cycle(cycle, user):
    """The Picture of the plans of a cycle that the person may read, in so many queries always."""
    plans = ImprovementPlan.objects.visible_to(user).filter(participation__cycle=cycle)
    plans = plans.select_related("participation__agency", "participation__cycle")
    begun = plans.filter(state__in=PlanState.begun())
    actions = ImprovementAction.objects.filter(plan__in=begun).select_related(
        "plan__participation__cycle", "line__indicator__axis", "line__assessment__participation"
    )
    by_plan = {}
    for action in actions:
        by_plan.setdefault(action.plan_id, []).append(action)
    following = measuring.next_cycle(cycle)
    measured = measured_lines(cycle, user, following)
    whole, axes, agencies = Gains(""), {}, {}
    count_actions((action for rows in by_plan.values() for action in rows), whole, axes, agencies)
    planned = {action.line_id: action for rows in by_plan.values() for action in rows}
    for line in measured:
        if line.pk not in planned and line.final_score == line.maximum:
            continue  # nothing could be won there
        share = HUNDRED * measuring.share_won(line, line.later)
        for gains in (whole, gains_at(axes, line.axis, line.axis_title), gains_at(agencies, line.participation)):
            gains.add(share, planned=line.pk in planned)
            if line.pk in planned:
                gains.won += measuring.gain(line, line.later)
    rows = [row_of(plan, by_plan.get(plan.pk, []), agencies) for plan in plans]
    rows.sort(key=lambda row: persian.sort_key(row.plan.participation.agency.name))
    return Picture(rows, [axes[key] for key in sorted(axes, key=lambda key: (key is None, key))], whole, following)


LINE = (
    "pk",
    "final_score",
    "maximum",
    "indicator",
    "assessment__participation",
    "assessment__participation__agency",
    "indicator__axis__dimension",
    "indicator__axis__number",
    "indicator__axis__title",
)


def measured_lines(cycle, user, following):
    """[MeasuredLine] of all agencies that the person may read."""
    if following is None:
        return []
    later = measuring.scored_lines(following).filter(indicator__origin__cycle=cycle).values_list(
        "assessment__participation__agency", "indicator__origin", "final_score", "maximum"
    )  # fmt: skip
    scores = {(agency, indicator): Score(*score) for agency, indicator, *score in later.order_by()}
    lines = measuring.scored_lines(cycle).visible_to(user).order_by()
    return [
        MeasuredLine(pk, final, maximum, (dimension, number) if dimension else None, title or "", participation, score)
        for pk, final, maximum, indicator, participation, agency, dimension, number, title in lines.values_list(*LINE)
        if (score := scores.get((agency, indicator)))
    ]


def count_actions(actions, whole, axes, agencies):
    """Add the actions to the sums of the whole, of their axes and of their agencies."""
    for action in actions:
        axis, participation = action.line.indicator.axis, action.line.assessment.participation_id
        key, title = ((axis.dimension_id, axis.number), axis.title) if axis else (None, "")
        for gains in (whole, gains_at(axes, key, title), gains_at(agencies, participation)):
            gains.actions += 1
            gains.expected += action.expected


def gains_at(places, key, title=""):
    """The Gains of an axis, by its dimension and number (None: of lines without one), or of a participation."""
    return places.setdefault(key, Gains(title))


def row_of(plan, actions, agencies):
    """The PlanRow of a plan with these actions."""
    today = timezone.localdate()
    running = plan.state == PlanState.FOLLOW_UP
    colours = [action.light_on(today) for action in actions] if running else []
    return PlanRow(
        plan=plan,
        light=lights.worst(colours) if running else None,
        late=sum(light == Light.LATE for light in colours),
        done=sum(light == Light.DONE for light in colours),
        gains=agencies.get(plan.participation_id, Gains("")),
    )


class Expected(NamedTuple):
    """What an action of last year's plan expected of an indicator, and its line's final score of that year."""

    cycle: str
    action: str
    expected: Decimal
    final: Decimal | None
    maximum: Decimal


@dataclass(frozen=True)
class Planned:
    """What was planned last year about a line: expected points, and the points won by the latest score shown."""

    cycle: str
    action: str
    expected: Decimal
    reached: Decimal | None


def planned_before(agency, user, origins):
    """{indicator: Expected} of an agency's plans that began; `origins` are {last year's indicator: this year's}."""
    if not origins:
        return {}
    actions = ImprovementAction.objects.visible_to(user).filter(
        plan__participation__agency=agency,
        plan__state__in=PlanState.begun(),
        line__indicator__in=origins,
        line__assessment__participation__cycle__result_sets__state__in=ResultState.seen_by_agency(),
    )
    figures = actions.values_list(
        "line__indicator",
        "plan__participation__cycle__title",
        "action",
        "expected",
        "line__final_score",
        "line__maximum",
    )
    return {origins[origin]: Expected(*rest) for origin, *rest in figures}


def reached(expected, points, maximum):
    """The Planned of an Expected whose line has these points now (None: no score, or exempt); None without one."""
    if expected is None:
        return None
    known = points is not None and expected.final is not None
    won = (points / maximum - expected.final / expected.maximum) * expected.maximum if known else None
    return Planned(expected.cycle, expected.action, expected.expected, won)


def beside(assessment, user, lines, levels):
    """{indicator: Planned} of the lines of an assessment whose origin an action of the agency is about; one query.

    `levels` are those that the person reads, in order: points are won by the latest of them that has a score.
    """
    by_indicator = {line.indicator_id: line for line in lines if line.indicator.origin_id}
    origins = {line.indicator.origin_id: key for key, line in by_indicator.items()}
    planned = planned_before(assessment.participation.agency_id, user, origins)
    return {
        key: reached(expected, latest(by_indicator[key], levels), by_indicator[key].maximum)
        for key, expected in planned.items()
    }


def latest(line, levels):
    """The score of the latest of these levels that has one; None without one, and of an exempt line."""
    scores = [getattr(line, f"{level}_score") for level in levels]
    known = [score for score in scores if score is not None]
    return None if line.exempt or not known else known[-1]
