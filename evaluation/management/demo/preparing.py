"""From the circular to the frozen lists: the work of each stage, whole and half done."""

import datetime
from decimal import Decimal

from django.utils import timezone

from evaluation.enums import (
    CircularDirection,
    CircularKind,
    CommitteeKind,
    DimensionKind,
    ParticipantPost,
    Slice,
    WorkshopKind,
)
from evaluation.management.fixtures import rows
from evaluation.management.year_walker import LIST_STEPS
from evaluation.models import Axis, Circular, Committee, CommitteeSession, LegalReference, Participant, Target, Workshop
from evaluation.persian import localise_digits
from evaluation.process.catalogue import indicator as lists
from evaluation.process.catalogue import target as targets
from evaluation.process.imports import catalogue_import
from evaluation.process.year import circular as circulars
from evaluation.process.year import cycle as cycles
from evaluation.process.year import evaluator_group
from evaluation.process.year import workshop as workshops

from . import catalogue
from .year import paper

ARO = "سازمان اداری و استخدامی کشور"


def register_circular(year):
    """The circular of the national organization, with its legal references."""
    legal = LegalReference.objects.filter(number__in=["44327/4225", "100146"])
    incoming = letter(year, CircularDirection.INCOMING, CircularKind.CIRCULAR, ARO, "بخشنامهٔ ارزیابی عملکرد")
    incoming.legal_references.set(legal)


def letter(year, direction, kind, issuer, subject):
    """A circular with its file."""
    number = year.cycle.circulars.count() + 1
    return Circular.objects.create(
        cycle=year.cycle,
        direction=direction,
        kind=kind,
        number=f"نمونه-{year.cycle.performance_year}-{number}",
        date=timezone.localdate(),
        issuer=issuer,
        subject=f"{subject} سال {localise_digits(year.cycle.performance_year, 'fa')}",
        file=paper("circular.txt", subject),
    )


def issue_circular(year):
    """The province's circulars, not sent yet."""
    mpo = f"سازمان مدیریت و برنامه‌ریزی استان {year.cycle.province.name}"
    for kind, subject in (
        (CircularKind.CIRCULAR, "ابلاغ بخشنامهٔ ارزیابی عملکرد"),
        (CircularKind.INDICATORS, "ابلاغ شاخص‌های عمومی"),
    ):
        letter(year, CircularDirection.OUTGOING, kind, mpo, subject)


def send_circulars(year):
    """Send the province's circulars to its agencies."""
    if not year.cycle.circulars.filter(direction=CircularDirection.OUTGOING).exists():
        issue_circular(year)
    for outgoing in year.cycle.circulars.filter(direction=CircularDirection.OUTGOING, sent_at=None):
        circulars.send(outgoing, by=year.people.expert, agencies=year.agencies)


def form_groups(year, count=None):
    """Qazvin's five groups over the axes of 1398, each with its lead and two members."""
    by, cycle = year.people.manager, year.cycle
    formed = set(cycle.evaluator_groups.values_list("title", flat=True))
    session = steering(year)
    for row in rows("evaluator_groups")[:count]:
        if row["title"] in formed:
            continue
        axes = Axis.objects.filter(dimension__cycle=cycle, title__in=row["axes_1398"].split("|"))
        group = evaluator_group.form_group(
            cycle,
            title=row["title"],
            by=by,
            axes=axes,
            covers_specific=row["dimension"] == DimensionKind.SPECIFIC,
            lead_body=row["lead_office"],
            session=session,
        )
        offices = [office.split("=")[0] for office in row["member_offices"].split("|")]
        for number, user in enumerate(year.people.groups[row["code"]]):
            office = row["lead_office"] if number == 0 else offices[number % len(offices)]
            evaluator_group.seat(group, user, by=by, lead=number == 0, represents=office)


def steering(year):
    """The session of the steering committee that forms the groups."""
    committee, _made = Committee.objects.get_or_create(
        province=year.cycle.province, title="کمیتهٔ راهبری ارزیابی عملکرد", defaults={"kind": CommitteeKind.STEERING}
    )
    session, _made = CommitteeSession.objects.get_or_create(
        committee=committee,
        number=f"{year.cycle.performance_year}-1",
        defaults={
            "cycle": year.cycle,
            "held_on": timezone.localdate(),
            "resolution": "تشکیل گروه‌های ارزیابی",
            "recorded_by": year.people.expert,
        },
    )
    return session


