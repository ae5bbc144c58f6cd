"""The texts of e-mails, with a preview of what arrives."""

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseNotAllowed
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from evaluation.models import Cycle, Notice, NoticeTemplate
from evaluation.process.door import Refusal
from evaluation.process.messages import mail

from ..base import BaseAdmin, RefusableForm
from ..verbs.shared_rows import TextsOfKindsMixin


class TextForm(RefusableForm):
    def clean(self):
        cleaned = super().clean()
        for name in ("subject", "body"):
            try:
                mail.check_text(cleaned.get(name) or "")
            except Refusal as refusal:
                self.add_error(name, str(refusal))
        return cleaned


@admin.register(NoticeTemplate)
class NoticeTemplateAdmin(TextsOfKindsMixin, BaseAdmin):
    form = TextForm
    list_display = ("shown_kind", "subject", "mailed")
    search_fields = ("subject", "body")
    fields = ("kind", "province", "subject", "body", "mailed")
    change_form_after_template = "admin/evaluation/messages/notice/preview.html"

    def get_urls(self):
        view = self.admin_site.admin_view(self.preview_view)
        return [path("<path:object_id>/preview/", view, name="evaluation_noticetemplate_preview"), *super().get_urls()]

    def about(self, request, obj):
        places = [(f"{{{name}}}", words) for name, words in mail.PLACEHOLDERS.items()]
        address = reverse("admin:evaluation_noticetemplate_preview", args=[obj.pk])
        return super().about(request, obj) | {"places": places, "preview_url": address} | preview_of(request, obj)

    def preview_view(self, request, object_id):
        """What a typed text looks like when it arrives; keeps nothing."""
        text = self.visible_row(request, object_id)
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        if not self.has_change_permission(request, text):
            raise PermissionDenied
        text.subject, text.body = request.POST.get("subject", ""), request.POST.get("body", "")
        return TemplateResponse(request, "admin/evaluation/messages/notice/arrives.html", preview_of(request, text))


def preview_of(request, text):
    """{mail: {subject, body}} of a sample notice to the person who looks, or {fault: sentence}."""
    try:
        mail.check_text(text.subject, text.body)
    except Refusal as refusal:
        return {"fault": str(refusal)}
    cycle = Cycle.objects.visible_to(request.user).order_by("-performance_year").first()
    sentence = _("The text of the notice comes here.")
    sample = Notice(user=request.user, cycle=cycle, kind=text.kind, text=sentence, at=timezone.now(), url="/admin/")
    subject, body = mail.composed(sample, text)
    return {"mail": {"subject": subject, "body": body}}
