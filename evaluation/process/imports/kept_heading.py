"""Headings as a person named them: noted for each file, read by without a question once they recur."""

from collections.abc import Mapping

from django.contrib.auth.models import User

from evaluation.enums import Workbook
from evaluation.models import ImportRun, KeptHeading
from evaluation.persian import normalise

MAX_KEY = 250  # letters; a sign that stands for many, as ﷺ, can make a key longer than its heading


def named_before(workbook: Workbook, user: User) -> tuple[dict[str, str], dict[str, str]]:
    """What the person said of headings, {normalised heading: column code, or "" to leave it out}.

    First of those that were named for two files at least, then of those that were named for one alone: the next file
    asks about these again, with this answer filled in.
    """
    rows = KeptHeading.objects.filter(workbook=workbook, named_by=user).only("key", "column", "times")
    kept = {row.key: row.column for row in rows if row.recurs}
    return kept, {row.key: row.column for row in rows if not row.recurs}


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
