"""One agency, one general and one specific line through all stages by the verbs, by the people whose steps they are."""

from decimal import Decimal

import pytest
from django.db import transaction

from evaluation.enums import Role, Stage
from evaluation.models import Evidence, Hearing, Mark, Notice, OnBehalf, TransitionLog
from evaluation.persian import format_jalali_datetime
from evaluation.process.door import Refusal
from evaluation.process.results import result
from tests import snapshots
from tests.process.play import Play

pytestmark = pytest.mark.django_db

OWN = {
    "self": "reporter",
    "hq": "headquarters",
    "initial": "lead",
    "revised": "manager",
    "final": "manager",
}
ALONE = OWN | {"self": "expert", "hq": "expert", "initial": "expert"}

ASSESSMENT = [
    ("start", "not_started", "drafting", "agency"),
    ("submit", "drafting", "submitted", "agency"),
    ("approve", "submitted", "approved", "headquarters"),
    ("send", "approved", "sent", "headquarters"),
    ("receive", "sent", "received", None),
    ("open_scoring", "received", "under_evaluation", None),
    ("finish_scoring", "under_evaluation", "scored", None),
    ("disclose", "scored", "disclosed", None),
    ("confirm", "disclosed", "confirmed", None),
    ("report", "confirmed", "reported", None),
]
LIST = [
    ("endorse", "drafting", "endorsed", "headquarters"),
    ("send", "endorsed", "sent", "headquarters"),
    ("finalise", "sent", "finalised", "national"),
    ("add_slice", "finalised", "sliced", None),
    ("review", "sliced", "reviewed", None),
    ("freeze", "reviewed", "frozen", None),
    ("acknowledge", "", "", "agency"),
]
RESULT = [
    ("prepare", "", "draft", None),
    ("compute", "draft", "computed", None),
    ("dispatch", "computed", "computed", None),
    ("approve", "computed", "approved", "council"),
    ("record_report", "approved", "approved", None),
    ("set_levels", "", "", "national"),
    ("record_levels", "approved", "approved", "national"),
    ("announce", "approved", "announced", None),
    ("publish", "announced", "published", None),
]


@pytest.fixture(params=[False, True], ids=["everybody", "MPO alone"])
def archived(request):
    return snapshots.once(lambda: Play(alone=request.param).until(Stage.CLOSED), "archived", request.param)


def marks(line):
    rows = Mark.objects.filter(line=line).order_by("pk").select_related("by")
    return [(mark.level, mark.actual, mark.score, mark.source, mark.by.username) for mark in rows]


def steps(subject):
    """(verb, from, to, outside body whose step it is or None) as it was logged, in order."""
    rows = TransitionLog.objects.filter(object_id=subject.pk, content_type__model=subject._meta.model_name)
    return [
        (row.name, row.source, row.target, row.on_behalf_of.role if row.on_behalf_of else None)
        for row in rows.order_by("pk").select_related("on_behalf_of")
    ]


def taken(expected, alone):
    """The steps of a literal table, with the body acted for only where the MPO was alone."""
    return [(*step[:3], step[3] if alone else None) for step in expected]


def test_the_chain_of_both_lines(archived):
    who = ALONE if archived.alone else OWN
    general, specific = archived.lines()
    assert marks(general) == [
        ("self", Decimal(80), Decimal(800), "screen", who["self"]),
        ("hq", Decimal(70), Decimal(700), "screen", who["hq"]),
        ("initial", Decimal(60), Decimal(600), "screen", who["initial"]),
        ("revised", Decimal(65), Decimal(650), "objection", who["revised"]),
        ("final", Decimal(65), Decimal(650), "confirmation", who["final"]),
    ]
    assert marks(specific) == [
        ("self", Decimal(50), Decimal(500), "screen", who["self"]),
        ("hq", Decimal(50), Decimal(500), "copy", who["hq"]),
        ("initial", Decimal(50), Decimal(500), "screen", who["initial"]),
        ("final", Decimal(50), Decimal(500), "confirmation", who["final"]),
    ]
    assert [
        general.self_score,
        general.hq_score,
        general.initial_score,
        general.revised_score,
        general.final_score,
    ] == [
        800,
        700,
        600,
        650,
        650,
    ]
    assert (specific.revised_score, specific.final_score, specific.final_actual) == (None, 500, 50)


