"""The same people and the same small province in every test, and a year that verbs take from stage to stage.

`cast` is a cycle in draft. `cast.until(Stage.X)` does the work of every stage before X by the people whose steps they
are. Agencies A and B take part; A's general lines are G-1 (evaluator, 300), G-2 (steward, 200) and the measures G-31,
G-32 (60 and 40 of 500); each agency has the specific lines S-1 (national, 800) and S-2 (provincial, 200).
"""

import hashlib
from contextlib import contextmanager
from decimal import Decimal

import pytest
from django.contrib.auth import get_user_model

from evaluation.enums import MarkLevel, Role, Scorer, Stage
from evaluation.management.year_walker import YearWalker
from evaluation.models import Level, LevelScheme, Line, Membership
from evaluation.process.assessing import commitments, line, transfer
from evaluation.process.catalogue import indicator
from evaluation.process.results import council
from evaluation.process.year import circular, evaluator_group, workshop
from evaluation.process.year import cycle as cycle_verbs

from . import factories as make
from . import snapshots
from .strict import StrictClient

PACKAGE = b"package of a test"
FINGERPRINT = hashlib.sha256(PACKAGE).hexdigest()


def person(username, role=None, **place):
    user = get_user_model().objects.create_user(username, is_staff=True, first_name=username)
    if role:
        Membership.objects.create(user=user, role=role, **place)
    return user


class Cast(YearWalker):
    """Places and people; every attribute is a row or a user."""

    commits = True

    def __init__(self):
        self.province = make.ProvinceFactory(code="qazvin", name="قزوین")
        self.headquarters_body = make.HeadquartersFactory(code="HQ-A", name="وزارت الف")
        self.partner = make.PartnerBodyFactory(code="PB-1", name="بیمه سلامت", province=self.province)
        self.agency_a = make.AgencyFactory(
            province=self.province, code="A", name="اداره الف", headquarters=self.headquarters_body
        )
        self.agency_b = make.AgencyFactory(
            province=self.province, code="B", name="اداره ب", headquarters=make.HeadquartersFactory(name="وزارت ب")
        )
        self.people()
        cycle = make.CycleFactory(province=self.province, title="ارزیابی ۱۴۰۴")
        self.cycle = cycle_verbs.start(cycle, by=self.manager)
        self.general, self.specific = self.cycle.dimensions.order_by("order")

    def people(self):
        here = {"province": self.province}
        self.manager = person("manager", Role.MANAGER, **here)
        self.expert = person("expert", Role.EXPERT, **here)
        self.lead = person("lead", Role.EVALUATOR, **here)
        self.evaluator = person("evaluator", Role.EVALUATOR, **here)
        self.secretary = person("secretary", Role.COUNCIL, **here)
        self.observer = person("observer", Role.OBSERVER, **here)
        self.steward = person("steward", Role.STEWARD, partner=self.partner)
        self.national = person("national", Role.NATIONAL)
        self.headquarters_a = person("headquarters_a", Role.HEADQUARTERS, headquarters=self.headquarters_body)
        self.headquarters_b = person("headquarters_b", Role.HEADQUARTERS, headquarters=self.agency_b.headquarters)
        self.reporter_a = person("reporter_a", Role.AGENCY, agency=self.agency_a)
        self.reporter_b = person("reporter_b", Role.AGENCY, agency=self.agency_b)
        self.nobody = person("nobody")

    def client(self, user):
        """A strict client logged in as this person (a user, or the name of an attribute)."""
        client = StrictClient()
        client.force_login(getattr(self, user) if isinstance(user, str) else user)
        return client

    def headquarters_of(self, agency):
        return self.headquarters_a if agency == self.agency_a else self.headquarters_b

    def reporter_of(self, agency):
        return self.reporter_a if agency == self.agency_a else self.reporter_b

    # -- the year ---------------------------------------------------------------------------------

    def acting(self, role, agency=None):
        outside = {Role.NATIONAL: self.national, Role.COUNCIL: self.secretary}
        if role == Role.AGENCY:
            return {"by": self.reporter_of(agency)}
        return {"by": self.headquarters_of(agency) if role == Role.HEADQUARTERS else outside[role]}

    def go_on(self):
        super().go_on()
        if self.commits:
            self.commit()

    def commit(self):
        """The reporters accept the commitments of the cycle; else every page leads them there."""
        for agency in (self.agency_a, self.agency_b):
            text = commitments.text_of(self.cycle)
            commitments.accept_commitments(self.cycle, agency, by=self.reporter_of(agency), text=text)

    def register_circular(self):
        make.CircularFactory(cycle=self.cycle, direction="incoming", number="۱")

    def send_circulars(self):
        self.circular = circular.send(make.CircularFactory(cycle=self.cycle, number="۲"), by=self.expert)

    def form_groups(self):
        for title, axes, covers in (("گروه یک", [self.axis_1], False), ("گروه دو", [self.axis_2], True)):
            group = evaluator_group.form_group(
                self.cycle, title=title, by=self.manager, axes=axes, covers_specific=covers
            )
            evaluator_group.seat(group, self.lead, by=self.manager, lead=True)
        self.group_1, self.group_2 = self.cycle.evaluator_groups.order_by("pk")
        evaluator_group.seat(self.group_1, self.evaluator, by=self.manager)

    def write_catalogue(self):
        self.axis_1 = make.AxisFactory(dimension=self.general, number=1, title="محور یک", maximum=500)
        self.axis_2 = make.AxisFactory(dimension=self.general, number=2, title="محور دو", maximum=500)
        add = make.IndicatorFactory
        first = {"dimension": self.general, "axis": self.axis_1}
        self.g1 = add(code="G-1", title="آموزش کارکنان", points=300, evidence_rule="optional", **first)
        self.g2 = add(code="G-2", title="بیمه تکمیلی", points=200, scorer=Scorer.STEWARD, steward=self.partner, **first)
        second = {"dimension": self.general, "axis": self.axis_2}
        self.g3 = add(code="G-3", title="دولت الکترونیک", points=500, target=None, **second)
        self.g31 = add(code="G-31", title="خدمات برخط", parent=self.g3, weight=60, **second)
        self.g32 = add(code="G-32", title="امنیت", parent=self.g3, weight=40, **second)

    def fix_participants(self):
        super().fix_participants()
        self.participation_a = self.cycle.participations.get(agency=self.agency_a)
        self.participation_b = self.cycle.participations.get(agency=self.agency_b)

    def hold_briefing(self):
        planned = make.WorkshopFactory(cycle=self.cycle)
        planned.attendances.create(agency=self.agency_a)
        self.workshop = workshop.hold(planned, by=self.expert)

    def freeze_catalogue(self):
        indicator.freeze(self.general, by=self.manager)

    def propose(self, specific_list):
        """The agency's two specific indicators, typed in."""
        for code, weight, part in (("S-1", "1.4", "national"), ("S-2", 2, "provincial")):
            make.IndicatorFactory(
                dimension=self.specific,
                agency=specific_list.agency,
                slice=part,
                code=code,
                title=f"شاخص اختصاصی {code}",
                weight=Decimal(weight),
            )

    def fill_all(self):
        for assessment in self.rows_in():
            self.fill(assessment)

    def fill(self, assessment, actual=80):
        """The agency's own figures on every line that it fills."""
        for each in self.lines(assessment, indicator__scorer=Scorer.EVALUATOR):
            line.record(
                each, MarkLevel.SELF, line.Figures(actual=Decimal(actual)), by=self.reporter_of(each.assessment.agency)
            )

    def package_of(self, prepared):
        return PACKAGE, FINGERPRINT

    def carry(self, direction, rows, *, sender, receiver):
        """One transfer from preparation to receipt."""
        return transfer.receive(self.send(direction, rows, by=sender), by=receiver)

    def score_all(self):
        for assessment in self.rows_in("under_evaluation"):
            self.score(assessment)

    def score(self, assessment, actual=70):
        """An initial figure on every line, by the person whose line it is."""
        for each in self.lines(assessment):
            by = self.steward if each.indicator.scorer == Scorer.STEWARD else self.lead
            line.record(each, MarkLevel.INITIAL, line.Figures(actual=Decimal(actual)), by=by)

    def list_for_council(self):
        return "list.txt", b"the frozen list"

    def council_session(self):
        return {
            "committee": council.council_of(self.province),
            "number": "۱",
            "held_on": make.DAY,
            "guests": "رئیس شورا",
            "resolution": "تصویب شد.",
            "minutes": make.upload(),
        }

    def levels_given(self):
        scheme = LevelScheme.objects.create(code="t", title="سطوح")
        self.level = Level.objects.create(scheme=scheme, order=1, title="خوب")
        return {total.pk: self.level for total in self.results.agency_results.filter(dimension=None)}, "45"

    # -- what there is ----------------------------------------------------------------------------

    def assessments(self, **only):
        rows = self.cycle.assessments().filter(**only).order_by("participation__agency__code", "dimension__order")
        return list(rows.select_related("participation__agency", "participation__cycle", "dimension"))

    def assessment(self, agency, kind="general"):
        return self.assessments(participation__agency=agency, dimension__kind=kind)[0]

    def lines(self, assessment, **only):
        rows = Line.objects.filter(assessment=assessment, **only).order_by("indicator__code")
        return list(rows.select_related("indicator", "assessment__participation__agency"))


