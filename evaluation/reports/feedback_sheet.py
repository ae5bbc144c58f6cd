"""What a feedback sheet shows beside its text: the agency's axes and its visits with their findings."""

from django.db.models import Prefetch, Sum
from django.db.models.functions import Coalesce

from evaluation.models import Line, Visit, VisitFinding
from evaluation.rules.own_files import is_mpo_for

from .interim import SEEN


def axes_of(sheet, user):
    """[{axis, earned, possible, percent}] of the agency over its scored lines, by axis; one query.

    People outside the provincial organization read the figures once they are disclosed.
    """
    lines = Line.objects.visible_to(user).filter(
        assessment__participation=sheet.participation_id,
        exempt=False,
        initial_score__isnull=False,
        indicator__axis__isnull=False,
    )
    if not is_mpo_for(user, sheet.participation.agency_id):
        lines = lines.filter(assessment__state__in=SEEN)
    rows = lines.order_by("indicator__axis__number").values("indicator__axis__number", "indicator__axis__title")
    rows = rows.annotate(earned=Sum(Coalesce("revised_score", "initial_score")), possible=Sum("maximum"))
    return [
        {
            "axis": row["indicator__axis__title"],
            "earned": row["earned"],
            "possible": row["possible"],
            "percent": 100 * row["earned"] / row["possible"] if row["possible"] else None,
        }
        for row in rows
    ]


def visits_of(sheet, user):
    """The visits to the agency in this cycle with findings, files and evaluators, oldest first."""
    findings = VisitFinding.objects.select_related("line__indicator").order_by("line__indicator__code", "pk")
    visits = Visit.objects.visible_to(user).filter(participation=sheet.participation_id)
    return visits.prefetch_related(Prefetch("findings", findings), "files", "evaluators__user").order_by("date", "pk")
