"""The cycle of the next year: copied whole from another one, drafted once on its day, with what changed listed."""

import datetime

import pytest
from django.apps import apps
from django.utils import timezone, translation

from evaluation import tasks
from evaluation.enums import Stage
from evaluation.models import Cycle, CycleStep, Notice, ProcessTemplate, StageWindow, TransitionLog
from evaluation.persian import parse_jalali
from evaluation.process.audit import SCHEDULER
from evaluation.process.door import Forbidden, Refusal
from evaluation.process.year import checklist, next_year
from evaluation.process.year import cycle as cycle_verbs
from evaluation.reports import year_changes
from tests import factories as make

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate


@pytest.fixture(autouse=True)
def english(settings):
    settings.LANGUAGE_CODE = "en"
    with translation.override("en"):
        yield


@pytest.fixture
def frozen(cast):
    return cast.until(Stage.SELF_ASSESSMENT)


def opened(cast, **given):
    return next_year.open_next_year(cast.cycle, by=cast.manager, **given)


def table(report, title):
    return next(table for table in report.tables if table.title == title)


COPIED = {"dimension", "evaluatorgroup", "indicator", "peergroup", "cyclestep", "stagewindow"}
OF_THEIR_YEAR = {  # what was done, sent, decided or counted in a year
    "circular", "commitment", "committeesession", "cycle", "extension", "extensionrequest", "fileevent", "importrun",
    "festival", "letter", "notice", "onbehalf", "participation", "resultset", "snapshot", "specificlist", "transfer",
    "ticket", "transitionlog", "workshop",
}  # fmt: skip


def test_each_table_of_a_cycle_is_copied_or_belongs_to_its_year():
    tables = {
        model._meta.model_name
        for model in apps.get_app_config("evaluation").get_models()
        if any(field.related_model is Cycle for field in model._meta.fields)
    }
    assert tables == COPIED | OF_THEIR_YEAR


def test_each_setting_of_a_cycle_is_copied(frozen):
    copy = opened(frozen)
    same = {field.attname for field in Cycle._meta.concrete_fields if field.name not in next_year.OF_ONE_YEAR}
    rows = Cycle.objects.filter(pk__in=[copy.pk, frozen.cycle.pk]).values(*same)
    assert rows[0] == rows[1]
    assert {"exemption_rule", "commitment_text", "template_id", "top_count", "level_scheme_id"} < same


def test_catalogue_groups_evaluators_steps_and_settings_are_copied(frozen):
    step = frozen.cycle.steps.create(number=1, title="گام", stage="draft", days=3, mandatory=True)
    checklist.tick(step, by=frozen.expert)
    Cycle.objects.filter(pk=frozen.cycle.pk).update(exemption_rule="grant", commitment_text="تعهد", base_year=1402)
    year = frozen.cycle.performance_year
    copy = opened(frozen)
    assert (copy.stage, copy.kind, copy.copied_from) == ("draft", "annual", frozen.cycle)
    assert copy.performance_year == year + 1
    assert (copy.exemption_rule, copy.commitment_text, copy.base_year) == ("grant", "تعهد", 1403)
    general = copy.indicators.filter(agency=None)
    assert {one.code: one.origin for one in general} == {
        code: getattr(frozen, code.lower().replace("-", "")) for code in "G-1 G-2 G-3 G-31 G-32".split()
    }
    assert sorted(copy.indicators.exclude(agency=None).values_list("agency__code", "code")) == [
        ("A", "S-1"), ("A", "S-2"), ("B", "S-1"), ("B", "S-2"),
    ]  # fmt: skip
    assert all(one.origin.cycle == frozen.cycle for one in copy.indicators.select_related("origin__cycle"))
    assert list(copy.dimensions.values_list("code", "frozen_at")) == [("general", None), ("specific", None)]
    assert sorted(copy.peer_groups.values_list("title", flat=True)) == sorted(
        frozen.cycle.peer_groups.values_list("title", flat=True)
    )
    groups = copy.evaluator_groups.order_by("pk")
    assert [
        (group.title, [axis.title for axis in group.axes.all()], group.covers_specific, sorted(
            (seat.user.username, seat.lead) for seat in group.evaluators.all()
        ))
        for group in groups
    ] == [
        ("گروه یک", ["محور یک"], False, [("evaluator", False), ("lead", True)]),
        ("گروه دو", ["محور دو"], True, [("lead", True)]),
    ]  # fmt: skip
    copied = copy.steps.get(title="گام")
    assert (copied.days, copied.mandatory, copied.done_at, copied.done_on) == (3, True, None, None)
    assert not copy.participations.exists()
    assert TransitionLog.objects.filter(name="open_next_year", cycle=frozen.cycle).count() == 1


