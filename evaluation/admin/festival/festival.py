"""The festival of a cycle: its preparation, nominations, choice and announcement."""

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from evaluation.enums import FestivalState, Role
from evaluation.models import Award, AwardKind, CeremonyItem, CommitteeMember, ConflictOfInterest, Festival
from evaluation.process.festival import festival, nomination
from evaluation.reports import festival_papers, publication
from evaluation.reports.festival import winners
from evaluation.rules import festival_conditions
from evaluation.rules.festival_rows import may_have_certificate
from evaluation.rules.permissions import holds

from ..base import BaseAdmin, BaseTabular
from ..display import EMPTY, column, jalali, state_column
from ..filters import CountedChoicesFilter, ScopedRelatedFilter
from ..verbs.verb import Verb, VerbsMixin
from .forms import LetterForm, NominateForm, ProposalForm, SchemeForm, send_report, take_scheme

BEFORE_THE_END = (FestivalState.PREPARING, FestivalState.NOMINATING, FestivalState.CHOOSING)


def takes_proposals(obj):
    return obj.state in BEFORE_THE_END and obj.kinds.filter(from_governor=True).exists()


def nominates(obj):
    return obj.state == FestivalState.NOMINATING


def has_figures_to_use(obj):
    return obj.state in BEFORE_THE_END and obj.kinds.exclude(measure="").exists()


class CeremonyInline(BaseTabular):
    model = CeremonyItem
    fields = ("begins", "title", "speaker")
    show_title = False

    def is_open(self, obj):
        return obj.state != FestivalState.REPORTED


class ConflictInline(BaseTabular):
    """What members of the committee declared, until the winners are announced."""

    model = ConflictOfInterest
    fields = ("member", "agency", "reason")
    show_title = False

    def is_open(self, obj):
        return obj.state not in FestivalState.winners_known()

    def get_field_queryset(self, db, db_field, request):
        """The members of the festival's own committee, and the agencies of its cycle."""
        rows = super().get_field_queryset(db, db_field, request)
        if db_field.name == "member":
            return CommitteeMember.objects.visible_to(request.user).filter(committee=request.edited.committee_id)
        if db_field.name == "agency":
            return rows.filter(participations__cycle=request.edited.cycle_id).order_by("name")
        return rows


