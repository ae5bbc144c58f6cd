"""The first page: the year's stages, what waits for this person, what stands in the way, lists counted by state.

Tasks and cards stand in the order of the person's menu.
"""

import datetime
from collections import Counter

from django.db.models import prefetch_related_objects

from evaluation.enums import AssessmentState, ListState, ObjectionState, Role, Stage, TransferState
from evaluation.models import (
    Assessment,
    Circular,
    Cycle,
    CycleStep,
    EvaluatorGroup,
    Notice,
    Objection,
    Participation,
    ResultSet,
    SpecificList,
    Transfer,
    Workshop,
)
from evaluation.process.messages import announcement
from evaluation.process.year import planning
from evaluation.rules import paths, scopes
from evaluation.rules.permissions import holds
from evaluation.rules.roles import memberships_of
from evaluation.rules.state_words import own_words, point_of_view

from ..addresses import list_url, of_cycle, page_url
from ..current import current_cycles
from ..display import tone_of
from ..imports import kits
from ..lists import title_for
from ..menu.counts import Asked, Counts
from ..menu.sidebar import ask_counts, in_running_year, keep_counts, position
from ..system import scheduled_work
from ..year.cycle import advance_button
from ..year.progress_of_year import WITH_FILES, days_until, progress_of_year
from ..year.stage_strip import blockers, stage_strip
from . import tasks_of_outsiders, tasks_of_staff
from .role_tasks import RoleTasks, asked, with_counts

NOTICES = 3  # the newest; the rest is behind “All notices”
TASKS = {  # in the order in which a person with several roles reads them
    Role.MANAGER: tasks_of_staff.manager,
    Role.EXPERT: tasks_of_staff.expert,
    Role.EVALUATOR: tasks_of_staff.evaluator,
    Role.STEWARD: tasks_of_staff.steward,
    Role.NATIONAL: tasks_of_outsiders.national,
    Role.COUNCIL: tasks_of_outsiders.council,
    Role.HEADQUARTERS: tasks_of_outsiders.headquarters,
    Role.AGENCY: tasks_of_outsiders.agency,
    Role.OBSERVER: tasks_of_outsiders.observer,
}
CARDS = (  # table, its states, the stages in which it is counted
    (Assessment, AssessmentState, tuple(Stage)[Stage.SELF_ASSESSMENT.number :]),
    (SpecificList, ListState, (Stage.INDICATORS, Stage.SELF_ASSESSMENT)),
    (Transfer, TransferState, (Stage.TRANSFER, Stage.RANKING)),
    (Objection, ObjectionState, (Stage.OBJECTION, Stage.CONFIRMATION)),
)
WORK_OF_STAGE = {  # the list in which the missing things of a stage are done
    Stage.DRAFT: Circular,
    Stage.CIRCULAR: Circular,
    Stage.EVALUATORS: EvaluatorGroup,
    Stage.PARTICIPANTS: Participation,
    Stage.BRIEFING: Workshop,
    Stage.INDICATORS: SpecificList,
    Stage.SELF_ASSESSMENT: Assessment,
    Stage.TRANSFER: Assessment,
    Stage.EVALUATION: Assessment,
    Stage.OBJECTION: Assessment,
    Stage.CONFIRMATION: Assessment,
    Stage.RANKING: ResultSet,
    Stage.FESTIVAL: ResultSet,
}


def first_page_context(request):
    """What the first page shows; see templates/admin/index.html for the shape.

    It is made before the frame around it: one query counts what waits for the page and for the menu.
    """
    cycles = current_cycles(request.user)
    scopes.keep_answers(request.user)
    for cycle in cycles:
        scopes.seen(request.user, cycle)
    headline = cycles[0] if len({cycle.province_id for cycle in cycles}) == 1 else None
    unread = notices(request.user)
    page = {"notices": unread, "notices_url": unread and list_url(request, Notice)}
    moves, counts = headline is not None and holds(request.user, "move_cycle", headline), Counts()
    funnel = moves and headline.stage in WITH_FILES
    files = counts.ask(headline.assessments(), by="state") if funnel else None
    todo = tasks(request, cycles, counts)
    menu = ask_counts(request, counts)
    shown_cards = cards(request, cycles, counts, funnel_shown=funnel)
    keep_counts(request, menu)
    page["todo"] = in_order(request, todo, cycles)
    page["begin_url"] = page_url("cycle_add") if not cycles and holds(request.user, "add_cycle") else ""
    page["kits"] = kits.links(request.user, cycles)
    page["answers"] = announcement.answers_for(request.user)
    page["no_worker"] = scheduled_work.banner(request.user)
    if headline is not None:
        prefetch_related_objects([headline], "windows")
        page["cycle_strip"] = stage_strip(headline, url=page_url("cycle_change", headline.pk), user=request.user)
        page["blockers"] = in_the_way(request, headline) if moves else None
    if moves:
        page |= progress_of_year(request, headline, files and files.by_value)
    page["cards"] = in_order_of_menu(request, shown_cards)
    return page


