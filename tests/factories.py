"""Rows for tests, with Persian names and nothing that a test does not need. States are reached by verbs, not here."""

import datetime

import factory
from django.contrib.auth import get_user_model
from django.core.files.base import ContentFile
from django.utils import timezone
from factory.django import DjangoModelFactory

from evaluation import models, persian

PDF = b"%PDF-1.7\n"
DAY = datetime.date(2025, 6, 1)


def upload(name="letter.txt", content=b"letter"):
    """A file to be sent or stored; one that is called .pdf begins like one."""
    if name.endswith(".pdf") and not content.startswith(PDF):
        content = PDF + content
    return ContentFile(content, name=name)


class Factory(DjangoModelFactory):
    class Meta:
        abstract = True
        skip_postgeneration_save = True


class UserFactory(Factory):
    class Meta:
        model = get_user_model()

    username = factory.Sequence(lambda n: f"person{n}")
    is_staff = True


class ProvinceFactory(Factory):
    class Meta:
        model = models.Province

    code = factory.Sequence(lambda n: f"province-{n}")
    name = factory.Sequence(lambda n: f"استان {n}")


class HeadquartersFactory(Factory):
    class Meta:
        model = models.Headquarters

    code = factory.Sequence(lambda n: f"HQ-{n}")
    name = factory.Sequence(lambda n: f"وزارت {n}")


class PartnerBodyFactory(Factory):
    class Meta:
        model = models.PartnerBody

    code = factory.Sequence(lambda n: f"PB-{n}")
    name = factory.Sequence(lambda n: f"نهاد همکار {n}")


class AgencyFactory(Factory):
    class Meta:
        model = models.Agency

    province = factory.SubFactory(ProvinceFactory)
    code = factory.Sequence(lambda n: f"A-{n}")
    name = factory.Sequence(lambda n: f"اداره کل {n}")
    group = "خدماتی"


class MembershipFactory(Factory):
    class Meta:
        model = models.Membership

    user = factory.SubFactory(UserFactory)


class CycleFactory(Factory):
    """A bare row in `draft`; `process.cycle.start` gives it its dimensions."""

    class Meta:
        model = models.Cycle

    province = factory.SubFactory(ProvinceFactory)
    performance_year = 1404
    title = factory.LazyAttribute(lambda cycle: f"ارزیابی {cycle.performance_year}")
    period_start = datetime.date(2025, 3, 21)
    period_end = datetime.date(2026, 3, 20)


class CircularFactory(Factory):
    class Meta:
        model = models.Circular

    direction = "outgoing"
    number = factory.Sequence(lambda n: f"{n + 1}/ن")
    date = DAY
    issuer = "سازمان"
    subject = "بخشنامه ارزیابی"


class WorkshopFactory(Factory):
    class Meta:
        model = models.Workshop

    title = "کارگاه توجیهی"
    starts_at = factory.LazyFunction(timezone.now)


class CommitteeFactory(Factory):
    class Meta:
        model = models.Committee

    kind = "council"
    title = "شورای راهبری"


class DimensionFactory(Factory):
    class Meta:
        model = models.Dimension

    code = factory.Sequence(lambda n: f"d{n}")
    kind = "general"
    title = factory.Sequence(lambda n: f"بعد {n}")


class AxisFactory(Factory):
    class Meta:
        model = models.Axis

    number = factory.Sequence(lambda n: n + 1)
    title = factory.Sequence(lambda n: f"محور {n}")
    maximum = 500


class IndicatorFactory(Factory):
    class Meta:
        model = models.Indicator

    cycle = factory.LazyAttribute(lambda row: row.dimension.cycle)
    code = factory.Sequence(lambda n: f"X-{n}")
    title = factory.Sequence(lambda n: f"شاخص {n}")
    unit = "درصد"
    target = 100


class AwardKindFactory(Factory):
    """A kind for which agencies nominate teams, without a limit."""

    class Meta:
        model = models.AwardKind

    code = factory.Sequence(lambda n: f"kind-{n}")
    title = factory.Sequence(lambda n: f"تقدیر {persian.localise_digits(n, 'fa')}")
    recipient = "team"
    from_agencies = True
    in_each = None


def festival(cycle, *, kinds=(), **columns):
    """A festival with a committee of one member, who met once, and these kinds of award (else one for teams)."""
    committee = CommitteeFactory(province=cycle.province, kind="festival", title="ستاد جشنواره")
    committee.members.create(name="خانم رضایی")
    committee.sessions.create(cycle=cycle, number="۱", held_on=DAY)
    made = models.Festival.objects.create(cycle=cycle, title="جشنواره شهید رجایی", committee=committee, **columns)
    made.kinds.set(kinds or [AwardKindFactory(province=cycle.province)])
    return made


def nominee(of_festival, *, agency, **columns):
    """A team that an agency nominated for the first kind of award of the festival."""
    values = {"kind": of_festival.kinds.first(), "origin": "agency", "name": "گروه الف", "members": "زهرا\nعلی"}
    values |= {"reason": "کاهش زمان پاسخ"}
    return models.Nominee.objects.create(festival=of_festival, agency=agency, **values | columns)


def trained(cycle, *users):
    """A workshop for evaluators to which these came."""
    workshop = WorkshopFactory(cycle=cycle, kind="evaluators", held_at=timezone.now(), held_by=users[0])
    for user in users:
        workshop.attendances.create(user=user, attended=True)
    return workshop
