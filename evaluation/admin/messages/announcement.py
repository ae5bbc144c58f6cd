"""Announcements above the pages, and questions with their answers."""

from django import forms
from django.contrib import admin
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from evaluation.models import Announcement, Faq
from evaluation.persian import shown_end
from evaluation.process.service import interruption

from ..base import BaseAdmin, RefusableForm
from ..beside import BesideMixin
from ..choices import own_provinces
from ..display import badge, column, digits, jalali
from ..filters import CountedChoicesFilter, ScopedRelatedFilter
from ..imports.workbooks import WorkbookButtonsMixin
from ..verbs.verb import Verb, VerbsMixin


class OfProvinceForm(RefusableForm):
    """Only the superuser speaks to every province."""

    user = None

    def clean_province(self):
        province = self.cleaned_data["province"]
        if province is None and not self.user.is_superuser:
            mine = list(own_provinces(self.user)[:2])
            if len(mine) != 1:
                raise forms.ValidationError(_("Choose the province."))
            return mine[0]
        return province


class OfProvinceAdmin(BaseAdmin):
    form = OfProvinceForm
    select_related = ("province",)

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change=change, **kwargs)
        form.user = request.user
        return form


@admin.register(Announcement)
class AnnouncementAdmin(BesideMixin, VerbsMixin, OfProvinceAdmin):
    beside = ("outage", "power_off")
    list_display = ("text", "kind", "standing", "begins", "ends", "on_login_page", "told", "province")
    list_filter = (("kind", CountedChoicesFilter), ("province", ScopedRelatedFilter))
    search_fields = ("text",)
    fields = (("kind", "province"), "text", ("shown_from", "shown_until"), "on_login_page", "written_by")
    verbs = (
        Verb(
            "tell",
            interruption.tell,
            label=pgettext_lazy("verb", "Notify all whom it concerns"),
            transition=False,
            allowed=interruption.may_tell,
            offered=lambda row: row.told_at is None,
            icon="forward_to_inbox",
            sentence=gettext_lazy(
                "All people of the province, of its agencies and their headquarters get a notice and an e-mail, once. "
                "This cannot be undone."
            ),
        ),
    )

    def get_fields(self, request, obj=None):
        return (*self.fields, ("told_at", "told_by")) if obj is not None and obj.told_at else self.fields

    def save_model(self, request, obj, form, change):
        if not change:
            obj.written_by = request.user
        super().save_model(request, obj, form, change)

    @column(gettext_lazy("state"))
    def standing(self, row):
        now = timezone.now()
        if row.shown_from > now:
            return badge(_("not started"), "neutral")
        over = row.shown_until is not None and row.shown_until <= now
        return badge(_("ended"), "neutral") if over else badge(_("shown now"), "info")

    @column(gettext_lazy("notified at"), "told_at")
    def told(self, row):
        return jalali(row.told_at)

    @column(gettext_lazy("shown from"), "shown_from")
    def begins(self, row):
        return jalali(row.shown_from)

    @column(gettext_lazy("shown until"), "shown_until")
    def ends(self, row):
        return jalali(row.shown_until and shown_end(row.shown_until))


@admin.register(Faq)
class FaqAdmin(WorkbookButtonsMixin, OfProvinceAdmin):
    workbooks = ("questions",)
    list_display = ("question", "for_whom", "before_login", "shown_order", "province")
    list_filter = (("role", CountedChoicesFilter), ("province", ScopedRelatedFilter))
    search_fields = ("question", "answer")
    fields = (("province", "role"), "question", "answer", ("order", "before_login"))

    @column(gettext_lazy("role"), "role")
    def for_whom(self, row):
        return row.get_role_display() if row.role else _("everybody")

    @column(gettext_lazy("order"), "order")
    def shown_order(self, row):
        return digits(row.order)
