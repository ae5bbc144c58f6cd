"""What an import changed, in people's words: the row of the file, what it is, each column before and after."""

from decimal import Decimal

from django.apps import apps
from django.core.paginator import Paginator
from django.db import models
from django.db.models import Count, F, Window
from django.db.models.functions import RowNumber
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import gettext as _

from evaluation import persian
from evaluation.enums import ChangeOutcome
from evaluation.resources.tables.columns import Scale

from ..display import EMPTY

PER_PAGE = 50
FIRST = 12  # places that a group of outcomes names
NAMED_BY = {  # what the name of each kind of row needs
    "line": ("indicator", "assessment__participation__agency"),
    "assessment": ("participation__agency", "dimension"),
    "target": ("indicator", "agency"),
    "feedvalue": ("indicator", "agency"),
    "agencyresult": ("participation__agency", "dimension"),
    "earliertotal": ("agency",),
    "improvementaction": ("line__indicator",),
    "nominee": ("kind",),
    "membership": ("user", "province", "agency", "headquarters", "partner"),
    "evaluator": ("user",),
    "attendance": ("agency", "user"),
    "committee": (),
    "committeemember": (),
    "evaluatorgroup": (),
    "legalreference": (),
    "faq": (),
    "dayoff": (),
}
TONE_OF_OUTCOME = {ChangeOutcome.REVERSED: "good", ChangeOutcome.KEPT: "warning", ChangeOutcome.FAILED: "danger"}


def page_of(run, query):
    """One page of what a run changed: a Django page whose rows are as `described` makes them."""
    rows = run.changes.order_by("pk")
    if query.get("outcome") in ChangeOutcome.values:
        rows = rows.filter(outcome=query["outcome"])
    page = Paginator(rows, PER_PAGE).get_page(query.get("page"))
    page.object_list = described(page.object_list)
    return page


def described(changes):
    changes = list(changes)
    things, names = things_of(changes), names_of(changes)
    return [describe(change, things.get((change.kind, change.object_id)), names) for change in changes]


def describe(change, thing, names):
    model = apps.get_model("evaluation", change.kind)
    before = change.before or {}
    columns = [
        (field.verbose_name, value_in_words(field, before.get(name), names), value_in_words(field, value, names))
        for name, value in change.after.items()
        if (field := model._meta.get_field(name)) and (change.before is None or before.get(name) != value)
    ]
    made = change.before is None
    return {
        "change": change,
        "kind": model._meta.verbose_name,
        "what": name_of_row(thing) if thing else _("It does not exist any more."),
        "made": made,
        "columns": [cells for cells in columns if not made or cells[2] != EMPTY],
        "tone": TONE_OF_OUTCOME.get(change.outcome, "neutral"),
    }


def name_of_row(thing):
    if thing._meta.model_name == "line":
        return f"{thing.indicator} · {thing.assessment.participation.agency}"
    if thing._meta.model_name == "agencyresult":
        return f"{thing} · {thing.dimension or _('Total')}"
    return str(thing)


def things_of(changes):
    """{(kind, key): the row as it is now}, one query for each kind."""
    things = {}
    for kind in {change.kind for change in changes}:
        rows = apps.get_model("evaluation", kind)._base_manager.select_related(*NAMED_BY.get(kind, ()))
        keys = [change.object_id for change in changes if change.kind == kind]
        things |= {(kind, row.pk): row for row in rows.filter(pk__in=keys)}
    return things


def names_of(changes):
    """{(model, key): its name} of the rows that columns refer to, one query for each table."""
    wanted = {}
    for change in changes:
        meta = apps.get_model("evaluation", change.kind)._meta
        for values in filter(None, (change.before, change.after)):
            for name, value in values.items():
                field = meta.get_field(name)
                if field.is_relation and value is not None:
                    wanted.setdefault(field.related_model, set()).add(value)
    return {
        (model, row.pk): str(row) for model, keys in wanted.items() for row in model._base_manager.filter(pk__in=keys)
    }


def value_in_words(field, value, names):
    """A column's value of a change as people read it."""
    if value in (None, "", []):
        return EMPTY
    if field.is_relation:
        return names.get((field.related_model, value), EMPTY)
    if field.flatchoices:
        return dict(field.flatchoices).get(value, value)
    if isinstance(field, models.BooleanField):
        return _("Yes") if value else _("No")
    if isinstance(field, models.DecimalField):
        return persian.format_decimal(Decimal(value), None)
    if isinstance(field, models.DateTimeField):
        return persian.format_jalali_datetime(parse_datetime(value))
    if isinstance(field, models.DateField):
        return persian.format_jalali(parse_date(value))
    if isinstance(field, models.JSONField):
        return Scale().render(value)
    return persian.localise_digits(value) if isinstance(value, int) else value


def outcomes(source):
    """What the undoing of a run did, by outcome and reason: how many rows, and where the first of them stand."""
    rows = source.changes.exclude(outcome="").order_by()
    counts = rows.values("outcome", "reason").annotate(count=Count("pk"))
    group = Window(RowNumber(), partition_by=[F("outcome"), F("reason")], order_by=F("pk").asc())
    places = {}
    for change in rows.annotate(number=group).filter(number__lte=FIRST).order_by("pk"):
        places.setdefault((change.outcome, change.reason), []).append(change)
    order = {outcome: at for at, outcome in enumerate(ChangeOutcome.values)}
    return [
        {
            "outcome": ChangeOutcome(group["outcome"]),
            "tone": TONE_OF_OUTCOME[group["outcome"]],
            "reason": group["reason"],
            "count": group["count"],
            "places": (first := places[group["outcome"], group["reason"]]),
            "more": group["count"] - len(first),
        }
        for group in sorted(counts, key=lambda group: (order[group["outcome"]], -group["count"]))
    ]
