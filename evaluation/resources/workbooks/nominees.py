"""Workbook `nominees`: the teams, managers and experts whom agencies nominate for the awards of the festival."""

from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import Any

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from evaluation.enums import NomineeOrigin, Within, Workbook
from evaluation.models import Agency, AwardKind, Cycle, Festival, ImportRun, Nominee
from evaluation.persian import match_key
from evaluation.process.door import refusal_of
from evaluation.process.festival import candidates, nomination, nominee_import
from evaluation.rules.permissions import holds

from ..tables.columns import Code, Column, Number, Text
from ..tables.faults import Cause
from ..tables.table import Entry
from .table_workbook import TableWorkbook

FIELD_OF = {"award": "kind", "topic": "part"}  # columns that are named otherwise than the field that they fill
COLUMN_OF = {field: code for code, field in FIELD_OF.items()}
LONGEST = 4_000  # characters of a reason, and of the members of a team, as on the form


class Members(Text):
    """Names of people, one on each line of the cell or with a comma or “|” between them."""

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> str:
        return "\n".join(nomination.member_names(super().clean(value)))


class Nominees(TableWorkbook):
    """One row is one nomination of one agency for one award, and for one topic where the award has topics."""

    workbook = Workbook.NOMINEES
    key = ("agency", "award", "topic", "name")
    filled = ("members", "reason", "figure")
    needs_cycle = True
    by_agency = True
    grows = True
    change_columns = {"nominee": nominee_import.COLUMNS}

    agency = Column("کد دستگاه", Code(), required=True)
    agency_name = Column("نام دستگاه", readonly=True, width=30)
    award = Column("عنوان تقدیر", required=True, width=36)
    kind = Column("نوع", readonly=True)
    topic = Column("موضوع", erasable=False, width=26)
    name = Column("نام", required=True, width=30)
    members = Column("اعضای تیم", Members(LONGEST), width=36, note="هر نفر در یک سطر، یا با «،» میان نام‌ها.")
    reason = Column("دلیل", Text(LONGEST), width=50, erasable=False)
    figure = Column("رقم", Number(negative=True, digits=8))

    class Meta:
        model = Nominee
        fields = ("agency", "agency_name", "award", "kind", "topic", "name", "members", "reason", "figure")

    @classmethod
    def may_import(cls, by: User, cycle: Cycle | None) -> bool:
        return holds(by, "nominate_nominee") or holds(by, "act_on_behalf", cycle)

    @classmethod
    def needs_letter(cls, by: User) -> bool:
        return not holds(by, "nominate_nominee")

    # -- what the rows refer to

    def look_up(self, rows: list[Entry]) -> None:
        festivals = Festival.objects.visible_to(self.by).filter(cycle=self.cycle)
        if not self.dry_run:
            festivals = festivals.select_for_update(of=("self",))
        self.festival = festivals.select_related("cycle__province").first()
        self.refusals: dict[int, str] = {}
        names = [entry["name"] for entry in rows]
        others = Nominee.objects.filter(festival=self.festival, name__in=names).exclude(origin=NomineeOrigin.AGENCY)
        self.proposed = set(others.values_list("agency", "kind", "part", "name"))
        super().look_up(rows)

    @cached_property
    def agencies(self) -> dict[str, Agency]:
        """{code: agency} of those that take part and that the person sees."""
        visible = Agency.objects.visible_to(self.by).filter(participations__cycle=self.cycle)
        return {agency.code: agency for agency in visible.select_related("headquarters").order_by("code")}

    @cached_property
    def kinds(self) -> list[AwardKind]:
        """The awards of the festival for which agencies nominate."""
        kinds = AwardKind.objects.filter(festivals__cycle=self.cycle, from_agencies=True)
        return list(kinds.order_by("order", "code"))

    @cached_property
    def awards(self) -> dict[str, AwardKind | None]:
        """{word: award}: by its title, by its title with its scheme, and by its code; None for a word of several."""
        awards: dict[str, AwardKind | None] = {}
        for kind in self.kinds:
            for word in {match_key(word) for word in (kind.title, str(kind), kind.code)}:
                awards[word] = None if word in awards else kind
        return awards

    def title_of(self, kind: AwardKind) -> str:
        """The first of the words of an award that names no other: its title, that with its scheme, its code."""
        own = [word for word in (kind.title, str(kind)) if self.awards.get(match_key(word), kind)]
        return own[0] if own else kind.code

    def standing_rows(self) -> QuerySet[Any]:
        rows = Nominee.objects.visible_to(self.by).filter(festival__cycle=self.cycle, origin=NomineeOrigin.AGENCY)
        related = rows.select_related("festival__cycle", "agency", "kind")
        return related.order_by("agency__code", "kind__order", "kind", "part", "name")

    def own_place(self) -> dict[str, Any]:
        return {"festival": self.festival, "origin": NomineeOrigin.AGENCY, "entered_by": self.by}

    def key_of_row(self, entry: Entry) -> tuple:
        """Every word for an award is the same award."""
        agency, award, topic, name = super().key_of_row(entry)
        kind = self.awards.get(match_key(award))
        return agency, kind.pk if kind else award, topic, name

    def key_of_object(self, obj: Any) -> tuple:
        return obj.agency.code, obj.kind_id, obj.part, obj.name

    # -- one row

    def judge(self, entry: Entry) -> str:
        if entry["agency"] not in self.agencies:
            sentence = _("No agency of this cycle that is open to you has this code.")
            return self.fault(entry, "agency", Cause.UNKNOWN, sentence)
        if self.festival is None:
            sentence = _("The nominations of this festival are not open.")
            return self.fault(entry, "award", Cause.CLOSED, sentence)
        kind = self.awards.get(match_key(entry["award"]))
        if kind is None:
            return self.fault(entry, "award", Cause.UNKNOWN, self.which_award())
        if entry["topic"] and kind.within != Within.TOPIC:
            sentence = _("“%(award)s” has no topics: leave this cell empty.")
            return self.fault(entry, "topic", Cause.RULE, sentence % {"award": kind.title})
        place = self.agencies[entry["agency"]].pk, kind.pk, entry["topic"] or "", entry["name"]
        if place in self.proposed:
            sentence = _("This candidate is nominated for this award already.")
            return self.fault(entry, "name", Cause.DUPLICATE, sentence)
        return super().judge(entry)

    def which_award(self) -> str:
        """The sentence that names the awards for which agencies nominate."""
        if not self.kinds:
            return _("Agencies nominate for none of the awards of this festival.")
        titles = "، ".join(self.title_of(kind) for kind in self.kinds)
        return _("Name one of the awards for which agencies nominate: %(titles)s.") % {"titles": titles}

    def read_all(self, entry: Entry, codes: Iterable[str]) -> dict[str, Any]:
        return {FIELD_OF.get(code, code): value for code, value in super().read_all(entry, codes).items()}

    def read(self, entry: Entry, code: str) -> Any:
        if code == "agency":
            return self.agencies[entry["agency"]]
        if code == "award":
            return self.awards[match_key(entry["award"])]
        return entry["topic"] or "" if code == "topic" else super().read(entry, code)

    def may_write(self, entry: Entry, obj: Any, *, is_new: bool) -> bool:
        """Whether the person may nominate for this agency now; names the fault."""
        if obj.agency_id not in self.refusals:
            check = nomination.check_nominator
            refusal = refusal_of(check, self.festival, obj.agency, by=self.by, on_behalf=self.on_behalf)
            self.refusals[obj.agency_id] = refusal
        if refusal := self.refusals[obj.agency_id]:
            self.fault(entry, "agency", Cause.CLOSED, refusal)
        return not refusal

    def check_row(self, obj: Any) -> None:
        faults = nomination.faults_of(obj)
        if faults:
            raise ValidationError({COLUMN_OF.get(field, field): [sentence] for field, sentence in faults.items()})

    def not_asked(self) -> set[str]:
        """Fields that the row does not fill, or that were looked up."""
        return {"festival", "kind", "agency", "entered_by"}

    def write(self, run: ImportRun | None) -> None:
        if self.festival is not None:
            changed = [obj for obj, _names in self.changed]
            nominee_import.write_nominations(
                self.festival, new=self.new, changed=changed, by=self.by, on_behalf=self.on_behalf
            )
        self.save_changes(run)

    # -- downloads

    def shown(self, obj: Any, code: str) -> Any:
        if code == "agency":
            return obj.agency.code
        if code == "agency_name":
            return obj.agency.name
        if code == "award":
            return self.title_of(obj.kind)
        return obj.kind.get_recipient_display() if code == "kind" else getattr(obj, FIELD_OF.get(code, code))

    def offers_choices(self, code: str) -> Sequence[str]:
        if code == "agency":
            return list(self.agencies)
        if code == "award":
            return [self.title_of(kind) for kind in self.kinds]
        if code == "topic":
            return list(dict.fromkeys(topic.title for kind in self.kinds for topic in candidates.topics_of(kind)))
        return ()
