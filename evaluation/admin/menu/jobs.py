"""The menu of each role: its jobs in the order in which the year brings them.

A job is a list or a page, under the name that this role has for it, with the rows in which work waits. What is not
named here is found by Ctrl+K; a list that the rights of a person do not open is left out.
"""

from typing import NamedTuple

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from evaluation.enums import (
    AssessmentState,
    ListState,
    PlanState,
    Role,
    Scorer,
    Sender,
    TransferDirection,
    TransferState,
)

from ..navigation import SCHEDULED_WORK, SYSTEM, WORKBOOKS
from . import waiting


class Job(NamedTuple):
    """An entry of a menu. `place` is a table, as in `navigation.GROUPS`, or a `Page`."""

    place: object
    symbol: str
    title: str = ""  # the plural name of the table, where it is empty
    waits: tuple = ()  # functions that take a `RoleRows` and give the rows in which work waits
    only: tuple = ()  # (filter, value): the list is opened narrowed by it


class Part(NamedTuple):
    """Jobs below one heading; without a title they stand at the top of the menu."""

    title: str
    symbol: str
    jobs: tuple


def in_states(*states):
    """The rows of assessments in these states."""
    return lambda role: waiting.assessments_in(role, *states)


def lists(*states):
    return lambda role: waiting.lists_in(role, *states)


def plans(*states):
    return lambda role: waiting.plans_in(role, *states)


def packages(state, *directions):
    return lambda role: waiting.packages(role, state, *directions)


def approved_of(sender):
    return lambda role: waiting.approved_to_send(role, sender)


def to_score_by(scorer):
    return lambda role: waiting.assessments_to_score(role, scorer)


FESTIVAL = Job("festival", "emoji_events")
RESULTS = Job("agencyresult", "leaderboard", _("Results of the agencies"))
OWN_RESULTS = RESULTS._replace(waits=(waiting.cards_to_acknowledge,))
LETTERS_RECEIVED = Job("letter", "contract", _("Letters received"), (waiting.letters_to_acknowledge,))

