"""Windows and extensions: half-open, in Asia/Tehran, part by part, dimension by dimension."""

import datetime
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone, translation

from evaluation.enums import Part, Stage
from evaluation.models import Agency, Cycle, Dimension, Extension, ProcessTemplate, Province, SpecificList, StageWindow
from evaluation.process.year import planning
from evaluation.process.year import windows as window_verbs
from evaluation.rules import conditions, windows

TEHRAN = ZoneInfo("Asia/Tehran")
SECOND = datetime.timedelta(seconds=1)
DAY = datetime.timedelta(days=1)
OPENS = datetime.datetime(2025, 5, 1, 0, 0, tzinfo=TEHRAN)
CLOSES = datetime.datetime(2025, 5, 31, 0, 0, tzinfo=TEHRAN)

pytestmark = pytest.mark.django_db


@pytest.fixture
def cycle():
    return Cycle.objects.create(
        province=Province.objects.create(code="qazvin", name="قزوین"),
        performance_year=1404,
        title="ارزیابی ۱۴۰۴",
        period_start=datetime.date(2025, 3, 21),
        period_end=datetime.date(2026, 3, 20),
    )


@pytest.fixture
def agency(cycle):
    return Agency.objects.create(province=cycle.province, code="A", name="اداره")


def window(cycle, **kwargs):
    given = {"stage": Stage.SELF_ASSESSMENT, "opens_at": OPENS, "closes_at": CLOSES} | kwargs
    return StageWindow.objects.create(cycle=cycle, **given)


def is_open(cycle, at, **kwargs):
    return StageWindow.objects.is_open(cycle, Stage.SELF_ASSESSMENT, at=at, **kwargs)


@pytest.mark.parametrize(
    ("at", "expected"),
    [(OPENS - SECOND, False), (OPENS, True), (CLOSES - SECOND, True), (CLOSES, False), (CLOSES + SECOND, False)],
)
def test_a_window_is_open_from_its_first_moment_up_to_its_last(cycle, at, expected):
    window(cycle)

    assert is_open(cycle, at) is expected


def test_without_a_window_nothing_is_open(cycle):
    assert is_open(cycle, OPENS) is False


def test_a_window_of_one_part_opens_no_other(cycle):
    window(cycle, stage=Stage.TRANSFER, part=Part.HEADQUARTERS)

    assert StageWindow.objects.is_open(cycle, Stage.TRANSFER, part=Part.HEADQUARTERS, at=OPENS) is True
    assert StageWindow.objects.is_open(cycle, Stage.TRANSFER, part=Part.FORWARD, at=OPENS) is False


def test_a_window_without_part_or_dimension_covers_all(cycle):
    window(cycle, stage=Stage.TRANSFER)
    dimension = Dimension.objects.create(cycle=cycle, code="general", kind="general", title="عمومی")

    assert StageWindow.objects.is_open(cycle, Stage.TRANSFER, part=Part.FORWARD, dimension=dimension, at=OPENS)


def test_a_window_of_one_dimension_opens_no_other(cycle):
    general = Dimension.objects.create(cycle=cycle, code="general", kind="general", title="عمومی")
    specific = Dimension.objects.create(cycle=cycle, code="specific", kind="specific", title="اختصاصی", order=2)
    window(cycle, dimension=general)

    assert (is_open(cycle, OPENS, dimension=general), is_open(cycle, OPENS, dimension=specific)) == (True, False)


def test_an_extension_carries_its_agency_alone_and_lapses(cycle, agency):
    window(cycle)
    other = Agency.objects.create(province=cycle.province, code="B", name="دیگر")
    ends = CLOSES + datetime.timedelta(days=3)
    Extension.objects.create(
        cycle=cycle, agency=agency, stage=Stage.SELF_ASSESSMENT, reason="سیل", granted_at=OPENS, ends_at=ends
    )

    assert is_open(cycle, CLOSES, agency=agency) is True
    assert is_open(cycle, CLOSES, agency=other) is False
    assert is_open(cycle, ends - SECOND, agency=agency) is True
    assert is_open(cycle, ends, agency=agency) is False


