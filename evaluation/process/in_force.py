"""Which published version of the service's identity, or of the agreement, counts in a province on a day."""

import datetime
from typing import Any

from django.db.models import F, Q, QuerySet
from django.utils import timezone

from evaluation.models import Province


def published(model: type[Any], day: datetime.date | None = None) -> QuerySet[Any]:
    """The published versions that are valid on a day (today by default)."""
    day = day or timezone.localdate()
    return model.objects.exclude(published_at=None).filter(
        Q(valid_until=None) | Q(valid_until__gte=day), valid_from__lte=day
    )


def in_force(model: type[Any], province: Province | int | None, day: datetime.date | None = None) -> Any:
    """The version that counts in a province on a day: its own, else the one that all provinces share; or None."""
    rows = published(model, day).filter(Q(province=province) | Q(province=None))
    return rows.order_by(F("province").asc(nulls_last=True), "-version").first()
