"""The letters of a cycle on one page: each agency with each kind of letter, to whom it went and who has received it."""

from django.core.exceptions import PermissionDenied
from django.http import HttpResponseNotAllowed
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _

from evaluation import persian
from evaluation.enums import LetterKind, Role
from evaluation.models import Letter, Participation
from evaluation.rules.permissions import holds

from .letter_making import standing_of


class LettersPageMixin:
    """Adds `<pk>/letters/`, named `evaluation_cycle_letters`, to the admin of cycles. Needs `visible_row()`."""

    def get_urls(self):
        view = self.admin_site.admin_view(self.letters_view)
        return [path("<path:object_id>/letters/", view, name="evaluation_cycle_letters"), *super().get_urls()]

    def letters_view(self, request, object_id):
        """Who has which letter, for those who make them."""
        cycle = self.visible_row(request, object_id)
        if not holds(request.user, "make_letter", cycle):
            raise PermissionDenied("make_letter")
        if request.method != "GET":
            return HttpResponseNotAllowed(["GET"])
        rows = rows_of(cycle, request.user)
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "original": cycle,
            "title": _("Letters of %(cycle)s") % {"cycle": cycle},
            "cycle": cycle,
            "kinds": [kind.label for kind in LetterKind.for_agencies()],
            "rows": rows,
            "sums": sums_of(rows),
            "make_url": reverse("admin:evaluation_participation_changelist", query={"cycle__id__exact": cycle.pk}),
            "list_url": reverse("admin:evaluation_letter_changelist", query={"cycle__id__exact": cycle.pk}),
            "zip_url": reverse("admin:evaluation_letter_zip", query={"cycle": cycle.pk}),
        }
        return TemplateResponse(request, "admin/evaluation/results/letter/page.html", context)


def rows_of(cycle, user):
    """[{agency, cells}] by name of the agency; a cell holds the standing letters of one kind, the agency's first."""
    letters = Letter.objects.visible_to(user).filter(cycle=cycle, participation__isnull=False, superseded_at=None)
    by_place = {}
    for letter in letters.select_related("result_set").order_by("pk"):
        by_place.setdefault((letter.participation_id, letter.kind), {})[letter.addressee] = entry(letter)
    participations = Participation.objects.visible_to(user).filter(cycle=cycle).select_related("agency")
    return [
        {
            "agency": participation.agency,
            "url": reverse("admin:evaluation_participation_change", args=[participation.pk]),
            "cells": [
                [
                    by_place.get((participation.pk, kind), {})[side]
                    for side in (Role.AGENCY, Role.HEADQUARTERS)
                    if side in by_place.get((participation.pk, kind), {})
                ]
                for kind in LetterKind.for_agencies()
            ],
        }
        for participation in sorted(participations, key=lambda row: persian.sort_key(row.agency.name))
    ]


def entry(letter):
    """{side, number, words, tone, url, sent, received} of a letter."""
    words, tone = standing_of(letter)
    return {
        "side": _("headquarters") if letter.addressee == Role.HEADQUARTERS else _("agency"),
        "number": letter.number,
        "words": words,
        "tone": tone,
        "url": reverse("admin:evaluation_letter_change", args=[letter.pk]),
        "sent": letter.sent_at is not None,
        "received": letter.received_at is not None,
    }


def sums_of(rows):
    """[{made, sent, received}] of each kind, in the order of the columns."""
    columns = zip(*(row["cells"] for row in rows), strict=True) if rows else ()
    return [
        {
            "made": sum(len(cell) for cell in column),
            "sent": sum(one["sent"] for cell in column for one in cell),
            "received": sum(one["received"] for cell in column for one in cell),
        }
        for column in columns
    ]
