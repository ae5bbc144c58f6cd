"""`remove_demo`: the demo goes whole, with its files; nothing goes once somebody else has begun a cycle."""

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import CommandError, call_command

from evaluation.enums import Role
from evaluation.models import Agency, Cycle, Membership, ProcessTemplate, Province
from evaluation.process.year import cycle

pytestmark = pytest.mark.xdist_group("demo")
NOT_DATA = {"Session", "Permission", "ContentType"}


def count():
    """{table: rows} of every table that holds data."""
    tables = apps.get_models(include_auto_created=True)
    counts = {model.__name__: model._base_manager.count() for model in tables if model.__name__ not in NOT_DATA}
    return {name: number for name, number in counts.items() if number}


def stored():
    return [path for path in settings.MEDIA_ROOT.rglob("*") if path.is_file()]


@pytest.mark.django_db(transaction=True)
def test_everything_that_the_demo_made_goes_and_nothing_else(capsys):
    call_command("load_fixtures", verbosity=0)
    before = count()
    call_command("seed_demo", until="objection", agencies=3, verbosity=0)
    root = get_user_model().objects.create_superuser("sara", password="a password of her own")
    assert len(count()) > len(before) + 25
    assert len(stored()) > 5
    call_command("remove_demo")
    assert capsys.readouterr().out.startswith("Removed ")
    assert count() == before | {"User": 1}
    assert get_user_model().objects.get() == root
    assert stored() == []
    with pytest.raises(CommandError, match="there is no demo in this database"):
        call_command("remove_demo")
    get_user_model().objects.all().delete()
    call_command("seed_demo", until="draft", agencies=2, verbosity=0)  # it can be made again
    assert Cycle.objects.count() == 2


def test_agencies_and_seats_of_others_stay(seeded):
    place = Province.objects.get(code="qazvin")
    agency = Agency.objects.create(province=place, code="own", name="دستگاه خودمان")
    user = get_user_model().objects.create_user("sara")
    Membership.objects.create(user=user, role=Role.MANAGER, province=place)
    call_command("remove_demo", verbosity=0)
    assert list(Agency.objects.all()) == [agency]
    assert Membership.objects.get().user == user


def test_beside_another_cycle_nothing_goes(seeded):
    place = Province.objects.get(code="yazd")
    sara = get_user_model().objects.create_user("sara")
    Membership.objects.create(user=sara, role=Role.MANAGER, province=place)
    real = Cycle.objects.create(
        province=place, performance_year=1404, title="دوره", period_start="2025-03-21", period_end="2026-03-20"
    )
    cycle.start(real, by=sara, template=ProcessTemplate.objects.get(code="ilam-12"))
    before = count()
    with pytest.raises(CommandError) as refusal:
        call_command("remove_demo")
    assert str(refusal.value) == (
        f"Nothing was removed: “{real}” is a cycle that the demo did not make. Start real work in a database without "
        "demo data."
    )
    assert count() == before
