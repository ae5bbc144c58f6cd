"""What the workbooks of lines share: a row is found by agency and indicator code, and written as figures of a line."""

from django.utils.translation import gettext as _

from evaluation.enums import OverMaximum
from evaluation.models import Assessment, Indicator, Line, Participation
from evaluation.persian import format_decimal
from evaluation.process import bulk
from evaluation.process import line as verbs
from evaluation.process.changes import Change, keep_changes, plain
from evaluation.process.door import Refusal
from evaluation.process.line import Figures

from .base import CHANGED, NEW, SAME, SheetResource
from .columns import Code, Column, Number
from .faults import Cause, Notable
from .last_year import compared_figure, far_from

MEASURED = ("actual", "numerator", "denominator")
JUDGED = "assessment_id indicator_id maximum target baseline exempt version".split()  # of a line, by any import
NAMED = "code title agency_id nature direction scale scorer".split()  # of an indicator
COLUMNS = {level: tuple(f"{level}_{name}" for name in names) for level, names in verbs.LEVEL_COLUMNS.items()}
EMPTY = Figures()
HELD = {
    level: tuple((name, f"{level}_{name}") for name in names if name != "target")
    for level, names in verbs.LEVEL_COLUMNS.items()
}


def held_by(line, level):
    """{figure: value} of a line as it stands at a level."""
    return {name: getattr(line, column) for name, column in HELD[level]}


def columns_of(line, names):
    """{column: plain value} of a line, for what is kept of its change."""
    return {name: plain(getattr(line, name)) for name in names}


