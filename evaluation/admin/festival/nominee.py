"""Nominees with the marks of the committee, and the awards that it decided."""

from io import BytesIO

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from evaluation.enums import FestivalState, NomineeOrigin, Role
from evaluation.models import Award, Nominee, NomineeMark
from evaluation.process.door import refusal_of
from evaluation.process.festival import choice, nomination
from evaluation.reports import festival_papers
from evaluation.rules.festival_rows import may_have_certificate
from evaluation.rules.permissions import holds

from ..base import BaseAdmin, ReadOnlyInline, ReadOnlyMixin
from ..display import EMPTY, badge, column, digits, jalali, score
from ..files import attachment
from ..filters import CountedChoicesFilter, ScopedRelatedFilter
from ..imports.workbooks import WorkbookButtonsMixin
from ..verbs.verb import Verb, VerbsMixin
from .forms import ChoiceForm, MarksForm, ReviseForm


def chooses(nominee):
    return nominee.festival.state == FestivalState.CHOOSING


def is_winner(nominee):
    return getattr(nominee, "award", None) is not None


def can_be_changed(nominee):
    """Whether the agency that named the nominee may still change it."""
    return nominee.origin == NomineeOrigin.AGENCY and not refusal_of(nomination.check_open, nominee.festival)


def own_values(nominee):
    return {name: getattr(nominee, name) for name in nomination.FIELDS}


class MarkInline(ReadOnlyInline):
    model = NomineeMark
    show_title = False
    fields = ("member", "shown_score", "reason", "recorded_by")
    readonly_fields = fields
    select_related = ("member", "recorded_by")

    @column(_("score"))
    def shown_score(self, mark):
        return score(mark.score)


@admin.register(Nominee)
class NomineeAdmin(WorkbookButtonsMixin, VerbsMixin, ReadOnlyMixin, BaseAdmin):
    list_display = (
        "name",
        "shown_kind",
        "part",
        "shown_agency",
        "origin",
        "figure_shown",
        "shown_rank",
        "shown_award",
    )
    list_filter = (
        ("festival", ScopedRelatedFilter),
        ("kind", ScopedRelatedFilter),
        ("origin", CountedChoicesFilter),
    )
    select_related = ("festival__cycle__province", "kind", "agency__headquarters", "entered_by", "award")
    search_fields = ("name", "agency__name", "members")
    own_fields = ("festival", "kind", "part", "agency", "name", "members", "reason", "figure_shown", "file")
    staff_fields = ("origin", "shown_rank", ("letter_number", "letter_date"), "entered_by", "absent", "mean")
    readonly_fields = ("figure_shown", "shown_rank", "absent", "mean")
    inlines = (MarkInline,)
    workbooks = ("nominees",)
    has_log = True
    verbs = (
        Verb(
            "choose",
            choice.choose,
            form=ChoiceForm,
            label=_("Give the award"),
            transition=False,
            codename="choose_nominee",
            offered=lambda obj: chooses(obj) and not is_winner(obj),
            reasons=choice.over_limits,
            batch=True,
            icon="emoji_events",
            sentence=_(
                "The award is recorded with the session and the reason; nobody outside sees it before the winners are "
                "announced."
            ),
        ),
        Verb(
            "score",
            choice.score,
            form=MarksForm,
            label=_("Record the marks of the committee"),
            transition=False,
            codename="score_nominee",
            offered=chooses,
            tone="plain",
            icon="star_half",
            sentence=_("A member with a conflict of interest has no field here. An emptied field removes the mark."),
        ),
        Verb(
            "revoke",
            choice.revoke,
            label=_("Take the award back"),
            transition=False,
            codename="choose_nominee",
            offered=lambda obj: chooses(obj) and is_winner(obj),
            tone="danger",
            icon="undo",
            sentence=_("The nominee is a candidate again; the reason is logged."),
        ),
        Verb(
            "revise",
            nomination.revise,
            form=ReviseForm,
            label=_("Change the nomination"),
            transition=False,
            codename="nominate_nominee",
            party=Role.AGENCY,
            offered=can_be_changed,
            initial=own_values,
            icon="edit",
            sentence=_("The committee sees the changed nomination only."),
        ),
        Verb(
            "take_back",
            nomination.take_back,
            label=_("Take the nomination back"),
            transition=False,
            codename="nominate_nominee",
            party=Role.AGENCY,
            offered=can_be_changed,
            tone="danger",
            icon="delete",
            sentence=_("The nomination is removed. You can nominate again until the nominations end."),
        ),
    )

    # -- who reads what ---------------------------------------------------------------------------

    def chooses_here(self, request, obj=None):
        return holds(request.user, "choose_nominee", obj)

    def get_list_display(self, request):
        """Agencies read what they nominated, and nothing of what became of it before it is announced."""
        columns = super().get_list_display(request)
        if self.chooses_here(request):
            return columns
        return [name for name in columns if name not in ("origin", "shown_rank", "shown_award")]

    def get_fields(self, request, obj=None):
        return (*self.own_fields, *self.staff_fields) if self.chooses_here(request, obj) else self.own_fields

    def get_inlines(self, request, obj):
        marked = obj is not None and self.chooses_here(request, obj) and obj.marks.exists()
        return self.inlines if marked else ()

    def after_verb(self, request, obj, verb):
        """A nomination that was taken back has no page: on to the list."""
        if verb.name == "take_back":
            return self.go(request, reverse("admin:evaluation_nominee_changelist"))
        return super().after_verb(request, obj, verb)

    # -- columns ----------------------------------------------------------------------------------

    @column(_("kind of award"), "kind__title")
    def shown_kind(self, nominee):
        return nominee.kind.title

    @column(_("executive agency"), "agency__name")
    def shown_agency(self, nominee):
        return nominee.agency or EMPTY

    @column(_("figure"), "figure")
    def figure_shown(self, nominee):
        if nominee.figure is None:
            return EMPTY
        figure = score(nominee.figure)
        return format_html("{} · {}", figure, nominee.get_measure_display()) if nominee.measure else figure

    @column(_("rank"), "rank")
    def shown_rank(self, nominee):
        return EMPTY if nominee.rank is None else digits(nominee.rank)

    @column(_("award"))
    def shown_award(self, nominee):
        return badge(_("winner"), "good") if is_winner(nominee) else EMPTY

    @column(_("stepped out"))
    def absent(self, nominee):
        return "، ".join(str(member) for member in choice.stepping_out(nominee)) or EMPTY

    @column(_("mean mark"))
    def mean(self, nominee):
        mean = choice.mean_mark(nominee)
        return EMPTY if mean is None else score(mean)


