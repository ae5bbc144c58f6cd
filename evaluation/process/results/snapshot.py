"""The two parts that are kept of a result set: its figures when it is computed, the end when it is announced.

Part one holds everything that figures rest on and the figures themselves; part two the council, the report and the
levels, and the integrity code of part one, so that its own code covers both.
"""

from typing import Any

from django.contrib.auth.models import User

from evaluation.enums import SnapshotPart
from evaluation.models import ResultSet, Snapshot

from .. import kept
from . import computing, ground

RESULT_COLUMNS = {  # column of AgencyResult: name in the snapshot
    "raw": "raw",
    "total": "total",
    "maximum": "maximum",
    "exempt_points": "exempt",
    "passive": "passive",
    "rank": "rank",
    "group_rank": "group_rank",
    "growth": "growth",
    "explanation": "explanation",
}


def keep_figures(result_set: ResultSet, *, by: User) -> dict[str, Any]:
    """Compute the figures and keep them with what they rest on. Returns the data that was kept, with Decimals."""
    rests_on = ground.gather(result_set.cycle)
    results, axis_results = computing.compute(rests_on)
    content = rests_on | {
        "result_set": result_set.number,
        "edition": edition(result_set),
        "rule_version": result_set.rule_version,
        "computed_at": result_set.computed_at,
        "results": results,
        "axis_results": axis_results,
    }
    kept.keep(SnapshotPart.FIGURES, content, cycle=result_set.cycle, result_set=result_set, by=by)
    return content


def keep_announcement(result_set: ResultSet, *, by: User) -> Snapshot:
    """Keep what the end of the cycle added to the figures. Returns the Snapshot."""
    content = {
        "figures_sha256": kept.code_of(figures(result_set)),
        "edition": edition(result_set),
        "council": council(result_set),
        "report": report(result_set),
        "levels": levels(result_set),
        "moments": {
            name: getattr(result_set, name)
            for name in ("computed_at", "council_at", "reported_at", "levelled_at", "announced_at")
        },
    }
    return kept.keep(SnapshotPart.ANNOUNCEMENT, content, cycle=result_set.cycle, result_set=result_set, by=by)


def edition(result_set: ResultSet) -> int:
    """1 for the publication itself, one more for each erratum."""
    return result_set.errata.count() + 1


def council(result_set: ResultSet) -> dict[str, Any] | None:
    """The session in which the council approved the results, with who was present; None without one."""
    session = result_set.council_session
    if session is None:
        return None
    return {
        "committee": str(session.committee),
        "number": session.number,
        "held_on": session.held_on,
        "present": [f"{member.name} · {member.office}".strip(" ·") for member in session.present.order_by("pk")],
        "guests": session.guests,
        "resolution": session.resolution,
        "minutes_sha256": session.minutes_sha256,
    }


def report(result_set: ResultSet) -> dict[str, Any] | None:
    """The report to the national organization; None without one."""
    sent = result_set.report
    if sent is None:
        return None
    return {"letter_number": sent.letter_number, "letter_date": sent.letter_date, "sha256": sent.sha256} | {
        "sent_at": sent.sent_at
    }


def levels(result_set: ResultSet) -> list[dict[str, Any]]:
    """The levels given, each with its title, its place among the levels and its letter."""
    rows = result_set.agency_results.exclude(level=None).select_related("level").order_by("pk")
    return [
        {
            "participation": row.participation_id,
            "dimension": row.dimension_id,
            "title": row.shown_level,
            "order": row.level.order,
            "letter": row.level_letter,
        }
        for row in rows
    ]


def figures(result_set: ResultSet) -> Snapshot | None:
    """The standing snapshot of the figures, or None before they are computed."""
    return kept.latest(SnapshotPart.FIGURES, cycle=result_set.cycle, result_set=result_set)


def announcement(result_set: ResultSet) -> Snapshot | None:
    """The standing snapshot of the announcement, or None before it."""
    return kept.latest(SnapshotPart.ANNOUNCEMENT, cycle=result_set.cycle, result_set=result_set)


def standing(result_set: ResultSet) -> tuple[Snapshot | None, Snapshot | None]:
    """(snapshot of the figures, snapshot of the announcement); None for one that is not there. One query."""
    rows: dict[str, Snapshot] = {}
    for row in Snapshot.objects.filter(result_set=result_set).order_by("number"):
        rows[row.part] = row
    return rows.get(SnapshotPart.FIGURES), rows.get(SnapshotPart.ANNOUNCEMENT)


def code(result_set: ResultSet) -> str:
    """The integrity code that pages and files show: of the announcement where there is one, else of the figures."""
    latest = announcement(result_set) or figures(result_set)
    return latest.sha256 if latest else ""