class LineSheet(SheetResource):
    """Rows by agency and code. Lines that the person cannot see do not exist for the import."""

    key = ("agency", "code")
    levels = ()  # whose columns an import reads and writes

    agency = Column("کد دستگاه", Code(), required=True)
    code = Column("کد شاخص", Code(), required=True)
    agency_name = Column("نام دستگاه", readonly=True, width=30)
    title = Column("عنوان شاخص", readonly=True, width=40)
    unit = Column("واحد سنجش", readonly=True)
    target = Column("هدف", Number(), readonly=True)
    maximum = Column("سقف امتیاز", Number(), readonly=True)

    def look_up(self, rows):
        codes = {entry["agency"] for entry in rows}
        visible = Participation.objects.visible_to(self.by).filter(cycle=self.cycle)
        self.participations = {
            each.agency.code: each
            for each in visible.select_related("agency", "cycle__province")
            if each.agency.code in codes
        }
        self.lines = {(line.assessment.participation_id, line.indicator.code): line for line in self.read_lines()}

    def read_lines(self, *, whole=False):
        """The visible lines of the file's agencies; when the import writes, their assessments are locked first.

        An import reads the columns of its own levels alone (`whole`: all of them); of 60,000 lines the rest takes long.
        """
        found = Assessment.objects.filter(participation__in=self.participations.values())
        if not self.dry_run:
            list(found.select_for_update(of=("self",)).values_list("pk"))
        assessments = {each.pk: each for each in found.select_related("dimension")}
        participations = {each.pk: each for each in self.participations.values()}
        for assessment in assessments.values():
            assessment.participation = participations[assessment.participation_id]
        lines = Line.objects.visible_to(self.by).filter(assessment__in=assessments.values()).order_by()
        indicators = Indicator.objects.filter(cycle=self.cycle).order_by()
        if not whole:
            columns = dict.fromkeys((*JUDGED, *(name for level in self.levels for name in COLUMNS[level])))
            lines, indicators = bulk.loaded(lines, *columns), bulk.loaded(indicators, *NAMED)
        indicators = {each.pk: each for each in indicators}
        self.codes = {(each.agency_id, each.code) for each in indicators.values()}
        to_assessment, to_indicator = (Line._meta.get_field(name) for name in ("assessment", "indicator"))
        lines = list(lines)
        for line in lines:
            to_assessment.set_cached_value(line, assessments[line.assessment_id])
            to_indicator.set_cached_value(line, indicators[line.indicator_id])
        return lines

    def line_of(self, entry):
        """The row's line, or None after naming the fault."""
        participation = self.participations.get(entry["agency"])
        if participation is None:
            sentence = _("No agency of this cycle that is open to you has this code.")
            self.fault(entry, "agency", Cause.UNKNOWN, sentence)
            return None
        line = self.lines.get((participation.pk, entry["code"]))
        if line is None and not self.codes & {(None, entry["code"]), (participation.agency_id, entry["code"])}:
            sentence = _("“%(agency)s” has no indicator with this code.") % {"agency": participation.agency}
            self.fault(entry, "code", Cause.UNKNOWN, sentence)
        elif line is None:
            sentence = _("This line is not one of yours, or is not there yet.")
            self.fault(entry, "code", Cause.SCOPE, sentence)
        return line

    def figures(self, entry, line, level, columns):
        """The row's figures at a level; {field: column code}. A column that the upload lacks keeps what stands."""
        held, given = held_by(line, level), entry.values
        values = {name: given[code] if code in given else held[name] for name, code in columns.items()}
        if (
            values["score"] is not None
            and values["score"] == held["score"]
            and any(values[name] != held[name] for name in MEASURED if name in columns)
            and (columns["score"] not in given or self.is_computed(line, level, held))
        ):
            values["score"] = None  # the old result of the formula, left in its cell, is no typed score
        values["note"] = values.get("note") or ""
        return Figures(**values)

    @staticmethod
    def is_computed(line, level, held):
        measured = Figures(**{name: value for name, value in held.items() if name in MEASURED})
        try:
            return verbs.reckon(line, level, measured).score == held["score"]
        except Refusal:
            return False

    def too_high(self, entry, code, line):
        """Whether a typed score passes the line's maximum (named), where the cycle does not lower it."""
        score = entry[code]
        if score is None or score <= line.maximum or self.cycle.over_maximum == OverMaximum.CLAMP:
            return False
        sentence = _("The score is above the maximum of this line: at most %(maximum)s is allowed.")
        self.fault(entry, code, Cause.MAXIMUM, sentence % {"maximum": format_decimal(line.maximum, None)})
        return True

    def warn_of_score(self, entry, code, line):
        """Say where a typed score is lowered to the line's maximum, as the cycle has it."""
        if entry[code] is not None and entry[code] > line.maximum:
            sentence = _("The score is above the maximum of this line and is lowered to %(maximum)s.")
            told = sentence % {"maximum": format_decimal(line.maximum, None)}
            self.warn(entry, code, Notable.CLAMPED, told)

    def warn_of_figure(self, entry, code, figure, line):
        """Say where a figure is far from last year's."""
        if sentence := far_from(figure, line.baseline):
            self.warn(entry, code, Notable.FAR, sentence)

    @staticmethod
    def change(entry, line, before, names):
        """What is kept of a written line, for its undoing."""
        return Change("line", line.pk, entry.row.sheet, entry.row.number, before, columns_of(line, names))

    # -- downloads

    def writable(self, line):
        """The columns that a person may write, as they stand: for downloads and their stamps."""
        raise NotImplementedError

    def standing(self, entry):
        participation = self.participations.get(entry["agency"])
        line = self.lines.get((participation.pk, entry["code"])) if participation else None
        return self.writable(line) if line else None

    def offers_choices(self, code):
        if code == "agency":
            visible = Participation.objects.visible_to(self.by).filter(cycle=self.cycle)
            return sorted(visible.values_list("agency__code", flat=True))
        if code == "code":
            return sorted(set(Indicator.objects.filter(cycle=self.cycle).values_list("code", flat=True)))
        return ()

    def shared(self, line):
        """The columns that every workbook of lines shows."""
        agency = line.assessment.participation.agency
        return {
            "agency": agency.code,
            "code": line.indicator.code,
            "agency_name": agency.name,
            "title": line.indicator.title,
            "unit": line.indicator.unit,
            "target": line.target,
            "maximum": line.maximum,
        }

    def visible_lines(self):
        """The person's lines of the cycle, agency by agency."""
        self.dry_run = True
        visible = Participation.objects.visible_to(self.by).filter(cycle=self.cycle).select_related("agency")
        self.participations = {each.agency.code: each for each in visible}
        lines = [line for line in self.read_lines(whole=True) if not line.exempt]
        return sorted(lines, key=self.position)

    @staticmethod
    def position(line):
        dimension = line.assessment.dimension
        return (line.assessment.participation.agency.code, dimension.order, line.indicator.code)


