"""Workbook `evaluators`: the evaluator groups of a cycle, what they score, and who sits in them."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from django.contrib.auth.models import User
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from evaluation.enums import Workbook
from evaluation.models import Axis, Cycle, Evaluator, EvaluatorGroup, ImportRun
from evaluation.persian import match_key
from evaluation.process.year import evaluator_group
from evaluation.rules.permissions import holds

from ..tables.columns import Code, Column, Text, YesNo
from ..tables.faults import Cause
from ..tables.table import Entry
from . import people
from .base import CHANGED, NEW, SAME
from .table_workbook import TableWorkbook

BETWEEN = "|"  # between the axes of a group


class Evaluators(TableWorkbook):
    """One row is one seat; a group without members has a row with an empty user name.

    A group that the cycle does not have yet is made with its first row. What a standing group scores is changed on its
    page, since scores may hang on it.
    """

    workbook = Workbook.EVALUATORS
    key = ("group", "user")
    filled = ("lead", "represents")
    needs_cycle = True
    change_columns = {
        "evaluatorgroup": ("cycle", "title", "lead_body", "covers_specific"),
        "evaluator": ("group", "user", "lead", "represents"),
    }

    group = Column("گروه ارزیابی", required=True, width=30)
    lead_body = Column("دستگاه مسئول گروه", width=30, erasable=False)
    axes = Column("محورها", Text(2000), width=40, erasable=False, note="نام محورها با «|» میان آن‌ها.")
    covers_specific = Column("شاخص‌های اختصاصی", YesNo(), erasable=False)
    user = Column("نام کاربری", Code(150), erasable=False)
    person = Column("نام ارزیاب", readonly=True, width=28)
    lead = Column("سرپرست گروه", YesNo(), erasable=False)
    represents = Column("نماینده", width=30)

    class Meta:
        model = Evaluator
        fields = ("group", "lead_body", "axes", "covers_specific", "user", "person", "lead", "represents")

    @classmethod
    def may_import(cls, by: User, cycle: Cycle | None) -> bool:
        return holds(by, "add_evaluator", cycle)

    def key_of_row(self, entry: Entry) -> tuple:
        """A row about a group alone has a key of its own."""
        return entry["group"], entry["user"] or ""

    def look_up(self, rows: list[Entry]) -> None:
        groups = EvaluatorGroup.objects.filter(cycle=self.cycle).prefetch_related("axes")
        self.groups = {group.title: group for group in groups}
        self.axes_of_cycle = {
            match_key(word): axis
            for axis in Axis.objects.filter(dimension__cycle=self.cycle)
            for word in (axis.title, axis.number or axis.title)
        }
        self.accounts = people.accounts(self.by, [entry["user"] for entry in rows])
        self.may_sit = set(evaluator_group.may_sit(self.cycle.province).values_list("user", flat=True))
        self.new_groups: dict[str, list[Axis]] = {}
        self.seats: list[tuple[Evaluator, Entry]] = []
        super().look_up(rows)

    def standing_rows(self) -> QuerySet[Any]:
        rows = Evaluator.objects.visible_to(self.by).filter(group__cycle=self.cycle)
        return rows.select_related("group", "user").order_by("group__title", "-lead", "user__username")

    # -- one row

    def judge(self, entry: Entry) -> str:
        group = self.groups.get(entry["group"])
        is_new = group is None
        if group is None:
            group = self.new_group(entry)
        else:
            self.compare_group(entry, group)
        if entry.wrong:
            return ""
        return (NEW if is_new else SAME) if entry["user"] is None else self.judge_seat(entry, group)

    def new_group(self, entry: Entry) -> EvaluatorGroup:
        group = EvaluatorGroup(
            cycle=self.cycle,
            title=entry["group"],
            lead_body=entry["lead_body"] or "",
            covers_specific=bool(entry["covers_specific"]),
        )
        self.groups[group.title], self.new_groups[group.title] = group, self.axes_named(entry)
        self.record_change("evaluatorgroup", group, entry, None)
        return group

    def axes_named(self, entry: Entry) -> list[Axis]:
        """The axes that a cell names; unknown names are faults."""
        names = [name.strip() for name in (entry["axes"] or "").split(BETWEEN) if name.strip()]
        if unknown := [name for name in names if match_key(name) not in self.axes_of_cycle]:
            sentence = _("The cycle has no axis with this name: %(names)s.") % {"names": "، ".join(unknown)}
            self.fault(entry, "axes", Cause.UNKNOWN, sentence)
        return [self.axes_of_cycle[key] for name in names if (key := match_key(name)) in self.axes_of_cycle]

    def compare_group(self, entry: Entry, group: EvaluatorGroup) -> None:
        """Name each value of the row that differs from what its group is."""
        for code, value in self.of_group(group).items():
            stated = {axis.pk for axis in self.axes_named(entry)} if code == "axes" else entry[code]
            if entry[code] is not None and stated != ({axis.pk for axis in value} if code == "axes" else value):
                sentence = _("The group differs here. What a group that stands scores is changed on its page.")
                self.fault(entry, code, Cause.RULE, sentence)

    def of_group(self, group: EvaluatorGroup) -> dict[str, Any]:
        axes = self.new_groups.get(group.title) if group.pk is None else list(group.axes.all())
        return {"lead_body": group.lead_body, "axes": axes, "covers_specific": group.covers_specific}

    def judge_seat(self, entry: Entry, group: EvaluatorGroup) -> str:
        account = people.account_of(self, entry, "user")
        if account is None:
            return ""
        if account.pk not in self.may_sit:
            sentence = str(evaluator_group.NO_ROLE) % {"name": account}
            return self.fault(entry, "user", Cause.RULE, sentence)
        seat = self.objects.get(self.key_of_row(entry)) or Evaluator(group=group, user=account)
        before = self.columns("evaluator", seat)
        values = {code: entry.get(code) or self.empty(code) for code in self.filled if entry.says(code)}
        if seat.pk and all(getattr(seat, code) == value for code, value in values.items()):
            return SAME
        for code, value in values.items():
            setattr(seat, code, value)
        self.seats.append((seat, entry))
        self.judged[entry] = seat
        self.record_change("evaluator", seat, entry, before)
        return CHANGED if before else NEW

    def check_all(self) -> None:
        """A group has one lead, those who stand and are not in the file among them."""
        new = (seat for seat, _entry in self.seats if seat.pk is None)
        leads = Counter(seat.group.title for seat in (*self.objects.values(), *new) if seat.lead)
        for seat, entry in self.seats:
            if seat.lead and leads[seat.group.title] > 1:
                self.fault(entry, "lead", Cause.RULE, str(evaluator_group.SECOND_LEAD))

    def write(self, run: ImportRun | None) -> None:
        for title, axes in self.new_groups.items():
            group = self.groups[title]
            formed = evaluator_group.form_group(
                self.cycle,
                title=title,
                by=self.by,
                axes=axes,
                covers_specific=group.covers_specific,
                lead_body=group.lead_body,
            )
            group.pk = formed.pk
        for seat in sorted((seat for seat, _entry in self.seats), key=lambda seat: seat.lead):
            names = {"lead": seat.lead, "represents": seat.represents}
            seat.pk = evaluator_group.seat(seat.group, seat.user, by=self.by, **names).pk
            seat.group_id = seat.group.pk
        self.save_changes(run)

    # -- downloads

    def rows(self, *, filled: bool) -> Iterable[dict[str, Any]]:
        if not filled:
            return
        yield from super().rows(filled=filled)
        empty = EvaluatorGroup.objects.visible_to(self.by).filter(cycle=self.cycle, evaluators=None)
        for group in empty.prefetch_related("axes").order_by("title"):
            yield {"group": group.title, "user": "", **self.group_cells(group)}

    def row_of(self, obj: Any) -> dict[str, Any]:
        return super().row_of(obj) | self.group_cells(obj.group)

    @staticmethod
    def group_cells(group: EvaluatorGroup) -> dict[str, Any]:
        names = f" {BETWEEN} ".join(axis.title for axis in group.axes.all())
        return {"lead_body": group.lead_body, "axes": names, "covers_specific": group.covers_specific}

    def shown(self, obj: Any, code: str) -> Any:
        if code == "person":
            return str(obj)
        names = {"group": obj.group.title, "user": obj.user.get_username()}
        return names[code] if code in names else super().shown(obj, code)

    def offers_choices(self, code: str) -> Sequence[str]:
        if code == "group":
            return list(EvaluatorGroup.objects.filter(cycle=self.cycle).values_list("title", flat=True))
        return ()
