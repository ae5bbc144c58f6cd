"""The province of the twins, taken through its year step by step, and a second province at the end of its own.

To the full cast come what a single agency's year leaves out, evidence and objections of both agencies, and people with
two memberships: who is agency and expert, agency and steward, headquarters and evaluator, agency and council.
"""

from django.contrib.auth import get_user_model
from django.utils import timezone

from evaluation import models
from evaluation.enums import EndOrder, ObjectionState, Role, Stage
from evaluation.process.assessing import evidence, hearing, objection
from evaluation.process.improvement import plan
from evaluation.process.year import evaluator_group, windows
from tests import factories as make
from tests.admin import rights_world
from tests.admin.rights_world import OURS, SOON, FullCast
from tests.cast import person

# The steps of the year after which the twins are asked, in order; FILLED is the first.
FILLED, SUBMITTED, SCORED, DISCLOSED, DECIDED, COMPUTED, ANNOUNCED, PUBLISHED = POINTS = (
    "fill_all",
    "submit_all",
    "score_all",
    "disclose_all",
    "hear_objections",
    "compute",
    "announce",
    "publish_results",
)
DOUBLE = {  # who is a party to the file of agency A, and something else
    "agency_expert": (Role.AGENCY, Role.EXPERT),
    "agency_steward": (Role.AGENCY, Role.STEWARD),
    "headquarters_evaluator": (Role.HEADQUARTERS, Role.EVALUATOR),
    "agency_council": (Role.AGENCY, Role.COUNCIL),
}


class TwinCast(FullCast):
    """The full cast with rows of both agencies in the tables that a plain year fills for one.

    Its cycle hides the ranks until the council has approved (docs/process.md#end).
    """

    def __init__(self):
        super().__init__()
        models.Cycle.objects.filter(pk=self.cycle.pk).update(end_order=EndOrder.COUNCIL_BEFORE_RANKING)
        self.cycle = models.Cycle.objects.get(pk=self.cycle.pk)

    def people(self):
        super().people()
        places = {
            Role.AGENCY: {"agency": self.agency_a},
            Role.HEADQUARTERS: {"headquarters": self.headquarters_body},
            Role.STEWARD: {"partner": self.partner},
        }
        for name, roles in DOUBLE.items():
            user = person(name)
            for role in roles:
                models.Membership.objects.create(user=user, role=role, **places.get(role, {"province": self.province}))
            setattr(self, name, user)

    def commit(self):
        super().commit()
        for name, roles in DOUBLE.items():
            if Role.AGENCY in roles:
                self.accept(getattr(self, name))

    def accept(self, user):
        models.Commitment.objects.get_or_create(cycle=self.cycle, agency=self.agency_a, user=user, text="تعهدات")

    def form_groups(self):
        super().form_groups()
        evaluator_group.seat(self.group_1, self.headquarters_evaluator, by=self.manager)

    def fix_participants(self):
        super().fix_participants()
        later = timezone.now() + 20 * SOON  # beyond the end of the window
        windows.extend(
            self.cycle, self.agency_b, stage=Stage.SELF_ASSESSMENT, ends_at=later, reason="دلیل ب", by=self.manager
        )

    def fill_all(self):
        super().fill_all()
        first = self.lines(self.assessment(self.agency_b), indicator__code="G-1")[0]
        evidence.attach(first, make.upload("other.pdf", b"other"), by=self.reporter_b)

    def hear_objections(self):
        super().hear_objections()
        for each in self.lines(self.assessment(self.agency_b), indicator__code__in=("G-1", "G-31")):
            filed = objection.file(each, by=self.reporter_b, kind="other", text="اعتراض دستگاه ب")
            objection.decide(filed, verdict=ObjectionState.REJECTED, reason="رد", by=self.manager)
        later = models.Hearing.objects.get(participation=self.participation_a).starts_at
        self.hearing_b = hearing.summon(self.participation_b, starts_at=later, by=self.expert)

    def end_objection(self):
        hearing.cancel(self.hearing_b, by=self.expert, reason="حاضر نشد")
        super().end_objection()

    def announce(self):
        super().announce()
        for participation in (self.participation_a, self.participation_b):
            plan.draft(participation, by=self.expert)

    def files_to_publish(self, _moment):
        return [("book", "book.pdf", b"book", "0" * 64)]

    def walk(self):
        """Yield the name of each step of the year after it was taken."""
        for stage in Stage:
            for step in self.steps[stage]:
                self.take(step)
                self.cycle = type(self.cycle).objects.get(pk=self.cycle.pk)
                yield step
            if stage != Stage.CLOSED and self.steps[stage] and step != PUBLISHED:
                self.go_on()


class World:
    """`here` is taken from point to point; `there` is another province, whose year is over."""

    def __init__(self):
        rights_world.reference_rows()
        self.there = FullCast().until(Stage.FESTIVAL).publish()
        self.there.step_aside()
        self.of_there = keys_now()
        self.here = TwinCast()
        self.users = {name: getattr(self.here, name) for name in PEOPLE if name != FOREIGN}
        self.users[FOREIGN] = self.there.manager
        self.year = self.here.walk()
        self.now = None

    def go_to(self, point):
        """Take the steps of the year until this one is taken."""
        while self.now != point:
            self.now = next(self.year)
        return self.here

    def rows_of(self, model, *, there):
        """The rows of one of the two provinces."""
        rows, keys = model._base_manager.order_by("pk"), self.of_there.get(model, set())
        return rows.filter(pk__in=keys) if there else rows.exclude(pk__in=keys)


FOREIGN = "foreign_manager"
PEOPLE = (
    *"manager expert lead evaluator steward reporter_a headquarters_a national secretary observer nobody".split(),
    FOREIGN,
    *DOUBLE,
)


def keys_now():
    known = [model for model in OURS if not issubclass(model, get_user_model())]
    return {model: set(model._base_manager.values_list("pk", flat=True)) for model in [*known, get_user_model()]}
