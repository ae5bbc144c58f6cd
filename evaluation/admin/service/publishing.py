"""The identity of the service and the agreement: drafts that are edited, versions that are published and stay."""

from django import forms
from django.contrib import admin
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from evaluation.models import Agreement, AgreementClause, Service, ServiceChannel
from evaluation.process.service import editions
from evaluation.rules.permissions import holds

from ..base import BaseAdmin, BaseTabular
from ..display import badge, column, digits, jalali
from ..forms import JalaliDateField
from ..verbs.dialogs import VerbForm
from ..verbs.shared_rows import SharedRowsMixin
from ..verbs.verb import Verb, VerbsMixin


class PublishForm(VerbForm):
    valid_from = JalaliDateField(
        label=gettext_lazy("valid from"), required=False, help_text=gettext_lazy("If empty, it is valid from today.")
    )


class TerminateForm(VerbForm):
    last_day = JalaliDateField(label=gettext_lazy("last day of validity"))


def may_change(user, row):
    """The right to write the row itself, whether it is published or not."""
    name = "service" if isinstance(row, Service) else "agreement"
    return holds(user, f"change_{name}", row)


AMEND = Verb(
    "amend",
    editions.amend,
    label=pgettext_lazy("verb", "Write the next version"),
    transition=False,
    allowed=editions.may_amend,
    offered=lambda row: row.published_at is not None,
    tone="plain",
    icon="edit_note",
    sentence=gettext_lazy("A draft with the same content is made; this one is valid until the draft is published."),
)
PUBLISH = Verb(
    "publish",
    editions.publish,
    form=PublishForm,
    label=pgettext_lazy("version", "Publish"),
    transition=False,
    allowed=may_change,
    offered=lambda row: row.published_at is None,
    icon="publish",
    sentence=gettext_lazy(
        "The version can no longer be changed, and the one before it ends. People of the agencies accept a new "
        "agreement at their next page."
    ),
)
TERMINATE = Verb(
    "terminate",
    editions.terminate,
    form=TerminateForm,
    label=pgettext_lazy("verb", "Terminate the agreement"),
    transition=False,
    allowed=may_change,
    offered=lambda row: row.in_force(timezone.localdate()),
    tone="danger",
    icon="event_busy",
    sentence=gettext_lazy("The agencies are notified of the last day. This cannot be undone."),
)


class VersionAdmin(SharedRowsMixin, VerbsMixin, BaseAdmin):
    list_display = ("title", "shown_version", "standing", "begins", "ends")
    select_related = ("province", "published_by")
    search_fields = ("title",)
    has_log = True

    def is_open(self, row):
        return row.published_at is None

    def after_verb(self, request, obj, verb):
        """From a published version on to its draft, which the person edits."""
        rows = self.get_queryset(request).filter(published_at=None).order_by("-pk")
        draft = rows.first() if verb.name == "amend" else None
        return super().after_verb(request, draft or obj, verb)

    @column(gettext_lazy("version"), "version")
    def shown_version(self, row):
        return digits(row.version)

    @column(gettext_lazy("state"))
    def standing(self, row):
        today = timezone.localdate()
        if row.published_at is None:
            return badge(_("draft"), "warning")
        if row.in_force(today):
            return badge(_("in force"), "good")
        return badge(_("not yet in force") if row.valid_from > today else _("no longer in force"), "muted")

    @column(gettext_lazy("valid from"), "valid_from")
    def begins(self, row):
        return jalali(row.valid_from)

    @column(gettext_lazy("last day of validity"), "valid_until")
    def ends(self, row):
        return jalali(row.valid_until)


class ChannelInline(BaseTabular):
    model = ServiceChannel
    fields = ("phase", "electronic", "medium")
    show_title = False

    def is_open(self, row):
        return row.published_at is None


@admin.register(Service)
class ServiceAdmin(VersionAdmin):
    verbs = (PUBLISH, AMEND)
    select_related = ("province", "published_by", "template")
    inlines = (ChannelInline,)

    def get_fieldsets(self, request, obj=None):
        dates = [("begins", "ends"), ("published_at", "published_by")] if obj is not None and obj.published_at else []
        return [
            (None, {"fields": ("province", ("title", "identifier"), *dates)}),
            (_("Provider"), {"fields": (("provider", "mother_body"), "contact")}),
            (
                _("Particulars of the service"),
                {"fields": ("description", ("kind", "nature", "level"), ("programme", "start"), "recipients")},
            ),
            (
                _("Details of the service"),
                {
                    "fields": (
                        ("recipient_count", "mean_months", "frequency"),
                        ("visits", "fee"),
                        ("address", "system"),
                        ("documents", "forms"),
                        ("template", "legal_references"),
                        "source",
                    )
                },
            ),
        ]

    def get_readonly_fields(self, request, obj=None):
        return (*super().get_readonly_fields(request, obj), "begins", "ends")

    def formfield_for_manytomany(self, db_field, request, **kwargs):
        return super().formfield_for_manytomany(db_field, request, **kwargs | {"widget": forms.CheckboxSelectMultiple})


class ClauseInline(BaseTabular):
    model = AgreementClause
    fields = ("side", "order", "text", "measure")
    show_title = False

    def is_open(self, row):
        return row.published_at is None


@admin.register(Agreement)
class AgreementAdmin(VersionAdmin):
    verbs = (PUBLISH, AMEND, TERMINATE)
    inlines = (ClauseInline,)

    def get_fields(self, request, obj=None):
        dates = [("begins", "ends"), ("published_at", "published_by")] if obj is not None and obj.published_at else []
        ended = ["ended_reason"] if obj is not None and obj.ended_reason else []
        parts = ["purpose", "basis", "fee", "amendment", "termination", "source"]
        return ["province", "title", *dates, *ended, *parts]

    def get_readonly_fields(self, request, obj=None):
        return (*super().get_readonly_fields(request, obj), "begins", "ends", "ended_reason")