class KeptCast(Cast):
    """The cast, brought to a stage by its snapshot when nothing has been written since it was made."""

    def until(self, stage):
        if writes.get("of") is not self or writes["now"].count != writes["then"]:
            return super().until(stage)
        ahead = list(Stage)[list(Stage).index(self.cycle.stage) + 1 : list(Stage).index(stage) + 1]
        names = {each: snapshots.key(str(each), self.commits) for each in ahead}
        if kept := [each for each in ahead if names[each] in snapshots.KEPT]:
            snapshots.put(names[kept[-1]], self)
        for each in ahead[len(kept) :]:
            super().until(each)
            snapshots.keep(names[each], self)
        writes["then"] = writes["now"].count
        return self

    def once(self, work):
        """What the function `work(cast)` does to a cast that was just brought to its stage: done once in a process.

        A snapshot has the function's name, so it may not depend on anything but the cast. Whatever comes after it,
        another stage too, is done anew.
        """
        if writes.get("of") is not self or writes["now"].count != writes["then"]:
            work(self)
            return self
        name = snapshots.key(f"{self.cycle.stage} {work.__module__} {work.__qualname__}", self.commits)
        if name in snapshots.KEPT:
            snapshots.put(name, self)
        else:
            work(self)
            snapshots.keep(name, self)
        writes["then"] = None
        return self


writes = {}


def new_cast():
    """A cast in draft, from its snapshot where there is one."""
    name = snapshots.key("new", True)
    if name in snapshots.KEPT:
        return snapshots.put(name)
    cast = KeptCast()
    snapshots.keep(name, cast)
    return cast


@contextmanager
def kept_cast():
    """A cast, and the watch on what is written after it."""
    with snapshots.counted() as now:
        made = new_cast()
        writes.update(of=made, now=now, then=now.count)
        yield made
    writes.clear()


@pytest.fixture
def cast(db):
    with kept_cast() as made:
        yield made
