"""Who has the demo password is known by a query, told to staff and to `check --deploy`."""

import pytest
from django.contrib.auth import get_user_model
from django.core import checks
from django.core.management import call_command
from django.core.management.base import SystemCheckError
from django.urls import reverse

from evaluation.management.checks import no_demo_password
from evaluation.rules import demo_password

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]  # words above pages
WARNING = "رمز عبور برخی از حساب‌ها هنوز همان رمز عبور نمایشی است که همه می‌دانند."


def account(name, password="demo", **columns):
    return get_user_model().objects.create_user(name, password=password, is_staff=True, **columns)


def marked(name):
    user = account(name)
    demo_password.mark(user)
    return user


def first_page(cast, user):
    return cast.client(user).get(reverse("admin:index")).content.decode()


def test_staff_of_the_organization_read_it_above_each_page_and_nobody_else(cast, admin_client):
    marked("demo-x")
    for user in (cast.manager, cast.expert):
        assert first_page(cast, user).count(WARNING) == 1
        assert cast.client(user).get(reverse("admin:evaluation_agency_changelist")).content.decode().count(WARNING) == 1
    assert admin_client.get(reverse("admin:index")).content.decode().count(WARNING) == 1
    for user in (cast.reporter_a, cast.evaluator, cast.headquarters_a, cast.observer):
        assert first_page(cast, user).count(WARNING) == 0


def test_it_goes_with_the_password_or_the_account(cast):
    user = marked("demo-x")
    user.set_password("a password of its own")
    user.save()
    assert first_page(cast, cast.manager).count(WARNING) == 0
    marked("demo-y")
    get_user_model().objects.filter(username="demo-y").update(is_active=False)
    assert first_page(cast, cast.manager).count(WARNING) == 0


def test_it_stands_above_announcements_and_costs_no_query(cast, django_assert_num_queries):
    from evaluation.models import Announcement  # noqa: PLC0415  beside its only use
    from evaluation.process.messages import announcement  # noqa: PLC0415  beside its only use

    Announcement.objects.create(province=cast.province, text="خبر", kind="fault")
    marked("demo-x")
    marked("demo-y")
    announcement.announced_to(cast.manager)  # memberships are read once
    with django_assert_num_queries(1):
        kinds = [kind for kind, _text, _from, _key in announcement.texts_for(cast.manager)]
    assert kinds == ["exposed", "fault", "unread"]


def test_whoever_logs_in_with_it_is_remembered(cast, client):
    account("sara")
    assert not demo_password.exposed().exists()
    client.post(reverse("admin:login"), {"username": "sara", "password": "wrong"})
    assert not demo_password.exposed().exists()
    response = client.post(f"{reverse('admin:login')}?next=/admin/", {"username": "sara", "password": "demo"})
    assert (response.status_code, response["Location"]) == (302, "/admin/")
    assert [user.username for user in demo_password.exposed()] == ["sara"]
    assert client.get("/admin/").status_code == 200  # the session outlives the new hash
    assert first_page(cast, cast.manager).count(WARNING) == 1
    assert client.login(username="sara", password="demo")


def test_accounts_from_before_are_marked_when_the_product_starts():
    account("demo-manager")
    get_user_model().objects.create_superuser("root", password="demo")
    account("sara", "a password of her own")
    demo_password.mark_unmarked()
    assert sorted(user.username for user in demo_password.exposed()) == ["demo-manager", "root"]


@pytest.mark.parametrize("known", [marked, account])
def test_the_check_before_production_fails_and_names_the_accounts(settings, known):
    settings.SITE_URL = "https://e.ir"
    known("demo-x")
    [error] = no_demo_password(None)
    assert (error.id, error.level) == ("evaluation.E001", checks.ERROR)
    assert error.msg == "Everybody knows the password of demo-x: it is the demo password."
    with pytest.raises(SystemCheckError, match=r"evaluation\.E001"):
        call_command("check", deploy=True)
    get_user_model().objects.update(password="!")
    assert no_demo_password(None) == []


def test_the_check_names_five_and_counts_the_rest():
    for number in range(7):
        marked(f"demo-{number}")
    [error] = no_demo_password(None)
    names = "demo-0, demo-1, demo-2, demo-3, demo-4 and 2 more"
    assert error.msg == f"Everybody knows the password of {names}: it is the demo password."
