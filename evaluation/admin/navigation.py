"""Every page that is no row's: all lists, by the part of the process to which they belong, and pages of a cycle.

Ctrl+K finds them; the menu of each role (`menu/jobs.py`) names those of its work.
"""

from functools import cache
from typing import NamedTuple

from django.apps import apps
from django.contrib import admin
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from evaluation.enums import CycleKind
from evaluation.rules.permissions import holds


class Page(NamedTuple):
    """A page that is no list."""

    title: str
    address: str
    permission: str  # "app.codename"

    def is_for(self, user):
        """Whether the person may open it."""
        app, _dot, codename = self.permission.partition(".")
        return holds(user, codename) if app == "evaluation" else user.has_perm(self.permission)


class CyclePage(NamedTuple):
    """A page of one cycle: its address is `page_url(name, cycle.pk)`, for who holds `codename` at the cycle."""

    name: str
    title: str
    codename: str
    symbol: str
    kind: str | None = None  # only cycles of this kind have it

    def is_for(self, user, cycle):
        return self.kind in (None, cycle.kind) and holds(user, self.codename, cycle)


CYCLE_PAGES = (
    CyclePage("cycle_calendar", _("Calendar of the cycle"), "view_stagewindow", "date_range"),
    CyclePage("cycle_steps", _("Checklist of the cycle"), "view_cyclestep", "checklist"),
    CyclePage("cycle_years", _("From year to year"), "add_cycle", "event_repeat", kind=CycleKind.ANNUAL),
    CyclePage(
        "cycle_plans", _("Effect of improvement plans"), "propose_improvementplan", "trending_up", CycleKind.ANNUAL
    ),
    CyclePage("cycle_cards", _("Report cards"), "compute_resultset", "badge", kind=CycleKind.ANNUAL),
    CyclePage("cycle_half_time", _("Half-time cards"), "compute_resultset", "badge", kind=CycleKind.INTERIM),
    CyclePage("cycle_letters", _("Letters to the agencies"), "make_letter", "contract"),
    CyclePage("cycle_what_if", _("What if other rules held"), "compute_resultset", "science", kind=CycleKind.ANNUAL),
    CyclePage(
        "cycle_axes", _("Mean progress by axis"), "compute_resultset", "stacked_bar_chart", kind=CycleKind.INTERIM
    ),
)
WORKBOOKS = Page(_("Workbooks"), "admin:evaluation_importrun_workbooks", "evaluation.view_importrun")
SCHEDULED_WORK = Page(_("Scheduled work"), "admin:django_q_schedule_work", "django_q.view_schedule")
SYSTEM = (  # lists of the packages on which this one stands
    ("auth.user", "person"),
    ("auth.group", "shield_person"),
    (SCHEDULED_WORK, "update"),
    ("django_q.schedule", "schedule"),
    ("django_q.ormq", "pending_actions"),
    ("django_q.success", "task_alt"),
    ("django_q.failure", "error"),
)
# Heading, symbol, and the lists below it: model and symbol, in the order in which they are needed.
GROUPS = (
    (
        _("Cycle and calendar"),
        "event_repeat",
        (
            ("cycle", "event_repeat"),
            ("circular", "mail"),
            ("cyclestep", "checklist"),
            ("stagewindow", "date_range"),
            ("extension", "more_time"),
            ("extensionrequest", "schedule_send"),
            ("dayoff", "event_busy"),
            ("workshop", "co_present"),
            ("committee", "groups"),
            ("committeesession", "gavel"),
            ("processtemplate", "account_tree"),
            ("legalreference", "balance"),
        ),
    ),
    (
        _("Agencies and people"),
        "apartment",
        (
            ("participation", "how_to_reg"),
            ("agency", "apartment"),
            ("headquarters", "domain"),
            ("partnerbody", "handshake"),
            ("peergroup", "workspaces"),
            ("membership", "badge"),
            ("province", "map"),
        ),
    ),
    (
        _("Indicators"),
        "rule",
        (
            ("dimension", "category"),
            ("axis", "view_agenda"),
            ("indicator", "rule"),
            ("target", "flag"),
            ("specificlist", "playlist_add_check"),
        ),
    ),
    (
        _("Self-assessment and transfer"),
        "edit_note",
        (
            ("assessment", "edit_note"),
            ("evidence", "attach_file"),
            ("exemption", "block"),
            ("transfer", "send"),
            ("commitment", "signature"),
        ),
    ),
    (
        _("Expert evaluation"),
        "fact_check",
        (
            ("line", "fact_check"),
            ("evaluatorgroup", "diversity_3"),
            ("evaluator", "person_check"),
            ("assignment", "assignment_ind"),
            ("visit", "pin_drop"),
            ("feedbacksheet", "feedback"),
        ),
    ),
    (_("Objections"), "forum", (("objection", "forum"), ("hearing", "record_voice_over"))),
    (
        _("Results"),
        "leaderboard",
        (
            ("resultset", "leaderboard"),
            ("agencyresult", "format_list_numbered"),
            ("axisresult", "stacked_bar_chart"),
            ("earliertotal", "history_toggle_off"),
            ("levelscheme", "stairs"),
            ("publication", "menu_book"),
            ("letter", "contract"),
            ("publicity", "newspaper"),
            ("councilremark", "rate_review"),
            ("erratum", "published_with_changes"),
            ("improvementplan", "trending_up"),
            ("improvementaction", "checklist"),
        ),
    ),
    (
        _("Festival"),
        "emoji_events",
        (
            ("festival", "emoji_events"),
            ("nominee", "how_to_vote"),
            ("award", "military_tech"),
            ("awardkind", "workspace_premium"),
        ),
    ),
    (
        _("Service desk"),
        "support_agent",
        (
            ("ticket", "support_agent"),
            ("servicedesk", "contact_phone"),
            ("service", "assignment"),
            ("agreement", "handshake"),
            ("announcement", "campaign"),
            ("outage", "power_off"),
            ("faq", "quiz"),
        ),
    ),
    (
        _("Workbooks and records"),
        "upload_file",
        (
            ("importrun", "upload_file"),
            (WORKBOOKS, "table"),
            ("filesource", "rule_settings"),
            ("keptheading", "label"),
            ("externalsystem", "hub"),
            ("feedvalue", "sync_alt"),
            ("transitionlog", "history"),
            ("onbehalf", "contract_edit"),
            ("fileevent", "download"),
            ("notice", "notifications"),
            ("noticetemplate", "forward_to_inbox"),
            ("lettertemplate", "contract_edit"),
        ),
    ),
    (
        pgettext_lazy("navigation", "System"),
        "settings",
        SYSTEM,
    ),
)


def every_page(request):
    """[(heading, place, symbol, address)] of each list and page that the person may open."""
    return [
        (heading, place, symbol, address)
        for heading, _symbol, rows in GROUPS
        for place, symbol in rows
        if (address := address_of(request, place))
    ]


def title_of(place):
    """The name of a page, or the plural name of a table."""
    return place.title if isinstance(place, Page) else model_of(place)._meta.verbose_name_plural


def model_of(place):
    """The model that `place` names: "cycle", or "auth.user" for a table of another package."""
    app_label, _dot, name = place.rpartition(".")
    return apps.get_model(app_label or "evaluation", name)


def address_of(request, place):
    """The address of a list or page; "" for people who may not open it."""
    if isinstance(place, Page):
        return fixed_address(place.address) if place.is_for(request.user) else ""
    model = model_of(place)
    registered = admin.site._registry.get(model)
    if registered is None:
        return ""
    may_open = registered.has_view_or_change_permission(request) and registered.has_module_permission(request)
    return fixed_address(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist") if may_open else ""


@cache
def fixed_address(name):
    """The address of a page without arguments: fifty of them stand in the menu of every page."""
    return reverse(name)