@admin.register(Award)
class AwardAdmin(ReadOnlyMixin, BaseAdmin):
    list_display = ("winner", "shown_kind", "shown_part", "shown_agency", "shown_festival")
    list_filter = (("nominee__festival", ScopedRelatedFilter),)
    select_related = ("nominee__festival__cycle__province", "nominee__kind", "nominee__agency", "session__committee")
    search_fields = ("nominee__name", "nominee__agency__name")
    own_fields = ("winner", "shown_kind", "shown_part", "shown_agency", "shown_festival", "members", "reason")
    staff_fields = ("session", "shown_score", "stepped_out", "decided_by", "decided")
    readonly_fields = (*own_fields[:-1], "shown_score", "decided")
    change_form_outer_before_template = "admin/evaluation/festival/award_top.html"

    def get_fields(self, request, obj=None):
        """How the committee came to it is its own business."""
        staff = holds(request.user, "choose_nominee", obj and obj.nominee)
        return (*self.own_fields, *self.staff_fields) if staff else self.own_fields

    # -- the certificate --------------------------------------------------------------------------

    def takes_certificate(self, user, award):
        """Staff take it as soon as the award is chosen, the agency of the award when the winners are announced."""
        return may_have_certificate(user, award) or holds(user, "export_festival", award.nominee.festival)

    def get_urls(self):
        view = self.admin_site.admin_view(self.certificate_view)
        return [path("<path:object_id>/certificate/", view, name="evaluation_award_certificate"), *super().get_urls()]

    def certificate_view(self, request, object_id):
        award = self.visible_row(request, object_id)
        if not self.takes_certificate(request.user, award):
            raise PermissionDenied("certificate")
        return attachment(BytesIO(festival_papers.certificate_of(award)), "certificate.pdf")

    def about(self, request, obj):
        takes = self.takes_certificate(request.user, obj)
        address = reverse("admin:evaluation_award_certificate", args=[obj.pk]) if takes else ""
        return super().about(request, obj) | {"certificate_url": address}

    # -- columns ----------------------------------------------------------------------------------

    @column(_("winner"), "nominee__name")
    def winner(self, award):
        return award.nominee.name

    @column(_("kind of award"), "nominee__kind__title")
    def shown_kind(self, award):
        return award.nominee.kind.title

    @column(_("group, axis or topic"), "nominee__part")
    def shown_part(self, award):
        return award.nominee.part or EMPTY

    @column(_("executive agency"), "nominee__agency__name")
    def shown_agency(self, award):
        return award.nominee.agency or EMPTY

    @column(_("festival"), "nominee__festival")
    def shown_festival(self, award):
        return award.nominee.festival

    @column(_("members of the team"))
    def members(self, award):
        return "، ".join(award.nominee.members.splitlines()) or EMPTY

    @column(_("mean mark"))
    def shown_score(self, award):
        return EMPTY if award.score is None else score(award.score)

    @column(_("decided at"), "decided_on")
    def decided(self, award):
        return jalali(award.decided_on)