def test_every_step_is_logged_with_the_body_acted_for(archived):
    for assessment in archived.cycle.assessments():
        assert steps(assessment) == taken(ASSESSMENT, archived.alone)
    assert steps(archived.cycle.specific_lists.get()) == taken(LIST, archived.alone)
    assert steps(archived.results) == taken(RESULT, archived.alone)


def test_marks_say_on_whose_behalf(archived):
    rows = Mark.objects.exclude(on_behalf_of=None).order_by("pk").values_list("level", "on_behalf_of__role")
    mine = [("self", "agency"), ("self", "agency"), ("hq", "headquarters"), ("hq", "headquarters")]
    assert list(rows) == (mine if archived.alone else [])
    assert OnBehalf.objects.filter(letter_number="").count() == 0
    assert Evidence.objects.get().on_behalf_of_id is not None or not archived.alone


def test_the_stages_in_their_order(archived):
    assert [row[1:3] for row in steps(archived.cycle) if row[1] != row[2] and row[1]] == [
        (str(stage), str(stage.next)) for stage in Stage if stage.next
    ]


def test_the_result(archived):
    rows = archived.results.agency_results.order_by("dimension__order")
    figures = {
        row.dimension and row.dimension.code: (row.raw, row.total, row.maximum, row.rank, row.group_rank)
        for row in rows
    }
    assert figures == {
        None: (1150, 1150, 2000, 1, 1),
        "general": (650, 650, 1000, 1, 1),
        "specific": (500, 500, 1000, 1, 1),
    }
    total = rows.get(dimension=None)
    assert (total.level.title, total.level_letter, total.passive, total.growth) == ("خوب", "45", False, None)
    axis = archived.results.axis_results.get()
    assert (axis.axis.title, axis.total, axis.maximum) == ("محور", 650, 1000)


def test_the_transfers_and_their_items(archived):
    rows = archived.cycle.transfers.order_by("pk")
    assert [(row.direction, row.state, row.items.count()) for row in rows] == [
        ("to_aro", "received", 2),
        ("to_mpo", "received", 2),
        ("report", "received", 2),
    ]
    assert [row.sent_by.username for row in rows] == (
        ["expert", "expert", "expert"] if archived.alone else ["headquarters", "national", "expert"]
    )


def test_people_are_told_once_for_each_event():
    play = Play().until(Stage.CLOSED)
    told = Notice.objects.filter(user=play.outside[Role.AGENCY]).order_by("pk").values_list("text", flat=True)
    assert list(told) == [
        "The circular “ابلاغ” was sent to you: please read it and confirm.",
        "The national organization finalised the specific indicators of “اداره نمونه”.",
        "The final list of your specific indicators is ready: please acknowledge it.",
        "“اداره نمونه · General indicators” was approved by your headquarters.",
        "“اداره نمونه · Specific indicators” was approved by your headquarters.",
        "The initial results of “اداره نمونه · General indicators” are disclosed and can be viewed.",
        "The initial results of “اداره نمونه · Specific indicators” are disclosed and can be viewed.",
        f"You are invited to a defence session on {format_jalali_datetime(Hearing.objects.get().starts_at, 'long')}.",
        "Your objection to “G-1 · عمومی” was decided.",
        "The final results of your agency can be seen now.",
        "The results of “ارزیابی ۱۴۰۴” are published.",
    ]


# -- the order of the end -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("order", "early", "sentence"),
    [
        (
            "council_first",
            "receive_levels",
            "This must be done first: Council's approval. "
            "This must be done first: Report to the national organization.",
        ),
        (
            "aro_first",
            "hold_council",
            "This must be done first: Report to the national organization. This must be done first: Levels.",
        ),
        ("council_before_ranking", "report_to_national", "This must be done first: Council's approval."),
    ],
)
def test_each_order_of_the_end(order, early, sentence):
    play = Play(end_order=order).until(Stage.RANKING)
    play.results = result.compute(result.prepare(play.cycle, by=play.expert), by=play.expert)
    assert result.shows_ranks(play.results) is (order != "council_before_ranking")
    with pytest.raises(Refusal) as refusal, transaction.atomic():  # what the step wrote before goes with it
        getattr(play, early)()
    assert str(refusal.value) == sentence
    for gate in play.gates():
        gate()
    assert result.shows_ranks(play.results) is True
    play.results = result.announce(play.results, by=play.manager)
    assert play.results.state == "announced"
