"""A cycle of one agency, one general line and one specific line, taken from stage to stage by the verbs.

With `alone=True` the outside bodies have no account: MPO staff take every step of theirs on behalf, by letter.
"""

import datetime
import hashlib
from decimal import Decimal

from django.contrib.auth import get_user_model
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.utils import timezone

from evaluation.enums import CommitteeKind, MarkLevel, ObjectionState, Role, Stage
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
from evaluation.process.assessing import assessment as assessments
from evaluation.process.assessing import evidence, hearing, line, objection, transfer
from evaluation.process.catalogue import indicator
from evaluation.process.results import level as levels
from evaluation.process.results import result
from evaluation.process.year import circular, evaluator_group, workshop
from evaluation.process.year import cycle as cycles

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


class Play:
    def __init__(self, *, alone=False, **settings):
        call_command("loaddata", "fixtures/roles.json", verbosity=0)
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
        self.cycle = cycles.start(
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

    def as_(self, role, by=None):
        """Who takes a step of `role`: its own person, or MPO staff with the body's letter."""
        if not self.alone:
            return {"by": self.outside[role]}
        by = by or self.expert
        letter = audit.act_on_behalf(
            self.cycle, role=role, body=str(role), letter_number="12", letter_date=LETTER, file=text_file(), by=by
        )
        return {"by": by, "on_behalf": letter}

    @property
    def scorer(self):
        return self.expert if self.alone else self.lead

    # -- the stages, each named by what is done in it --------------------------------------------

    def draft(self):
        Circular.objects.create(
            cycle=self.cycle, direction="incoming", number="1", date=LETTER, issuer="سازمان", subject="بخشنامه"
        )

    def circular(self):
        issued = Circular.objects.create(
            cycle=self.cycle, direction="outgoing", number="2", date=LETTER, issuer="استان", subject="ابلاغ"
        )
        circular.send(issued, by=self.expert)

    def evaluators(self):
        self.general, self.specific = self.cycle.dimensions.order_by("order")
        axis = Axis.objects.create(dimension=self.general, number=1, title="محور", maximum=1000)
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
        for title, covers in (("گروه عمومی", {"axes": [axis]}), ("گروه اختصاصی", {"covers_specific": True})):
            group = evaluator_group.form_group(self.cycle, title=title, by=self.manager, **covers)
            evaluator_group.seat(group, self.scorer, by=self.manager, lead=True)

    def participants(self):
        cycles.fix_participants(self.cycle, by=self.manager)

    def briefing(self):
        held = Workshop.objects.create(cycle=self.cycle, title="کارگاه", starts_at=timezone.now())
        workshop.hold(held, by=self.expert)

    def indicators(self):
        indicator.freeze(self.general, by=self.manager)
        written = self.cycle.specific_lists.get()
        indicator.endorse(written, **self.as_(Role.HEADQUARTERS))
        indicator.send_list(written, **self.as_(Role.HEADQUARTERS))
        indicator.finalise(written, **self.as_(Role.NATIONAL))
        indicator.add_slice(written, by=self.expert)
        for each in self.cycle.indicators.filter(agency=self.agency):
            indicator.judge(each, verdict="fit", by=self.scorer)
        indicator.review(written, by=self.scorer)
        indicator.freeze_list(written, by=self.expert)
        indicator.acknowledge(written, **self.as_(Role.AGENCY))

    def self_assessment(self):
        agency = self.as_(Role.AGENCY)
        for each, actual in zip(self.lines(), (80, 50), strict=True):
            line.record(each, MarkLevel.SELF, line.Figures(actual=Decimal(actual)), **agency)
        evidence.attach(self.lines()[0], text_file(), **agency)
        for each in self.cycle.assessments():
            assessments.submit(each, **agency, report=b"%PDF frozen")

    def transfer(self):
        headquarters = self.as_(Role.HEADQUARTERS)
        line.record(self.lines()[0], MarkLevel.HQ, line.Figures(actual=Decimal(70), note="نادرست"), **headquarters)
        for each in self.cycle.assessments():
            assessments.approve(each, **headquarters)
        national = self.as_(Role.NATIONAL)
        self.carry("to_aro", sender=headquarters, receiver=national)
        self.carry("to_mpo", sender=national, receiver={"by": self.expert})

    def carry(self, direction, *, sender, receiver):
        prepared = transfer.prepare(self.cycle, direction, self.cycle.assessments(), **sender)
        sent = transfer.send(prepared, package=PACKAGE, sha256=FINGERPRINT, **sender)
        return transfer.receive(sent, **receiver)

    def evaluation(self):
        for each, actual in zip(self.lines(), (60, 50), strict=True):
            line.record(each, MarkLevel.INITIAL, line.Figures(actual=Decimal(actual)), by=self.scorer)
        for each in self.cycle.assessments():
            assessments.finish_scoring(each, by=self.scorer)

    def objection(self):
        for each in self.cycle.assessments():
            assessments.disclose(each, by=self.expert)
        general = self.lines()[0]
        filed = objection.file(
            general, kind="actual", text="عملکرد ۷۵ است.", claimed_actual=Decimal(75), **self.as_(Role.AGENCY)
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
        self.cycle.windows.filter(stage=Stage.OBJECTION).update(closes_at=timezone.now())

    def confirmation(self):
        for each in self.cycle.assessments():
            assessments.confirm(each, by=self.manager)

    def ranking(self):
        self.results = result.compute(result.prepare(self.cycle, by=self.expert), by=self.expert)
        for gate in self.gates():
            gate()
        self.results = result.announce(self.results, by=self.manager)

    def gates(self):
        order = {
            "council_first": (self.council, self.report, self.levels),
            "aro_first": (self.report, self.levels, self.council),
            "council_before_ranking": (self.council, self.report, self.levels),
        }
        return order[self.cycle.end_order]

    def council(self):
        committee, _ = Committee.objects.get_or_create(
            province=self.province, kind=CommitteeKind.COUNCIL, title="شورای راهبری"
        )
        self.results = result.hold_council(
            self.results,
            committee=committee,
            number="1",
            held_on=LETTER,
            resolution="تصویب شد.",
            minutes=text_file(),
            **self.as_(Role.COUNCIL),
        )

    def report(self):
        self.carry("report", sender={"by": self.expert}, receiver=self.as_(Role.NATIONAL))
        self.results = result.record_report(self.results, by=self.expert)

    def levels(self):
        scheme = LevelScheme.objects.create(code="test", title="سطوح")
        level = Level.objects.create(scheme=scheme, order=1, title="خوب")
        national = self.as_(Role.NATIONAL)
        total = self.results.agency_results.get(dimension=None)
        levels.set_levels(self.results, {total.pk: level}, letter="45", **national)
        self.results = levels.record_levels(self.results, **national)

    def festival(self):
        self.results = result.publish(self.results, by=self.manager)

    # -- going on ---------------------------------------------------------------------------------

    def lines(self):
        """The general line, then the specific one, as they are now."""
        found = Line.objects.filter(assessment__participation__cycle=self.cycle)
        return list(found.select_related("indicator", "assessment").order_by("assessment__dimension__order"))

    def until(self, stage):
        """Do the work of every stage before `stage` and go on each time; the cycle stands at the start of `stage`."""
        while self.cycle.stage != stage:
            getattr(self, str(self.cycle.stage))()
            self.cycle = cycles.advance(self.cycle, by=self.manager)
        return self
