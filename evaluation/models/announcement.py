"""Announcements (a fault, an interruption), and questions with their answers."""

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from evaluation import enums

from .base import (
    ScopedModel,
    choice_field,
    moment_field,
    name_field,
    note_field,
    one_of,
    province_or_all,
    user_field,
)


class Announcement(ScopedModel):
    """A line above every page of a province's people while it is in force; a fault also stands on the login page."""

    province = province_or_all(_("If empty, it is shown to everyone."))
    kind = choice_field(_("kind"), enums.AnnouncementKind, default=enums.AnnouncementKind.NOTE)
    text = name_field(_("text"), max_length=400)
    shown_from = models.DateTimeField(_("shown from"), default=timezone.now)
    shown_until = models.DateTimeField(
        _("shown until"), null=True, blank=True, help_text=_("If empty, it is shown until someone ends it.")
    )
    on_login_page = models.BooleanField(_("show on the login page"), default=False)
    written_by = user_field(_("written by"))
    told_at = moment_field(_("notified at"), editable=False)
    told_by = user_field(_("notified by"), editable=False)

    class Meta:
        verbose_name = _("announcement")
        verbose_name_plural = _("announcements")
        ordering = ["-shown_from", "-pk"]
        constraints = [
            one_of("kind", enums.AnnouncementKind),
            models.CheckConstraint(
                condition=Q(shown_until=None) | Q(shown_until__gt=F("shown_from")),
                name="announcement_runs_forward",
                violation_error_message=_("An announcement must end after it begins."),
            ),
        ]

    def __str__(self):
        return self.text


class Faq(ScopedModel):
    """A question with its answer, for everybody or for the people of one role."""

    province = province_or_all(_("If empty, it is shown to everyone."))
    role = choice_field(_("role"), enums.Role, blank=True, help_text=_("If empty, it is shown to everyone."))
    question = name_field(_("question"), max_length=300)
    answer = note_field(_("answer"))
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    before_login = models.BooleanField(
        _("shown before log-in"),
        default=False,
        help_text=_("Everybody can read it on the page of questions and answers, without an account."),
    )

    class Meta:
        verbose_name = _("question and answer")
        verbose_name_plural = _("questions and answers")
        ordering = ["order", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(answer=""),
                name="faq_has_answer",
                violation_error_message=_("Enter the answer of the question."),
            )
        ]

    def __str__(self):
        return self.question