def test_an_end_on_a_day_off_moves_to_the_next_working_day_and_no_other_day_counts():
    thursday = datetime.datetime(2025, 5, 1, 8, 0, tzinfo=TEHRAN)

    assert planning.end_of(thursday, 2) == datetime.datetime(2025, 5, 4, 0, 0, tzinfo=TEHRAN)  # Friday → Saturday
    assert planning.end_of(thursday, 4) == datetime.datetime(2025, 5, 5, 0, 0, tzinfo=TEHRAN)  # over the Friday


def test_an_end_on_new_years_day_moves_past_the_holidays():
    start = datetime.datetime(2026, 3, 19, 8, 0, tzinfo=TEHRAN)  # 28 Esfand 1404

    assert planning.working_end(datetime.date(2026, 3, 21)) == datetime.date(2026, 3, 25)
    assert planning.end_of(start, 3) == datetime.datetime(2026, 3, 26, 0, 0, tzinfo=TEHRAN)


def test_a_cycle_without_template_takes_the_days_of_ilam(cycle):
    assert sum(planning.planned_days(cycle).values()) == 210


def test_a_template_without_days_scales_ilams_to_its_total(cycle):
    template = ProcessTemplate.objects.create(code="tehran-23", title="تهران", total_days=120)
    window_verbs.take_template(cycle, template)
    days = planning.planned_days(cycle)

    assert (days[Stage.INDICATORS], days[Stage.SELF_ASSESSMENT], days[Stage.CIRCULAR]) == (34, 17, 1)


def test_a_skipped_stage_gets_no_days(cycle):
    template = ProcessTemplate.objects.create(code="short", title="کوتاه", skipped=["briefing", "festival"])
    window_verbs.take_template(cycle, template)

    assert {Stage.BRIEFING, Stage.FESTIVAL} & set(planning.planned_days(cycle)) == set()


# -- the turn of a year -----------------------------------------------------------------------------

NEW_YEARS = {
    "Gregorian": datetime.datetime(2026, 1, 1, 0, 0, tzinfo=TEHRAN),
    "after 30 Esfand 1399": datetime.datetime(2021, 3, 21, 0, 0, tzinfo=TEHRAN),
    "after 30 Esfand 1403": datetime.datetime(2025, 3, 21, 0, 0, tzinfo=TEHRAN),
    "after 29 Esfand 1404": datetime.datetime(2026, 3, 21, 0, 0, tzinfo=TEHRAN),
    "after 30 Esfand 1408": datetime.datetime(2030, 3, 21, 0, 0, tzinfo=TEHRAN),
}


@pytest.mark.parametrize("midnight", NEW_YEARS.values(), ids=NEW_YEARS)
def test_a_window_that_ends_with_the_year_is_open_to_its_last_second(cycle, agency, midnight):
    window(cycle, opens_at=midnight - datetime.timedelta(days=5), closes_at=midnight)
    asked = [is_open(cycle, at, agency=agency) for at in (midnight - SECOND, midnight, midnight + SECOND)]
    assert asked == [True, False, False]


@pytest.mark.parametrize("midnight", NEW_YEARS.values(), ids=NEW_YEARS)
def test_a_window_that_opens_with_the_year_is_shut_until_its_first_second(cycle, midnight):
    window(cycle, opens_at=midnight, closes_at=midnight + datetime.timedelta(days=5))
    assert [is_open(cycle, at) for at in (midnight - SECOND, midnight, midnight + SECOND)] == [False, True, True]


