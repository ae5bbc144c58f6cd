"""What a trial run would change, in people's words and a page at a time: the rows of the plan that it kept."""

from django.core.paginator import Paginator
from django.utils.translation import gettext_lazy as _

from evaluation.resources.tables import plan
from evaluation.resources.tables.columns import in_words
from evaluation.resources.workbooks.registry import resource_of

from ..display import EMPTY

PER_PAGE = 50
TITLES = {
    plan.Kind.NEW: _("New rows"),
    plan.Kind.CHANGED: _("Rows with other values"),
    plan.Kind.ERASED: _("Rows with erased values"),
}
TONES = {plan.Kind.NEW: "good", plan.Kind.CHANGED: "info", plan.Kind.ERASED: "danger"}


def page_of(run, query):
    """One page of the plan of a trial run, as a Django page; `kinds` are the links by kind of change. None for none."""
    rows = plan.from_text(run.plan)
    if not rows:
        return None
    counts = plan.counts(rows)
    chosen = query.get("kind") if query.get("kind") in counts else ""
    page = Paginator([row for row in rows if chosen in ("", row.kind)], PER_PAGE).get_page(query.get("page"))
    fields = resource_of(run.workbook).fields
    key = resource_of(run.workbook).key
    page.object_list = [described(row, fields, key) for row in page.object_list]
    page.chosen, page.all = chosen, len(rows)
    page.kinds = [
        {"code": kind.value, "title": title, "tone": TONES[kind], "count": counts[kind]}
        for kind, title in TITLES.items()
        if counts[kind]
    ]
    return page


def described(row, fields, key):
    """A row as the page shows it: where it stands, what it is, and each value before and after."""
    kind = plan.Kind(row.kind)
    values = [
        {
            "heading": fields[code].heading,
            "before": in_words(fields[code].widget, before) or EMPTY,
            "after": in_words(fields[code].widget, after) or EMPTY,
            "erased": after is None and before is not None,
        }
        for code, (before, after) in row.cells.items()
    ]
    named = [in_words(fields[code].widget, value) for code, value in zip(key, row.key, strict=True)]
    return {
        "sheet": row.sheet,
        "row": row.row,
        "key": [name for name in named if name],
        "is_new": kind == plan.Kind.NEW,
        "title": TITLES[kind],
        "tone": TONES[kind],
        "values": values,
    }
