"""Accounts and roles: a manager gives a role at a place, to an account that exists or to a new one."""

from django.contrib.auth import get_user_model

from evaluation.enums import Role
from evaluation.models import Membership
from tests.admin.english import page, visit

PLACE = {"province": "", "agency": "", "headquarters": "", "partner": "", "since": "1404/01/01", "active": "on"}
NEW = {"user": "", "username": "new.person", "first_name": "مریم", "last_name": "احمدی", "password": "qazvin-1404-x"}


def test_no_role_is_chosen_beforehand(cast):
    form = visit(cast, "manager").get(page("membership_add")).context["adminform"].form
    assert form.fields["role"].choices[0][0] == ""


def test_a_role_for_somebody_new(cast):
    given = PLACE | NEW | {"role": Role.AGENCY, "agency": cast.agency_a.pk}
    response = visit(cast, "manager").post(page("membership_add"), given)
    assert response.status_code == 302, response.context["adminform"].form.errors
    user = get_user_model().objects.get(username="new.person")
    assert (user.is_staff, user.is_superuser, user.check_password("qazvin-1404-x")) == (True, False, True)
    member = Membership.objects.get(user=user)
    assert (member.role, member.agency) == (Role.AGENCY, cast.agency_a)


def test_a_role_needs_its_place_and_one_account(cast):
    client = visit(cast, "manager")
    refused = client.post(page("membership_add"), PLACE | NEW | {"role": Role.AGENCY})
    assert refused.context["adminform"].form.errors["agency"] == ["This role needs it."]
    both = PLACE | NEW | {"user": cast.lead.pk, "role": Role.EVALUATOR, "province": cast.province.pk}
    errors = client.post(page("membership_add"), both).context["adminform"].form.errors
    assert errors["user"] == ["Choose an existing account, or write the user name of a new one."]
    assert not get_user_model().objects.filter(username="new.person").exists()


def test_an_expert_gives_no_roles(cast):
    given = PLACE | NEW | {"role": Role.MANAGER, "province": cast.province.pk}
    assert visit(cast, "expert").post(page("membership_add"), given).status_code == 403


def test_an_account_of_a_shared_body_is_refused_with_a_sentence(cast):
    cast.partner.province = None
    cast.partner.save()
    typed = {"user": "", "username": "bimeh", "first_name": "", "last_name": "", "password": "k4#jQ8!zPwv2"}
    typed |= {"role": "steward", "partner": cast.partner.pk, "province": "", "agency": "", "headquarters": ""}
    typed |= {"since": "1404/05/12", "until": "", "active": "on"}
    response = cast.client("manager").post(page("membership_add"), typed)
    assert response.context["adminform"].form.errors == {
        "partner": [
            "این نهاد بین همهٔ استان‌ها مشترک است و نقش آن را فقط مدیر سامانه تعیین می‌کند. نهادی از استان خود را انتخاب "
            "یا آن را اضافه کنید."
        ]
    }
    assert not get_user_model().objects.filter(username="bimeh").exists()
