"""Versions of the service's identity and of the agreement: drafted, published from a day on, then amended."""

import datetime
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Max, Q
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from evaluation.enums import ClauseSide, NoticeKind, Role
from evaluation.models import Agreement, AgreementClause, Province, Service
from evaluation.persian import format_jalali, localise_digits
from evaluation.rules.permissions import holds

from ..door import Forbidden, Refusal, lock, log
from ..messages import notice
from ..provincial_copy import provinces_to_copy_for

type Version = Service | Agreement
DAY = datetime.timedelta(days=1)
CHILDREN = {"service": ("channels", "service"), "agreement": ("clauses", "agreement")}


# -- steps ----------------------------------------------------------------------------------------


def place_of_next(by: User, row: Version) -> Province | None:
    """Where the next version belongs: the person's own province, or where the row does."""
    own = provinces_to_copy_for(by)
    return row.province if row.province_id is not None else own.first()


def may_amend(user: User, row: Version | None) -> bool:
    """Whether the person may write the next version of this row."""
    name = "service" if isinstance(row, Service) else "agreement"
    if row is None or row.province_id is None:
        return holds(user, f"add_{name}")
    return holds(user, f"change_{name}", row)


@transaction.atomic
def amend(row: Version, *, by: User) -> Version:
    """Write the next version as a draft, with what this one holds; of a shared row the province's own. Returns it.

    Raises Refusal where a draft is there already, and Forbidden.
    """
    name = row._meta.model_name
    if not may_amend(by, row):
        raise Forbidden(f"add_{name}")
    model, place = type(row), place_of_next(by, row)
    rows = model.objects.filter(province=place)
    if rows.filter(published_at=None).exists():
        raise Refusal(_("A draft of the next version is there already: edit and publish that one."))
    copy = model.objects.get(pk=row.pk)
    references = list(row.legal_references.all()) if isinstance(row, Service) else None
    copy.pk, copy.province = None, place
    copy.version = (rows.aggregate(last=Max("version"))["last"] or 0) + 1
    copy.valid_from = copy.valid_until = copy.published_at = copy.published_by = None
    if isinstance(copy, Agreement):
        copy.text = copy.ended_reason = ""
    copy.save()
    relation, parent = CHILDREN[name]
    for child in getattr(row, relation).all():
        child.pk = None
        setattr(child, parent, copy)
        child.save()
    if references is not None:
        copy.legal_references.set(references)
    log(copy, "amend_version", by=by, note=str(row))
    return copy


@transaction.atomic
def publish(row: Version, *, by: User, valid_from: datetime.date | None = None) -> Version:
    """Publish a draft from a day on (today by default); the version before it ends. Raises Refusal, Forbidden.

    An agreement's text is composed of its clauses and then stays; the agencies are told, and their people accept it
    anew at their next page.
    """
    row = lock(type(row), row.pk)
    name = row._meta.model_name
    if not holds(by, f"change_{name}", row):
        raise Forbidden(f"change_{name}")
    if row.published_at:
        raise Refusal(_("This version is published already. Write the next version to change it."))
    day = valid_from or timezone.localdate()
    if day < timezone.localdate():
        raise Refusal(_("A version is published from today or a later day on."))
    if isinstance(row, Agreement):
        row.text = composed(row)
    row.valid_from, row.published_at, row.published_by = day, timezone.now(), by
    row.save()
    earlier = type(row).objects.filter(province=row.province).exclude(pk=row.pk).exclude(published_at=None)
    for old in earlier.filter(Q(valid_until=None) | Q(valid_until__gte=day)):
        old.valid_until = max(old.valid_from, day - DAY)
        old.save(update_fields=["valid_until"])
    log(row, "publish_version", by=by)
    if isinstance(row, Agreement) and row.province_id is not None:
        tell_agencies(row, "published", _("A new version of the service level agreement applies from %(day)s."))
    return row


@transaction.atomic
def terminate(row: Agreement, *, by: User, reason: str, last_day: datetime.date) -> Agreement:
    """End an agreement after a day, with a reason; the agencies are told beforehand. Raises Refusal, Forbidden."""
    row = lock(Agreement, row.pk)
    if not holds(by, "change_agreement", row):
        raise Forbidden("change_agreement")
    if not reason.strip():
        raise Refusal(_("Give a reason for this action."))
    if row.published_at is None or not row.in_force(timezone.localdate()):
        raise Refusal(_("Only an agreement that is in force is terminated."))
    if last_day < timezone.localdate():
        raise Refusal(_("The agencies are told before the agreement ends: choose today or a later day."))
    row.valid_until, row.ended_reason = last_day, reason
    row.save(update_fields=["valid_until", "ended_reason"])
    log(row, "terminate", by=by, note=reason)
    if row.province_id is not None:
        tell_agencies(row, "ended", _("The service level agreement ends with %(day)s."))
    return row


def tell_agencies(row: Agreement, what: str, sentence: str) -> None:
    """Tell the people of the province's agencies when an agreement begins or ends."""
    day = row.valid_until if what == "ended" else row.valid_from
    notice.tell(
        notice.people(Role.AGENCY, agency__province=row.province_id),
        event=f"agreement:{row.pk}:{what}",
        kind=NoticeKind.SERVICE,
        text=sentence % {"day": format_jalali(day)},
    )


# -- the text that agencies accept ----------------------------------------------------------------


def composed(row: Agreement) -> str:
    """The agreement as one text: its parts in the order of the statement, both sides' clauses numbered."""
    with translation.override(settings.LANGUAGE_CODE):
        return written_out(row)


def written_out(row: Agreement) -> str:
    """`composed` in the active language."""
    clauses = list(row.clauses.all())
    sides = {side: [clause.text for clause in clauses if clause.side == side] for side in ClauseSide}
    parts = [
        row.title,
        f"{_('Version')} {localise_digits(row.version)}",
        part(_("purpose"), row.purpose),
        part(_("responsibility and legal basis"), row.basis),
        *(part(str(side.label), numbered(texts)) for side, texts in sides.items()),
        part(_("fees and payments"), row.fee),
        part(_("period and amendment"), row.amendment),
        part(_("termination"), row.termination),
    ]
    return "\n\n".join(text for text in parts if text)


def part(heading: str, text: str) -> str:
    """One part of the text below its heading; nothing where it is empty."""
    return f"{heading}\n{text}" if text else ""


def numbered(texts: list[str]) -> str:
    return "\n".join(f"{localise_digits(number)}. {text}" for number, text in enumerate(texts, start=1))


def load_clauses(agreement: Agreement, rows: list[dict[str, Any]]) -> None:
    """Give a new agreement its clauses: side, text and measure of each, in their order."""
    AgreementClause.objects.bulk_create(
        AgreementClause(agreement=agreement, order=order, **row) for order, row in enumerate(rows, start=1)
    )