@admin.register(Festival)
class FestivalAdmin(VerbsMixin, BaseAdmin):
    state = "state"
    list_display = ("title", "cycle", state_column(gettext_lazy("state")), "day", "place", "winners_link")
    list_filter = (("state", CountedChoicesFilter), ("cycle", ScopedRelatedFilter))
    select_related = ("cycle__province", "committee", "figures", "announced_by")
    search_fields = ("title", "place")
    inlines = (CeremonyInline, ConflictInline)
    change_form_outer_before_template = "admin/evaluation/festival/top.html"
    filter_horizontal = ("kinds",)
    own_fields = ("cycle", "title", ("nominations_from", "nominations_until"), ("held_on", "place"), "kinds")
    staff_fields = ("committee", "one_award", "course", ("announced_at", "announced_by"))
    verbs = (
        Verb("open_nominations", festival.open_nominations, icon="how_to_vote"),
        Verb(
            "nominate",
            nomination.nominate,
            form=NominateForm,
            label=gettext_lazy("Nominate"),
            transition=False,
            codename="nominate_nominee",
            party=Role.AGENCY,
            offered=nominates,
            icon="person_add",
            sentence=gettext_lazy(
                "The committee of the festival sees the nomination; it can be changed until the nominations end."
            ),
        ),
        Verb("begin_choice", festival.begin_choice, icon="groups"),
        Verb("finish_choice", festival.finish_choice, icon="task_alt"),
        Verb("announce", festival.announce, icon="campaign"),
        Verb("report", send_report, form=LetterForm, icon="outgoing_mail"),
        Verb(
            "propose",
            festival.propose,
            label=gettext_lazy("Propose candidates from the figures"),
            transition=False,
            codename="propose_festival",
            offered=has_figures_to_use,
            tone="plain",
            icon="query_stats",
            sentence=gettext_lazy(
                "The candidates are taken from the frozen results; those whom the figures no longer give are removed."
            ),
        ),
        Verb(
            "enter_proposal",
            nomination.enter_proposal,
            form=ProposalForm,
            label=gettext_lazy("Record a proposal of the governor"),
            transition=False,
            codename="add_nominee",
            offered=takes_proposals,
            tone="plain",
            icon="contract_edit",
            sentence=gettext_lazy("The candidate is recorded with the number and date of the letter."),
        ),
        Verb(
            "take_kinds",
            take_scheme,
            form=SchemeForm,
            label=gettext_lazy("Take the awards of a scheme"),
            transition=False,
            codename="change_festival",
            offered=lambda obj: obj.state not in FestivalState.settled(),
            tone="plain",
            icon="playlist_add",
            sentence=gettext_lazy("The kinds of award of the scheme are added to those of the festival."),
        ),
        Verb("reopen_nominations", festival.reopen_nominations, icon="undo"),
        Verb("reopen_choice", festival.reopen_choice, icon="undo"),
    )

    # -- the form ---------------------------------------------------------------------------------

    def get_fields(self, request, obj=None):
        """The committee and what it decides by are the business of staff."""
        if obj is None:
            return (*self.own_fields[:-1], "committee", "one_award")
        staff = holds(request.user, "change_festival", obj)
        return (*self.own_fields, *self.staff_fields) if staff else self.own_fields

    def get_readonly_fields(self, request, obj=None):
        """The cycle never changes; what candidates rest on is fixed once the committee has them."""
        fixed = ("cycle",) if obj is not None else ()
        if obj is not None and obj.state in FestivalState.settled():
            fixed += ("kinds", "one_award", "committee")
        return (*super().get_readonly_fields(request, obj), *fixed)

    def is_open(self, obj):
        return obj.state != FestivalState.REPORTED

    def get_field_queryset(self, db, db_field, request):
        rows = super().get_field_queryset(db, db_field, request)
        edited = getattr(request, "edited", None)
        if db_field.name == "committee" and edited is not None:
            return rows.filter(province=edited.cycle.province_id)
        if db_field.name == "cycle":
            return rows.filter(festival=None, kind="annual").exclude(stage="closed")
        if db_field.name == "kinds":
            return AwardKind.objects.visible_to(request.user)
        return rows

    def get_inlines(self, request, obj):
        return self.inlines if obj is not None else ()

    # -- the pages beside -------------------------------------------------------------------------

    def about(self, request, obj):
        nominees = reverse("admin:evaluation_nominee_changelist")
        known = obj.state in FestivalState.winners_known() or holds(request.user, "view_conflictofinterest", obj)
        return super().about(request, obj) | {
            "nominees_url": f"{nominees}?festival__id__exact={obj.pk}" if self.reads_nominees(request, obj) else "",
            "winners_url": self.url_of("winners", obj) if known else "",
            "papers": self.papers(request, obj),
            "stale": festival_conditions.figures_stand.reasons(obj) if self.reads_all(request, obj) else [],
        }

    def reads_nominees(self, request, obj):
        return holds(request.user, "view_nominee", obj)

    def reads_all(self, request, obj):
        return holds(request.user, "view_conflictofinterest", obj)

    def get_urls(self):
        winners_page = self.admin_site.admin_view(self.winners_view)
        make = self.admin_site.admin_view(self.make_view)
        name = f"{self.opts.app_label}_{self.opts.model_name}"
        return [
            path("<path:object_id>/winners/", winners_page, name=f"{name}_winners"),
            path("<path:object_id>/make/<slug:kind>/", make, name=f"{name}_make"),
            *super().get_urls(),
        ]

    def papers(self, request, obj):
        """The papers that staff make of the awards, once there are any."""
        chosen = obj.state in (FestivalState.CHOSEN, *FestivalState.winners_known())
        if not chosen or not holds(request.user, "export_festival", obj):
            return []
        makers = festival_papers.MAKERS.items()
        return [{"label": label, "url": self.url_of("make", obj, kind)} for kind, (label, _name, _make) in makers]

    def make_view(self, request, object_id, kind):
        """One of the papers, made from the awards as they are now."""
        obj = self.visible_row(request, object_id)
        if kind not in festival_papers.MAKERS:
            raise Http404
        if not holds(request.user, "export_festival", obj):
            raise PermissionDenied("export_festival")
        _label, name, make = festival_papers.MAKERS[kind]
        response = HttpResponse(make(obj), content_type=publication.content_type(name))
        response["Content-Disposition"] = f'attachment; filename="{name}"'
        return response

    def url_of(self, name, obj, *args):
        return reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_{name}", args=[obj.pk, *args])

    def winners_view(self, request, object_id):
        """Who is honoured, kind by kind; before the announcement staff alone see anybody here."""
        obj = self.visible_row(request, object_id)
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": _("Winners"),
            "original": obj,
            "festival": obj,
            "kinds": winners(obj, request.user),
            "certificates": self.own_certificates(request, obj),
            "known": obj.state in FestivalState.winners_known(),
            "page_url": self.page_of(obj),
        }
        return TemplateResponse(request, "admin/evaluation/festival/winners.html", context)

    def own_certificates(self, request, obj):
        """The certificates that an agency takes of its own awards, and its headquarters: names and addresses."""
        awards = Award.objects.visible_to(request.user).filter(nominee__festival=obj)
        rows = awards.select_related("nominee__festival", "nominee__agency").order_by("nominee__name")
        return [
            {"name": award.nominee.name, "url": reverse("admin:evaluation_award_certificate", args=[award.pk])}
            for award in rows
            if may_have_certificate(request.user, award)
        ]

    # -- columns ----------------------------------------------------------------------------------

    @column(gettext_lazy("date of the ceremony"), "held_on")
    def day(self, row):
        return jalali(row.held_on) if row.held_on else EMPTY

    @column(gettext_lazy("winners"), exported=False)
    def winners_link(self, row):
        if row.state not in FestivalState.winners_known():
            return EMPTY
        return format_html('<a class="ev-link" href="{}">{}</a>', self.url_of("winners", row), _("winners"))
