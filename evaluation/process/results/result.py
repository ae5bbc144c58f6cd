"""Totals, ranks, gates and what is made public (docs/process.md#end, docs/arithmetic.md#totals-and-ranks)."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, NamedTuple

from django.contrib.auth.models import User
from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.translation import gettext as _

from evaluation import scoring
from evaluation.enums import (
    CycleKind,
    EndOrder,
    NoticeKind,
    ResultState,
    Role,
    TransferDirection,
    TransferState,
)
from evaluation.models import (
    AgencyResult,
    AxisResult,
    Cycle,
    Publication,
    ResultSet,
)
from evaluation.rules import gates
from evaluation.rules.permissions import holds

from .. import audit
from ..assessing import transfer
from ..door import Forbidden, Refusal, log, perform, why_not
from ..messages import notice
from . import snapshot


class PublicFile(NamedTuple):
    """A file that a publication keeps, with its SHA-256 in hex."""

    kind: str
    name: str
    content: bytes
    sha256: str


@transaction.atomic
def prepare(cycle: Cycle, *, by: User) -> ResultSet:
    """The cycle's result set that is not void, or a new draft."""
    if not holds(by, "compute_resultset", cycle):
        raise Forbidden("compute_resultset")
    if cycle.kind == CycleKind.INTERIM:
        raise Refusal(_("An interim evaluation has no ranking: it gives figures of the axes only."))
    standing = cycle.result_sets.exclude(state=ResultState.VOID).first()
    if standing:
        return standing
    result_set = ResultSet.objects.create(cycle=cycle, number=cycle.result_sets.count() + 1)
    log(result_set, "prepare", target=result_set.state, by=by)
    return result_set


@transaction.atomic
def compute(result_set: ResultSet, *, by: User, note: str = "") -> ResultSet:
    """Totals per dimension and axis, the combined total, growth and ranks of every agency that did not withdraw.

    They are kept as a snapshot with all that they rest on; the rows for the lists are written from it.
    """
    result_set = perform(result_set, "compute", by=by, note=note, rule_version=scoring.RULE_VERSION)
    write_rows(result_set, snapshot.keep_figures(result_set, by=by))
    return result_set


def write_rows(result_set: ResultSet, content: dict[str, Any]) -> None:
    """Replace the rows of the lists by those of a snapshot (`snapshot.keep_figures`)."""
    result_set.agency_results.all().delete()
    result_set.axis_results.all().delete()
    agencies = {agency["row"]: agency for agency in content["agencies"]}
    groups = {group["row"]: group["title"] for group in content["groups"]} | {None: ""}
    rows = []
    for row in content["results"]:
        agency = agencies[row["participation"]]
        rows.append(
            AgencyResult(
                result_set=result_set,
                participation_id=row["participation"],
                dimension_id=row["dimension"],
                agency_name=agency["name"],
                group_title=groups[agency["group"]],
                **{column: row[name] for column, name in snapshot.RESULT_COLUMNS.items()},
            )
        )
    AgencyResult.objects.bulk_create(rows, batch_size=500)
    AxisResult.objects.bulk_create(
        [
            AxisResult(
                result_set=result_set,
                participation_id=row["participation"],
                axis_id=row["axis"],
                agency_name=agencies[row["participation"]]["name"],
                raw=row["raw"],
                total=row["total"],
                maximum=row["maximum"],
            )
            for row in content["axis_results"]
        ],
        batch_size=500,
    )


# -- gates ----------------------------------------------------------------------------------------


def void(result_set: ResultSet, *, by: User, reason: str) -> ResultSet:
    """Void the figures, with a reason."""
    with transaction.atomic():
        result_set = perform(result_set, "void", by=by, note=reason)
        withdraw_reports(result_set, by=by, reason=reason)
        return result_set


def void_standing(cycle: Cycle, *, by: User, reason: str) -> None:
    """Void the cycle's result set after its figures have changed, if there is one."""
    for result_set in cycle.result_sets.exclude(state__in=[ResultState.VOID, ResultState.PUBLISHED]):
        void(result_set, by=by, reason=reason)


