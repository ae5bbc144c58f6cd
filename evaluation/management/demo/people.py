"""The demo's places and accounts: one password for all, names without persons."""

from django.contrib.auth import get_user_model
from django.contrib.auth.hashers import make_password

from evaluation.enums import Role
from evaluation.management.accounts import DEMO_PASSWORD, DEMO_PREFIX
from evaluation.management.fixtures import rows
from evaluation.models import Agency, Headquarters, Membership, PartnerBody

HOME = "qazvin"  # its accounts carry no province in their names
MEMBERS = 3  # of each evaluators' group, its lead among them


def make_agencies(province, count):
    """`count` of the 64 agencies, spread over all peer groups; those that are there already are kept."""
    found = rows("agencies_qazvin")
    chosen = [found[number * len(found) // count] for number in range(min(count, len(found)))]
    bodies = {body.code: body for body in Headquarters.objects.all()}
    at_home = province.code == HOME
    fresh = [
        Agency(
            province=province,
            code=row["code"],
            name=row["name"] if at_home else row["name"].replace("قزوین", province.name),
            kind=row["kind_title"],
            headquarters=bodies.get(row["headquarters_code"]),
            group=row["group"],
            national_id=row["national_id"] if at_home else "",
            ranked=row["ranked"] == "1",
        )
        for row in chosen
    ]
    present = set(province.agencies.values_list("code", flat=True))
    Agency.objects.bulk_create([agency for agency in fresh if agency.code not in present])
    agencies = province.agencies.filter(code__in=[row["code"] for row in chosen])
    return list(agencies.select_related("headquarters", "province").order_by("code"))


class People:
    """The demo accounts of a province, made once and found again; every attribute is a user or a dict of users."""

    def __init__(self, province, agencies):
        self.local = "" if province.code == HOME else f"{province.code}-"
        self.password = make_password(DEMO_PASSWORD)  # once: each hash costs a fraction of a second
        self.manager = self.member("manager", "مدیر", Role.MANAGER, province=province)
        self.expert = self.member("expert", "کارشناس", Role.EXPERT, province=province)
        self.groups = {
            row["code"]: [
                self.member(f"evaluator-{row['code']}-{number}", "ارزیاب", Role.EVALUATOR, province=province)
                for number in range(1, MEMBERS + 1)
            ]
            for row in rows("evaluator_groups")
        }
        self.stewards = {
            body.pk: self.member(f"steward-{body.code}", "راهبر", Role.STEWARD, shared=True, partner=body)
            for body in PartnerBody.objects.filter(code__in=[row["code"] for row in rows("partner_bodies")])
        }
        self.reporters = {
            agency.pk: self.member(f"agency-{agency.code.lower()}", "مسئول دستگاه", Role.AGENCY, agency=agency)
            for agency in agencies
        }
        self.headquarters = {
            body.pk: self.member(
                f"headquarters-{body.code.lower()}", "کارشناس ستاد", Role.HEADQUARTERS, shared=True, headquarters=body
            )
            for body in sorted({agency.headquarters for agency in agencies} - {None}, key=lambda body: body.code)
        }
        self.national = self.member("national", "کارشناس ملی", Role.NATIONAL, shared=True)
        self.secretary = self.member("council", "دبیر شورا", Role.COUNCIL, province=province)
        self.observer = self.member("observer", "ناظر", Role.OBSERVER, province=province)
        self.account("admin", "راهبر سامانه", is_superuser=True)

    def member(self, name, title, role, *, shared=False, **place):
        user = self.account(name if shared else f"{self.local}{name}", title)
        Membership.objects.get_or_create(user=user, role=role, **place)
        return user

    def account(self, name, title, **fields):
        user, _created = get_user_model().objects.get_or_create(
            username=f"{DEMO_PREFIX}{name}",
            defaults={"first_name": title, "last_name": "نمونه", "password": self.password, "is_staff": True} | fields,
        )
        return user
