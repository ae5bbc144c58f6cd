"""The authentication backend, and sessions that name a backend which is gone."""

import pytest
from django.contrib.auth import BACKEND_SESSION_KEY, authenticate
from django.contrib.auth.models import Permission
from django.test import Client

from evaluation.rules import demo_password

pytestmark = pytest.mark.django_db


def test_a_session_of_a_backend_that_is_gone_leads_to_the_login(cast):
    client = Client()
    client.force_login(cast.expert)
    assert client.get("/admin/").status_code == 200
    session = client.session
    session[BACKEND_SESSION_KEY] = "evaluation.process.backend.MembershipBackend"
    session.save()
    assert client.get("/admin/", follow=False).url == "/admin/login/?next=/admin/"


def test_logging_in_takes_the_right_password_and_notes_the_public_one(cast):
    for password in ("demo", "چیز دیگر"):
        cast.expert.set_password(password)
        cast.expert.save()
        assert authenticate(username="expert", password="نادرست") is None
        assert authenticate(username="expert", password=password) == cast.expert
        assert [user.username for user in demo_password.exposed()] == (["expert"] if password == "demo" else [])


def test_permissions_given_to_a_user_directly_count_for_nothing(cast):
    person = cast.observer
    permission = Permission.objects.get(codename="move_cycle")
    person.user_permissions.add(permission)
    assert not type(person).objects.get(pk=person.pk).has_perm("evaluation.move_cycle")
