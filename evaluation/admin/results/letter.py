"""Letters: the list with who has received them, the page of one, and the files of many in one ZIP."""

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import F
from django.http import Http404, HttpResponse, HttpResponseNotAllowed
from django.urls import path
from django.utils.translation import gettext_lazy

from evaluation.models import Letter
from evaluation.process.results import letter as letters
from evaluation.process.results import letter_text
from evaluation.reports import letter as paper
from evaluation.rules.permissions import may_receive_letter
from evaluation.rules.roles import is_mpo
from evaluation.templatetags.files import file_link

from ..addresses import is_key
from ..base import BaseAdmin, ReadOnlyMixin
from ..display import EMPTY, badge, column, digits, jalali, latin, letter
from ..filters import CountedChoicesFilter, ScopedRelatedFilter
from ..verbs.verb import Verb, VerbsMixin
from ..year.letter_making import standing_of

ZIP = "application/zip"


def is_unsent(obj):
    """Whether it is a letter to an agency or its headquarters that waits to be sent."""
    return obj.participation_id is not None and obj.sent_at is None and obj.superseded_at is None


def is_under_way(obj):
    return obj.sent_at is not None and obj.received_at is None


@admin.register(Letter)
class LetterAdmin(VerbsMixin, ReadOnlyMixin, BaseAdmin):
    has_log = True
    verbs = (
        Verb(
            "send",
            letters.send,
            label=gettext_lazy("Send to the addressee"),
            transition=False,
            codename="send_letter",
            offered=is_unsent,
            reasons=lambda obj: letters.not_sendable(obj) if is_unsent(obj) else [],
            batch=True,
            icon="send",
            sentence=gettext_lazy(
                "The people of the addressee can read the letter from now on, and get a notice with its figures. This "
                "cannot be undone; a letter that is wrong is replaced by a new edition."
            ),
        ),
        Verb(
            "receive",
            letters.receive,
            label=gettext_lazy("Record the receipt of the letter"),
            transition=False,
            permission=may_receive_letter,
            codename="receive_letter",
            offered=is_under_way,
            batch=True,
            icon="mark_email_read",
            sentence=gettext_lazy("The time of receipt is recorded in the name of the addressee."),
        ),
    )
    select_related = ("cycle__province", "result_set", "participation__agency__headquarters", "sent_by", "received_by")
    list_display = ("kind", "shown_number", "day", "recipient", "about_agency", "standing", "paper")
    list_filter = (
        ("kind", CountedChoicesFilter),
        ("addressee", CountedChoicesFilter),
        ("cycle", ScopedRelatedFilter),
    )
    search_fields = ("number", "recipient", "participation__agency__name")
    fields = (
        ("kind", "shown_edition"),
        ("shown_number", "day"),
        "recipient",
        "about_agency",
        "standing",
        ("sent_by", "sent_at"),
        ("received_by", "received_at"),
        "paper",
        "fingerprint",
    )
    readonly_fields = ("shown_edition", "shown_number", "day", "about_agency", "standing", "paper", "fingerprint")
    change_form_outer_before_template = "admin/evaluation/results/letter/top.html"

    def get_fields(self, request, obj=None):
        """Who sent it is the business of the provincial organization."""
        if is_mpo(request.user):
            return self.fields
        return tuple("sent_at" if entry == ("sent_by", "sent_at") else entry for entry in self.fields)

    def about(self, request, obj):
        """What the letter says, with its figures and the text that the agency may publish."""
        context = super().about(request, obj)
        if not obj.content:
            return context
        return context | {"said": obj.content, "decision_columns": letter_text.decision_columns()}

    @column(gettext_lazy("letter number"), ordering="number")
    def shown_number(self, obj):
        return letter(obj.number)

    @column(gettext_lazy("letter date"), ordering="date")
    def day(self, obj):
        return jalali(obj.date)

    @column(gettext_lazy("edition"), ordering="edition")
    def shown_edition(self, obj):
        return digits(obj.edition)

    @column(gettext_lazy("executive agency"), ordering="participation__agency__name")
    def about_agency(self, obj):
        return obj.agency or EMPTY

    @column(gettext_lazy("standing"), ordering=F("received_at").asc(nulls_first=True))
    def standing(self, obj):
        """Whether it is sent and received, or has lost its effect."""
        return badge(*standing_of(obj))

    @column(gettext_lazy("file"))
    def paper(self, obj):
        return file_link(obj.file) or EMPTY

    @column(gettext_lazy("integrity code"))
    def fingerprint(self, obj):
        return latin(obj.sha256)

    # -- many in one file -------------------------------------------------------------------------

    def get_urls(self):
        view = self.admin_site.admin_view(self.zip_view)
        return [path("zip/", view, name="evaluation_letter_zip"), *super().get_urls()]

    def zip_view(self, request):
        """The files of the letters of one cycle (`cycle`), of one kind (`kind`) or of all, that the person may see."""
        if not self.has_view_permission(request):
            raise PermissionDenied("view_letter")
        if request.method != "GET":
            return HttpResponseNotAllowed(["GET"])
        cycle, kind = request.GET.get("cycle", ""), request.GET.get("kind", "")
        rows = self.get_queryset(request).filter(participation__isnull=False, superseded_at=None)
        rows = rows.filter(cycle=cycle) if is_key(cycle) else rows.none()
        chosen = list((rows.filter(kind=kind) if kind else rows).order_by("pk"))
        if not chosen:
            raise Http404
        name = f"letters-{chosen[0].cycle.performance_year}{kind and f'-{kind}'}.zip"
        response = HttpResponse(paper.archive(chosen), content_type=ZIP)
        response["Content-Disposition"] = f'attachment; filename="{name}"'
        return response
