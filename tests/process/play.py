"""A cycle of one agency, one general line and one specific line, taken from stage to stage by the verbs.

With `alone=True` the outside bodies have no account: MPO staff take every step of theirs on behalf, by letter.
"""

import datetime
import hashlib
from decimal import Decimal

from django.contrib.auth import get_user_model
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from evaluation.enums import CommitteeKind, MarkLevel, ObjectionState, Role
from evaluation.management.year_walker import YearWalker
from evaluation.models import (
    Agency,
    Axis,
    Circular,
    Committee,
    Cycle,
    Headquarters,
    Indicator,
    Level,
    LevelScheme,
    Line,
    Membership,
    Province,
    Workshop,
)
from evaluation.process import audit
from evaluation.process.assessing import evidence, hearing, line, objection
from evaluation.process.catalogue import indicator
from evaluation.process.year import circular, cycle, evaluator_group, workshop

PACKAGE = b"package of a test"
FINGERPRINT = hashlib.sha256(PACKAGE).hexdigest()
LETTER = datetime.date(2025, 6, 1)


def person(username, role=None, **place):
    user = get_user_model().objects.create_user(username, is_staff=True)
    if role:
        Membership.objects.create(user=user, role=role, **place)
    return user


def text_file(name="evidence.txt", content=b"evidence"):
    return SimpleUploadedFile(name, content)


