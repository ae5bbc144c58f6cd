"""Circulars sent and received, who has read them, the register of letters, and legal references."""

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q
from django.http import HttpResponse
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from evaluation.models import Agency, Circular, CircularFile, CircularReceipt, LegalReference
from evaluation.process.year import circular
from evaluation.reports import circular_register
from evaluation.rules.roles import is_mpo, memberships_of

from ..base import BaseAdmin, BaseTabular, ReadOnlyInline, ReadOnlyMixin
from ..choices import CheckboxesMixin
from ..display import badge, column, digits, jalali, letter
from ..files import file_column
from ..filters import CountedChoicesFilter, JalaliPeriodFilter, ScopedRelatedFilter
from ..imports.workbooks import XLSX, WorkbookButtonsMixin
from ..lookups import set_counts
from ..verbs.dialogs import VerbForm
from ..verbs.shared_rows import SharedRowsMixin
from ..verbs.verb import Verb, VerbsMixin
from ..wide_lists import WideNationMixin

DIRECTION = ("direction", CountedChoicesFilter)


def unread_by(user, circular):
    """The agencies of this person that have received the circular and not opened it."""
    own = [member.agency_id for member in memberships_of(user) if member.agency_id]
    return [receipt.agency for receipt in circular.receipts.filter(agency__in=own, read_at=None)] if own else []


def has_unread(circular):
    return circular.sent_at is not None and circular.receipts.filter(read_at=None).exists()


def read(obj, *, by):
    """Note that the person's agencies have read it."""
    for agency in unread_by(by, obj):
        circular.read(obj, agency, by=by)
    return obj


