"""What each person may not know, at each point of the year (docs/rights.md#embargo), and how the other twin differs.

Written by hand from the design and asked nothing of the product's own scopes. `differ(world, name, point)` changes the
database where the person `name` must not notice it: figures, notes, dates, who did it, and how many rows there are.
"""

from dataclasses import dataclass
from datetime import timedelta

from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Concat, Substr

from evaluation import models as ours
from evaluation.models.stored_file import StoredFileField
from evaluation.rules.paths import AGENCY, CYCLE

from .world import ANNOUNCED, COMPUTED, DISCLOSED, DOUBLE, FILLED, FOREIGN, PEOPLE, POINTS, PUBLISHED, SCORED

MANAGER, EXPERT, LEAD, EVALUATOR, STEWARD, REPORTER, HEADQUARTERS, NATIONAL, SECRETARY, OBSERVER, NOBODY = PEOPLE[:11]
MPO = {MANAGER: FILLED, EXPERT: FILLED}
PARTS = {  # of the lines of a file
    "general 1": Q(indicator__code="G-1"),
    "steward": Q(indicator__code="G-2"),
    "general 2": Q(indicator__code__startswith="G-3"),
    "specific": Q(indicator__agency__isnull=False),
}
FILES = ("A", "B")
OWN, ENTERED, SCORES, FINAL = ("self",), ("self", "hq"), ("self", "hq", "initial", "revised"), ("final",)
LEVELS = (*SCORES, *FINAL)
WHOLE = tuple(PARTS)

# (files, parts, levels, point from which they are read); what is not here is hidden
READS = {
    MANAGER: [(FILES, WHOLE, LEVELS, FILLED)],
    EXPERT: [(FILES, WHOLE, LEVELS, FILLED)],
    LEAD: [(FILES, WHOLE, SCORES, SCORED)],
    EVALUATOR: [("A", ("general 1", "steward"), SCORES, SCORED)],
    STEWARD: [(FILES, ("steward",), SCORES, SCORED)],
    REPORTER: [
        ("A", WHOLE, OWN, FILLED),
        ("A", WHOLE, ("hq",), SCORED),
        ("A", WHOLE, SCORES, DISCLOSED),
        ("A", WHOLE, LEVELS, ANNOUNCED),
    ],
    HEADQUARTERS: [("A", WHOLE, ENTERED, FILLED), ("A", WHOLE, SCORES, DISCLOSED), ("A", WHOLE, LEVELS, ANNOUNCED)],
    NATIONAL: [(FILES, WHOLE, LEVELS, SCORED)],
}
READS |= {
    "agency_expert": [("B", WHOLE, LEVELS, FILLED), *READS[REPORTER]],
    "agency_steward": [("B", ("steward",), SCORES, SCORED), *READS[REPORTER]],
    "headquarters_evaluator": [("B", ("general 1", "steward"), SCORES, SCORED), *READS[HEADQUARTERS]],
    "agency_council": READS[REPORTER],
}
# Who reads the results of the year's end: of A, of B. An agency and its headquarters read their own when announced.
RESULTS = {
    MANAGER: (COMPUTED, COMPUTED),
    EXPERT: (COMPUTED, COMPUTED),
    LEAD: (PUBLISHED, PUBLISHED),
    EVALUATOR: (PUBLISHED, PUBLISHED),
    REPORTER: (ANNOUNCED, PUBLISHED),
    HEADQUARTERS: (ANNOUNCED, PUBLISHED),
    NATIONAL: (COMPUTED, COMPUTED),
    SECRETARY: (COMPUTED, COMPUTED),
    OBSERVER: (PUBLISHED, PUBLISHED),
    "agency_expert": (ANNOUNCED, COMPUTED),
    "agency_steward": (ANNOUNCED, PUBLISHED),
    "headquarters_evaluator": (ANNOUNCED, PUBLISHED),
    "agency_council": (ANNOUNCED, COMPUTED),
}


