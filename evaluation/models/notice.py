"""What a person is told inside the product, once for each event."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from evaluation import enums

from .base import (
    ScopedModel,
    SharedModel,
    choice_field,
    moment_field,
    name_field,
    note_field,
    once_in_a_province,
    one_of,
)


class Notice(ScopedModel):
    user = models.ForeignKey("auth.User", verbose_name=_("user"), on_delete=models.CASCADE, related_name="notices")
    cycle = models.ForeignKey(
        "Cycle", verbose_name=_("cycle"), null=True, blank=True, on_delete=models.CASCADE, related_name="notices"
    )
    event = models.CharField(_("event"), max_length=200, help_text=_("Key that prevents sending an event twice."))
    kind = choice_field(_("kind"), enums.NoticeKind, default=enums.NoticeKind.OTHER)
    text = note_field(_("text"))
    url = models.CharField(_("address"), max_length=250, blank=True)
    at = models.DateTimeField(_("at"), default=timezone.now)
    read_at = moment_field(_("read at"))
    mail_due = models.BooleanField(_("to be mailed"), default=False, editable=False)
    mailed_at = moment_field(_("mailed at"))
    mail_tries = models.PositiveSmallIntegerField(_("attempts to mail it"), default=0, editable=False)

    class Meta:
        verbose_name = _("notice")
        verbose_name_plural = _("notices")
        ordering = ["-at"]
        constraints = [
            models.UniqueConstraint(fields=["user", "event"], name="notice_once_for_event"),
            one_of("kind", enums.NoticeKind),
        ]
        indexes = [
            models.Index(fields=["user", "read_at"], name="notice_unread"),
            models.Index(fields=["at"], condition=models.Q(mail_due=True), name="notice_mail_due"),
        ]

    def __str__(self):
        return self.text


class NoticeTemplate(SharedModel):
    """How the e-mail of one kind of notice reads; placeholders in braces, see `process.mail.PLACEHOLDERS`."""

    kind = choice_field(_("kind"), enums.NoticeKind)
    subject = name_field(_("subject"), max_length=200)
    body = note_field(_("text"))
    mailed = models.BooleanField(_("sent by e-mail"), default=True)

    class Meta:
        verbose_name = _("text of e-mails")
        verbose_name_plural = _("texts of e-mails")
        ordering = ["pk"]
        constraints = [one_of("kind", enums.NoticeKind), once_in_a_province("noticetemplate", "kind")]

    def __str__(self):
        return self.get_kind_display()


class NoticePreference(ScopedModel):
    """What a person wants to be told, and how; without a row everything, each by its own e-mail."""

    user = models.OneToOneField(
        "auth.User", verbose_name=_("user"), on_delete=models.CASCADE, related_name="notice_preference"
    )
    muted = models.JSONField(_("muted kinds"), default=list, blank=True)
    mail = choice_field(_("e-mail"), enums.MailMode, default=enums.MailMode.AT_ONCE)

    class Meta:
        verbose_name = _("notification setting")
        verbose_name_plural = _("notification settings")
        constraints = [one_of("mail", enums.MailMode)]

    def __str__(self):
        return str(self.user)
