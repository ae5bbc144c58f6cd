"""Workbook `committees`: the committees of a province and the people who sit in them."""

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from evaluation.enums import CommitteeKind, MemberPost, Workbook
from evaluation.models import Committee, CommitteeMember, ImportRun
from evaluation.process.imports import table_import

from ..tables.columns import Choice, Code, Column, JalaliDate, Text
from ..tables.faults import Cause
from ..tables.table import Entry
from . import people
from .table_workbook import TableWorkbook


class Committees(TableWorkbook):
    """One row is one seat, from its first day on.

    A committee that the province does not have yet is made with its first row.
    """

    workbook = Workbook.COMMITTEES
    key = ("committee", "name", "since")
    filled = ("office", "post", "user", "until", "decree")
    change_columns = {
        "committee": ("province", "kind", "title"),
        "committeemember": ("committee", "name", "office", "post", "user", "since", "until", "decree"),
    }

    committee = Column("کمیته", required=True, width=36)
    kind = Column("نوع کمیته", Choice(CommitteeKind), erasable=False, note="برای کمیتهٔ جدید لازم است.")
    name = Column("نام عضو", required=True, width=30)
    office = Column("سازمان یا واحد", width=36)
    post = Column("سمت در کمیته", Choice(MemberPost))
    since = Column("از تاریخ", JalaliDate(), erasable=False)
    until = Column("تا تاریخ", JalaliDate())
    decree = Column("شماره حکم", Text(60))
    user = Column("نام کاربری", Code(150))

    class Meta:
        model = CommitteeMember
        fields = ("committee", "kind", "name", "office", "post", "since", "until", "decree", "user")

    def look_up(self, rows: list[Entry]) -> None:
        visible = Committee.objects.visible_to(self.by).filter(province=self.province)
        self.committees = {committee.title: committee for committee in visible}
        self.accounts = people.accounts(self.by, [entry["user"] for entry in rows])
        self.new_committees: list[Committee] = []
        super().look_up(rows)

    def standing_rows(self) -> QuerySet[Any]:
        rows = CommitteeMember.objects.visible_to(self.by).filter(committee__province=self.province)
        return rows.select_related("committee", "user").order_by("committee__title", "pk")

    def own_place(self) -> dict[str, Any]:
        return {}

    def judge(self, entry: Entry) -> str:
        committee = self.committees.get(entry["committee"])
        if committee is None:
            committee = self.new_committee(entry)
        elif entry["kind"] and entry["kind"] != committee.kind:
            sentence = _("This committee is of another kind. The kind of a committee is changed on its page.")
            self.fault(entry, "kind", Cause.RULE, sentence)
        return "" if committee is None or entry.wrong else super().judge(entry)

    def new_committee(self, entry: Entry) -> Committee | None:
        """A committee that is made with the import; None after naming the fault."""
        if not entry["kind"]:
            self.fault(entry, "kind", Cause.MISSING, _("This committee is new: name its kind."))
            return None
        if not table_import.may_write(self.by, "add", Committee, self.province):
            self.fault(entry, "committee", Cause.RULE, _("You have no right to add such a row here."))
            return None
        committee = Committee(province=self.province, kind=entry["kind"], title=entry["committee"])
        self.committees[committee.title] = committee
        self.new_committees.append(committee)
        self.record_change("committee", committee, entry, None)
        return committee

    def read(self, entry: Entry, code: str) -> Any:
        if code == "committee":
            return self.committees[entry["committee"]]
        return people.account_of(self, entry, code) if code == "user" else super().read(entry, code)

    def shown(self, obj: Any, code: str) -> Any:
        if code == "committee":
            return obj.committee.title
        if code == "kind":
            return obj.committee.kind
        return obj.user.get_username() if code == "user" and obj.user else super().shown(obj, code)

    def row_of(self, obj: Any) -> dict[str, Any]:
        return super().row_of(obj) | {"kind": obj.committee.kind}

    def check_row(self, obj: Any) -> None:
        if obj.since and obj.until and obj.until < obj.since:
            raise self.violation("until", "committeemember_runs_forward")

    def not_asked(self) -> set[str]:
        """A new committee has no key yet."""
        return {"committee"}

    def write(self, run: ImportRun | None) -> None:
        table_import.write_rows(self.new_committees, (), by=self.by)
        super().write(run)

    def offers_choices(self, code: str) -> Sequence[str]:
        if code != "committee":
            return ()
        rows = Committee.objects.visible_to(self.by).filter(province=self.province)
        return list(rows.values_list("title", flat=True))
