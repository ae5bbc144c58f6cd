"""Workbook `agencies`: the executive agencies of a province, with their headquarters."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.contrib.auth.models import User
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from evaluation.enums import Workbook
from evaluation.models import Agency, Cycle, Headquarters, ImportRun
from evaluation.persian import localise_digits, match_key
from evaluation.process.imports import catalogue_import
from evaluation.rules.permissions import holds

from ..tables.columns import Code, Column, NationalId, Text, YesNo
from ..tables.faults import Cause
from ..tables.table import Entry
from .base import CHANGED, NEW, SAME, WorkbookResource

TEXTS = [name for name in catalogue_import.AGENCY_FIELDS if name not in ("headquarters", "ranked")]


class Agencies(WorkbookResource):
    """One row is one agency of the province."""

    workbook = Workbook.AGENCIES
    key = ("code",)
    needs_cycle = False
    worded = ("kind", "headquarters", "group")
    change_columns = {"agency": ("code", *catalogue_import.AGENCY_FIELDS), "headquarters": ("code", "name")}

    code = Column("کد دستگاه", Code(), required=True)
    name = Column("نام دستگاه", required=True, width=44)
    kind = Column("نوع", Text(120))
    headquarters = Column("دستگاه متبوع", width=36)
    group = Column("گروه", Text(120), width=28)
    national_id = Column("شناسه ملی", NationalId())
    ranked = Column("رتبه‌بندی می‌شود", YesNo(), erasable=False)

    @classmethod
    def may_import(cls, by: User, cycle: Cycle | None) -> bool:
        return catalogue_import.may_import_agencies(by, cycle.province) if cycle else holds(by, "import_agency")

    @classmethod
    def may_export(cls, by: User, cycle: Cycle | None) -> bool:
        return holds(by, "export_agency", cycle)

    def look_up(self, rows: list[Entry]) -> None:
        self.agencies = {agency.code: agency for agency in self.of_province()}
        known = Headquarters.objects.of_province(self.province)
        self.bodies = {match_key(body.name): body for body in known}
        self.bodies |= {match_key(body.code): body for body in known}
        national_ids = {entry["national_id"]: entry for entry in rows if entry["national_id"]}
        self.ids = dict(Agency.objects.filter(national_id__in=national_ids).values_list("national_id", "pk"))
        self.seen_ids: dict[str, Entry] = {}
        self.new: list[Agency] = []
        self.changed: list[Agency] = []
        self.new_bodies: list[Headquarters] = []

    def of_province(self) -> Any:
        return Agency.objects.filter(province=self.province).select_related("headquarters").order_by("code")

    def judge(self, entry: Entry) -> str:
        agency = self.agencies.get(entry["code"]) or Agency(province=self.province, code=entry["code"])
        if self.id_is_taken(entry, agency):
            return ""
        before, known = (
            self.columns("agency", agency),
            [getattr(agency, name) for name in catalogue_import.AGENCY_FIELDS],
        )
        for name in TEXTS:
            if entry.says(name):
                setattr(agency, name, entry[name] or "")
        if entry.says("ranked"):
            agency.ranked = entry["ranked"]
        if entry.says("headquarters"):
            agency.headquarters = self.body(entry)
        if agency.pk is None:
            self.new.append(agency)
            self.record_change("agency", agency, entry, None)
            return NEW
        if known == [getattr(agency, name) for name in catalogue_import.AGENCY_FIELDS]:
            return SAME
        self.changed.append(agency)
        self.record_change("agency", agency, entry, before)
        return CHANGED

    def id_is_taken(self, entry: Entry, agency: Agency) -> bool:
        """Whether another row or another agency has the national identifier; names the fault."""
        national_id = entry["national_id"]
        if not national_id:
            return False
        first = self.seen_ids.setdefault(national_id, entry)
        if first is not entry:
            sentence = _("The same national identifier is in %(first)s and in %(second)s.")
            places = {"first": first.place("national_id"), "second": entry.place("national_id")}
            self.fault(entry, "national_id", Cause.DUPLICATE, sentence % places)
        elif self.ids.get(national_id, agency.pk) != agency.pk:
            self.fault(entry, "national_id", Cause.DUPLICATE, _("Another agency has this national identifier already."))
        return entry.wrong

    def body(self, entry: Entry) -> Headquarters | None:
        """The headquarters of this name or code; an unknown one is created with the import."""
        if (name := entry["headquarters"]) is None:
            return None
        body = self.bodies.get(match_key(name))
        if body is None:
            body = self.bodies[match_key(name)] = Headquarters(name=name, province=self.province)
            self.new_bodies.append(body)
            self.record_change("headquarters", body, entry, None)
        return body

    def check_all(self) -> None:
        if count := len(self.new_bodies):
            sentence = ngettext(
                "%(count)s headquarters is new and is made with the import: %(names)s.",
                "%(count)s headquarters are new and are made with the import: %(names)s.",
                count,
            )
            names = "، ".join(body.name for body in self.new_bodies[:10])
            self.remarks.append(sentence % {"count": localise_digits(count), "names": names})

    def write(self, run: ImportRun | None) -> None:
        catalogue_import.write_agencies(
            self.province, new=self.new, changed=self.changed, headquarters=self.new_bodies, by=self.by
        )
        self.save_changes(run)

    def rows(self, *, filled: bool) -> Iterable[dict[str, Any]]:
        if not filled:
            return
        for agency in self.of_province().filter(pk__in=Agency.objects.visible_to(self.by).values("pk")):
            values = self.writable(agency)
            yield {"code": agency.code, **values, "_standing": values}

    @staticmethod
    def writable(agency: Agency) -> dict[str, Any]:
        body = agency.headquarters
        values = {name: getattr(agency, name) for name in catalogue_import.AGENCY_FIELDS}
        return values | {"headquarters": body.name if body else ""}

    def standing(self, entry: Entry) -> dict[str, Any] | None:
        agency = self.agencies.get(entry["code"])
        return self.writable(agency) if agency else None

    def values_after(self, entry: Entry, before: Mapping[str, Any]) -> Mapping[str, Any]:
        """Of a new agency also whether it is ranked, which an empty cell leaves as usual."""
        usual = {"ranked": Agency._meta.get_field("ranked").get_default()}
        return self.standing(entry) or usual | {**super().values_after(entry, before)}

    def offers_choices(self, code: str) -> Sequence[str]:
        if code == "headquarters":
            return list(Headquarters.objects.of_province(self.province).values_list("name", flat=True))
        if code in ("kind", "group"):
            used = self.of_province().exclude(**{code: ""}).order_by(code)
            return list(used.values_list(code, flat=True).distinct())
        return ()
