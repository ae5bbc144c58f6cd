"""Two provinces with a row in every table, so that each person can be sent to an own row and to somebody else's."""

import datetime
from contextlib import contextmanager

from django.apps import apps
from django.contrib.auth import get_user_model
from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone
from django_q.models import Failure, OrmQ, Schedule, Success

from evaluation import models
from evaluation.enums import MarkLevel, ObjectionState, Role, Stage
from evaluation.process import audit
from evaluation.process.assessing import assessment, evidence, hearing, line, objection, visit
from evaluation.process.imports import import_run, kept_heading
from evaluation.process.improvement import plan
from evaluation.process.results import result
from evaluation.process.service import ticket
from evaluation.process.year import evaluator_group, windows
from evaluation.rules.paths import AGENCY
from tests import factories as make
from tests.cast import Cast

from .rights_table import LETTERS

PEOPLE = tuple(LETTERS)
OURS = [model for app in ("evaluation", "auth", "django_q") for model in apps.get_app_config(app).get_models()]
COUNTRY = (
    "province headquarters legalreference externalsystem processtemplate templatestep levelscheme level lettertemplate "
    "awardkind service servicechannel agreement agreementclause outage"
).split()
PERSONAL = {"notice": "user", "importrun": "uploaded_by", "filesource": "saved_by", "keptheading": "named_by"}
PERSONAL |= {"ticket": "author"}
OWN = {
    "circular": Q(direction="outgoing"),
    "line": Q(indicator__code="G-1"),
    "mark": Q(level="self"),
    "indicator": Q(code="G-1"),
}
ON_LINE = {"line": "indicator__code", "indicator": "code"}
ON_LINE |= dict.fromkeys(("objection", "evidence", "exemption", "mark"), "line__indicator__code")
SHARED = ("agencyresult", "axisresult", "award")  # published: everybody sees everybody's
SIDES = (Role.AGENCY, Role.HEADQUARTERS)
SOON = datetime.timedelta(days=3)


