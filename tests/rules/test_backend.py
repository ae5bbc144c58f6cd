"""The authentication backend, and sessions that name a backend which is gone."""

import pytest
from django.contrib.auth import BACKEND_SESSION_KEY
from django.contrib.auth.models import Permission
from django.test import Client

pytestmark = pytest.mark.django_db


def test_a_session_of_a_backend_that_is_gone_leads_to_the_login(cast):
    client = Client()
    client.force_login(cast.expert)
    assert client.get("/admin/").status_code == 200
    session = client.session
    session[BACKEND_SESSION_KEY] = "evaluation.process.backend.MembershipBackend"
    session.save()
    assert client.get("/admin/", follow=False).url == "/admin/login/?next=/admin/"


def test_permissions_given_to_a_user_directly_count_for_nothing(cast):
    person = cast.observer
    permission = Permission.objects.get(codename="move_cycle")
    person.user_permissions.add(permission)
    assert not type(person).objects.get(pk=person.pk).has_perm("evaluation.move_cycle")
