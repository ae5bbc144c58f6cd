"""When demo data may be made: asked for, on this machine alone, beside no real account."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth import get_user_model

from . import demo_password
from .roles import SCHEDULER

if TYPE_CHECKING:
    from urllib.parse import SplitResult

LOOPBACK = {"localhost", "127.0.0.1", "::1", "[::1]"}


def is_loopback(host: str) -> bool:
    """Whether only this machine reaches a server at `host`."""
    return host in LOOPBACK or host.startswith("127.")


def reasons_against(site: SplitResult, *, host: str | None = None, asked: bool = False) -> list[str]:
    """English sentences for a terminal that say why no demo data may be made; empty when it may.

    `site` is the split SITE_URL, `host` where the server listens. `asked`: DEMO=1 allows a host that other machines
    reach; nothing allows an https address or a real account.
    """
    reasons = []
    if site.scheme == "https":
        reasons.append("SITE_URL is an https address, so people work here.")
    reachable = [name for name in (host, site.hostname) if name and not is_loopback(name)]
    if reachable and not asked:
        reasons.append(f"Other machines reach {reachable[0]}. Set DEMO=1 if this is only for trying out.")
    real = get_user_model().objects.exclude(username__startswith=demo_password.PREFIX).exclude(username=SCHEDULER)
    if name := real.order_by("pk").values_list("username", flat=True).first():
        reasons.append(f"The account “{name}” exists, so people work here.")
    return reasons