class FullCast(Cast):
    """The cast with the rows that a plain year does without: letters, evidence, objections, sessions, imports."""

    def __init__(self):
        super().__init__()
        self.reporter, self.headquarters = self.reporter_a, self.headquarters_a
        for user in get_user_model().objects.filter(memberships__isnull=False, notices=None).distinct():
            models.Notice.objects.create(user=user, event="welcome", text="خوش آمدید.", cycle=self.cycle)
        self.cycle.steps.create(number=1, title="گام نخست", stage=Stage.FESTIVAL, mandatory=False)
        importers = (self.manager, self.expert, self.lead, self.evaluator, self.steward, self.reporter, self.national)
        for user in importers:
            run = import_run.store_upload("self", data=b"x", file_name="a.xlsx", by=user, cycle=self.cycle)
            kept_heading.note_names(run, {"نمره": "score"}, {"نمره": "نمره"}, by=user)
            models.FileSource.objects.create(
                province=self.province,
                workbook="self",
                name=f"سامانهٔ {user}",
                saved_by=user,
                headings={"نمره": "score"},
            )
        models.ServiceDesk.objects.create(province=self.province, phone="۰۲۸")
        words = {"kind": "fault", "subject": "کندی صفحه", "text": "صفحه باز نمی‌شود."}
        for user in (self.expert, self.reporter, self.headquarters):
            ticket.file_ticket(self.province, by=user, agency=self.agency_a, **words)
        for user in (self.lead, self.evaluator, self.steward, self.secretary, self.observer):
            ticket.file_ticket(self.province, by=user, **words)
        models.EarlierTotal.objects.create(agency=self.agency_a, year=1390, total=1500, maximum=2000)

    def lines(self, assessment, **only):
        return super().lines(assessment, **{"exempt": False} | only)

    def register_circular(self):
        super().register_circular()
        agency, external = self.agency_a, models.ExternalSystem.objects.first()
        models.Announcement.objects.create(province=self.province, text="سامانه جمعه بسته است.")
        models.DayOff.objects.create(province=self.province, date=make.DAY, title="آلودگی هوا")
        models.Faq.objects.create(province=self.province, question="چگونه؟", answer="این‌گونه.")
        models.AgencyIdentifier.objects.create(agency=agency, system=external, value=f"{self.province.pk}")

    def fix_participants(self):
        super().fix_participants()
        group = models.PeerGroup.objects.filter(cycle=self.cycle).first()
        group = group or models.PeerGroup.objects.create(cycle=self.cycle, title="گروه")
        self.cycle.participations.update(peer_group=group)
        seat = self.group_1.evaluators.get(user=self.evaluator)
        evaluator_group.assign(seat, [self.participation_a], by=self.manager, note="دلیل")
        later = timezone.now() + SOON
        windows.extend(
            self.cycle, self.agency_a, stage=Stage.SELF_ASSESSMENT, ends_at=later, reason="دلیل", by=self.manager
        )
        for agency in (self.agency_a, self.agency_b):
            models.ExtensionRequest.objects.create(
                cycle=self.cycle, agency=agency, stage=Stage.SELF_ASSESSMENT, reason="دلیل", wanted_until=later
            )

    def write_catalogue(self):
        super().write_catalogue()
        for agency in (self.agency_a, self.agency_b):
            models.Target.objects.create(indicator=self.g1, agency=agency, target=100)
            models.FeedValue.objects.create(indicator=self.g1, agency=agency, value=80, observed_at=make.DAY)

    def hold_briefing(self):
        super().hold_briefing()
        who = {"name": "خانم یک", "post": "manager", "attended": True}
        self.workshop.participants.create(agency=self.agency_a, **who)

    def send_circulars(self):
        super().send_circulars()
        self.circular.files.create(title="پیوست", file=make.upload("a.pdf"))

    def fill_all(self):
        first = self.lines(self.assessment(self.agency_a), indicator__code="G-1")[0]
        evidence.attach(first, make.upload("evidence.pdf"), by=self.reporter)
        models.FileEvent.objects.create(kind="exported", by=self.expert, name="a.xlsx", cycle=self.cycle)
        letter = {"body": "اداره الف", "letter_number": "۷", "letter_date": make.DAY, "file": make.upload()}
        written = audit.act_on_behalf(self.cycle, role=Role.AGENCY, by=self.expert, **letter)
        line.record(first, MarkLevel.SELF, line.Figures(actual=60), by=self.expert, on_behalf=written)
        measure = self.lines(self.assessment(self.agency_a), indicator__code="G-32")[0]
        assessment.exempt(measure, by=self.manager, reason="دلیل")
        super().fill_all()

    def score_all(self):
        """Both agencies are visited, and their feedback sheets issued."""
        for participation in (self.participation_a, self.participation_b):
            seen = models.Visit.objects.create(participation=participation, date=make.DAY)
            first = models.Line.objects.filter(assessment__participation=participation, indicator__code="G-1").first()
            seen.findings.create(line=first, kind="strength", text="خوب")
            models.VisitFile.objects.create(
                visit=seen, file=make.upload("v.pdf"), sha256="0" * 64, uploaded_by=self.lead
            )
            visit.issue_feedback_sheet(visit.prepare_feedback_sheet(seen, by=self.expert), by=self.expert)
        super().score_all()

    def hear_objections(self):
        lines = self.lines(self.assessment(self.agency_a), indicator__code__in=("G-1", "G-2"))
        claim = {"kind": "other", "text": "متن اعتراض"}
        filed = [objection.file(each, by=self.reporter, file=make.upload("o.pdf"), **claim) for each in lines]
        planned = hearing.summon(
            self.participation_a, starts_at=timezone.now() + SOON, by=self.expert, objections=filed
        )
        hearing.hold(planned, minutes="صورت‌جلسه", by=self.expert)
        for each in filed:
            objection.decide(each, verdict=ObjectionState.REJECTED, reason="دلیل", by=self.manager)

    def publish(self):
        self.results = result.publish(self.results, by=self.manager, files=[("book", "book.pdf", b"book", "0" * 64)])
        first = self.lines(self.assessment(self.agency_a), indicator__code="G-1")[0]
        models.Letter.objects.create(
            cycle=self.cycle,
            result_set=self.results,
            kind="council",
            number="۸",
            date=make.DAY,
            recipient="شورا",
            file=make.upload(),
            sent_by=self.expert,
            sent_at=timezone.now(),
        )
        for number, (side, participation) in enumerate(
            (side, row) for row in (self.participation_a, self.participation_b) for side in SIDES
        ):
            models.Letter.objects.create(
                cycle=self.cycle,
                result_set=self.results,
                participation=participation,
                kind="level",
                addressee=side,
                number=f"۹/{number}",
                date=make.DAY,
                recipient=participation.agency.name,
                file=make.upload(),
                sent_by=self.expert,
                sent_at=timezone.now(),
            )
        models.CouncilRemark.objects.create(
            result_set=self.results,
            session=self.results.council_session,
            participation=self.participation_a,
            line=first,
            text="نیاز به بررسی دارد.",
        )
        for agency in (self.agency_a, self.agency_b):
            drafted = plan.draft(self.cycle.participations.get(agency=agency), by=self.expert)
            models.ActionFile.objects.create(
                action=drafted.actions.first(), file=make.upload("w.pdf"), sha256="0" * 64, uploaded_by=self.expert
            )
        erratum = models.Erratum.objects.create(result_set=self.results, edition=2, reason="خطا", by=self.manager)
        erratum.corrections.create(line=first, old_score=1, new_score=2)
        for row in self.results.agency_results.filter(dimension=None):
            models.Publicity.objects.create(
                participation=row.participation,
                result=row,
                published_on=make.DAY,
                medium="روزنامه",
                text="دستگاه برتر استان",
                verdict="vague",
                reason="رتبه و سال گفته نشده است.",
                noted_by=self.expert,
            )
        self.hold_festival()
        return self

    def hold_festival(self):
        """The festival of the year with a nominee, its marks and its award, announced."""
        held = make.festival(self.cycle, state="announced", announced_at=timezone.now(), announced_by=self.manager)
        held.programme.create(title="تلاوت قرآن")
        member = held.committee.members.get()
        for agency in (self.agency_a, self.agency_b):
            nominee = make.nominee(held, agency=agency, entered_by=self.expert)
            nominee.marks.create(member=member, score=90, reason="خوب", recorded_by=self.expert)
            held.conflicts.create(member=member, agency=agency, reason="کارمند پیشین")
            session = held.committee.sessions.get()
            models.Award.objects.create(nominee=nominee, session=session, reason="برتر", decided_by=self.expert)

    def step_aside(self):
        """Give up the names that the next cast will use; this province becomes the foreign one."""
        for model, *fields in (
            (get_user_model(), "username"),
            (models.Province, "code", "name"),
            (models.Headquarters, "code", "name"),
            (models.PartnerBody, "code", "name"),
            (models.LevelScheme, "code"),
        ):
            for row in model.objects.all():
                for field in fields:
                    setattr(row, field, f"foreign-{getattr(row, field)}")
                row.save()