class FigureSheet(LineSheet):
    """A workbook that writes one level of the person's own lines: by the bulk form of `record`."""

    level = None
    cells = {}  # the figures' fields → column codes

    @property
    def levels(self):
        return (self.level,)

    def look_up(self, rows):
        super().look_up(rows)
        self.entered, self.reckoned = [], {}

    def judge(self, entry):
        line = self.line_of(entry)
        if line is None or self.too_high(entry, "score", line):
            return ""
        figures = self.figures(entry, line, self.level, self.cells)
        verdict = self.compared(line, figures)
        if verdict != SAME:
            self.entered.append((entry, line, figures))
        return verdict

    def compared(self, line, figures):
        """NEW, CHANGED or SAME: what these figures would do to the line."""
        if figures == EMPTY:
            return SAME  # a row left empty, as the template shows it
        held = held_by(line, self.level)
        if all(getattr(figures, name) == value for name, value in held.items()):
            return SAME  # also where the score came from another system and is not the formula's
        if all(value is None or value == "" for value in held.values()):
            return NEW
        try:
            reckoned = self.reckoned[line.pk] = verbs.reckon(line, self.level, figures)
        except Refusal:
            return CHANGED  # the check of all rows says why
        for name, value in held.items():
            now = getattr(reckoned if name in ("actual", "score") else figures, name)
            if now != value:
                return CHANGED
        return SAME

    def check_all(self):
        by_line = {line.pk: entry for entry, line, _figures in self.entered}
        pairs = [(line, figures) for _entry, line, figures in self.entered]
        found = verbs.check_many(pairs, self.level, by=self.by, on_behalf=self.on_behalf, reckoned=self.reckoned)
        for wrong in found:
            entry = by_line[wrong.line.pk]
            cause, code = (Cause.CLOSED, "agency") if wrong.gate else (Cause.FIGURE, self.blamed(entry))
            self.fault(entry, code, cause, wrong.sentence)
        for entry, line, figures in self.entered:
            if not entry.wrong:
                self.look_twice(entry, line, figures)

    def look_twice(self, entry, line, figures):
        """The warnings on what a row writes."""
        self.warn_of_score(entry, "score", line)
        figure = compared_figure(line, figures, self.reckoned[line.pk].actual)
        self.warn_of_figure(entry, self.blamed(entry, first="actual"), figure, line)

    def blamed(self, entry, first="score"):
        """The cell that a figure is shown at: the typed score, else the first figure of the row."""
        filled = [code for code in (first, *self.cells.values()) if code != "note" and entry[code] is not None]
        return filled[0] if filled else "code"

    def write(self, run):
        pairs, names = [(line, figures) for _entry, line, figures in self.entered], COLUMNS[self.level]
        before = [columns_of(line, names) for line, _figures in pairs]
        verbs.record_many(pairs, self.level, by=self.by, on_behalf=self.on_behalf, run=run, reckoned=self.reckoned)
        if run:
            written = zip(self.entered, before, strict=True)
            keep_changes(run, [self.change(entry, line, was, names) for (entry, line, _figures), was in written])

    def rows(self, *, filled):
        for line in self.visible_lines():
            if self.offers(line):
                values = self.writable(line)
                yield self.shared(line) | (values if filled else {}) | self.beside(line) | {"_standing": values}

    def writable(self, line):
        return {code: getattr(line, f"{self.level}_{name}") for name, code in self.cells.items()}

    def beside(self, line):
        """Read-only columns of this workbook."""
        return {}

    def offers(self, line):
        """Whether this line belongs into the person's download."""
        raise NotImplementedError
