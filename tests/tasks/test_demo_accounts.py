import pytest
from django.contrib.auth import get_user_model

from evaluation.enums import Role
from evaluation.management.accounts import DEMO_PASSWORD, demo_accounts
from evaluation.models import Membership, Province

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]  # words of the start


@pytest.fixture
def province():
    return Province.objects.create(code="26", name="قزوین")


def member(username, role, province, password=DEMO_PASSWORD, **fields):
    user = get_user_model().objects.create_user(username, password=password, **fields)
    Membership.objects.create(user=user, role=role, province=province)


def test_the_first_account_of_each_role_is_told(province):
    member("demo-expert", Role.EXPERT, province)
    member("demo-expert-2", Role.EXPERT, province)
    member("demo-manager", Role.MANAGER, province)
    get_user_model().objects.create_superuser("demo-admin", password=DEMO_PASSWORD)
    assert demo_accounts() == [
        ("manager", "demo-manager", DEMO_PASSWORD),
        ("expert", "demo-expert", DEMO_PASSWORD),
        ("superuser", "demo-admin", DEMO_PASSWORD),
    ]


def test_real_people_and_changed_passwords_are_not_told(province):
    member("sara", Role.MANAGER, province)
    member("demo-manager", Role.MANAGER, province, password="changed by its owner")
    member("demo-expert", Role.EXPERT, province, is_active=False)
    get_user_model().objects.create_superuser("root", password=DEMO_PASSWORD)
    assert demo_accounts() == []