class World:
    """`here` is taken from stage to stage; `there` is another province, already at the end of its year."""

    def __init__(self):
        reference_rows()
        self.there = FullCast().until(Stage.FESTIVAL).publish()
        self.there.step_aside()
        self.foreign = {model: set(model._base_manager.values_list("pk", flat=True)) for model in OURS}
        self.here = FullCast()
        self.superuser = get_user_model().objects.create_superuser("root")
        background_rows(self.here)
        self.users = {name: getattr(self.here, name, self.superuser) for name in PEOPLE}
        self.known = {}

    def own(self, model, user):
        """A row of this person's place: of agency A where the table knows agencies; None where there is none yet.

        Looked up once in a stage, since every request is undone.
        """
        key = model, user.pk, self.here.cycle.stage
        if key not in self.known:
            self.known[key] = self._own(model, user)
        return self.known[key]

    def _own(self, model, user):
        name, rows = model._meta.model_name, self.rows_here(model)
        if name in PERSONAL:
            mine = rows.filter(**{PERSONAL[name]: user})
            return mine.first() or rows.filter(**{PERSONAL[name]: self.here.expert}).first()
        if name in AGENCY:
            rows = rows.filter(Q(**{AGENCY[name]: self.here.agency_a.pk}) | Q(**{AGENCY[name]: None}))
        rows = rows.filter(OWN.get(name, Q()))
        if name == "letter" and (side := self.side_of(user)):
            rows = rows.filter(addressee=side)
        if user == self.here.steward and name in ON_LINE:  # a steward knows the own indicator alone
            rows = self.rows_here(model).filter(**{ON_LINE[name]: "G-2"})
        return rows.order_by("pk").first()

    def side_of(self, user):
        """The addressee whose letters are this person's own, where there is one."""
        sides = {self.here.reporter: Role.AGENCY, self.here.headquarters: Role.HEADQUARTERS}
        return sides.get(user)

    def others(self, model, name):
        """A row that is somebody else's: agency B's for agency A's people, else the other province's."""
        table = model._meta.model_name
        if name in ("reporter", "headquarters") and table in AGENCY and table not in SHARED:
            found = self.rows_here(model).filter(**{AGENCY[table]: self.here.agency_b.pk}).first()
            if found:
                return found
        return model._base_manager.filter(pk__in=self.foreign[model]).order_by("pk").first()

    def rows_here(self, model):
        if model._meta.model_name in COUNTRY or model._meta.app_label != "evaluation":
            return model._default_manager.all()
        return model._base_manager.exclude(pk__in=self.foreign[model])