@dataclass(frozen=True)
class Table:
    """A table with who may read its rows: of agency A's file, of B's, and the others; from which point on."""

    name: str
    of_a: dict
    of_b: dict
    rest: dict = None
    own: str = ""  # the path that names the person whose rows these are, for rows that nobody else reads
    fewer: bool = True  # the other twin also has fewer rows
    more: bool = False  # or more
    told: tuple = ()  # columns that stand with the results, for whoever reads any of them


PARTY = dict.fromkeys((REPORTER, HEADQUARTERS, *DOUBLE), FILLED)
EXPERT_TOO = {"agency_expert": FILLED}
STAFF_B = MPO | EXPERT_TOO
ASSIGNED = {LEAD: SCORED, EVALUATOR: SCORED}
SCORERS_B = {LEAD: SCORED, "headquarters_evaluator": SCORED}
# Whoever reads the results reads how much more time each agency had.
RANKED = dict.fromkeys((SECRETARY, NATIONAL), COMPUTED) | dict.fromkeys((LEAD, EVALUATOR, OBSERVER), PUBLISHED)
RANKED_B = {"agency_council": COMPUTED, "agency_expert": FILLED}
TABLES = (
    Table("evidence", MPO | PARTY | ASSIGNED, STAFF_B | SCORERS_B),
    Table("exemption", MPO | PARTY | dict.fromkeys((LEAD, NATIONAL), SCORED), STAFF_B | SCORERS_B | {NATIONAL: SCORED},
          fewer=False),
    Table("target", MPO | PARTY, STAFF_B),
    Table("feedvalue", MPO, STAFF_B),
    Table("extension", MPO | PARTY | RANKED, STAFF_B | RANKED | dict.fromkeys(PARTY, PUBLISHED) | RANKED_B),
    Table("extensionrequest", MPO | PARTY, STAFF_B),
    Table("objection", MPO | PARTY | ASSIGNED | {STEWARD: SCORED}, STAFF_B | SCORERS_B, fewer=False),
    Table("objectionversion", MPO | PARTY | ASSIGNED | {STEWARD: SCORED}, STAFF_B | SCORERS_B),
    Table("hearing", MPO | PARTY | dict.fromkeys((LEAD, EVALUATOR), FILLED),
          STAFF_B | dict.fromkeys((LEAD, EVALUATOR, "headquarters_evaluator"), FILLED)),
    Table("visit", MPO | PARTY | dict.fromkeys((LEAD, EVALUATOR), FILLED), STAFF_B | SCORERS_B, fewer=False),
    Table("visitfinding", MPO | PARTY | dict.fromkeys((LEAD, EVALUATOR), FILLED), STAFF_B | SCORERS_B),
    Table("feedbacksheet", MPO | PARTY | dict.fromkeys((LEAD, EVALUATOR), FILLED), STAFF_B | SCORERS_B),
    Table("transitionlog", MPO | PARTY, STAFF_B, STAFF_B, more=True),
    Table("onbehalf", {}, {}, STAFF_B | PARTY | dict.fromkeys((LEAD, EVALUATOR, NATIONAL), FILLED), fewer=False),
    Table("fileevent", {}, {}, STAFF_B, more=True),
    Table("circularreceipt", MPO | PARTY, STAFF_B, fewer=False),
    Table("commitment", MPO | PARTY, STAFF_B),
    Table("committee", {}, {}, STAFF_B | dict.fromkeys((SECRETARY, "agency_council"), FILLED), fewer=False,
          told=("title",)),
    Table("committeesession", {}, {}, STAFF_B | dict.fromkeys((SECRETARY, "agency_council"), FILLED), fewer=False,
          told=("number",)),
    Table("letter", MPO | PARTY, STAFF_B, STAFF_B | dict.fromkeys((SECRETARY, "agency_council"), FILLED)),
    Table("improvementplan", MPO | PARTY, STAFF_B, fewer=False),
    Table("improvementaction", MPO | PARTY, STAFF_B),
    Table("ticket", {}, {}, STAFF_B, own="author", fewer=False),
    Table("ticketmessage", {}, {}, STAFF_B, own="ticket__author"),
    Table("notice", {}, {}, own="user", more=True),
    Table("noticepreference", {}, {}, own="user"),
    Table("importrun", {}, {}, STAFF_B, own="uploaded_by"),
    Table("sentform", {}, {}, own="user"),
    Table("evaluatorgroup", {}, {}, STAFF_B | dict.fromkeys((LEAD, EVALUATOR, NATIONAL, *DOUBLE), FILLED)
          | dict.fromkeys((REPORTER, HEADQUARTERS), DISCLOSED), fewer=False),
)  # fmt: skip
# (a state, another, the step that is taken between them)
OTHER_STATE = (
    ("drafting", "not_started", ""),
    ("submitted", "approved", "approved"),
    ("under_evaluation", "scored", "scored"),
    ("disclosed", "confirmed", "confirmed"),
)