def train_evaluators(year):
    """Form the groups and hold their workshop."""
    form_groups(year)
    hold_workshop(year, WorkshopKind.EVALUATORS, "آموزش ارزیابان")


def hold_workshop(year, kind, title):
    """Invite to a workshop, hold it and record who came."""
    workshop, _made = Workshop.objects.get_or_create(
        cycle=year.cycle,
        kind=kind,
        defaults={"title": title, "place": "سالن اجتماعات", "starts_at": timezone.now()},
    )
    workshop.starts_at = min(workshop.starts_at, timezone.now())
    workshop.save(update_fields=["starts_at"])
    invited = workshops.invite(workshop, by=year.people.expert)
    came = invited if kind == WorkshopKind.EVALUATORS else invited[:-1] or invited  # somebody is always missing
    if kind == WorkshopKind.AGENCIES:
        workshop.participants.bulk_create(
            Participant(workshop=workshop, agency=row.agency, name=f"{post.label} نمونه", post=post, attended=True)
            for row in came[:2]
            for post in ParticipantPost
        )
    return workshops.hold(workshop, by=year.people.expert, note="برگزار شد.", came=came)


def plan_briefing(year):
    """Plan the workshop for agencies."""
    Workshop.objects.create(
        cycle=year.cycle,
        kind=WorkshopKind.AGENCIES,
        title="کارگاه توجیهی دستگاه‌ها",
        place="سالن اجتماعات",
        starts_at=timezone.now() + datetime.timedelta(days=2),
    )


def brief(year):
    """Hold the workshop for agencies."""
    hold_workshop(year, WorkshopKind.AGENCIES, "کارگاه توجیهی دستگاه‌ها")


def fix_participants(year):
    """Fix the list of agencies."""
    cycles.fix_participants(year.cycle, by=year.people.manager, agencies=year.agencies)


# -- the catalogue and the specific lists ---------------------------------------------------------


def freeze_general(year):
    """Set a few targets and freeze the general indicators; nothing where they are frozen."""
    general = year.cycle.dimensions.get(code="general")
    if general.frozen_at is None:
        give_targets(year)
        lists.freeze(general, by=year.people.manager)


def give_targets(year):
    """Lower targets for a few agencies that start far behind the others."""
    single = year.cycle.indicators.filter(agency=None, measures=None, nature="single", direction="ascending")
    indicators = single.filter(scorer="evaluator", target__gte=20).order_by("code")[:3]
    lower = Decimal("0.9")
    new = [
        Target(agency=agency, indicator=indicator, target=(indicator.target * lower).quantize(Decimal(1)))
        for agency in year.order[:4]
        for indicator in indicators
    ]
    targets.write_targets(year.cycle, new=new, changed=[], by=year.people.expert)


def lists_half_way(year):
    """The lists of specific indicators, each at another step of flowchart 2."""
    freeze_general(year)
    for steps, agencies in (
        (7, year.share(0, 0.2)),
        (5, year.share(0.2, 0.35)),
        (3, year.share(0.35, 0.6)),
        (2, year.share(0.6, 0.7)),
        (1, year.share(0.7, 0.85)),
    ):
        take_lists(year, agencies, LIST_STEPS[:steps])


def take_lists(year, agencies, steps=LIST_STEPS):
    """Take the lists of these agencies through the steps, from one source of indicators."""
    year.source = catalogue.SpecificRows()
    here = year.cycle.specific_lists.filter(agency__in=agencies).select_related("agency", "cycle")
    for specific_list in here:
        year.write_list(specific_list, steps)


def propose(year, specific_list):
    """The agency writes its indicators of the national slice."""
    write(year, specific_list, Slice.NATIONAL, **year.reporter(agency_of(year, specific_list)))


def write_slice(year, specific_list):
    """The province writes the indicators of the provincial slice."""
    write(year, specific_list, Slice.PROVINCIAL, by=year.people.expert)


def agency_of(year, specific_list):
    """The agency of a list, as the year has it."""
    return next(agency for agency in year.agencies if agency.pk == specific_list.agency_id)


def write(year, specific_list, part, **who):
    """Write an agency's indicators of one slice."""
    agency = agency_of(year, specific_list)
    count = 9 + agency.pk % 4
    new = [catalogue.specific(year.cycle, agency, row) for row in year.source.of(agency, count, part)]
    catalogue_import.write_specific({agency.pk: specific_list}, new=new, changed=[], **who)