def test_the_year_in_the_title_goes_on(frozen):
    year = frozen.cycle.performance_year
    assert next_year.title_for(f"ارزیابی {year}", year) == f"ارزیابی {year + 1}"
    assert next_year.title_for("ارزیابی ۱۴۰۳ در ۱۴۰۴", 1403) == "ارزیابی ۱۴۰۴ در ۱۴۰۵"
    assert next_year.title_for("ارزیابی سالانه", 1403) == "ارزیابی سالانه (1404)"
    assert opened(frozen, title="نام من").title == "نام من"


def test_windows_are_moved_by_a_jalali_year_and_end_on_a_working_day(cast):
    def window(stage, first, last):
        opens = timezone.make_aware(datetime.datetime.combine(parse_jalali(first), datetime.time.min))
        closes = timezone.make_aware(datetime.datetime.combine(parse_jalali(last), datetime.time.min))
        return StageWindow.objects.create(
            cycle=cast.cycle, stage=stage, opens_at=opens, closes_at=closes + datetime.timedelta(days=1)
        )

    window("self_assessment", "1408/11/01", "1408/12/30")  # a leap year: its last day is the last of the next Esfand
    window("transfer", "1409/01/01", "1409/01/14")
    plan = next_year.plan(cast.cycle)
    first, second = plan.windows
    assert (timezone.localtime(first.opens_at).date(), first.wanted) == (
        parse_jalali("1409/11/01"), parse_jalali("1409/12/29"),
    )  # fmt: skip
    assert first.last >= first.wanted
    assert second.opens_at >= first.closes_at
    copy = opened(cast)
    assert list(copy.windows.order_by("opens_at").values_list("stage", "opens_at", "closes_at")) == [
        (row.stage, row.opens_at, row.closes_at) for row in plan.windows
    ]


def test_windows_whose_time_has_gone_and_seats_without_a_role_are_left_out_and_listed(frozen):
    frozen.cycle.windows.all().delete()
    long_ago = timezone.now() - datetime.timedelta(days=800)
    StageWindow.objects.create(
        cycle=frozen.cycle, stage="circular", opens_at=long_ago, closes_at=long_ago + datetime.timedelta(days=3)
    )
    frozen.evaluator.memberships.update(active=False)
    report = year_changes.to_come(frozen.cycle)
    assert [row[-1] for row in table(report, "Windows").rows] == ["over already, left out"]
    assert [row[0] for row in table(report, "Seats that stay empty").rows] == ["گروه یک"]
    copy = opened(frozen)
    assert not copy.windows.exists()
    assert [seat.user for group in copy.evaluator_groups.order_by("pk") for seat in group.evaluators.all()] == [
        frozen.lead, frozen.lead,
    ]  # fmt: skip


def test_a_closed_cycle_gives_the_next_one_and_stays_as_it_was(frozen):
    Cycle.objects.filter(pk=frozen.cycle.pk).update(stage="closed")
    before = Cycle.objects.values().get(pk=frozen.cycle.pk)
    assert opened(frozen).stage == "draft"
    assert Cycle.objects.values().get(pk=frozen.cycle.pk) == before


def test_a_province_has_one_next_year_and_an_interim_cycle_none(frozen):
    copy = opened(frozen)
    with pytest.raises(Refusal, match="has the later cycle"):
        opened(frozen)
    Cycle.objects.filter(pk=copy.pk).update(kind="interim", main_cycle=frozen.cycle)
    with pytest.raises(Refusal, match="from an annual cycle"):
        next_year.open_next_year(Cycle.objects.get(pk=copy.pk), by=frozen.manager)
    with pytest.raises(Forbidden):
        next_year.open_next_year(frozen.cycle, by=frozen.reporter_a)


def test_an_agency_ranked_only_in_its_group_stays_so(frozen):
    frozen.cycle.participations.filter(agency=frozen.agency_a).update(ranked_among="group")
    copy = opened(frozen)
    cycle_verbs.fix_participants(copy, by=frozen.manager)
    assert sorted(copy.participations.values_list("agency__code", "ranked_among")) == [("A", "group"), ("B", "all")]