class RecipientsForm(VerbForm):
    """The agencies that a circular goes to."""

    agencies = forms.ModelMultipleChoiceField(
        Agency.objects.none(),
        label=_("recipients"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("If nothing is chosen, all agencies of the cycle are recipients."),
    )

    def prepare(self):
        super().prepare()
        if self.subject is None:
            del self.fields["agencies"]
        else:
            self.fields["agencies"].queryset = circular.usual_recipients(self.subject)

    def clean_agencies(self):
        return self.cleaned_data["agencies"] or None


class FurtherForm(VerbForm):
    agencies = forms.ModelMultipleChoiceField(
        Agency.objects.none(), label=_("recipients"), widget=forms.CheckboxSelectMultiple
    )

    def prepare(self):
        super().prepare()
        self.fields["agencies"].queryset = circular.further_recipients(self.subject)


def has_further(obj):
    return obj.sent_at is not None and circular.further_recipients(obj).exists()


class ReadingMixin:
    """Adds the column `reading`: when a receipt was read. Needs rows of `CircularReceipt`."""

    @column(_("read at"), "read_at")
    def reading(self, row):
        return jalali(row.read_at) if row.read_at else badge(_("not read yet"), "warning")


class ReceiptInline(ReadingMixin, ReadOnlyInline):
    model = CircularReceipt
    fields = ("agency", "reading", "read_by", "reminders", "reminded_at")
    readonly_fields = ("reading", "reminders")
    select_related = ("agency", "read_by")
    show_title = False
    verbose_name_plural = _("reading by the recipients")


class CircularFileInline(BaseTabular):
    model = CircularFile
    fields = ("title", "file")
    show_title = False


@admin.register(Circular)
class CircularAdmin(CheckboxesMixin, VerbsMixin, BaseAdmin):
    list_display = ("subject", "shown_number", "day", "direction", "kind", "cycle", "sending", "readers", "file_link")
    list_filter = (
        ("cycle", ScopedRelatedFilter),
        DIRECTION,
        ("kind", CountedChoicesFilter),
        ("date", JalaliPeriodFilter),
    )
    list_select_related = ("cycle",)
    select_related = ("cycle__province", "sent_by")
    search_fields = ("subject", "number", "issuer")
    inlines = (CircularFileInline, ReceiptInline)
    list_before_template = "admin/evaluation/year/circular_register.html"
    has_log = True
    file_link = file_column("file")
    change_form_outer_before_template = "admin/evaluation/year/circular_top.html"
    verbs = (
        Verb(
            "send",
            circular.send,
            form=RecipientsForm,
            label=_("Send to the recipients"),
            transition=False,
            codename="send_circular",
            offered=lambda circular: circular.direction == "outgoing" and circular.sent_at is None,
            batch=True,
            icon="send",
            sentence=_("Every recipient gets a receipt, and its people a notice."),
        ),
        Verb(
            "send_also",
            circular.send_also,
            form=FurtherForm,
            label=_("Send to further agencies"),
            transition=False,
            codename="send_circular",
            offered=has_further,
            tone="plain",
            icon="forward_to_inbox",
        ),
        Verb(
            "remind",
            circular.remind,
            label=_("Remind those who have not read it"),
            transition=False,
            codename="send_circular",
            offered=has_unread,
            batch=True,
            icon="notification_important",
            sentence=_("The people of the agencies that have not read it get at most one notice a day."),
        ),
        Verb(
            "read",
            read,
            label=_("Confirm that it was read"),
            transition=False,
            allowed=lambda user, circular: circular is None or bool(unread_by(user, circular)),
            icon="mark_email_read",
        ),
    )

    def add_figures(self, request, rows):
        """With the receipts that this person may see: an agency's own alone."""
        receipts = CircularReceipt.objects.visible_to(request.user).filter(circular__in=rows).order_by()
        read = Count("pk", filter=Q(read_at__isnull=False))
        counted = receipts.values_list("circular").annotate(sent=Count("pk"), read=read)
        set_counts(rows, counted, "recipients", "readers")

    def get_list_display(self, request):
        """An agency reads what it received: whether it has read it, not who else has."""
        columns = super().get_list_display(request)
        if is_mpo(request.user):
            return columns
        own = {"direction": None, "sending": "arriving", "readers": "own_reading"}
        return [own.get(name, name) for name in columns if own.get(name, name)]

    def get_list_filter(self, request):
        filters = super().get_list_filter(request)
        return filters if is_mpo(request.user) else [one for one in filters if one != DIRECTION]

    def get_fields(self, request, obj=None):
        place = ("cycle", "direction", "kind") if is_mpo(request.user) else ("cycle", "kind")
        fields = [place, ("number", "date"), "issuer", "subject", "text", "file"]
        sent = [("sent_at", "sent_by")] if obj is not None and obj.sent_at else []
        return [*fields, "legal_references", *sent]

    def get_inlines(self, request, obj):
        if obj is None or not obj.sent_at:
            return (CircularFileInline,)
        return self.inlines if obj.files.exists() else (ReceiptInline,)

    def changelist_view(self, request, extra_context=None):
        """With the words above the list that fit who looks."""
        return super().changelist_view(request, {"sees_readers": is_mpo(request.user), **(extra_context or {})})

    def get_urls(self):
        view = self.admin_site.admin_view(self.register_view)
        return [path("register/", view, name="evaluation_circular_register"), *super().get_urls()]

    def register_view(self, request):
        """The register of letters as a workbook: what this person may see, in the order of their dates."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        mine = (model.objects.visible_to(request.user) for model in (Circular, CircularReceipt))
        data = circular_register.workbook(*mine)
        headers = {"Content-Disposition": 'attachment; filename="circulars.xlsx"'}
        return HttpResponse(data, content_type=XLSX, headers=headers)

    def is_open(self, circular):
        return circular.sent_at is None

    def about(self, request, obj):
        context = super().about(request, obj)
        unread = any(button["url"] == self.do_url(obj, "read") for button in context["verbs"])
        return context | {"read_url": self.do_url(obj, "read") if unread else ""}

    @column(_("letter number"), "number")
    def shown_number(self, row):
        return letter(row.number)

    @column(_("letter date"), "date")
    def day(self, row):
        return jalali(row.date)

    @column(pgettext_lazy("recipients", "read"))
    def readers(self, row):
        """How many of the recipients have read it."""
        if not row.recipients:
            return "—"
        words = _("%(read)s of %(all)s") % {"read": digits(row.readers), "all": digits(row.recipients)}
        return badge(words, "good" if row.readers == row.recipients else "warning")

    @column(pgettext_lazy("circular", "received"), "sent_at")
    def arriving(self, row):
        return jalali(row.sent_at)

    @column(_("reading"))
    def own_reading(self, row):
        return badge(_("read"), "good") if row.readers else badge(_("not read yet"), "warning")

    @column(_("sent"), "sent_at")
    def sending(self, row):
        if row.direction != "outgoing":
            return "—"
        return jalali(row.sent_at) if row.sent_at else badge(_("not sent yet"), "warning")


@admin.register(CircularFile)
class CircularFileAdmin(ReadOnlyMixin, BaseAdmin):
    """Hands out the attachments to all whom their circular has reached; they are added on the page of the circular."""

    list_display = ("title", "circular", "file_link")
    list_select_related = ("circular",)
    fields = ("circular", "title", "file")
    file_link = file_column("file")

    def has_module_permission(self, request):
        return False


@admin.register(CircularReceipt)
class CircularReceiptAdmin(WideNationMixin, ReadingMixin, ReadOnlyMixin, BaseAdmin):
    by_key = ("-pk",)
    list_display = ("agency", "circular", "reading")
    list_filter = (("circular", ScopedRelatedFilter), ("read_at", JalaliPeriodFilter))
    list_select_related = ("agency", "circular")
    select_related = ("agency", "circular", "read_by")
    search_fields = ("agency__name", "circular__subject")


@admin.register(LegalReference)
class LegalReferenceAdmin(WorkbookButtonsMixin, SharedRowsMixin, BaseAdmin):
    workbooks = ("legal_references",)
    list_display = ("title", "shown_number", "day", "validity", "file_link")
    search_fields = ("title", "number", "text")
    fields = ("province", "title", ("number", "date"), ("valid_from", "valid_until"), "link", "text", "file", "source")
    file_link = file_column("file")

    @column(_("number"), "number")
    def shown_number(self, row):
        return letter(row.number)

    @column(_("date"), "date")
    def day(self, row):
        return jalali(row.date)

    @column(_("validity"))
    def validity(self, row):
        """Whether it is in force today; after its last day the list still shows on what an older year rested."""
        today = timezone.localdate()
        if row.in_force(today):
            return badge(_("in force"), "good")
        ended = row.valid_until is not None and row.valid_until < today
        return badge(_("no longer in force") if ended else _("not yet in force"), "muted" if ended else "warning")
