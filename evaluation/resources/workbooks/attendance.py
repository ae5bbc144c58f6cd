"""Workbook `attendance`: who was invited to the workshops of a cycle, and who came."""

from collections.abc import Sequence
from typing import Any

from django.contrib.auth.models import User
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from evaluation.enums import Workbook
from evaluation.models import Attendance, Cycle, ImportRun, Workshop
from evaluation.persian import format_jalali
from evaluation.process.year import workshop as workshops
from evaluation.rules.permissions import holds

from ..tables.columns import Code, Column, YesNo
from ..tables.faults import Cause
from ..tables.table import Entry
from .base import CHANGED, NEW, SAME
from .table_workbook import TableWorkbook


class AttendanceOfWorkshops(TableWorkbook):
    """One row is one agency, or one evaluator, at one workshop that was held."""

    workbook = Workbook.ATTENDANCE
    key = ("workshop", "agency", "user")
    filled = ("name", "attended")
    needs_cycle = True
    change_columns = {"attendance": ("workshop", "agency", "user", "name", "attended")}

    workshop = Column("کارگاه", required=True, width=36)
    agency = Column("کد دستگاه", Code(), erasable=False)
    user = Column("نام کاربری", Code(150), erasable=False)
    day = Column("تاریخ کارگاه", readonly=True)
    who = Column("نام دستگاه یا ارزیاب", readonly=True, width=36)
    name = Column("نام شرکت‌کننده", width=30)
    attended = Column("حاضر", YesNo())

    class Meta:
        model = Attendance
        fields = ("workshop", "agency", "user", "day", "who", "name", "attended")

    @classmethod
    def may_import(cls, by: User, cycle: Cycle | None) -> bool:
        return holds(by, "hold_workshop", cycle)

    @classmethod
    def may_export(cls, by: User, cycle: Cycle | None) -> bool:
        return cls.may_import(by, cycle)

    def look_up(self, rows: list[Entry]) -> None:
        self.workshops: dict[str, list[Workshop]] = {}
        for workshop in Workshop.objects.visible_to(self.by).filter(cycle=self.cycle):
            self.workshops.setdefault(workshop.title, []).append(workshop)
        self.uninvited: dict[int, dict[tuple, Attendance]] = {}
        self.written: list[Attendance] = []
        super().look_up(rows)

    def standing_rows(self) -> QuerySet[Any]:
        rows = Attendance.objects.visible_to(self.by).filter(workshop__cycle=self.cycle)
        return rows.select_related("workshop", "agency", "user").order_by("workshop__starts_at", "agency__code", "pk")

    # -- one row

    def judge(self, entry: Entry) -> str:
        workshop = self.workshop_of(entry)
        if workshop is None:
            return ""
        row = self.objects.get(self.key_of_row(entry)) or self.uninvited_of(workshop).get(self.key_of_row(entry))
        if row is None:
            code = "agency" if entry["agency"] else "user"
            sentence = _("This workshop is not held for this agency or person, or the code is unknown.")
            return self.fault(entry, code, Cause.UNKNOWN, sentence)
        before = self.columns("attendance", row)
        values = {
            code: self.empty(code) if entry[code] is None else entry[code] for code in self.filled if entry.says(code)
        }
        if row.pk and all(getattr(row, code) == value for code, value in values.items()):
            return SAME
        if values.get("attended") is not None and not workshop.held_at:
            sentence = _("Record first that the workshop was held.")
            return self.fault(entry, "attended", Cause.CLOSED, sentence)
        for code, value in values.items():
            setattr(row, code, value)
        self.written.append(row)
        self.judged[entry] = row
        self.record_change("attendance", row, entry, before)
        return CHANGED if before else NEW

    def workshop_of(self, entry: Entry) -> Workshop | None:
        """The one workshop of this title; None after naming the fault."""
        found = self.workshops.get(entry["workshop"], [])
        if len(found) != 1:
            sentence = (
                _("Several workshops of the cycle have this title: give them different ones first.")
                if found
                else _("The cycle has no workshop with this title.")
            )
            self.fault(entry, "workshop", Cause.UNKNOWN, sentence)
            return None
        if not holds(self.by, "hold_workshop", found[0]):
            self.fault(entry, "workshop", Cause.SCOPE, _("You have no right to change this row."))
            return None
        return found[0]

    def uninvited_of(self, workshop: Workshop) -> dict[tuple, Attendance]:
        """{key: unsaved row} of those for whom the workshop is and who are not on its list."""
        if workshop.pk not in self.uninvited:
            rows = workshops.left_to_invite(workshop)
            self.uninvited[workshop.pk] = {self.plain_key(self.key_of_object(row)): row for row in rows}
        return self.uninvited[workshop.pk]

    def write(self, run: ImportRun | None) -> None:
        workshops.write_list(self.written, by=self.by)
        self.save_changes(run)

    def shown(self, obj: Any, code: str) -> Any:
        if code == "day":
            return format_jalali(obj.workshop.starts_at.date(), language="en")
        if code == "who":
            return str(obj)
        if code == "workshop":
            return obj.workshop.title
        if code == "agency":
            return obj.agency.code if obj.agency else None
        return (obj.user.get_username() if obj.user else None) if code == "user" else super().shown(obj, code)

    def offers_choices(self, code: str) -> Sequence[str]:
        if code != "workshop":
            return ()
        rows = Workshop.objects.visible_to(self.by).filter(cycle=self.cycle)
        return list(rows.values_list("title", flat=True).distinct())
