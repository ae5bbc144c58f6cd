"""The sidebar, in the order of the process. A person sees the lists that their rights open, and nothing else."""

from typing import NamedTuple

from django.apps import apps
from django.contrib import admin
from django.urls import reverse, reverse_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from evaluation.enums import CycleKind
from evaluation.rules.permissions import holds


class Page(NamedTuple):
    """A page that is no list."""

    title: str
    address: str
    permission: str


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
    CyclePage(
        "cycle_axes", _("Mean progress by axis"), "compute_resultset", "stacked_bar_chart", kind=CycleKind.INTERIM
    ),
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
            ("levelscheme", "stairs"),
            ("publication", "menu_book"),
        ),
    ),
    (
        _("Workbooks and records"),
        "upload_file",
        (
            ("importrun", "upload_file"),
            ("externalsystem", "hub"),
            ("feedvalue", "sync_alt"),
            ("transitionlog", "history"),
            ("onbehalf", "contract_edit"),
            ("fileevent", "download"),
            ("announcement", "campaign"),
            ("faq", "quiz"),
            ("notice", "notifications"),
            ("noticetemplate", "forward_to_inbox"),
        ),
    ),
    (
        pgettext_lazy("navigation", "System"),
        "settings",
        (
            ("auth.user", "person"),
            ("auth.group", "shield_person"),
            (Page(_("Scheduled work"), "admin:django_q_schedule_work", "django_q.view_schedule"), "update"),
            ("django_q.schedule", "schedule"),
            ("django_q.ormq", "pending_actions"),
            ("django_q.success", "task_alt"),
            ("django_q.failure", "error"),
        ),
    ),
)
PAGES = [label for _title, _icon, rows in GROUPS for label, _symbol in rows if isinstance(label, Page)]
UNFOLDED_UP_TO = 14  # a short sidebar is shown whole, a long one by headings


def sidebar(request):
    """Unfold's `SIDEBAR.navigation`: groups of items; lists that the person may not see are left out."""
    groups = [
        {"title": title, "icon": icon, "items": items}
        for title, icon, rows in GROUPS
        if (items := _items(request, rows))
    ]
    unfolded = sum(len(group["items"]) for group in groups) <= UNFOLDED_UP_TO
    home = {"title": _("First page"), "icon": "home", "link": reverse_lazy("admin:index")}
    return [{"title": "", "items": [home]}, *({**group, "unfolded": unfolded} for group in groups)]


def _items(request, rows):
    items = []
    elsewhere = {"active": False} if request.path in [reverse(page.address) for page in PAGES] else {}
    for label, icon in rows:
        if isinstance(label, Page):
            if request.user.has_perm(label.permission):
                items.append({"title": label.title, "icon": icon, "link": reverse(label.address)})
            continue
        app_label, _dot, name = label.rpartition(".")
        app_label = app_label or "evaluation"
        model = apps.get_model(app_label, name)
        registered = admin.site._registry.get(model)
        if (
            registered
            and registered.has_view_or_change_permission(request)
            and registered.has_module_permission(request)
        ):
            link = reverse(f"admin:{app_label}_{name}_changelist")
            items.append({"title": model._meta.verbose_name_plural, "icon": icon, "link": link} | elsewhere)
    return items
