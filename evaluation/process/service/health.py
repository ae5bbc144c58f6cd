"""Health checks: which part of the system failed, from when to when; the downtime of a time is read from it.

A check asks the database, the cache, the store of files and the pages themselves. A long gap between two checks is a
standstill too: the workers that check stood still.
"""

import datetime
import logging
import urllib.error
import urllib.request
import uuid
from collections.abc import Callable

from django.conf import settings
from django.core.cache import cache
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from evaluation.enums import SystemPart
from evaluation.models import HealthCheck, Outage

GAP = datetime.timedelta(minutes=15)  # of checks each five minutes, two may be missing
TIMEOUT = 10  # seconds that a page may take

logger = logging.getLogger(__name__)


def check_pages() -> None:
    """Ask for a page as a browser does. Raises OSError when it does not answer."""
    with urllib.request.urlopen(f"{settings.SITE_URL}/admin/session/", timeout=TIMEOUT) as answer:
        answer.read(1000)


def check_cache() -> None:
    """Write and read a value. Raises OSError when it is not there."""
    key, value = f"health:{uuid.uuid4()}", "1"
    cache.set(key, value, 60)
    if cache.get(key) != value:
        raise OSError("the cache forgot a value")
    cache.delete(key)


def check_store() -> None:
    """Write, and delete again, a small file. Raises OSError."""
    name = default_storage.save(f"health/{uuid.uuid4()}", ContentFile(b"1"))
    default_storage.delete(name)


CHECKS: dict[str, Callable[[], None]] = {
    SystemPart.PAGES: check_pages,
    SystemPart.CACHE: check_cache,
    SystemPart.STORE: check_store,
}


def failing() -> dict[str, str]:
    """{part: reason} of the parts that fail now."""
    failures = {}
    for part, check in CHECKS.items():
        try:
            check()
        except Exception as error:
            logger.warning("Health check of %s: %s", part, error)
            failures[part] = type(error).__name__
    return failures


def check() -> dict[str, str]:
    """Check every part and record what came of it. Returns {part: reason} of those that fail."""
    failures = failing()
    record(failures)
    return failures


@transaction.atomic
def record(failures: dict[str, str], at: datetime.datetime | None = None) -> None:
    """Begin an outage of each part that fails, end those of parts that answer, and note a standstill before."""
    now = at or timezone.now()
    last = HealthCheck.objects.select_for_update().first()
    if last is not None and now - last.checked_at > GAP:
        Outage.objects.create(part=SystemPart.STANDSTILL, started_at=last.checked_at, ended_at=now)
    HealthCheck.objects.update_or_create(pk=last.pk if last else None, defaults={"checked_at": now})
    Outage.objects.filter(ended_at=None).exclude(part__in=failures).update(ended_at=now)
    standing = set(Outage.objects.filter(ended_at=None).values_list("part", flat=True))
    Outage.objects.bulk_create(
        Outage(part=part, reason=reason, started_at=now) for part, reason in failures.items() if part not in standing
    )


def downtime(since: datetime.datetime, until: datetime.datetime) -> datetime.timedelta:
    """How long any part was down between two moments; outages of several parts at once count once."""
    rows = Outage.objects.filter(Q(ended_at=None) | Q(ended_at__gt=since), started_at__lt=until)
    total, reached = datetime.timedelta(0), since
    for start, end in rows.order_by("started_at").values_list("started_at", "ended_at"):
        begin, finish = max(start, reached), min(end or until, until)
        if finish > begin:
            total += finish - begin
            reached = finish
    return total


def watched_since() -> datetime.datetime | None:
    """When the first check was made; None when none was."""
    first = HealthCheck.objects.first()
    return first and first.first_at
