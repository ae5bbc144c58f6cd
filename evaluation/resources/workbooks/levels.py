"""Workbook `levels`: the levels that the national organization gives, each with the number of its letter."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.contrib.auth.models import User
from django.utils.translation import gettext as _

from evaluation.enums import ResultState, Role, Workbook
from evaluation.models import AgencyResult, Cycle, Dimension, ImportRun, Level, ResultSet
from evaluation.persian import match_key
from evaluation.process.door import refusal_of
from evaluation.process.results import level as level_verbs
from evaluation.rules.permissions import holds

from ..tables.columns import Code, Column, Number, Text
from ..tables.faults import Cause
from ..tables.table import Entry
from .base import CHANGED, NEW, SAME, WorkbookResource

TOTAL = ("", "کل", "جمع", "همه ابعاد", "total")


class Levels(WorkbookResource):
    """One row is one result of an agency: its total, or that of the named dimension."""

    workbook = Workbook.LEVELS
    key = ("dimension", "agency")
    first = ("agency", "dimension")
    by_agency = True
    worded = ("dimension", "level")
    party = Role.NATIONAL
    change_columns = {"agencyresult": level_verbs.LEVEL_FIELDS}

    agency = Column("کد دستگاه", Code(), required=True)
    dimension = Column("بعد", erasable=False)
    agency_name = Column("نام دستگاه", readonly=True, width=30)
    total = Column("امتیاز", Number(), readonly=True)
    level = Column("سطح", Text(130))
    letter = Column("شماره نامه", Text(60))

    @classmethod
    def may_import(cls, by: User, cycle: Cycle | None) -> bool:
        return holds(by, "level_resultset", cycle) or holds(by, "act_on_behalf", cycle)

    @classmethod
    def may_export(cls, by: User, cycle: Cycle | None) -> bool:
        return cls.may_import(by, cycle)

    @classmethod
    def needs_letter(cls, by: User) -> bool:
        return not holds(by, "level_resultset")

    def key_of_row(self, entry: Entry) -> tuple:
        return (match_key(entry["dimension"] or ""), entry["agency"])

    def look_up(self, rows: list[Entry]) -> None:
        self.read_results(lock=not self.dry_run)
        self.taken: dict[int, AgencyResult] = {}

    def read_results(self, *, lock: bool = False) -> None:
        """Read the cycle's results, dimensions and levels; `lock`: lock the result set for writing."""
        result_sets = ResultSet.objects.visible_to(self.by).filter(cycle=self.cycle).exclude(state=ResultState.VOID)
        if lock:
            list(result_sets.select_for_update(of=("self",)).values_list("pk"))
        self.result_set = result_sets.select_related("cycle__province", "cycle__level_scheme").first()
        dimensions = Dimension.objects.filter(cycle=self.cycle)
        self.dimensions = {match_key(word): None for word in TOTAL}
        self.dimensions |= {
            match_key(word): dimension for dimension in dimensions for word in (dimension.code, dimension.title)
        }
        self.titles = [dimension.title for dimension in dimensions]
        self.read_levels()
        rows = AgencyResult.objects.visible_to(self.by).filter(result_set=self.result_set)
        related = rows.select_related("participation__agency", "dimension", "level__scheme")
        self.figures = {(row.participation.agency.code, row.dimension_id): row for row in related}
        self.refusal: str | None = None

    def read_levels(self) -> None:
        """Fill `levels` {word: level}: titles, and ranks of the cycle's scheme. Without one, titles that occur once."""
        scheme = self.cycle.level_scheme
        levels = list((scheme.levels if scheme else Level.objects).select_related("scheme").order_by("scheme", "order"))
        self.names = {level.pk: level.title if scheme else f"{level.scheme} · {level}" for level in levels}
        titles = [match_key(level.title) for level in levels]
        self.levels = {str(level.order): level for level in levels} if scheme else {}
        self.levels |= {key: level for key, level in zip(titles, levels, strict=True) if titles.count(key) == 1}
        self.levels |= {match_key(self.names[level.pk]): level for level in levels}

    def standing(self, entry: Entry) -> dict[str, Any] | None:
        """The current level and letter of the row's result."""
        dimension = self.dimensions.get(match_key(entry["dimension"] or ""))
        row = self.figures.get((entry["agency"], dimension and dimension.pk))
        return self.shown(row) if row else None

    def shown(self, row: AgencyResult) -> dict[str, Any]:
        return {"level": self.names.get(row.level_id, str(row.level or "")), "letter": row.level_letter}

    # -- one row

    def judge(self, entry: Entry) -> str:
        row = self.row_of(entry)
        if row is None or not self.level_is_known(entry):
            return ""
        level = self.level_of(entry) if entry.says("level") else row.level
        letter = entry.get("letter", row.level_letter) or ""
        if level != row.level and entry.has("letter"):
            letter = entry["letter"] or ""  # another level, or none, has a letter of its own
        if (level, letter) == (row.level, row.level_letter):
            return SAME
        if wrong := self.why_not(row, level, letter):
            code, cause, sentence = wrong
            return self.fault(entry, code if entry.has(code) else "agency", cause, sentence)
        return self.take(entry, row, level, letter)

    def row_of(self, entry: Entry) -> AgencyResult | None:
        """The result that a row names, or None after naming the fault."""
        if self.result_set is None or not self.figures:
            sentence = _("The results of this cycle are not computed yet; levels can be entered after that.")
            self.fault(entry, "agency", Cause.CLOSED, sentence)
            return None
        key = match_key(entry["dimension"] or "")
        if key not in self.dimensions:
            sentence = _("Allowed are: %(choices)s; an empty cell is the total.")
            self.fault(entry, "dimension", Cause.UNKNOWN, sentence % {"choices": "، ".join(self.titles)})
            return None
        dimension = self.dimensions[key]
        row = self.figures.get((entry["agency"], dimension and dimension.pk))
        if row is None:
            sentence = _("No agency with results in this cycle has this code.")
            self.fault(entry, "agency", Cause.UNKNOWN, sentence)
        return row

    def level_of(self, entry: Entry) -> Level | None:
        return self.levels.get(match_key(entry["level"])) if entry["level"] else None

    def level_is_known(self, entry: Entry) -> bool:
        """Whether the cell is empty or names a level; names the fault where it does not."""
        if entry["level"] is None or self.level_of(entry):
            return True
        sentence = (
            _("Allowed are: %(choices)s.") if self.names else _("No level scheme has a level yet: make one first.")
        )
        self.fault(entry, "level", Cause.CHOICE, sentence % {"choices": "، ".join(self.names.values())})
        return False

    def why_not(self, row: AgencyResult, level: Level | None, letter: str) -> tuple[str, Cause, str] | None:
        """(column, cause, sentence) of the reason against a change, or None."""
        if row.passive:
            sentence = _("“%(agency)s” did not take part and gets no level.")
            return "agency", Cause.RULE, sentence % {"agency": row.participation.agency}
        if self.refusal is None:
            self.refusal = refusal_of(level_verbs.check_levels, self.result_set, by=self.by, on_behalf=self.on_behalf)
        if self.refusal:
            return "agency", Cause.CLOSED, self.refusal
        if level is None and row.level is None:
            return "level", Cause.MISSING, _("To set a level, enter the level itself too.")
        if level is None and not letter:
            sentence = _("“%(level)s” is recorded: to remove it, enter the number of the letter that cancels it.")
            return "letter", Cause.MISSING, sentence % {"level": row.level}
        if not letter:
            return "letter", Cause.MISSING, _("Levels as received need the number of their letter.")
        return None

    def take(self, entry: Entry, row: AgencyResult, level: Level | None, letter: str) -> str:
        """Set level and letter and note the row. Returns the verdict."""
        verdict = NEW if row.level is None else CHANGED
        self.record_change("agencyresult", row, entry, self.columns("agencyresult", row))
        row.level, row.level_letter = level, letter
        self.taken[row.pk] = row
        return verdict

    def write(self, run: ImportRun | None) -> None:
        if self.taken:
            levels = {key: row.level for key, row in self.taken.items()}
            letters = {key: row.level_letter for key, row in self.taken.items()}
            level_verbs.set_levels(self.result_set, levels, letters=letters, by=self.by, on_behalf=self.on_behalf)
        self.save_changes(run)

    def values_after(self, entry: Entry, before: Mapping[str, Any]) -> Mapping[str, Any]:
        return self.standing(entry) or super().values_after(entry, before)

    # -- downloads

    def rows(self, *, filled: bool) -> Iterable[dict[str, Any]]:
        """Template and export both show the current levels, so that an unedited upload takes no level away."""
        self.read_results()
        figures = [row for row in self.figures.values() if not row.passive]
        for row in sorted(figures, key=self.position):
            agency = row.participation.agency
            named = {"agency": agency.code, "agency_name": agency.name, "total": row.total}
            named["dimension"] = row.dimension.title if row.dimension else ""
            yield named | self.shown(row) | {"_standing": self.shown(row)}

    @staticmethod
    def position(row: AgencyResult) -> tuple[str, int]:
        return row.participation.agency.code, row.dimension.order if row.dimension else 0

    def offers_choices(self, code: str) -> Sequence[str]:
        if code != "level":
            return ()
        if not hasattr(self, "names"):
            self.read_levels()
        return list(self.names.values())