def in_the_way(request, cycle):
    work = WORK_OF_STAGE.get(Stage(cycle.stage))
    urls = (list_url(request, work, **of_cycle(work, [cycle])) if work else "", list_url(request, CycleStep))
    urls = [in_running_year(request, url) for url in urls]
    return blockers(cycle, verb=advance_button(cycle, request.user), urls=urls)


# -- what waits -----------------------------------------------------------------------------------


def tasks(request, cycles, counts):
    """What waits in the person's roles; how much, is asked among the `counts`."""
    if request.user.is_superuser:
        return asked(tasks_of_staff.manager(RoleTasks(request, cycles)), counts)
    rows = []
    with scopes.remembering(request.user):
        for role, listed in TASKS.items():
            memberships = [membership for membership in memberships_of(request.user) if membership.role == role]
            if memberships and cycles:
                rows += listed(RoleTasks(request, cycles, memberships))
    return asked(rows, counts)


def in_order(request, tasks, cycles):
    """Tasks in the order of the menu, each with the days left; of one job the one that ends first comes first."""
    rows = {(row["title"], row["url"]): row for row in with_counts(tasks)}.values()
    rows = sorted(rows, key=lambda row: (position(request, row["url"]), row["due"] or datetime.date.max))
    days = {row["due"] for row in rows if row["due"]}
    calendar = planning.Calendar(cycles[0].province) if days else None
    left = {day: days_until(day, calendar) for day in days}
    return [row | {"left": left.get(row["due"], ""), "url": in_running_year(request, row["url"])} for row in rows]


def notices(user):
    rows = Notice.objects.filter(user=user, read_at=None)[:NOTICES]
    return [
        {
            "text": row.text,
            "at": row.at,
            "url": row.url or page_url("notice_change", row.pk),
            "read_url": page_url("notice_do", row.pk, "mark_read"),
        }
        for row in rows
    ]


# -- lists by state -------------------------------------------------------------------------------


def cards(request, cycles, counts, *, funnel_shown=False):
    """The lists counted by state, as arguments of `shown_card`; how many, is asked among the `counts`.

    Without the assessments where the funnel shows those of the only cycle.
    """
    shown_cards = [cycles_card(cycles)] if len(cycles) > 1 else []
    for model, states, stages in CARDS:
        if funnel_shown and len(cycles) == 1 and model is Assessment:
            continue
        counted = [cycle for cycle in cycles if cycle.stage in stages]
        if counted and list_url(request, model):
            rows = model.objects.visible_to(request.user)
            rows = rows.filter(**{f"{paths.CYCLE[model._meta.model_name]}__in": counted})
            shown_cards.append((model, states, "state", counts.ask(rows, by="state"), of_cycle(model, counted)))
    return shown_cards


def in_order_of_menu(request, shown_cards):
    entries = [shown_card(request, *card) for card in shown_cards]
    entries.sort(key=lambda entry: position(request, entry["url"]))
    return [entry for entry in entries if entry["total"]]


def cycles_card(cycles):
    counts = Counter(cycle.stage for cycle in cycles)
    return Cycle, Stage, "stage", counts, {}


def shown_card(request, model, states, field, counts, lookups):
    counts = counts.by_value if isinstance(counts, Asked) else counts
    words = own_words(model._meta.model_name, point_of_view(request.user))
    return {
        "title": title_for(request, model),
        "url": in_running_year(request, list_url(request, model, **lookups)),
        "total": sum(counts.values()),
        "items": [
            {
                "label": words.get(state, state.label),
                "count": counts[state],
                "url": in_running_year(request, list_url(request, model, **{f"{field}__exact": state}, **lookups)),
                "tone": tone_of(state),
            }
            for state in states
            if state in counts
        ],
    }
