"""Workbook `plans`: the actions of improvement plans, one row for each agency and line, while plans are written."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.contrib.auth.models import User
from django.utils.translation import gettext as _

from evaluation.enums import PlanState, ResultState, Workbook
from evaluation.models import Cycle, ImportRun, ImprovementAction, ImprovementPlan, Indicator, Line, Participation
from evaluation.persian import format_decimal
from evaluation.process.improvement import plan_import as verbs
from evaluation.rules.open_fields import READS_FINAL
from evaluation.rules.permissions import holds

from ..tables.columns import Column, JalaliDate, Number, Text
from ..tables.faults import Cause
from ..tables.table import Entry
from .agency_indicator_workbook import AgencyIndicatorWorkbook
from .base import CHANGED, NEW, SAME

ZERO = Decimal(0)
LONGEST_ACTION = 2000  # characters


class Plans(AgencyIndicatorWorkbook):
    """One row is the action of one agency about one line. An agency without a plan gets a draft."""

    workbook = Workbook.PLANS
    change_columns = {"improvementaction": verbs.ACTION_COLUMNS}

    lost = Column("امتیاز ازدست‌رفته", Number(), readonly=True)
    action = Column("اقدام", Text(LONGEST_ACTION), width=50)
    owner = Column("مسئول", width=30)
    due = Column("تاریخ سررسید", JalaliDate())
    expected = Column("امتیاز مورد انتظار", Number(), erasable=False)
    measure = Column("سنجه", Text(400), width=40)

    @classmethod
    def may_import(cls, by: User, cycle: Cycle | None) -> bool:
        return holds(by, "import_improvementaction", cycle)

    @classmethod
    def may_export(cls, by: User, cycle: Cycle | None) -> bool:
        return holds(by, "export_improvementaction", cycle)

    def look_up(self, rows: list[Entry]) -> None:
        self.read_places()
        self.read_plans()
        self.new: list[ImprovementAction] = []
        self.changed: list[ImprovementAction] = []
        self.first_actions: dict[int, Participation] = {}

    def read_indicators(self) -> Any:
        """Those that the person sees: the codes of other agencies' own indicators are not offered."""
        return super().read_indicators().filter(pk__in=Indicator.objects.visible_to(self.by).values("pk"))

    def read_plans(self) -> None:
        """The lines whose final score the person may read, plans that they see and their actions."""
        announced = self.cycle.result_sets.filter(state__in=ResultState.seen_by_agency()).exists()
        lines = Line.objects.visible_to(self.by, among=READS_FINAL).filter(
            assessment__participation__cycle=self.cycle, exempt=False, final_score__isnull=False
        )
        related = ("assessment__participation__agency", "assessment__participation__cycle__province", "indicator")
        self.lines = {
            (line.assessment.participation.agency_id, line.indicator_id): line
            for line in (lines.select_related(*related) if announced else ())
        }
        plans = ImprovementPlan.objects.visible_to(self.by).filter(participation__cycle=self.cycle)
        self.plans = {plan.participation_id: plan for plan in plans.select_related("participation__agency")}
        actions = ImprovementAction.objects.filter(plan__in=plans).select_related("line__assessment__participation")
        self.actions = {action.line_id: action for action in actions.select_related("line__indicator")}

    def line_of(self, entry: Entry) -> Line | None:
        """The line of a row, or None after naming the fault."""
        place = self.place_of(entry)
        if place is None:
            return None
        agency, indicator = place
        line = self.lines.get((agency.pk, indicator.pk))
        if line is None:
            sentence = _("“%(agency)s” has no announced final score for this indicator.") % {"agency": agency}
            self.fault(entry, "code", Cause.RULE, sentence)
        return line

    def standing(self, entry: Entry) -> dict[str, Any] | None:
        """The current values of the row's action, or None."""
        key = self.key_of(entry)
        line = self.lines.get(key) if key else None
        action = self.actions.get(line.pk) if line else None
        return self.values_of(action) if action else None

    @staticmethod
    def values_of(action: ImprovementAction) -> dict[str, Any]:
        """{code: value} of an action as stored."""
        return {name: getattr(action, name) for name in verbs.ACTION_COLUMNS}

    def judge(self, entry: Entry) -> str:
        line = self.line_of(entry)
        if line is None:
            return ""
        plan = self.plans.get(line.assessment.participation_id)
        action = self.actions.get(line.pk) or ImprovementAction(line=line, expected=ZERO)
        values = {name: self.value_of(entry, action, name) for name in verbs.ACTION_COLUMNS}
        changed = [name for name in verbs.ACTION_COLUMNS if values[name] != getattr(action, name)]
        if not changed:
            return SAME
        if plan is not None and plan.state not in PlanState.written():
            return self.fault(entry, changed[0], Cause.CLOSED, verbs.closed_sentence(plan))
        if values["expected"] < 0 or values["expected"] > line.maximum - line.final_score:
            return self.too_much(entry, line)
        return self.take(entry, action, values)

    @staticmethod
    def value_of(entry: Entry, action: ImprovementAction, name: str) -> Any:
        """What the row says of this column, else what stands; an erased text is an empty one."""
        value = entry.get(name, getattr(action, name))
        return "" if value is None and name in ("action", "owner", "measure") else value

    def too_much(self, entry: Entry, line: Line) -> str:
        """Name the fault of expected points beyond those that the line lost."""
        figures = {"lost": format_decimal(line.maximum - line.final_score, 2)}
        sentence = _("This line lost %(lost)s points: no more can be won.") % figures
        return self.fault(entry, "expected", Cause.RULE, sentence)

    def take(self, entry: Entry, action: ImprovementAction, values: dict[str, Any]) -> str:
        """Set the values and note the row. Returns the verdict."""
        before = self.columns("improvementaction", action)
        for name, value in values.items():
            setattr(action, name, value)
        self.record_change("improvementaction", action, entry, before)
        participation = action.line.assessment.participation
        if participation.pk not in self.plans:
            self.first_actions[participation.pk] = participation
        if before is None:
            self.new.append(action)
            return NEW
        self.changed.append(action)
        return CHANGED

    def write(self, run: ImportRun | None) -> None:
        verbs.write_actions(
            participations=list(self.first_actions.values()), new=self.new, changed=self.changed, by=self.by
        )
        self.save_changes(run)

    def rows(self, *, filled: bool) -> Iterable[dict[str, Any]]:
        """The actions that stand; a template shows in addition the lines that lost points, of plans still written."""
        places = list(self.places())
        self.read_plans()
        for agency, indicator in places:
            line = self.lines.get((agency.pk, indicator.pk))
            if line is None:
                continue
            action, lost = self.actions.get(line.pk), line.maximum - line.final_score
            plan = self.plans.get(line.assessment.participation_id)
            closed = plan is not None and plan.state not in PlanState.written()
            if action is None and (filled or closed or not lost):
                continue
            row = self.named(agency, indicator) | {"lost": lost}
            if action:
                row |= self.values_of(action) | {"_standing": self.values_of(action)}
            yield row
