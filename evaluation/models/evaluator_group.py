"""Who scores what: evaluator groups over axes or agencies, their people and their shares."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .base import ScopedModel, name_field


class EvaluatorGroup(ScopedModel):
    cycle = models.ForeignKey(
        "Cycle", verbose_name=_("cycle"), on_delete=models.CASCADE, related_name="evaluator_groups"
    )
    title = name_field(_("title"))
    lead_body = name_field(_("lead body"), blank=True)
    axes = models.ManyToManyField("Axis", verbose_name=_("axes"), blank=True, related_name="evaluator_groups")
    covers_specific = models.BooleanField(_("scores the specific dimension"), default=False)
    agencies = models.ManyToManyField(
        "Agency",
        verbose_name=_("agencies"),
        blank=True,
        related_name="+",
        help_text=_("If empty, all agencies of the cycle."),
    )
    formed_by = models.ForeignKey(
        "CommitteeSession",
        verbose_name=_("formed by the session"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="evaluator_groups",
    )

    class Meta:
        verbose_name = _("evaluator group")
        verbose_name_plural = _("evaluator groups")
        ordering = ["cycle", "title"]
        constraints = [models.UniqueConstraint(fields=["cycle", "title"], name="evaluatorgroup_once")]

    def __str__(self):
        return self.title


class Evaluator(ScopedModel):
    group = models.ForeignKey(
        EvaluatorGroup, verbose_name=_("evaluator group"), on_delete=models.CASCADE, related_name="evaluators"
    )
    user = models.ForeignKey("auth.User", verbose_name=_("user"), on_delete=models.PROTECT, related_name="evaluators")
    lead = models.BooleanField(_("leads the group"), default=False)
    represents = name_field(_("office represented"), blank=True)

    class Meta:
        verbose_name = _("evaluator")
        verbose_name_plural = _("evaluators")
        ordering = ["group", "-lead", "user"]
        constraints = [
            models.UniqueConstraint(fields=["group", "user"], name="evaluator_once"),
            models.UniqueConstraint(
                fields=["group"],
                condition=Q(lead=True),
                name="evaluator_one_lead",
                violation_error_message=_("A group has one lead."),
            ),
        ]

    def __str__(self):
        return self.user.get_full_name() or self.user.get_username()


class Assignment(ScopedModel):
    """An agency given to one evaluator of a group; without any, every evaluator of the group may score it."""

    evaluator = models.ForeignKey(
        Evaluator, verbose_name=_("evaluator"), on_delete=models.CASCADE, related_name="assignments"
    )
    participation = models.ForeignKey(
        "Participation", verbose_name=_("participation"), on_delete=models.CASCADE, related_name="assignments"
    )

    class Meta:
        verbose_name = _("assignment")
        verbose_name_plural = _("assignments")
        ordering = ["evaluator", "participation"]
        constraints = [models.UniqueConstraint(fields=["evaluator", "participation"], name="assignment_once")]

    def __str__(self):
        return f"{self.participation} · {self.evaluator}"