def known(readers, name, point):
    """Whether this person is among the readers at this point."""
    return name in readers and reached(readers[name], point)


def reached(since, point):
    return POINTS.index(point) >= POINTS.index(since)


def differ(world, name, point):
    """Make the database of this transaction the other twin for this person."""
    differ_in_lines(world, name, point)
    differ_in_results(world, name, point)
    differ_in_tables(world, name, point)
    differ_in_people(world, name)
    differ_in_transfers(world, name, point)
    differ_in_states(world, name, point)
    differ_in_indicators(world, name)
    if name == FOREIGN or name not in (NATIONAL,):
        differ_elsewhere(world, there=name != FOREIGN)


# -- lines and marks ---------------------------------------------------------------------------------


def hidden_levels(name, point, file, part):
    """The levels of these lines that the person may not read."""
    read = set()
    for files, parts, levels, since in READS.get(name, ()):
        if file in files and part in parts and reached(since, point):
            read |= set(levels)
    return [level for level in LEVELS if level not in read]


def differ_in_lines(world, name, point):
    here = world.here
    for file in FILES:
        lines = ours.Line.objects.filter(
            assessment__participation__cycle=here.cycle, assessment__participation__agency__code=file
        )
        for part, condition in PARTS.items():
            rows = list(lines.filter(condition))
            hidden = hidden_levels(name, point, file, part)
            for line in rows:
                differ_in_line(line, hidden)
            marks = ours.Mark.objects.filter(line__in=rows, level__in=hidden)
            alter(marks, by=here.manager)
            double(marks[:1])
            unread = len(hidden) == len(LEVELS)
            if unread:
                keys = [line.pk for line in rows]
                ours.Line.objects.filter(pk__in=keys).update(version=F("version") + 3, baseline=Value(7))
                ours.Line.objects.filter(pk__in=keys[:1]).update(exempt=~F("exempt"))


def differ_in_line(line, hidden):
    """Other figures at these levels: where one stands another, or none, and one where none stands."""
    changed = []
    for place, level in enumerate(hidden):
        score = getattr(line, f"{level}_score")
        gone = score is not None and (line.pk + place) % 3 == 0
        figures = {"score": None if gone else (line.maximum - (score or 0)) / 3, "actual": None if gone else 13}
        figures |= {"note": "نکتهٔ پنهان"} if level != "final" else {}
        if level in ("initial", "revised"):
            figures["target"] = 57
        for part, value in figures.items():
            setattr(line, f"{level}_{part}", value)
            changed.append(f"{level}_{part}")
    if changed:
        line.version += len(hidden) > 1  # whoever reads all but the final level reads the version too
        line.save(update_fields=[*changed, "version"])


# -- the end ----------------------------------------------------------------------------------------


