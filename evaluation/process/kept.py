"""Snapshots: data in canonical form with its SHA-256, kept and read back (docs/decisions/0010-snapshots.md)."""

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from django.contrib.auth.models import User

from evaluation.models import Cycle, ResultSet, Snapshot

FORMAT = 1  # of the content; rises when a reader of the old form could misread the new one


class NotKept(LookupError):
    """There is no snapshot of this part."""


def canonical(content: Any) -> str:
    """The one text of this data: JSON in UTF-8 without spaces, keys sorted, decimals as strings of plain digits.

    Moments are in UTC, days as ISO has them. Raises TypeError for what is none of these.
    """
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=_plain)


def _plain(value: object) -> str:
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"A snapshot cannot hold {type(value).__name__}.")


def sha256_of(text: str) -> str:
    """The SHA-256 of a text, in hex."""
    return hashlib.sha256(text.encode()).hexdigest()


def keep(
    part: str, content: Mapping[str, Any], *, cycle: Cycle, result_set: ResultSet | None = None, by: User
) -> Snapshot:
    """Keep this data as the latest snapshot of its part. Returns the Snapshot."""
    text = canonical({"format": FORMAT, "part": str(part)} | dict(content))
    number = Snapshot.objects.filter(cycle=cycle, result_set=result_set, part=part).count() + 1
    return Snapshot.objects.create(
        cycle=cycle, result_set=result_set, part=part, number=number, content=text, sha256=sha256_of(text), made_by=by
    )


def latest(part: str, *, cycle: Cycle, result_set: ResultSet | None = None) -> Snapshot | None:
    """The latest snapshot of this part, or None."""
    rows = Snapshot.objects.filter(cycle=cycle, result_set=result_set, part=part)
    return rows.order_by("-number").first()


def read(snapshot: Snapshot | None) -> dict[str, Any]:
    """The data of a snapshot; decimals and moments are the strings that stand in it. Raises NotKept for None."""
    if snapshot is None:
        raise NotKept
    content: dict[str, Any] = json.loads(snapshot.content)
    return content


def code_of(snapshot: Snapshot | None) -> str:
    """The integrity code of a snapshot. Raises NotKept for None."""
    if snapshot is None:
        raise NotKept
    return snapshot.sha256
