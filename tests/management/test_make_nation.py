"""`make_nation`: whole copies of the seeded province; nothing beside real work."""

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import connection

from evaluation.enums import Role
from evaluation.management.demo import removal
from evaluation.management.demo.nation import PROVINCE, parts
from evaluation.models import Agency, Cycle, Indicator, Line, Mark, Membership, Province, TransitionLog

pytestmark = pytest.mark.xdist_group("demo")
NEW = {"province": "البرز", "years": [1403, 1404]}  # the first of the other provinces by code


def rows_of(cycle):
    """{table: rows} that belong to a cycle."""
    return {model.__name__: len(keys) for model, keys in removal.closure({Cycle: {cycle.pk}}).items() if keys}


def test_a_nation_of_two_provinces_and_two_years_is_whole(seeded, capsys):
    of_province = {model.__name__: len(keys) for model, keys in parts(seeded)[PROVINCE].items()}
    call_command("make_nation", provinces=2, years=2)
    assert capsys.readouterr().out == "Made 2 cycles; 4 stand in 2 provinces.\n"
    connection.check_constraints()
    other = Province.objects.exclude(pk=seeded.province_id).get(cycles__performance_year=1404)
    copies = list(other.cycles.order_by("performance_year"))
    assert [cycle.performance_year for cycle in copies] == [1403, 1404]
    assert [rows_of(cycle) for cycle in copies] == [rows_of(seeded)] * 2
    assert copies[1].title == seeded.title.replace(seeded.province.name, other.name)
    assert (copies[1].period_start, copies[1].period_end) == (seeded.period_start, seeded.period_end)
    assert str(copies[0].period_start) == "2024-03-20"
    assert of_province == {model.__name__: len(keys) for model, keys in parts(copies[1])[PROVINCE].items()}


def test_no_reference_leads_from_one_copy_into_another(seeded):
    call_command("make_nation", provinces=2, years=2, verbosity=0)
    other = Province.objects.exclude(pk=seeded.province_id).get(cycles__performance_year=1404)
    old, new = other.cycles.order_by("performance_year")
    line = Line.objects.filter(assessment__participation__cycle=new).exclude(marks=None).first()
    assert line.indicator.cycle == new
    assert line.assessment.participation.agency.province == other
    assert {indicator.origin.cycle for indicator in Indicator.objects.filter(cycle=new).exclude(origin=None)} == {old}
    assert not Indicator.objects.filter(cycle=old).exclude(origin=None).exists()
    strangers = Mark.objects.filter(line=line).exclude(by__memberships__role__in=[Role.HEADQUARTERS, Role.STEWARD])
    assert {mark.by.username.split("-")[1] for mark in strangers} == {other.code}
    for row in TransitionLog.objects.filter(cycle=new, content_type__model="assessment"):
        assert row.subject.participation.cycle == new
    members = Membership.objects.filter(role=Role.MANAGER, province=other)
    assert members.get().user.username == f"demo-{other.code}-manager"
    assert not Agency.objects.filter(province=other).exclude(national_id="").exists()


def test_new_rows_get_new_keys_and_the_nation_goes_with_the_demo(seeded):
    call_command("make_nation", provinces=2, years=1, verbosity=0)
    most = Agency.objects.order_by("-pk").first().pk
    assert Agency.objects.create(province=seeded.province, code="new", name="دستگاه").pk > most
    Agency.objects.filter(code="new").delete()
    call_command("remove_demo", verbosity=0)
    assert not Cycle.objects.exists()


def test_nothing_is_copied_beside_real_work(seeded):
    place = Province.objects.get(code="yazd")
    real = Cycle.objects.create(
        province=place, performance_year=1404, title="دوره", period_start="2025-03-21", period_end="2026-03-20"
    )
    before = {model: model._base_manager.count() for model in apps.get_app_config("evaluation").get_models()}
    with pytest.raises(CommandError, match=f"No nation is made: “{real}” is a cycle that the demo did not make."):
        call_command("make_nation", provinces=2, years=2)
    assert before == {model: model._base_manager.count() for model in before}


@pytest.mark.parametrize(("asked", "sentence"), [
    ({"provinces": 99}, "There are 1 to 31 provinces and 1 to 50 years."),
    ({"years": 0}, "There are 1 to 31 provinces and 1 to 50 years."),
])  # fmt: skip
def test_sizes_that_cannot_be_are_refused(seeded, asked, sentence):
    with pytest.raises(CommandError, match=sentence):
        call_command("make_nation", **asked)


@pytest.mark.django_db
def test_without_a_seeded_province_it_says_what_is_missing():
    with pytest.raises(CommandError, match="it needs one seeded province"):
        call_command("make_nation")