# -- what a refusal says ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("at", "said"),
    [
        (OPENS - SECOND, "opens on 1404/02/11; before that the action is not possible."),
        (CLOSES, "ended with 1404/03/09: ask for an extension."),
        (NEW_YEARS["after 29 Esfand 1404"], "ended with 1404/03/09: ask for an extension."),
    ],
)
def test_a_refusal_names_the_window_its_end_and_the_next_step(at, said):
    with translation.override("en"):
        sentence = windows.sentence_of([(OPENS, CLOSES)], Stage.SELF_ASSESSMENT, "", at)
        part = windows.sentence_of([(OPENS, CLOSES)], Stage.TRANSFER, Part.FORWARD, at)
        stage = str(Stage.TRANSFER.label)
    assert sentence == f"The window of the stage “Entering the self-assessment” {said}"
    assert part == f"The window “Sending and receiving” of the stage “{stage}” {said}"


def test_without_a_window_the_refusal_says_so():
    with translation.override("en"):
        sentence = windows.sentence_of([], Stage.SELF_ASSESSMENT, "", OPENS)
    assert sentence == (
        "The window of the stage “Entering the self-assessment” is not open: ask for an extension or wait for it."
    )


@pytest.mark.parametrize(
    ("year", "last"),
    [
        ("after 30 Esfand 1399", "1399/12/30"),
        ("after 30 Esfand 1403", "1403/12/30"),
        ("after 29 Esfand 1404", "1404/12/29"),
        ("after 30 Esfand 1408", "1408/12/30"),
    ],
)
def test_a_refusal_names_the_last_day_of_the_year(year, last):
    end = NEW_YEARS[year]
    with translation.override("en"):
        at_once = windows.sentence_of(
            [(OPENS - datetime.timedelta(days=3000), end)], Stage.TRANSFER, "headquarters", end
        )
    assert at_once.endswith(f"ended with {last}: ask for an extension.")


# -- whose time, and what next ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("stage", "part", "more", "sentence"),
    [
        (
            Stage.EVALUATION,
            "",
            [],
            "The window of the stage “Expert evaluation” ended with 1404/03/09: "
            "the provincial organization may move it.",
        ),
        (
            Stage.OBJECTION,
            Part.ANSWER,
            [],
            "The window “Answers to objections” of the stage “Initial results, objection and defence” ended with "
            "1404/03/09: the provincial organization may move it.",
        ),
        (
            Stage.OBJECTION,
            Part.OBJECT,
            [CLOSES + DAY],
            "Your own time for “Viewing and objecting” of the stage “Initial results, objection and defence” ended "
            "with 1404/03/10: ask for an extension.",
        ),
        (
            Stage.SELF_ASSESSMENT,
            "",
            [CLOSES + DAY, CLOSES + 9 * DAY],  # the second has not ended
            "Your own time for the stage “Entering the self-assessment” ended with 1404/03/10: ask for an extension.",
        ),
        (
            Stage.SELF_ASSESSMENT,
            "",
            [CLOSES - DAY],
            "The window of the stage “Entering the self-assessment” ended with 1404/03/09: ask for an extension.",
        ),
    ],
)
def test_the_last_end_is_named_and_who_can_give_more(stage, part, more, sentence):
    with translation.override("en"):
        assert windows.sentence_of([(OPENS, CLOSES)], stage, part, CLOSES + 2 * DAY, more=more) == sentence


def test_a_window_of_the_general_dimension_opens_no_specific_list(cycle, agency):
    general = Dimension.objects.create(cycle=cycle, code="general", kind="general", title="عمومی")
    specific = Dimension.objects.create(cycle=cycle, code="specific", kind="specific", title="اختصاصی", order=2)
    written = SpecificList.objects.create(cycle=cycle, agency=agency)
    now = timezone.now()
    span = {"stage": Stage.INDICATORS, "opens_at": now - DAY, "closes_at": now + DAY}
    window(cycle, dimension=general, **span)
    assert len(conditions.list_window(Part.PROPOSE).reasons(written)) == 1
    window(cycle, dimension=specific, **span)
    assert conditions.list_window(Part.PROPOSE).reasons(written) == []