# -- by itself -------------------------------------------------------------------------------------


def test_on_its_day_the_draft_is_opened_once_and_the_managers_are_told_once(frozen):
    Cycle.objects.filter(pk=frozen.cycle.pk).update(next_cycle_on=TODAY() + datetime.timedelta(days=1))
    assert tasks.draft_next_cycles() == {"done": [], "failed": []}
    Cycle.objects.filter(pk=frozen.cycle.pk).update(next_cycle_on=TODAY())
    assert len(tasks.draft_next_cycles()["done"]) == 1
    assert tasks.draft_next_cycles() == {"done": [], "failed": []}
    copy = frozen.cycle.copies.get()
    told = Notice.objects.filter(event__startswith="next-year")
    assert list(told.values_list("user", "cycle")) == [(frozen.manager.pk, copy.pk)]
    assert told.get().text == (
        f"The time of the next cycle has come: “{copy}” was drafted from “{frozen.cycle}”. Check it and start it."
    )
    assert copy.next_cycle_on > TODAY()  # a year later
    assert TransitionLog.objects.get(name="open_next_year").by.username == SCHEDULER


def test_what_cannot_be_drafted_is_told_once(frozen, monkeypatch):
    Cycle.objects.filter(pk=frozen.cycle.pk).update(next_cycle_on=TODAY())

    def refuse(*_args, **_kwargs):
        raise Refusal("No room.")

    monkeypatch.setattr(next_year, "open_next_year", refuse)
    for _run in range(2):
        assert [one["reason"] for one in tasks.draft_next_cycles()["failed"]] == ["No room."]
    assert [one.text for one in Notice.objects.filter(event__startswith="next-year")] == [
        f"The next cycle of “{frozen.cycle}” could not be drafted: No room."
    ]


# -- what has changed ------------------------------------------------------------------------------


def test_what_changed_since_is_listed(frozen):
    copy = opened(frozen)
    report = year_changes.since(copy)
    assert [row[0] for row in table(report, "Settings").rows] == ["title", "start of the period", "end of the period"]
    assert [table.title for table in report.tables[1:] if table.rows] == ["Windows"]
    copy.exemption_rule = "grant"
    copy.save()
    copy.indicators.filter(code="G-1").update(title="عنوان نو", target=90)
    copy.indicators.filter(code="G-2").delete()
    make.IndicatorFactory(dimension=copy.dimensions.get(code="general"), axis=None, code="G-9", title="تازه", points=1)
    CycleStep.objects.create(cycle=copy, number=9, title="گام نو", stage="draft")
    copy.evaluator_groups.get(title="گروه یک").evaluators.filter(lead=False).delete()
    report = year_changes.since(copy)
    rule = [row for row in table(report, "Settings").rows if row[0] == "rule for exempt lines"]
    assert rule == [("rule for exempt lines", frozen.cycle.get_exemption_rule_display(), "Grant the full points")]
    changes = [(row[0].split(" · ")[0], row[1]) for row in table(report, "General indicators").rows]
    assert changes == [("G-1", "indicator title"), ("G-1", "target"), ("G-9", "new"), ("G-2", "dropped")]
    assert table(report, "Steps of the checklist").rows == [("گام نو", "new")]
    assert [row[1] for row in table(report, "Evaluator groups").rows] == ["left out"]


# -- both flowcharts -------------------------------------------------------------------------------


def test_a_cycle_of_both_flowcharts_has_council_ranking_and_festival_once(cast):
    for code, other in (("general", "عمومی"), ("specific", "اختصاصی")):
        made = ProcessTemplate.objects.create(code=code, title=code)
        made.steps.create(number=1, title=f"ارزیابی {other}", stage="evaluation")
        made.steps.create(number=2, title="رتبه‌بندی دستگاه‌ها", stage="ranking")
        made.steps.create(number=3, title="تشکیل شورا", stage="ranking")
        made.steps.create(number=4, title="برگزاری جشنواره", stage="festival", mandatory=True)
        checklist.adopt_template(cast.cycle, template=made, by=cast.manager)
    assert list(cast.cycle.steps.order_by("pk").values_list("title", flat=True)) == [
        "ارزیابی عمومی", "رتبه‌بندی دستگاه‌ها", "تشکیل شورا", "برگزاری جشنواره", "ارزیابی اختصاصی",
    ]  # fmt: skip
