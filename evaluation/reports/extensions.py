"""The extensions of a cycle as a workbook: one row an extension, and number and days of each agency."""

from django.utils import translation
from django.utils.translation import gettext as _

from evaluation.process.year import extension
from evaluation.workbook import Column, Sheet, build


def workbook(extensions):
    """The bytes of the .xlsx, in Persian and right to left. `extensions`: a queryset, already within a scope."""
    with translation.override("fa"):
        rows = extensions.select_related("cycle", "agency", "approver", "dimension").order_by("cycle", "ends_at", "pk")
        return build([every_one(rows), by_agency(extension.per_agency(rows))], properties={"title": _("Extensions")})


def every_one(rows):
    """The sheet with one row for each extension."""
    columns = [
        Column(code="cycle", heading=_("cycle"), width=26),
        Column(code="code", heading=_("Agency code"), width=14),
        Column(code="name", heading=_("Agency name"), width=44),
        Column(code="stage", heading=_("stage"), width=26),
        Column(code="part", heading=_("part"), width=26),
        Column(code="dimension", heading=_("dimension"), width=20),
        Column(code="granted_at", heading=_("granted at"), kind="datetime"),
        Column(code="ends_at", heading=_("ends at"), kind="datetime"),
        Column(code="days", heading=_("days beyond the window"), kind="number", places=0),
        Column(code="approver", heading=_("approved by"), width=26),
        Column(code="reason", heading=_("reason"), width=44),
    ]
    days = extension.days_of(rows)
    return Sheet(
        title=_("extensions"), columns=columns, rows=[line(extension, days[extension.pk]) for extension in rows]
    )


def line(extension, days):
    """The cells of one extension; `days` are calendar days beyond its window."""
    return {
        "cycle": str(extension.cycle),
        "code": extension.agency.code,
        "name": extension.agency.name,
        "stage": str(extension.get_stage_display()),
        "part": str(extension.get_part_display()) if extension.part else "",
        "dimension": str(extension.dimension) if extension.dimension else "",
        "granted_at": extension.granted_at,
        "ends_at": extension.ends_at,
        "days": days,
        "approver": (extension.approver.get_full_name() or extension.approver.username) if extension.approver else "",
        "reason": extension.reason,
    }


def by_agency(totals):
    """A sheet of what `process.extension.per_agency` counted."""
    columns = [
        Column(code="code", heading=_("Agency code"), width=14),
        Column(code="name", heading=_("Agency name"), width=44),
        Column(code="number", heading=_("number of extensions"), kind="number", places=0),
        Column(code="days", heading=_("days beyond the window"), kind="number", places=0),
    ]
    rows = [
        {"code": row["agency"].code, "name": row["agency"].name, "number": row["number"], "days": row["days"]}
        for row in totals
    ]
    return Sheet(title=_("extensions by agency"), columns=columns, rows=rows)
