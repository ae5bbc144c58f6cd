"""What the council objected to when it returned results, and how each objection was answered."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from evaluation import enums

from .base import ScopedModel, choice_field, moment_field, note_field, user_field


class CouncilRemark(ScopedModel):
    """One remark on an agency, or on one line of it; the next results wait until each of them is answered."""

    result_set = models.ForeignKey(
        "ResultSet", verbose_name=_("result set"), on_delete=models.PROTECT, related_name="remarks"
    )
    session = models.ForeignKey(
        "CommitteeSession", verbose_name=_("council session"), on_delete=models.PROTECT, related_name="remarks"
    )
    participation = models.ForeignKey(
        "Participation", verbose_name=_("executive agency"), on_delete=models.PROTECT, related_name="remarks"
    )
    line = models.ForeignKey(
        "Line", verbose_name=_("line"), null=True, blank=True, on_delete=models.PROTECT, related_name="remarks"
    )
    text = note_field(_("what is objected to"))
    answer = choice_field(_("answer"), enums.RemarkAnswer, blank=True)
    reason = note_field(_("reason"))
    answered_at = moment_field(_("answered at"), editable=False)
    answered_by = user_field(_("answered by"), editable=False)

    class Meta:
        verbose_name = _("remark of the council")
        verbose_name_plural = _("remarks of the council")
        ordering = ["result_set", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(answer="", answered_at=None, answered_by=None)
                | (
                    Q(answer__in=enums.RemarkAnswer.values, answered_at__isnull=False, answered_by__isnull=False)
                    & ~Q(reason="")
                ),
                name="councilremark_answered_whole",
            ),
            models.CheckConstraint(
                condition=~Q(answer=enums.RemarkAnswer.CHANGED) | Q(line__isnull=False),
                name="councilremark_changed_on_line",
            ),
        ]
        permissions = [("answer_councilremark", "Can answer a remark of the council")]

    def __str__(self):
        return str(self.line or self.participation)
