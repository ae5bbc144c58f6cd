"""The demo's places and accounts: one password for all, names without persons."""

from django.contrib.auth import get_user_model

from evaluation.enums import Role
from evaluation.management.fixtures import rows
from evaluation.models import Agency, Headquarters, Membership, PartnerBody
from evaluation.persian import localise_digits
from evaluation.rules import demo_password

HOME = "qazvin"  # the names of its accounts do not begin with the province
SHARED = (Role.STEWARD, Role.HEADQUARTERS, Role.NATIONAL, None)  # their places belong to no province
MEMBERS = 3  # of each evaluators' group, its lead among them


def make_agencies(province, count):
    """`count` of the 64 agencies, spread over all peer groups; those that are there already are kept."""
    listed = rows("agencies_qazvin")
    chosen = [listed[number * len(listed) // count] for number in range(min(count, len(listed)))]
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
        self.province, self.seats = province, []
        bodies = sorted({agency.headquarters for agency in agencies} - {None}, key=lambda body: body.code)
        self.manager = self.seat("manager", "مدیر", Role.MANAGER, province=province)
        self.expert = self.seat("expert", "کارشناس", Role.EXPERT, province=province)
        self.groups = {
            row["code"]: [
                self.seat(f"evaluator-{row['code']}-{number}", "ارزیاب", Role.EVALUATOR, province=province)
                for number in range(1, MEMBERS + 1)
            ]
            for row in rows("evaluator_groups")
        }
        self.stewards = {
            body.pk: self.seat(f"steward-{body.code}", "راهبر شاخص", Role.STEWARD, partner=body)
            for body in PartnerBody.objects.filter(code__in=[row["code"] for row in rows("partner_bodies")])
        }
        self.reporters = {
            agency.pk: self.seat(f"agency-{agency.code.lower()}", "مسئول ارزیابی عملکرد", Role.AGENCY, agency=agency)
            for agency in agencies
        }
        self.headquarters = {
            body.pk: self.seat(
                f"headquarters-{body.code.lower()}", "کارشناس دستگاه متبوع", Role.HEADQUARTERS, headquarters=body
            )
            for body in bodies
        }
        self.national = self.seat("national", "کارشناس سازمان اداری و استخدامی", Role.NATIONAL)
        self.secretary = self.seat("council", "دبیر شورا", Role.COUNCIL, province=province)
        self.observer = self.seat("observer", "ناظر", Role.OBSERVER, province=province)
        self.administrator = self.seat("admin", "مدیر سامانه", None, is_superuser=True)
        self.save()

    def seat(self, name, title, role, **fields):
        """A person not saved yet, and the membership that goes with the account."""
        local = "" if self.province.code == HOME or role in SHARED else f"{self.province.code}-"
        number = 1 + sum(user.first_name == title for user, _role, _place in self.seats)
        user = get_user_model()(
            username=f"{demo_password.PREFIX}{local}{name}",
            first_name=title,
            last_name=f"نمونهٔ {localise_digits(number, 'fa')}",
            is_staff=True,
            is_superuser=fields.pop("is_superuser", False),
        )
        self.seats.append((user, role, fields))
        return user

    def save(self):
        """Save the accounts that are not there yet, and take the keys of those that are."""
        model, password = get_user_model(), demo_password.hashed()  # once: hashing takes long
        users = [user for user, _role, _place in self.seats]
        standing = dict(
            model.objects.filter(username__in=[user.username for user in users]).values_list("username", "pk")
        )
        for user in users:
            user.password, user.pk = password, standing.get(user.username)
        model.objects.bulk_create([user for user in users if user.pk is None])
        for user in users:
            user._state.adding = False
        present = set(Membership.objects.filter(user__in=users).values_list("user", "role"))
        fresh = [seat for seat in self.seats if seat[1] and (seat[0].pk, str(seat[1])) not in present]
        Membership.objects.bulk_create([Membership(user=user, role=role, **place) for user, role, place in fresh])