class Play(YearWalker):
    def __init__(self, *, alone=False, **settings):
        self.alone = alone
        self.province = Province.objects.create(code="qazvin", name="قزوین")
        self.body = Headquarters.objects.create(code="HQ-1", name="ستاد نمونه")
        self.agency = Agency.objects.create(
            province=self.province, code="A-1", name="اداره نمونه", headquarters=self.body, group="گروه نمونه"
        )
        self.manager = person("manager", Role.MANAGER, province=self.province)
        self.expert = person("expert", Role.EXPERT, province=self.province)
        if not alone:
            self.invite()
        self.cycle = cycle.start(
            Cycle.objects.create(
                province=self.province,
                performance_year=1404,
                title="ارزیابی ۱۴۰۴",
                period_start=datetime.date(2025, 3, 21),
                period_end=datetime.date(2026, 3, 20),
                **settings,
            ),
            by=self.manager,
        )

    def invite(self):
        self.lead = person("lead", Role.EVALUATOR, province=self.province)
        self.outside = {
            Role.AGENCY: person("reporter", Role.AGENCY, agency=self.agency),
            Role.HEADQUARTERS: person("headquarters", Role.HEADQUARTERS, headquarters=self.body),
            Role.NATIONAL: person("national", Role.NATIONAL),
            Role.COUNCIL: person("secretary", Role.COUNCIL, province=self.province),
        }

    def acting(self, role, agency=None):
        """Who takes a step of `role`: its own person, or MPO staff with the body's letter."""
        if not self.alone:
            return {"by": self.outside[role]}
        letter = audit.act_on_behalf(
            self.cycle,
            role=role,
            body=str(role),
            letter_number="12",
            letter_date=LETTER,
            file=ContentFile(b"letter", name="letter.txt"),
            by=self.expert,
        )
        return {"by": self.expert, "on_behalf": letter}

    @property
    def scorer(self):
        return self.expert if self.alone else self.lead

    # -- the steps of the stages -----------------------------------------------------------------

    def register_circular(self):
        Circular.objects.create(
            cycle=self.cycle, direction="incoming", number="1", date=LETTER, issuer="سازمان", subject="بخشنامه"
        )

    def send_circulars(self):
        issued = Circular.objects.create(
            cycle=self.cycle, direction="outgoing", number="2", date=LETTER, issuer="استان", subject="ابلاغ"
        )
        circular.send(issued, by=self.expert)

    def write_catalogue(self):
        self.general, self.specific = self.cycle.dimensions.order_by("order")
        self.axis = axis = Axis.objects.create(dimension=self.general, number=1, title="محور", maximum=1000)
        shared = {"cycle": self.cycle, "unit": "درصد", "target": 100}
        Indicator.objects.create(
            dimension=self.general,
            axis=axis,
            code="G-1",
            title="عمومی",
            points=1000,
            evidence_rule="required",
            **shared,
        )
        Indicator.objects.create(
            dimension=self.specific,
            agency=self.agency,
            slice="national",
            code="S-1",
            title="اختصاصی",
            weight=Decimal("1.4"),
            **shared,
        )

    def form_groups(self):
        for title, covers in (("گروه عمومی", {"axes": [self.axis]}), ("گروه اختصاصی", {"covers_specific": True})):
            group = evaluator_group.form_group(self.cycle, title=title, by=self.manager, **covers)
            evaluator_group.seat(group, self.scorer, by=self.manager, lead=True)

    def hold_briefing(self):
        held = Workshop.objects.create(cycle=self.cycle, title="کارگاه", starts_at=timezone.now())
        held.attendances.create(agency=self.cycle.province.agencies.first())
        workshop.hold(held, by=self.expert)

    def propose(self, specific_list):
        """The one specific indicator stands since the catalogue was written."""

    def review(self, specific_list):
        for each in self.cycle.indicators.filter(agency=self.agency):
            indicator.judge(each, verdict="fit", by=self.scorer)
        return indicator.review(specific_list, by=self.scorer)

    def fill_all(self):
        agency = self.acting(Role.AGENCY)
        for each, actual in zip(self.lines(), (80, 50), strict=True):
            line.record(each, MarkLevel.SELF, line.Figures(actual=Decimal(actual)), **agency)
        evidence.attach(self.lines()[0], text_file(), **agency)

    def report_of(self, assessment):
        return b"%PDF frozen"

    def approve_all(self):
        headquarters = self.acting(Role.HEADQUARTERS)
        line.record(self.lines()[0], MarkLevel.HQ, line.Figures(actual=Decimal(70), note="نادرست"), **headquarters)
        super().approve_all()

    def package_of(self, prepared):
        return PACKAGE, FINGERPRINT

    def score_all(self):
        for each, actual in zip(self.lines(), (60, 50), strict=True):
            line.record(each, MarkLevel.INITIAL, line.Figures(actual=Decimal(actual)), by=self.scorer)

    def lead_of(self, assessment):
        return self.scorer

    def hear_objections(self):
        general = self.lines()[0]
        filed = objection.file(
            general, kind="actual", text="عملکرد ۷۵ است.", claimed_actual=Decimal(75), **self.acting(Role.AGENCY)
        )
        planned = hearing.summon(
            self.cycle.participations.get(), starts_at=timezone.now(), by=self.expert, objections=[filed]
        )
        hearing.hold(planned, by=self.expert, minutes="صورت‌جلسه")
        objection.decide(
            filed,
            verdict=ObjectionState.PARTLY,
            reason="مدرک پذیرفته شد.",
            by=self.manager,
            figures=line.Figures(actual=Decimal(65)),
        )

    def list_for_council(self):
        return "list.txt", b"the frozen list"

    def council_session(self):
        committee, _ = Committee.objects.get_or_create(
            province=self.province, kind=CommitteeKind.COUNCIL, title="شورای راهبری"
        )
        return {
            "committee": committee,
            "number": "1",
            "held_on": LETTER,
            "guests": "رئیس شورا",
            "resolution": "تصویب شد.",
            "minutes": text_file(),
        }

    def levels_given(self):
        scheme = LevelScheme.objects.create(code="test", title="سطوح")
        level = Level.objects.create(scheme=scheme, order=1, title="خوب")
        return {self.results.agency_results.get(dimension=None).pk: level}, "45"

    # -- what there is ----------------------------------------------------------------------------

    def lines(self):
        """The general line, then the specific one, as they are now."""
        found = Line.objects.filter(assessment__participation__cycle=self.cycle)
        return list(found.select_related("indicator", "assessment").order_by("assessment__dimension__order"))
