"""Headings as a person named them: noted for each file, read by without a question once they recur."""

from collections.abc import Mapping

from django.contrib.auth.models import User

from evaluation.enums import Workbook
from evaluation.models import ImportRun, KeptHeading
from evaluation.persian import normalise

MAX_KEY = 250  # letters; a sign that stands for many, as ﷺ, can make a key longer than its heading


def kept_names(workbook: Workbook, user: User) -> dict[str, str]:
    """{normalised heading: column code, or "" to leave it out}: what the person said of two files at least."""
    return _names(workbook, user, times__gte=KeptHeading.RECURS)


def names_to_ask(workbook: Workbook, user: User) -> dict[str, str]:
    """The same of headings that were named for one file alone: the next file asks again, with this answer filled in."""
    return _names(workbook, user, times__lt=KeptHeading.RECURS)


def _names(workbook: Workbook, user: User, **times: int) -> dict[str, str]:
    rows = KeptHeading.objects.filter(workbook=workbook, named_by=user, **times)
    return dict(rows.values_list("key", "column"))


def note_names(run: ImportRun, names: Mapping[str, str], texts: Mapping[str, str], *, by: User) -> None:
    """Note what the person said of headings of this file: `names` {key: column code}, `texts` {key: heading}.

    Another answer than before begins anew; the same file counts once, however often it is uploaded.
    """
    standing = {
        row.key: row
        for row in KeptHeading.objects.select_related("run").filter(workbook=run.workbook, named_by=by, key__in=names)
    }
    for key, column in names.items():
        if len(key) > MAX_KEY:
            continue
        row = standing.get(key) or KeptHeading(workbook=run.workbook, named_by=by, key=key, times=0)
        if row.times and row.column == column:
            row.times += row.run.sha256 != run.sha256
        else:
            row.times = 1
        row.province, row.column, row.run = run.province, column, run
        row.heading = normalise(texts[key])[:MAX_KEY]
        row.save()
