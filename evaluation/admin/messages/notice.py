"""Notices: a person's own list, and what the person wants to be told of."""

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext

from evaluation.enums import MailMode, NoticeKind
from evaluation.models import Notice, NoticePreference
from evaluation.process.messages import notice

from ..base import BaseAdmin, ReadOnlyMixin
from ..display import badge, column, jalali
from ..filters import CountedChoicesFilter, JalaliPeriodFilter, ScopedRelatedFilter
from ..seen_forms import SeenMixin
from ..verbs.dialogs import VerbForm
from ..verbs.verb import Verb, VerbsMixin


@transaction.atomic
def mark_read(notice, *, by):
    """A notice concerns its own person alone and moves no state, so it has no log row."""
    Notice.objects.filter(pk=notice.pk, user=by, read_at=None).update(read_at=timezone.now())
    return notice


class NoticePreferenceForm(SeenMixin, VerbForm):
    muted = forms.MultipleChoiceField(
        label=_("Do not notify me about"), required=False, widget=forms.CheckboxSelectMultiple, choices=()
    )
    mail = forms.ChoiceField(label=_("e-mail"), choices=MailMode.choices)

    def prepare(self):
        super().prepare()
        self.fields["muted"].choices = [
            (kind.value, kind.label) for kind in NoticeKind if kind not in NoticeKind.always_told()
        ]


@admin.register(Notice)
class NoticeAdmin(ReadOnlyMixin, VerbsMixin, BaseAdmin):
    list_display = ("text", "kind", "moment", "cycle", "reading")
    list_filter = (("kind", CountedChoicesFilter), ("cycle", ScopedRelatedFilter), ("at", JalaliPeriodFilter))
    list_before_template = "admin/evaluation/messages/notice/above.html"
    select_related = ("cycle",)
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

    def get_urls(self):
        view = self.admin_site.admin_view(self.preferences_view)
        return [path("wishes/", view, name="evaluation_notice_preferences"), *super().get_urls()]

    def preferences_view(self, request):
        """What the person wants to be told of, and how it is mailed."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        preference = NoticePreference.objects.filter(user=request.user).first() or NoticePreference(user=request.user)
        initial = {"muted": preference.muted, "mail": preference.mail}
        form = NoticePreferenceForm(request.POST or None, user=request.user, initial=initial)
        if request.method == "POST" and form.is_valid():
            notice.prefer(request.user, **form.cleaned_data)
            messages.success(request, _("Your notification settings are saved."))
            return HttpResponseRedirect(reverse("admin:evaluation_notice_changelist"))
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": _("Notification settings"),
            "form": form,
            "always": [kind.label for kind in NoticeKind.always_told()],
            "mail_address": request.user.email,
            "back_url": reverse("admin:evaluation_notice_changelist"),
        }
        return TemplateResponse(request, "admin/evaluation/messages/notice/preferences.html", context)

    def get_queryset(self, request):
        """Also a superuser reads only what was told to that account."""
        return super().get_queryset(request).filter(user=request.user)

    def after_verb(self, request, obj, verb):
        """A notice that was marked on the first page leads back there."""
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
