"""What agencies made public about their results by themselves, as the provincial organization noted it.

The agreement of Qom: results are made public after the evaluation has ended and they were announced, never vaguely.
"""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from evaluation.enums import PublicityVerdict

from .base import ScopedModel, choice_field, name_field, note_field, one_of, user_field
from .stored_file import StoredFileField


class Publicity(ScopedModel):
    """One publication of one agency: where, when and what, and what is to be said of it.

    `result` is the announced result with its level, against which it was read; before the announcement there is none.
    """

    participation = models.ForeignKey(
        "Participation", verbose_name=_("executive agency"), on_delete=models.PROTECT, related_name="publicity"
    )
    published_on = models.DateField(_("made public on"))
    medium = name_field(_("where"), help_text=_("The newspaper, news agency, site or channel."))
    link = models.URLField(_("address"), max_length=400, blank=True)
    text = note_field(_("what was said"))
    file = StoredFileField(_("file"), upload_to="publicity/%Y/", blank=True)
    result = models.ForeignKey(
        "AgencyResult",
        verbose_name=_("announced result"),
        null=True,
        blank=True,
        editable=False,
        on_delete=models.PROTECT,
        related_name="publicity",
    )
    verdict = choice_field(
        _("judgement"),
        PublicityVerdict,
        help_text=_("Leave it empty for what was made public before the results were announced: it is too early."),
    )
    reason = note_field(_("reason"))
    noted_by = user_field(_("recorded by"), editable=False, null=False, blank=False)
    noted_on = models.DateTimeField(_("recorded at"), default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("publication by an agency")
        verbose_name_plural = _("publications by agencies")
        ordering = ["-published_on", "-pk"]
        constraints = [
            one_of("verdict", PublicityVerdict),
            models.CheckConstraint(
                condition=~Q(text="") | ~Q(file=""),
                name="publicity_has_words",
                violation_error_message=_("Write what was said, or attach it as a file."),
            ),
            models.CheckConstraint(
                condition=Q(verdict=PublicityVerdict.TOO_EARLY, result=None)
                | (~Q(verdict=PublicityVerdict.TOO_EARLY) & Q(result__isnull=False)),
                name="publicity_read_against_result",
            ),
            models.CheckConstraint(
                condition=Q(verdict__in=[PublicityVerdict.AS_ANNOUNCED, PublicityVerdict.TOO_EARLY]) | ~Q(reason=""),
                name="publicity_objection_has_reason",
                violation_error_message=_("Say in the reason what is found, and by which words."),
            ),
        ]
        permissions = [("judge_publicity", "Can judge what an agency made public")]

    def __str__(self):
        return f"{self.participation.agency} · {self.medium}"
