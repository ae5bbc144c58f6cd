"""What agencies made public about their results by themselves: noted and judged by the provincial organization."""

from datetime import date

from django.contrib.auth.models import User
from django.core.files import File
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from evaluation.enums import NoticeKind, PublicityVerdict, ResultState
from evaluation.models import AgencyResult, Participation, Publicity
from evaluation.persian import format_jalali
from evaluation.rules.permissions import holds

from ..door import Forbidden, Refusal, log
from ..files.accept import check_rows
from ..messages import notice


def announced_result(participation: Participation, day: date) -> AgencyResult | None:
    """The agency's announced result over all dimensions, as it stood on a day; None where none was announced then."""
    rows = AgencyResult.objects.filter(
        participation=participation,
        dimension=None,
        result_set__state__in=ResultState.seen_by_agency(),
    ).select_related("result_set", "level")
    result = rows.order_by("-result_set__announced_at").first()
    if result is None or timezone.localdate(result.result_set.announced_at) > day:
        return None
    return result


@transaction.atomic
def note(
    participation: Participation,
    *,
    by: User,
    published_on: date,
    medium: str,
    text: str = "",
    link: str = "",
    file: File | None = None,
    verdict: str = "",
    reason: str = "",
) -> Publicity:
    """Note what an agency made public on a day, with what is found of it; the agency and its headquarters are told.

    What was made public before the announcement is too early, whatever it says. Raises Refusal for a day to come,
    without words or file, and where the finding does not fit; and Forbidden.
    """
    if not holds(by, "add_publicity", participation):
        raise Forbidden("add_publicity")
    if published_on > timezone.localdate():
        raise Refusal(_("This day has not come yet: record what was made public already."))
    if not text.strip() and not file:
        raise Refusal(_("Write what was said, or attach it as a file."))
    result = announced_result(participation, published_on)
    row = Publicity(
        participation=participation,
        published_on=published_on,
        medium=medium,
        link=link,
        text=text,
        result=result,
        noted_by=by,
    )
    if file:
        row.file = file
        check_rows(row, by=by)
    set_verdict(row, verdict or (PublicityVerdict.TOO_EARLY if result is None else ""), reason)
    row.save()
    log(row, "note_publicity", target=row.verdict, by=by, note=reason)
    tell(row)
    return row


@transaction.atomic
def judge(publicity: Publicity, *, by: User, verdict: str, reason: str) -> Publicity:
    """Find otherwise of a publication, with the reason. Raises Refusal and Forbidden."""
    if not holds(by, "judge_publicity", publicity):
        raise Forbidden("judge_publicity")
    row = Publicity.objects.select_for_update(of=("self",)).get(pk=publicity.pk)
    before = row.verdict
    if not reason.strip():
        raise Refusal(_("Say in the reason what is found, and by which words."))
    if verdict == before:
        raise Refusal(_("This is what was found already."))
    set_verdict(row, verdict, reason)
    row.save(update_fields=["verdict", "reason"])
    log(row, "judge", source=before, target=row.verdict, by=by, note=reason)
    tell(row)
    return row


def set_verdict(row: Publicity, verdict: str, reason: str) -> None:
    """Set what is found. Raises Refusal where it does not fit the day, or an objection has no reason."""
    allowed = (PublicityVerdict.TOO_EARLY,) if row.result is None else PublicityVerdict.of_announced()
    if verdict not in [str(judgement) for judgement in allowed]:
        raise Refusal(
            _("On this day the results of the agency were not announced yet: this is before the announcement.")
            if row.result is None
            else _("The results were announced: say whether it is as announced, vague, or not as announced.")
        )
    if verdict in (PublicityVerdict.VAGUE, PublicityVerdict.DIFFERENT) and not reason.strip():
        raise Refusal(_("Say in the reason what is found, and by which words."))
    row.verdict, row.reason = verdict, reason


def tell(row: Publicity) -> None:
    """Tell the agency and its headquarters of a publication that breaks the agreement; once for each finding."""
    if row.verdict == PublicityVerdict.AS_ANNOUNCED:
        return
    agency = row.participation.agency
    notice.tell(
        notice.of_agencies([agency]),
        event=f"publicity:{row.pk}:{row.verdict}",
        kind=NoticeKind.RESULTS,
        cycle=row.participation.cycle,
        text=lambda: (
            _("“%(medium)s”, %(day)s: what “%(agency)s” made public about its results was found “%(verdict)s”.")
            % {
                "medium": row.medium,
                "day": format_jalali(row.published_on),
                "agency": agency,
                "verdict": row.get_verdict_display(),
            }
        ),
    )
