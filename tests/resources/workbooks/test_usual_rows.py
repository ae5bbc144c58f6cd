"""Rows that are judged in one step get what `judge` and the checks of single lines give: verdicts, sentences, figures.

The same file goes both ways, and everything that is stored is compared.
"""

import random

import pytest
from django.db import transaction

from evaluation.enums import ImportState, MarkLevel, OverMaximum, Stage
from evaluation.models import Cycle, ImportChange, Line, Mark, TransitionLog
from evaluation.resources import runs
from evaluation.resources.downloads.templates import export
from evaluation.resources.workbooks.usual_rows import UsualRows
from tests.properties import LONG
from tests.resources.sheets import counts, sheet, table, tried

pytestmark = pytest.mark.django_db

ACTUALS = [None, None, 70, 70, 50.25, 0, 1, 0.5, -3, 10**17, "۱۲٫۵", "حذف", "x"]
SCORES = [None, None, None, 10, 2.5, 0, 10**6, "حذف"]
NOTES = [None, None, "دلیل", "كار  علي", "حذف"]
SEEDS = 60 if LONG else 8
HEADINGS = {
    "self": ("عملکرد واقعی", "امتیاز خودارزیابی", "توضیح", "صورت", "مخرج"),
    "scores": ("عملکرد تأییدشده", "امتیاز", "نظر ارزیاب"),
}
LEVELS = {"self": MarkLevel.SELF, "scores": MarkLevel.INITIAL}
PEOPLE = {"self": "reporter_a", "scores": "manager"}
STAGES = {"self": Stage.SELF_ASSESSMENT, "scores": Stage.EVALUATION}


def stored(run):
    """Everything that a run left behind, but keys and moments."""
    marks = "line level actual target numerator denominator score override explanation note by source".split()
    changes = "kind object_id sheet row before after".split()
    return {
        "run": (run.state, run.failure, counts(run), run.warned, run.report),
        "lines": list(Line.objects.order_by("pk").values()),
        "marks": list(Mark.objects.order_by("pk").values_list(*marks)),
        "changes": list(ImportChange.objects.order_by("pk").values_list(*changes)),
        "log": list(TransitionLog.objects.order_by("pk").values_list("name", "source", "target", "by")),
    }


def both_ways(name, data, monkeypatch, *, by, cycle):
    """[(the plan of the trial run, what is stored)] by single rows, and with usual rows judged in one step."""
    found = []
    for verdict in (lambda _rows, _entry: "", UsualRows.verdict):
        with monkeypatch.context() as patch, transaction.atomic():
            patch.setattr(UsualRows, "verdict", verdict)
            run = tried(name, data, by=by, cycle=cycle)
            plan = run.plan
            if run.state == ImportState.TRIED:
                run = runs.confirm(run, by=by)
            found.append((plan, stored(run)))
            transaction.set_rollback(True)
    return found


def changed(rows, dice, names, *, wild):
    """The rows of an export, some of them edited or with a note alone; `wild`: with cells that are faults."""
    headings, *rows = rows
    actual, score, note, *ratio = map(headings.index, names)
    rows = [list(row) for row in rows if dice.random() < 0.9]
    for row in rows:
        kind = dice.choice(["untouched", "edited", "edited", "typed", "note", "ratio"])
        if kind in ("edited", "typed"):
            row[actual] = dice.choice(ACTUALS if wild else ACTUALS[:8])
        if kind == "typed":
            row[score], row[note] = dice.choice(SCORES if wild else SCORES[:5]), dice.choice(NOTES[2:])
        elif kind == "note":
            row[actual], row[score], row[note] = None, None, dice.choice(NOTES)
        elif kind == "ratio":
            row[actual] = dice.choice([row[actual], 70])
            for place in ratio:
                row[place] = dice.choice([None, 3, 40])
    return [headings, *rows]


@pytest.mark.parametrize("name", PEOPLE)
def test_usual_rows_are_judged_as_single_ones(cast, name, monkeypatch):
    cast.until(STAGES[name])
    by, level = getattr(cast, PEOPLE[name]), LEVELS[name]
    written, usual = 0, []
    judged = UsualRows.verdict
    monkeypatch.setattr(UsualRows, "verdict", lambda rows, entry: usual.append(judged(rows, entry)) or usual[-1])
    for seed in range(SEEDS):
        dice = random.Random(seed)
        with transaction.atomic():
            set_the_scene(cast, dice, level)
            rows = table(export(name, by=by, cycle=cast.cycle))
            edit_since(dice, level)
            headings, *edited = changed(rows, dice, HEADINGS[name], wild=seed % 4 == 3)
            if seed % 2:
                headings, *edited = [row[:-1] for row in (headings, *edited)]  # without stamps
            single, at_once = both_ways(name, sheet(headings, *edited), monkeypatch, by=by, cycle=cast.cycle)
            assert at_once == single
            written += single[1]["run"][0] == ImportState.WRITTEN
            transaction.set_rollback(True)
    assert written
    assert {"new", "same", ""} <= set(usual)


def edit_since(dice, level):
    """What others do after the download: figures are erased on some lines, and entered on others."""
    keys = list(Line.objects.order_by("pk").values_list("pk", flat=True))
    dice.shuffle(keys)
    some = len(keys) // 4
    erased, entered = Line.objects.filter(pk__in=keys[:some]), Line.objects.filter(pk__in=keys[some : 2 * some])
    erased.update(**{f"{level}_actual": None, f"{level}_score": None, f"{level}_note": ""})
    entered.update(**{f"{level}_actual": 12, f"{level}_score": 1})


def set_the_scene(cast, dice, level):
    """Figures that stand on some lines, targets and bases of another kind, and the cycle's rule for high scores."""
    Cycle.objects.filter(pk=cast.cycle.pk).update(over_maximum=dice.choice(OverMaximum.values))
    cast.cycle.refresh_from_db()
    keys = list(Line.objects.order_by("pk").values_list("pk", flat=True))
    some = lambda share: dice.sample(keys, int(len(keys) * share))  # noqa: E731
    Line.objects.filter(pk__in=some(0.3)).update(**{f"{level}_actual": 70, f"{level}_score": 1, f"{level}_note": "نو"})
    Line.objects.filter(pk__in=some(0.2)).update(**{f"{level}_actual": None, f"{level}_score": None})  # a note alone
    Line.objects.filter(pk__in=some(0.2)).update(baseline=dice.choice([20, 400, -5]))
    if dice.random() < 0.3:
        Line.objects.filter(pk__in=some(0.1)).update(exempt=True)
        Line.objects.filter(pk__in=some(0.1)).update(target=dice.choice([0, None]))
        Line.objects.filter(pk__in=some(0.1)).update(baseline=0)
    Line.objects.filter(pk__in=some(0.1)).update(initial_target=33)
