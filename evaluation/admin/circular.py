"""Letters out and in, who has read them, the law behind them, and workshops."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from evaluation.models import Circular, CircularReceipt, LegalReference, Workshop
from evaluation.process import circular as process
from evaluation.rules.roles import memberships_of

from .base import BaseAdmin, ReadOnlyInline, ReadOnlyMixin
from .dialogs import VerbForm
from .display import badge, column, jalali, latin
from .files import file_column
from .filters import CountedChoicesFilter, JalaliPeriodFilter, ScopedRelatedFilter
from .forms import JalaliDateTimeField
from .transitions import Verb, VerbsMixin


def unread_by(user, circular):
    """The agencies of this person that have received the circular and not opened it."""
    own = [member.agency_id for member in memberships_of(user) if member.agency_id]
    return [receipt.agency for receipt in circular.receipts.filter(agency__in=own, read_at=None)] if own else []


def read(circular, *, by):
    """Note that the person's agencies have read it."""
    for agency in unread_by(by, circular):
        process.read(circular, agency, by=by)
    return circular


class ReceiptInline(ReadOnlyInline):
    model = CircularReceipt
    fields = ("agency", "read_at", "read_by")
    select_related = ("agency", "read_by")


@admin.register(Circular)
class CircularAdmin(VerbsMixin, BaseAdmin):
    list_display = ("subject", "shown_number", "day", "direction", "kind", "cycle", "sending", "file_link")
    list_filter = (
        ("cycle", ScopedRelatedFilter),
        ("direction", CountedChoicesFilter),
        ("kind", CountedChoicesFilter),
        ("date", JalaliPeriodFilter),
    )
    list_select_related = ("cycle",)
    select_related = ("cycle", "sent_by")
    search_fields = ("subject", "number", "issuer")
    inlines = (ReceiptInline,)
    has_log = True
    file_link = file_column("file")
    change_form_outer_before_template = "admin/evaluation/circular_top.html"
    verbs = (
        Verb(
            "send",
            process.send,
            label=_("Send to the recipients"),
            transition=False,
            codename="send_circular",
            offered=lambda circular: circular.direction == "outgoing" and circular.sent_at is None,
            batch=True,
            icon="send",
            sentence=_("Every agency of the cycle gets a receipt, and its people a notice."),
        ),
        Verb(
            "read",
            read,
            label=_("We have read it"),
            transition=False,
            allowed=lambda user, circular: circular is None or bool(unread_by(user, circular)),
            icon="mark_email_read",
        ),
    )

    def get_fields(self, request, obj=None):
        fields = [("cycle", "direction", "kind"), ("number", "date"), "issuer", "subject", "text", "file"]
        sent = [("sent_at", "sent_by")] if obj is not None and obj.sent_at else []
        return [*fields, "legal_references", *sent]

    def get_inlines(self, request, obj):
        return self.inlines if obj is not None and obj.sent_at else ()

    def is_open(self, circular):
        return circular.sent_at is None

    def about(self, request, obj):
        shown = super().about(request, obj)
        unread = any(button["url"] == self.do_url(obj, "read") for button in shown["verbs"])
        return shown | {"read_url": self.do_url(obj, "read") if unread else ""}

    @column(_("letter number"), "number")
    def shown_number(self, row):
        return latin(row.number)

    @column(_("letter date"), "date")
    def day(self, row):
        return jalali(row.date)

    @column(_("sent"), "sent_at")
    def sending(self, row):
        if row.direction != "outgoing":
            return "—"
        return jalali(row.sent_at) if row.sent_at else badge(_("not sent yet"), "warning")


@admin.register(CircularReceipt)
class CircularReceiptAdmin(ReadOnlyMixin, BaseAdmin):
    list_display = ("agency", "circular", "reading")
    list_filter = (("circular", ScopedRelatedFilter), ("read_at", JalaliPeriodFilter))
    list_select_related = ("agency", "circular")
    select_related = ("agency", "circular", "read_by")
    search_fields = ("agency__name", "circular__subject")

    @column(_("read at"), "read_at")
    def reading(self, row):
        return jalali(row.read_at) if row.read_at else badge(_("not read yet"), "warning")


@admin.register(LegalReference)
class LegalReferenceAdmin(BaseAdmin):
    list_display = ("title", "shown_number", "day")
    search_fields = ("title", "number")

    @column(_("number"), "number")
    def shown_number(self, row):
        return latin(row.number)

    @column(_("date"), "date")
    def day(self, row):
        return jalali(row.date)


class HoldForm(VerbForm):
    at = JalaliDateTimeField(label=_("held at"), required=False, help_text=_("Empty means now."))


@admin.register(Workshop)
class WorkshopAdmin(VerbsMixin, BaseAdmin):
    list_display = ("title", "kind", "place", "start", "held", "cycle", "file_link")
    list_filter = (("cycle", ScopedRelatedFilter), ("kind", CountedChoicesFilter), ("starts_at", JalaliPeriodFilter))
    list_select_related = ("cycle",)
    select_related = ("cycle", "held_by")
    search_fields = ("title", "place")
    fields = (("cycle", "kind"), "title", ("place", "starts_at"), ("held_at", "held_by"), "note", "file")
    has_log = True
    file_link = file_column("file")
    verbs = (
        Verb(
            "hold",
            process.hold,
            form=HoldForm,
            label=_("Record as held"),
            transition=False,
            codename="hold_workshop",
            offered=lambda workshop: workshop.held_at is None,
            batch=True,
            icon="co_present",
        ),
    )

    @column(_("starts at"), "starts_at")
    def start(self, row):
        return jalali(row.starts_at)

    @column(_("held at"), "held_at")
    def held(self, row):
        return jalali(row.held_at) if row.held_at else badge(_("not held yet"), "warning")
