"""What a person is told: everybody's own notices."""

from django.contrib import admin
from django.db import transaction
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext

from evaluation.models import Notice

from .base import BaseAdmin, ReadOnlyMixin
from .display import badge, column, jalali
from .filters import JalaliPeriodFilter, ScopedRelatedFilter
from .transitions import Verb, VerbsMixin


@transaction.atomic
def mark_read(notice, *, by):
    """A notice concerns its own person alone and moves no state, so it has no log row."""
    Notice.objects.filter(pk=notice.pk, user=by, read_at=None).update(read_at=timezone.now())
    return notice


@admin.register(Notice)
class NoticeAdmin(ReadOnlyMixin, VerbsMixin, BaseAdmin):
    list_display = ("text", "moment", "cycle", "reading")
    list_filter = (("cycle", ScopedRelatedFilter), ("at", JalaliPeriodFilter))
    list_select_related = ("cycle",)
    search_fields = ("text",)
    fields = ("text", "at", "cycle", "address", "read_at")
    readonly_fields = ("address",)
    verbs = (
        Verb(
            "mark_read",
            mark_read,
            label=_("Mark as read"),
            transition=False,
            allowed=lambda user, notice: notice is None or notice.user_id == user.pk,
            offered=lambda notice: notice.read_at is None,
            batch=True,
            icon="done",
        ),
    )

    def get_queryset(self, request):
        """Also a superuser reads only what was told to that account."""
        return super().get_queryset(request).filter(user=request.user)

    def after_verb(self, request, obj, verb):
        """Read on the first page, back to the first page."""
        if request.POST.get("from") == "first_page":
            return HttpResponseRedirect(reverse("admin:index"))
        return super().after_verb(request, obj, verb)

    @column(_("at"), "at")
    def moment(self, row):
        return jalali(row.at)

    @column(_("read at"), "read_at")
    def reading(self, row):
        return jalali(row.read_at) if row.read_at else badge(_("new"), "info")

    @column(_("address"))
    def address(self, row):
        return format_html('<a class="ev-link" href="{}">{}</a>', row.url, pgettext("verb", "Open")) if row.url else "—"
