"""Six agencies and the people around their results, for the tests of results and of their publication."""

from contextlib import contextmanager
from functools import wraps

import pytest
from django.conf import settings
from django.urls import reverse
from django.utils import translation

from evaluation.enums import Role, Stage
from evaluation.models import (
    AgencyResult,
    Cycle,
    Level,
    LevelScheme,
    ResultSet,
    Transfer,
)
from evaluation.process.assessing import commitments, transfer
from evaluation.process.year import cycle
from tests import snapshots
from tests.cast import FINGERPRINT, PACKAGE, person
from tests.factories import upload
from tests.reports.province import Province

ADD = reverse("admin:evaluation_resultset_add")
ORDERS = {
    "council_first": ("approve", "record_report", "record_levels"),
    "aro_first": ("record_report", "record_levels", "approve"),
    "council_before_ranking": ("approve", "record_report", "record_levels"),
}
GATES = {
    "approve": "Council's approval",
    "record_report": "Report to the national organization",
    "record_levels": "Levels",
}


class Stand(Province):
    """The six agencies, with the people of agency Alpha and clients that speak English."""

    def __init__(self, **options):
        super().__init__(**options)
        scheme = LevelScheme.objects.create(code="t", title="سطوح")
        self.levels = [
            Level.objects.create(scheme=scheme, order=order, title=title)
            for order, title in enumerate(("عالی", "خوب"), start=1)
        ]
        self.year.level_scheme = scheme
        self.year.save()
        for name, code in (("reporter_al", "AL"), ("reporter_be", "BE")):
            agency = next(each.agency for each in self.participations.values() if each.agency.code == code)
            setattr(self, name, person(name, Role.AGENCY, agency=agency))
            commitments.accept_commitments(
                self.year, agency, by=getattr(self, name), text=commitments.text_of(self.year)
            )

    def at(self, who):
        client = self.client(who)
        client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
        return client

    @property
    def results(self):
        return ResultSet.objects.exclude(state="void").get(cycle=self.year)

    def do(self, who, name, **data):
        return self.at(who).post(reverse("admin:evaluation_resultset_do", args=[self.results.pk, name]), data)

    def page(self, who, name="change", *args, **query):
        url = reverse(f"admin:evaluation_resultset_{name}", args=[self.results.pk, *args])
        return self.at(who).get(url, query)

    def refusal(self, who, name, **data):
        """The sentences with which the step is refused; nothing may have changed."""
        before = ResultSet.objects.values().get(pk=self.results.pk)
        response = self.do(who, name, **data)
        assert response.status_code == 200
        assert ResultSet.objects.values().get(pk=self.results.pk) == before
        return [str(each) for each in response.context["reasons"]]

    def compute(self):
        self.at("expert").post(ADD, {"cycle": self.year.pk})
        assert self.do("expert", "compute", note="").status_code == 302
        return self

    # -- each gate, by the person whose step it is, with all that it asks for -----------------------

    def dispatch(self):
        """The letter to the council; each has a number of its own."""
        if not self.results.letters.exists():
            number = f"{self.results.number}/ش"
            assert self.do("expert", "dispatch", number=number, date="۱۴۰۳/۰۹/۰۱").status_code == 302
        return self

    def approve(self):
        self.dispatch()
        return self.do("secretary", "approve", **COUNCIL, minutes=upload("minutes.pdf"))

    def record_report(self):
        if not Transfer.objects.filter(direction="report").exists():
            report = transfer.prepare(self.year, "report", self.confirmed(), by=self.expert)
            transfer.send(report, package=PACKAGE, sha256=FINGERPRINT, by=self.expert)
        return self.do("expert", "record_report", note="")

    def record_levels(self):
        chosen = {f"level_{pk}": self.levels[0].pk for pk in self.totals().values_list("pk", flat=True)}
        self.do("national", "set_levels", letter="۴۵/س", **chosen)
        return self.do("national", "record_levels", note="")

    def confirmed(self):
        return list(self.year.assessments().filter(state="confirmed"))

    def totals(self):
        return AgencyResult.objects.filter(result_set=self.results, dimension=None, passive=False)

    def pass_gates(self):
        for gate in ORDERS[self.year.end_order]:
            assert getattr(self, gate)().status_code == 302
        return self

    def announce(self):
        assert self.do("manager", "announce", note="").status_code == 302
        return self

    def publish(self):
        self.year = cycle.advance(Cycle.objects.get(pk=self.year.pk), by=self.manager)
        assert self.year.stage == Stage.FESTIVAL
        assert self.do("manager", "publish", note="").status_code == 302
        return self


COUNCIL = {"number": "۳", "held_on": "۱۴۰۳/۰۹/۰۲", "resolution": "نتایج تصویب شد.", "guests": "رئیس شورا"}


class KeptStand(Stand):
    """The stand, brought over a step by its snapshot when nothing but such steps has been written since it was made."""


watched = {}  # the stand of this test, what is written beside it, and the steps that it took
languages = {}  # that the pages of a step leave active, by the name of its snapshot


def kept(step):
    """A step of the stand that a process takes once; its pages are asked again after anything else was written."""

    @wraps(step)
    def take(stand):
        if watched.get("of") is not stand or watched["now"].count != watched["then"]:
            return step(stand)
        steps = (*watched["steps"], step.__name__)
        name = snapshots.key(steps, None)
        if name in snapshots.KEPT:
            snapshots.put(name, stand)
            translation.activate(languages[name])
        else:
            step(stand)
            snapshots.keep(name, stand)
            languages[name] = translation.get_language()
        watched.update(then=watched["now"].count, steps=steps)
        return stand

    return take


for step in (Stand.compute, Stand.dispatch, Stand.pass_gates, Stand.announce, Stand.publish):
    setattr(KeptStand, step.__name__, kept(step))


@contextmanager
def kept_stand(*steps, make):
    """What `make` makes, and the watch on what is written after it; `steps` name it."""
    with snapshots.counted() as now:
        made = snapshots.once(make, *steps)
        watched.update(of=made, now=now, then=now.count, steps=steps)
        yield made
    watched.clear()


@pytest.fixture
def stand(db):
    with kept_stand("stand", make=KeptStand) as made:
        yield made


@pytest.fixture(params=ORDERS)
def ordered(request, db):
    with kept_stand("stand", request.param, make=lambda: KeptStand(end_order=request.param)) as made:
        yield made