# At most twelve entries with the first page; workshops, indicators, extensions and hearings are found by Ctrl+K and by
# the pages to which they belong.
AGENCY = (
    Job("circular", "mail", _("Circulars received"), (waiting.circulars_to_read,)),
    Job(
        "specificlist",
        "playlist_add_check",
        _("Our specific indicators"),
        (waiting.lists_to_propose, waiting.lists_to_acknowledge),
    ),
    Job("assessment", "edit_note", _("Self-assessment"), (waiting.self_assessments_to_fill,)),
    Job(WORKBOOKS, "upload_file"),
    Job("feedbacksheet", "feedback", _("Visits and feedback sheets"), (waiting.sheets_to_acknowledge,)),
    Job("objection", "forum", _("Our objections")),
    LETTERS_RECEIVED,
    OWN_RESULTS,
    Job(
        "improvementplan",
        "trending_up",
        _("Our improvement plan"),
        (plans(PlanState.PROPOSED), waiting.plans_to_report),
    ),
    FESTIVAL,
    Job("ticket", "support_agent", _("Service desk")),
)
HEADQUARTERS = (
    Job(
        "specificlist",
        "playlist_add_check",
        _("Specific indicators of the agencies"),
        (waiting.lists_to_endorse, lists(ListState.ENDORSED)),
    ),
    Job(
        "assessment",
        "approval",
        _("Self-assessments to approve"),
        (in_states(AssessmentState.SUBMITTED),),
        (("state__exact", AssessmentState.SUBMITTED.value),),
    ),
    Job("assessment", "edit_note", _("Self-assessments of the agencies")),
    Job(
        "transfer",
        "send",
        _("Sending to the national organization"),
        (approved_of(Sender.HEADQUARTERS), packages(TransferState.PREPARED, TransferDirection.TO_ARO)),
    ),
    Job("feedbacksheet", "feedback"),
    Job("objection", "forum"),
    Job("hearing", "record_voice_over"),
    LETTERS_RECEIVED,
    RESULTS,
    Job("improvementplan", "trending_up", waits=(plans(PlanState.AGREED),)),
    Job("ticket", "support_agent", _("Service desk")),
)
EVALUATOR = (
    Job("indicator", "rule"),
    Job("specificlist", "playlist_add_check", waits=(lists(ListState.SLICED),)),
    Job("assignment", "assignment_ind", _("Agencies assigned to me")),
    Job("visit", "pin_drop"),
    Job("feedbacksheet", "feedback"),
    Job("assessment", "edit_note", _("Assessments of my groups"), (to_score_by(Scorer.EVALUATOR),)),
    Job("line", "fact_check", _("My lines")),
    Job(WORKBOOKS, "upload_file"),
    Job("objection", "forum", waits=(waiting.objections_of_evaluators,)),
    Job("hearing", "record_voice_over"),
    RESULTS,
)
STEWARD = (
    Job("indicator", "rule", _("My indicators")),
    Job("assessment", "edit_note", _("Assessments with my indicators"), (to_score_by(Scorer.STEWARD),)),
    Job("line", "fact_check", _("My lines")),
    Job(WORKBOOKS, "upload_file"),
    Job("objection", "forum", _("Objections to my lines"), (waiting.opinions_to_give,)),
)
COUNCIL = (
    Job("resultset", "fact_check", _("Results to approve"), (waiting.results_to_approve,)),
    Job("agencyresult", "leaderboard", _("Results of the agencies")),
    Job("letter", "contract", waits=(waiting.letters_to_acknowledge,)),
    Job("committeesession", "gavel"),
    Job("councilremark", "rate_review"),
    Job("committee", "groups"),
    Job("publication", "menu_book"),
)
OBSERVER = (
    RESULTS,
    Job("axisresult", "stacked_bar_chart"),
    FESTIVAL,
    Job("publication", "menu_book"),
    Job("participation", "how_to_reg"),
)
SHARED_BASE_DATA = (  # rows that belong to all provinces
    Job("legalreference", "balance"),
    Job("processtemplate", "account_tree"),
    Job("headquarters", "domain"),
    Job("partnerbody", "handshake"),
    Job("externalsystem", "hub"),
    Job("levelscheme", "stairs"),
    Job("noticetemplate", "forward_to_inbox"),
)
BASE_DATA = (
    Job("agency", "apartment"),
    Job("membership", "badge"),
    *SHARED_BASE_DATA,
    Job("lettertemplate", "contract_edit"),
    Job("peergroup", "workspaces"),
    Job("awardkind", "workspace_premium"),
    Job("committee", "groups"),
    Job("dayoff", "event_busy"),
    Job(SCHEDULED_WORK, "update"),
)
NATIONAL = (
    Job("specificlist", "playlist_add_check", waits=(lists(ListState.SENT),)),
    Job(
        "transfer",
        "send",
        "",
        (
            packages(
                TransferState.SENT, TransferDirection.TO_ARO, TransferDirection.REPORT, TransferDirection.FESTIVAL
            ),
            packages(TransferState.PREPARED, TransferDirection.TO_MPO),
            waiting.to_forward,
        ),
    ),
    Job("assessment", "edit_note"),
    Job("resultset", "fact_check"),
    Job("agencyresult", "leaderboard"),
    Job(WORKBOOKS, "upload_file"),
    Job("cycle", "event_repeat"),
)