def withdraw_reports(result_set: ResultSet, *, by: User, reason: str) -> None:
    """Supersede the transfers that reported these figures, by the account of scheduled work; `by` decided it."""
    reports = result_set.cycle.transfers.filter(direction=TransferDirection.REPORT)
    for report in reports.exclude(state=TransferState.SUPERSEDED):
        transfer.supersede(report, by=audit.scheduler(result_set.cycle.province), reason=reason)


@transaction.atomic
def record_report(result_set: ResultSet, *, by: User, note: str = "") -> ResultSet:
    """Pass the gate of the report. Raises Refusal unless the reports sent and not superseded cover every file."""
    check_order(result_set, "record_report")
    sent = gates.standing_reports(result_set.cycle).order_by("sent_at", "pk").last()
    if sent is None:
        raise Refusal(_("No final report to the national organization has been sent: prepare and send the transfer."))
    if missing := gates.unreported(result_set):
        raise Refusal(missing)
    return perform(result_set, "record_report", by=by, note=note, transfer=sent)


def check_order(result_set: ResultSet, gate: str) -> None:
    """Raise Refusal with the gates that come before this one, where any is open."""
    if reasons := why_not(result_set, gate):
        raise Refusal(*reasons)


# -- the public -----------------------------------------------------------------------------------

# Beside agencies and their headquarters, the roles that a publication is told to.
TOLD_IN_THE_PROVINCE = (Role.OBSERVER, Role.COUNCIL, Role.EVALUATOR)


@transaction.atomic
def announce(result_set: ResultSet, *, by: User, note: str = "") -> ResultSet:
    """Announce: each agency and its headquarters may read their own final figures, rank and level."""
    result_set = perform(result_set, "announce", by=by, note=note)
    keep_level_titles(result_set)
    snapshot.keep_announcement(result_set, by=by)
    agencies = [participation.agency for participation in result_set.cycle.participations.select_related("agency")]
    notice.tell(
        notice.of_agencies(agencies),
        event=f"announce:{result_set.pk}",
        kind=NoticeKind.RESULTS,
        cycle=result_set.cycle,
        text=lambda: _("The final results of your agency can be seen now."),
    )
    return result_set


def keep_level_titles(result_set: ResultSet) -> None:
    """Levels keep the names under which they are announced, however their scheme calls them later."""
    rows = list(result_set.agency_results.exclude(level=None).select_related("level"))
    for row in rows:
        row.level_title = row.level.title
    AgencyResult.objects.bulk_update(rows, ["level_title"], batch_size=200)


@transaction.atomic
def publish(
    result_set: ResultSet,
    *,
    by: User,
    note: str = "",
    files: Iterable[PublicFile] = (),
    at: datetime | None = None,
) -> ResultSet:
    """Publish: everybody may read all figures. `files` are (kind, name, bytes, SHA-256), made by the reports.

    `at` is the moment that these files name as that of the publication; without it, now.
    """
    moment = {"moment": at} if at else {}
    result_set = perform(result_set, "publish", by=by, note=note, **moment)
    keep_files(result_set, files, by=by)
    cycle = result_set.cycle
    notice.tell(
        readers(cycle),
        event=f"publish:{result_set.pk}",
        kind=NoticeKind.RESULTS,
        cycle=cycle,
        text=lambda: _("The results of “%(cycle)s” are published.") % {"cycle": cycle},
    )
    return result_set


def keep_files(result_set: ResultSet, files: Iterable[PublicFile], *, by: User) -> None:
    """Keep the files of the present edition; those of earlier ones stay. `files` as in `publish`."""
    for kind, name, content, sha256 in files:
        Publication.objects.create(
            result_set=result_set,
            kind=kind,
            file=ContentFile(content, name=name),
            sha256=sha256,
            edition=snapshot.edition(result_set),
            made_by=by,
        )


def readers(cycle: Cycle) -> list[User]:
    """Everybody to whom published results are told."""
    agencies = cycle.participations.values("agency")
    people = notice.of_agencies(agencies)
    for role in TOLD_IN_THE_PROVINCE:
        people += notice.people(role, province=cycle.province_id)
    return people


def shows_ranks(result_set: ResultSet) -> bool:
    """Whether ranks may be shown: in the Ilam order only after the council has approved."""
    hidden = result_set.cycle.end_order == EndOrder.COUNCIL_BEFORE_RANKING and result_set.council_at is None
    return not hidden