def differ_in_results(world, name, point):
    since = dict(zip(FILES, RESULTS.get(name, (None, None)), strict=True))
    if point == COMPUTED:  # the council has not approved: nobody reads a rank
        for row in ours.AgencyResult.objects.filter(result_set__cycle=world.here.cycle).exclude(rank=None):
            row.rank = row.group_rank = 12 - row.rank - (row.participation.agency.code == "B")
            row.save(update_fields=["rank", "group_rank"])
    for model in (ours.AgencyResult, ours.AxisResult):
        for file, first in since.items():
            if first is None or not reached(first, point):
                rows = model.objects.filter(result_set__cycle=world.here.cycle, participation__agency__code=file)
                # who reads a rank reads of how many in the group
                alter(rows, but=("group_title",) if knows_results(name, point) else ())
                if file == "B" and not knows_results(name, point):
                    rows.filter(pk__in=list(rows.values_list("pk", flat=True)[:1])).delete()
    if not knows_results(name, point):
        sets = ours.ResultSet.objects.filter(cycle=world.here.cycle)
        alter(sets, but=("number",))
    if name not in MPO and name != "agency_expert" and not reached(PUBLISHED, point):
        alter(ours.Publication.objects.filter(result_set__cycle=world.here.cycle))


def knows_results(name, point):
    """Whether the person reads the result of one agency at least."""
    return any(first and reached(first, point) for first in RESULTS.get(name, ()))


# -- tables, people, the other province ----------------------------------------------------------------


def differ_in_tables(world, name, point):
    for table in TABLES:
        model = ours_named(table.name)
        rows, user = world.rows_of(model, there=False), world.users[name]
        if table.own:
            rows = rows.exclude(**{table.own: user})
        path = AGENCY.get(table.name)
        of_a, of_b = (Q(**{f"{path}__code": file}) if path else Q(pk__in=[]) for file in FILES)
        hidden = Q(pk__in=[])
        for condition, readers in ((of_a, table.of_a), (of_b, table.of_b), (~of_a & ~of_b, table.rest or {})):
            if not known(readers, name, point):
                hidden |= condition
        change(rows.filter(hidden), table, but=table.told if knows_results(name, point) else ())


def differ_in_transfers(world, name, point):
    """Whose files travel together is known to those who see each of them."""
    if name in (REPORTER, HEADQUARTERS, *DOUBLE) and name != "agency_expert":
        items = ours.TransferItem.objects.filter(transfer__cycle=world.here.cycle)
        keys = items.filter(assessment__participation__agency__code="B").values_list("pk", flat=True)
        joint = ours.Transfer.objects.filter(
            pk__in=list(items.filter(pk__in=list(keys)).values_list("transfer", flat=True))
        )
        joint.update(sha256=other_sum("sha256"))  # a package is for those who may see all that is in it
        items.filter(pk__in=list(keys)[:1]).delete()
    if name in (REPORTER, HEADQUARTERS, *DOUBLE) and not (name == "agency_expert" and knows_results(name, point)):
        reports = ours.Transfer.objects.filter(cycle=world.here.cycle, direction="report")
        reports.update(sha256=other_sum("sha256"))
        if name != "agency_expert":
            alter(reports)


def differ_in_indicators(world, name):
    """The other agency's own indicators."""
    if name in (REPORTER, HEADQUARTERS, STEWARD, SECRETARY, OBSERVER, NOBODY, "agency_steward", "agency_council"):
        rows = ours.Indicator.objects.filter(cycle=world.here.cycle, agency__code="B")
        alter(rows, code=Concat(F("code"), Value("-B")))
        alter(ours.SpecificList.objects.filter(cycle=world.here.cycle, agency__code="B"))


def differ_in_states(world, name, point):
    """How far the file of agency B is, for whoever reads nothing of it."""
    if any("B" in files and reached(since, point) for files, _parts, _levels, since in READS.get(name, ())):
        return
    rows = ours.Assessment.objects.filter(participation__cycle=world.here.cycle, participation__agency__code="B")
    done = {"by": world.here.manager, "at": world.here.cycle.period_start}
    for state, other, step in OTHER_STATE:
        moved = {f"{step}_{part}": value for part, value in done.items()} if step else {}
        found = list(rows.filter(state=state).values_list("pk", flat=True)[:1])
        if found:
            rows.filter(pk__in=found).update(state=other, **moved)
            return