def reference_rows():
    """Rows of the country: they belong to no province."""
    models.ExternalSystem.objects.create(code="sina", name="سینا", body="سازمان", mode="online")
    models.LegalReference.objects.create(title="قانون", number="۸۱")
    models.LetterTemplate.objects.create(kind="level", subject="نتایج", body="امتیاز {total}", signer="رئیس سازمان")
    published = {"valid_from": make.DAY, "published_at": timezone.now()}
    models.Service.objects.create(title="ارزیابی", identifier="1", provider="سازمان", mother_body="سازمان", **published)
    models.Agreement.objects.create(title="توافق", text="تعهدات", **published)
    template = models.ProcessTemplate.objects.create(code="t", title="فرایند", total_days=100)
    template.steps.create(number=1, title="گام", stage=Stage.CIRCULAR)
    make.AwardKindFactory(code="shared", title="گروه کاری برتر")
    models.Outage.objects.create(part="pages", reason="URLError")


def background_rows(cast):
    now = timezone.now()
    ran = {"name": "ran", "func": "x.y", "started": now, "stopped": now}
    Success.objects.create(id="1" * 32, success=True, **ran)
    Failure.objects.create(id="2" * 32, success=False, **ran)
    Schedule.objects.create(name="later", func="x.y", schedule_type=Schedule.DAILY)
    OrmQ.objects.create(key="evaluation", payload="", lock=now)


@contextmanager
def rolled_back():
    """Whatever happens inside is undone."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def fingerprint():
    """Counts and highest keys of every table of ours, in one query; the log of files grows with each download."""
    parts = [
        f"SELECT '{model._meta.db_table}', COUNT(*), CAST(MAX({model._meta.pk.column}) AS VARCHAR(40))"
        f" FROM {model._meta.db_table}"
        for model in OURS
        if not model._meta.proxy and model is not models.FileEvent
    ]
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(parts))
        return {name: rest for name, *rest in cursor.fetchall()}


class WritesSeen:
    """Every statement that changes a table, as it is sent; a refused request sends none."""

    def __init__(self):
        self.statements = []

    def __call__(self, execute, sql, params, many, context):
        if sql.startswith(("INSERT", "UPDATE", "DELETE")):
            self.statements.append(sql[:200])
        return execute(sql, params, many, context)