def staff(*, in_assessments, in_results):
    """The menu of the provincial organization: what waits for it in the lists of assessments and of results."""
    return (
        Part(
            _("Cycle and calendar"),
            "event_repeat",
            (
                Job("cycle", "event_repeat"),
                Job("cyclestep", "checklist"),
                Job("stagewindow", "date_range"),
                Job("extensionrequest", "more_time", waits=(waiting.requests_to_decide,)),
                Job("circular", "mail"),
                Job("workshop", "co_present"),
            ),
        ),
        Part(
            _("Agencies and evaluators"),
            "groups",
            (
                Job("participation", "how_to_reg"),
                Job("evaluatorgroup", "diversity_3"),
                Job("assignment", "assignment_ind"),
            ),
        ),
        Part(
            _("Indicators"),
            "rule",
            (
                Job("dimension", "category"),
                Job("indicator", "rule"),
                Job("specificlist", "playlist_add_check", waits=(lists(*waiting.TO_FREEZE),)),
                Job("target", "flag"),
            ),
        ),
        Part(
            _("Self-assessment and transfer"),
            "edit_note",
            (
                Job("assessment", "edit_note", waits=in_assessments),
                Job(WORKBOOKS, "upload_file"),
                Job(
                    "transfer",
                    "send",
                    waits=(
                        approved_of(Sender.MPO),
                        packages(TransferState.SENT, TransferDirection.TO_MPO),
                        packages(TransferState.PREPARED, TransferDirection.REPORT),
                    ),
                ),
            ),
        ),
        Part(
            _("Expert evaluation"),
            "fact_check",
            (
                Job("line", "fact_check"),
                Job("visit", "pin_drop"),
                Job("feedbacksheet", "feedback"),
            ),
        ),
        Part(
            _("Objections"),
            "forum",
            (
                Job("objection", "forum", waits=(waiting.objections_to_decide,)),
                Job("hearing", "record_voice_over", waits=(waiting.hearings_without_minutes,)),
            ),
        ),
        Part(
            _("Results"),
            "leaderboard",
            (
                Job("resultset", "leaderboard", waits=in_results),
                Job("letter", "contract", waits=(waiting.letters_to_send,)),
                Job("committeesession", "gavel"),
                Job("councilremark", "rate_review"),
                Job("agencyresult", "format_list_numbered"),
                Job("publication", "menu_book"),
                Job("erratum", "published_with_changes"),
                Job("improvementplan", "trending_up", waits=(plans(PlanState.DRAFT),)),
                FESTIVAL,
            ),
        ),
        Part(
            _("Service desk"),
            "support_agent",
            (
                Job("ticket", "support_agent", waits=(waiting.tickets_to_answer,)),
                Job("announcement", "campaign"),
                Job("faq", "quiz"),
                Job("servicedesk", "contact_phone"),
            ),
        ),
        Part(_("Base data and settings"), "database", BASE_DATA),
    )


MANAGER = staff(
    in_assessments=(waiting.received_or_scored, waiting.to_confirm),
    in_results=(waiting.cycles_to_compute, waiting.results_to_announce, waiting.results_to_publish),
)
EXPERT = staff(in_assessments=(waiting.received_or_scored,), in_results=(waiting.cycles_to_compute,))


def plain(role, jobs):
    """A menu without headings; the name of the role stands above it where a person has several roles."""
    return (Part(role.label, "badge", jobs),)


MENUS = {  # in the order in which a person with several roles reads them
    Role.MANAGER: MANAGER,
    Role.EXPERT: EXPERT,
    Role.EVALUATOR: plain(Role.EVALUATOR, EVALUATOR),
    Role.STEWARD: plain(Role.STEWARD, STEWARD),
    Role.NATIONAL: (*plain(Role.NATIONAL, NATIONAL), Part(_("Base data and settings"), "database", SHARED_BASE_DATA)),
    Role.COUNCIL: plain(Role.COUNCIL, COUNCIL),
    Role.HEADQUARTERS: plain(Role.HEADQUARTERS, HEADQUARTERS),
    Role.AGENCY: plain(Role.AGENCY, AGENCY),
    Role.OBSERVER: plain(Role.OBSERVER, OBSERVER),
}
ADMINISTRATOR = (  # the superuser: the work of the staff, and the system
    *MANAGER[:-1],
    Part(pgettext_lazy("navigation", "System"), "settings", tuple(Job(place, symbol) for place, symbol in SYSTEM)),
    MANAGER[-1],
)
