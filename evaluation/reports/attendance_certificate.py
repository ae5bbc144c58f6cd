"""Certificates of attendance at a workshop: one page for each person who came, in one PDF."""

from django.utils import timezone, translation
from django.utils.translation import gettext as _

from evaluation.persian import format_jalali, localise_digits

from .typeset import typeset


def certificates(workshop, people):
    """The bytes of the PDF in Persian; `people` is [(name, body)] as `process.year.workshop.certified` gives them."""
    with translation.override("fa"):
        return typeset("attendance", content(workshop, people), at=workshop.held_at)


def content(workshop, people):
    """The texts of the certificates as data."""
    cycle, heading = workshop.cycle, _("Certificate of attendance")
    organization = _("Management and Planning Organization of %(province)s") % {"province": cycle.province}
    day = format_jalali(timezone.localtime(workshop.held_at).date(), "long")
    words = {"title": workshop.title, "day": day, "cycle": cycle}
    return {
        "title": f"{heading} · {workshop.title}",
        "heading": heading,
        "footer": f"{heading} · {localise_digits(workshop.pk)}",
        "organization": organization,
        "certify": _("It is certified that"),
        "sentence": _("took part in the workshop “%(title)s” of %(cycle)s on %(day)s.") % words,
        "place": _("Place: %(place)s") % {"place": workshop.place} if workshop.place else "",
        "people": [{"name": name, "body": body} for name, body in people],
        "sign": _("Name, signature and stamp"),
        "opening": _("In the name of God"),
    }