def change(rows, table, *, but):
    rows = rows.model._base_manager.filter(pk__in=list(rows.values_list("pk", flat=True)))
    alter(rows, but=but)
    if table.more:
        double(rows[:3])
    if table.fewer:
        rows.filter(pk__in=list(rows.values_list("pk", flat=True))[::2])._raw_delete(rows.db)


def differ_in_people(world, name):
    """Names of those who score, who are nobody's business but the staff's; accounts of the others."""
    here = world.here
    hidden_from = {REPORTER, HEADQUARTERS, OBSERVER, NOBODY, FOREIGN}
    scorers = [here.lead, here.evaluator, here.steward]
    strangers = [here.reporter_b, here.headquarters_b]
    for user in (*scorers, *strangers) if name in hidden_from else ():
        if user != world.users[name]:
            type(user).objects.filter(pk=user.pk).update(
                first_name=Value("پنهان"), last_name=Value("نام"), email=f"{user.pk}@example.ir", last_login=None
            )
    if name in hidden_from:
        assessments = ours.Assessment.objects.filter(participation__cycle=here.cycle).exclude(scored_by=None)
        assessments.update(scored_by=here.manager)
        ours.Evaluator.objects.filter(group__cycle=here.cycle).update(lead=False, represents=Value("نهاد دیگر"))
        here_alone = ours.Assignment.objects.filter(participation__cycle=here.cycle)
        ours.Assignment.objects.filter(pk__in=list(here_alone.values_list("pk", flat=True)))._raw_delete("default")


def differ_elsewhere(world, *, there):
    """Every text, figure and date of the other province."""
    for name in CYCLE:
        model = ours_named(name)
        if model is not None and name not in ("stagewindow",):
            alter(world.rows_of(model, there=there), but=("number", "performance_year"))
    alter(world.rows_of(ours.Agency, there=there), but=("code", "national_id"))


def ours_named(name):
    return next(
        (each for each in vars(ours).values() if getattr(getattr(each, "_meta", 0), "model_name", "") == name), None
    )


# -- how rows are made to differ -------------------------------------------------------------------------


def alter(rows, *, but=(), **values):
    """Another value in every column that may have one: texts, figures, dates, counts."""
    model = rows.model
    for each in model._meta.concrete_fields:
        if each.name not in but and (other := another(each)) is not None:
            values.setdefault(each.name, other)
    if values:
        model._base_manager.filter(pk__in=list(rows.values_list("pk", flat=True))).update(**values)


def another(column):
    """An expression for another value of the column, or None where a row has no choice."""
    if column.primary_key or column.is_relation or column.unique or column.choices:
        return None
    if isinstance(column, (StoredFileField, models.FileField, models.JSONField)) or hasattr(column, "protected"):
        return None
    if isinstance(column, (models.CharField, models.TextField)):
        if column.name.endswith("sha256"):
            return other_sum(column.name)
        return (
            None
            if column.name in ("code", "key", "event", "url", "kind", "func")
            else Concat(F(column.name), Value("ژ"))
        )
    if isinstance(column, models.DecimalField):
        return F(column.name) / 2 + Value(1) / 8
    if isinstance(column, (models.DateField, models.DateTimeField)):
        return F(column.name) + timedelta(days=2)
    return None


def other_sum(name):
    """Another SHA-256, so that the download of the row's file answers otherwise."""
    return Concat(Substr(F(name), 2), Value("0"))


def double(rows):
    """Another row like each of these."""
    for row in list(rows):
        row.pk, row._state.adding = None, True
        for each in row._meta.concrete_fields:
            if each.name in ("event", "key"):
                setattr(row, each.name, f"{getattr(row, each.name)}-2")
        models.Model.save(row)
