"""`load_fixtures`: everything an installation needs, twice as once, and staff's edits are kept."""

import datetime
import io

import pytest
from django.contrib.auth.models import Group
from django.core.management import call_command
from django_q.models import Schedule

from evaluation.management import fixtures
from evaluation.models import (
    ExternalSystem,
    Headquarters,
    LegalReference,
    Level,
    LevelScheme,
    PartnerBody,
    ProcessTemplate,
    Province,
    TemplateStep,
)
from evaluation.schedules import RECURRING

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def no_roles(db):
    """As in a new installation: the database of the tests begins with them."""
    Group.objects.all().delete()


def load():
    out = io.StringIO()
    call_command("load_fixtures", stdout=out)
    return out.getvalue()


def test_it_says_what_it_added_and_the_second_time_nothing():
    assert load() == (
        "Added: 31 provinces, 60 headquarters, 12 partner bodies, 5 external systems, 26 legal references, "
        "5 process templates, 3 level schemes, 28 kinds of award, 1 identities of the service, "
        "1 service level agreements, 17 texts of e-mails, 5 texts of letters.\n"
    )
    assert load() == "Everything is there already.\n"
    models = (Province, Headquarters, PartnerBody, ExternalSystem, LegalReference, ProcessTemplate, TemplateStep)
    assert [model.objects.count() for model in models] == [31, 60, 12, 5, 26, 5, 76]
    assert (LevelScheme.objects.count(), Level.objects.count(), Group.objects.count()) == (3, 7, 9)
    assert Schedule.objects.count() == len(RECURRING)


def test_rows_carry_their_source_and_their_figures():
    load()
    first = TemplateStep.objects.get(template__code="ilam-12", number=2)
    assert (first.stage, first.days, first.mandatory, first.channel) == ("evaluators", 6, True, "حضوری")
    assert sum(TemplateStep.objects.filter(template__code="ilam-12").values_list("days", flat=True)) == 210
    assert ProcessTemplate.objects.get(code="tehran-23").total_days == 120
    assert ProcessTemplate.objects.exclude(source="").count() == 5
    assert LegalReference.objects.get(number="51080").date == datetime.date(2021, 12, 11)
    second = LegalReference.objects.get(number="302596")
    assert (second.valid_until, second.in_force(second.valid_until)) == (datetime.date(2021, 3, 20), True)
    assert not second.in_force(datetime.date(2021, 3, 21))
    law = LegalReference.objects.get(title="قانون مدیریت خدمات کشوری")
    assert (law.number, law.date, str(law)) == ("", None, "قانون مدیریت خدمات کشوری")
    assert list(Level.objects.filter(scheme__code="allowance-1389").values_list("title", "threshold")) == [
        ("عالی", None),
        ("خوب", None),
        ("متوسط", None),
    ]


def with_skipped(monkeypatch, codes):
    """The templates as if the file named these stages for each."""
    rows = fixtures.rows

    def changed(name):
        return [row | {"skipped": codes} if name == "process_templates" else row for row in rows(name)]

    monkeypatch.setattr(fixtures, "rows", changed)


def test_a_template_brings_the_stages_that_it_skips(monkeypatch):
    with_skipped(monkeypatch, "briefing|festival")
    load()
    assert set(map(tuple, ProcessTemplate.objects.values_list("skipped", flat=True))) == {("briefing", "festival")}


@pytest.mark.parametrize(("codes", "said"), [("briefing|closed", "closed"), ("draft", "draft"), ("seminar", "seminar")])
def test_a_stage_that_no_cycle_can_skip_is_refused_by_name(monkeypatch, codes, said):
    with_skipped(monkeypatch, codes)
    with pytest.raises(ValueError, match=said):
        load()


def test_what_staff_edited_stays_and_what_they_removed_is_not_put_back():
    load()
    template = ProcessTemplate.objects.get(code="ilam-12")
    template.title = "دوازده مرحلهٔ ما"
    template.save()
    template.steps.get(number=12).delete()
    template.steps.filter(number=1).update(days=9)
    Level.objects.filter(scheme__code="allowance-1389", title="متوسط").delete()
    Headquarters.objects.filter(code="HQ-01").update(name="وزارت بهداشت")
    assert load() == "Everything is there already.\n"
    template.refresh_from_db()
    assert (template.title, template.steps.count(), template.steps.get(number=1).days) == ("دوازده مرحلهٔ ما", 11, 9)
    assert Level.objects.filter(scheme__code="allowance-1389").count() == 2
    assert Headquarters.objects.get(code="HQ-01").name == "وزارت بهداشت"


def test_a_body_that_staff_entered_under_a_code_of_their_own_is_left_to_them():
    Headquarters.objects.create(code="1", name="سازمان بهزیستی کشور")
    assert "59 headquarters" in load()
    assert Headquarters.objects.filter(name="سازمان بهزیستی کشور").values_list("code").get() == ("1",)


def test_roles_are_ours_and_come_back():
    load()
    council = Group.objects.get(name="council")
    granted = council.permissions.count()
    council.permissions.clear()
    load()
    assert council.permissions.count() == granted > 0
