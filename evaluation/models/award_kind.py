"""Kinds of award of a festival, as data: whom each honours, by which figure, and how many of them there are."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from evaluation import enums
from evaluation.enums import Measure, Recipient, Within

from .base import SharedModel, choice_field, code_field, name_field, note_field, once_in_a_province, one_of


class AwardKind(SharedModel):
    """Candidates come from the frozen figures (`measure`, `or_measure`), from the agencies, or from the governor."""

    code = code_field(_("code"), max_length=80)
    scheme = name_field(_("award scheme"), blank=True, help_text=_("The festival or rule from which this kind comes."))
    order = models.PositiveSmallIntegerField(_("order"), default=1)
    title = name_field(_("title"))
    recipient = choice_field(_("honours"), enums.Recipient, default=Recipient.AGENCY)
    within = choice_field(_("looked for"), enums.Within, default=Within.OVERALL)
    measure = choice_field(
        _("highest"),
        enums.Measure,
        blank=True,
        default="",
        help_text=_("Candidates are proposed by this figure of the frozen results. If empty, none are proposed."),
    )
    or_measure = choice_field(_("or highest"), enums.Measure, blank=True, default="")
    topics = note_field(
        _("topics"),
        help_text=_(
            "One topic on each line. After a colon, the codes of its indicators or the title of its axis, with ، "
            "between them; without them the topic has no figure."
        ),
    )
    from_agencies = models.BooleanField(_("agencies nominate"), default=False)
    from_governor = models.BooleanField(_("the governor proposes"), default=False)
    in_each = models.PositiveSmallIntegerField(
        _("awards in each part"),
        null=True,
        blank=True,
        default=1,
        help_text=_(
            "In each group, axis or topic; among all agencies where there are no parts. If empty, there is no limit."
        ),
    )
    in_all = models.PositiveSmallIntegerField(
        _("awards in all"), null=True, blank=True, help_text=_("If empty, there is no limit.")
    )
    reserve = models.PositiveSmallIntegerField(
        _("further candidates"), default=2, help_text=_("How many candidates beyond the awards are proposed.")
    )
    team_size = models.PositiveSmallIntegerField(_("most members of a team"), null=True, blank=True)
    once = models.BooleanField(
        _("only without another award"),
        default=False,
        help_text=_("An agency that has another award of this festival does not get this one."),
    )
    source = note_field(_("source"))

    class Meta:
        verbose_name = _("kind of award")
        verbose_name_plural = _("kinds of award")
        ordering = ["scheme", "order", "code"]
        constraints = [
            once_in_a_province("awardkind", "code"),
            one_of("recipient", Recipient),
            one_of("within", Within),
            models.CheckConstraint(
                condition=Q(measure__in=["", *Measure.values], or_measure__in=["", *Measure.values]),
                name="awardkind_measure_known",
            ),
            models.CheckConstraint(
                condition=~Q(measure="") | Q(from_agencies=True) | Q(from_governor=True),
                name="awardkind_has_candidates",
                violation_error_message=_(
                    "Say where the candidates come from: a figure, nominations of the agencies, or the governor."
                ),
            ),
            models.CheckConstraint(
                condition=~Q(measure="") | Q(or_measure=""),
                name="awardkind_second_measure_after_first",
                violation_error_message=_("Choose the first figure before the second."),
            ),
            models.CheckConstraint(
                condition=Q(measure="") | Q(recipient=Recipient.AGENCY),
                name="awardkind_figures_are_of_agencies",
                violation_error_message=_("Figures are those of agencies: people and teams are nominated."),
            ),
            models.CheckConstraint(
                condition=~(Q(measure=Measure.PART) | Q(or_measure=Measure.PART))
                | Q(within__in=[Within.AXIS, Within.TOPIC]),
                name="awardkind_part_has_figure",
                violation_error_message=_("Only an axis or a topic has a share of its own."),
            ),
            models.CheckConstraint(
                condition=Q(team_size=None) | (Q(recipient=Recipient.TEAM) & Q(team_size__gt=0)),
                name="awardkind_size_is_of_a_team",
                violation_error_message=_("Only teams have a number of members."),
            ),
            models.CheckConstraint(
                condition=(Q(in_each=None) | Q(in_each__gt=0)) & (Q(in_all=None) | Q(in_all__gt=0)),
                name="awardkind_gives_awards",
                violation_error_message=_("A kind of award gives at least one award; leave it empty for no limit."),
            ),
        ]

    def __str__(self):
        return f"{self.title} ({self.scheme})" if self.scheme else self.title

    @property
    def measures(self):
        """The figures by which candidates are proposed, as Measures."""
        return [Measure(name) for name in (self.measure, self.or_measure) if name]
