"""What both stories share: the workbooks of the year, its people, and literal facts about where it stands."""

import hashlib
from datetime import timedelta
from io import BytesIO
from pathlib import Path

from django.contrib.auth import get_user_model
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.utils import timezone
from openpyxl import load_workbook

from evaluation.enums import Stage
from evaluation.management.year_walker import STEPS, YearWalker
from evaluation.models import (
    Agency,
    Cycle,
    Level,
    LevelScheme,
    Line,
    Mark,
    Membership,
    Notice,
    ProcessTemplate,
    Province,
    Publication,
    ResultSet,
    TransitionLog,
)
from evaluation.persian import format_jalali_datetime

from .person import Person, address, list_of, page_of
from .tables import AGENCIES

PASSWORD = "Arzyabi-1404"


class Year(YearWalker):
    """The installed product, its superuser, and by attribute whoever and whatever comes in the course of the year."""

    def __init__(self, language):
        self.language = language
        call_command("load_fixtures", verbosity=0)
        get_user_model().objects.create_superuser("admin", password=PASSWORD)
        self.admin = self.logged_in("admin")
        self.province = Province.objects.get(code="qazvin")

    def logged_in(self, username):
        return Person(username, PASSWORD, language=self.language)

    def account(self, username, role, *, made_by, **place):
        """An account with a role, made through the admin; afterwards the person logs in."""
        made = made_by.adds(Membership, username=username, password=PASSWORD, role=role, **place)
        assert (made.user.username, made.role, made.active) == (username, role, True)
        setattr(self, username, self.logged_in(username))

    def start(self, by, **settings):
        """The cycle as the manager adds it: the steps of Ilam, levels as they are received."""
        self.cycle = by.adds(
            Cycle,
            province=self.province,
            performance_year="۱۴۰۴",
            title="ارزیابی ۱۴۰۴",
            period_start="1404/01/01",
            period_end="1404/12/29",
            template=ProcessTemplate.objects.get(code="ilam-12"),
            level_scheme=LevelScheme.objects.get(code="allowance-1389"),
            **settings,
        )
        self.general, self.specific = self.cycle.dimensions.order_by("order")
        assert (self.cycle.stage, self.cycle.performance_year, self.cycle.steps.count()) == ("draft", 1404, 12)

    def import_agencies(self, by):
        by.imports("agencies", None, AGENCIES, counts=(2, 0, 0))
        self.agencies = self.agency_a, self.agency_b = list(Agency.objects.order_by("code"))
        assert (self.agency_a.code, self.agency_a.headquarters.name) == ("101", "وزارت راه و شهرسازی")

    def goes_on(self, verb, stage):
        """The manager takes the cycle to its next stage, by the button of the first page."""
        links = self.manager.opens(address("index")).links
        self.manager.confirms(links[self.manager.word(verb, links)], verb)
        self.cycle.refresh_from_db()
        assert self.cycle.stage == stage

    def ticks(self, by, number):
        """A mandatory step of the checklist is marked as done."""
        step = by.takes("Mark as done", self.cycle.steps.get(number=number), note="انجام شد")
        assert (step.done_by.username, step.note) == (by.username, "انجام شد")

    def walks(self, *stages):
        """Go on from the circular to the archive; each function does a stage's work and presses the button itself."""
        ahead = list(STEPS)[1:-1]
        self.steps = {stage: (work,) for stage, work in zip(ahead, stages, strict=True)}
        assert [str(stage) for stage in ahead] == [work.__name__ for work in stages]
        self.until(Stage.CLOSED)

    def take(self, step):
        step(self)

    def go_on(self):
        """The button was pressed already."""

    # -- steps that both stories take --------------------------------------------------------------

    def objects(self, by, line, claim):
        """An objection to a line, or a new version of the one that stands."""
        self.in_place(by, line, "object", "File the objection", claim)

    def decides(self, by, line, decision):
        self.in_place(by, line, "decide", "Decide the objection", decision)

    def in_place(self, by, line, step, verb, fields):
        """The form of a step inside the line: opened from the page of lines, confirmed there."""
        url = address(f"evaluation_assessment_{step}", line.assessment_id, line.pk)
        assert url in by.opens(page_of(line.assessment, "lines")).links.values()
        fields = {f"line-{line.pk}-{name}": value for name, value in fields.items()}
        by.confirms(url, verb, **fields)

    def ends_window(self, by, stage):
        """The window of a stage ends a minute ago."""
        now = timezone.now()
        window = self.cycle.windows.get(stage=stage)
        moments = {"opens_at": now - timedelta(days=1), "closes_at": now - timedelta(minutes=1)}
        by.takes("Move the window", window, **{name: format_jalali_datetime(each) for name, each in moments.items()})

    def prepares_results(self, by):
        page = by.opens(list_of(ResultSet, "add"))
        page = by.sends(page.form_with("cycle"))
        results = self.cycle.result_sets.get()
        assert (results.state, page.url) == ("draft", page_of(results))
        return results

    def enters_levels(self, by, results, levels, **fields):
        """A level for each agency's total, as the letter gives it."""
        for agency, title in levels.items():
            total = results.agency_results.get(dimension=None, participation__agency=agency)
            fields[f"level_{total.pk}"] = Level.objects.get(scheme=self.cycle.level_scheme, title=title)
        by.takes("Enter the levels received", results, **fields)

    def publishes_the_ranking(self, reader):
        """The results are public: the rows of the published workbook, as the reader downloads it."""
        self.results.refresh_from_db()
        assert self.results.state == "published"
        reader.opens(page_of(self.results, "ranking"))
        assert self.published_ranking(reader) == [
            (1, "101", "اداره کل راه و شهرسازی", "زیربنایی", 1, 645, 870, 1515, 2000, 75.75, None, "عالی", None),
            (2, "102", "اداره کل راهداری", "زیربنایی", 2, 890, 500, 1390, 2000, 69.5, None, "خوب", None),
        ]

    def published_ranking(self, by):
        made = Publication.objects.get(result_set=self.results, kind="workbook")
        content = by.downloads(address("evaluation_publication_file", made.pk, "file"))
        assert hashlib.sha256(content).hexdigest() == made.sha256
        sheet = load_workbook(BytesIO(content)).worksheets[0]
        assert sheet.sheet_view.rightToLeft is True
        return list(sheet.iter_rows(values_only=True))[1:]

    # -- facts -------------------------------------------------------------------------------------

    def assessments(self, **only):
        rows = self.cycle.assessments().filter(**only).select_related("participation__agency", "dimension")
        return list(rows.order_by("participation__agency__code", "dimension__order"))

    def told(self, person):
        """The notices of a person, in order."""
        return list(Notice.objects.filter(user=person.user).order_by("pk").values_list("text", flat=True))

    def levels_read(self, by, assessment):
        """The levels of the chain that a person's page of lines shows."""
        by.opens(page_of(assessment, "lines"))
        return [level.value for level in by.answer.context["levels"]]

    def states(self):
        """The states of the four assessments: A general, A specific, B general, B specific."""
        return [each.state for each in self.assessments()]

    def lists(self):
        return list(self.cycle.specific_lists.order_by("agency__code"))

    def line(self, agency, code):
        rows = Line.objects.select_related("assessment", "indicator")
        return rows.get(assessment__participation__agency=agency, indicator__code=code)

    def chain(self, agency, code):
        """The scores of a line at its five levels."""
        line = self.line(agency, code)
        names = ("self_score", "hq_score", "initial_score", "revised_score", "final_score")
        return [getattr(line, name) for name in names]


def steps(subject):
    """(verb, person, body acted for) of each log row of a row, in order."""
    rows = TransitionLog.objects.filter(object_id=subject.pk, content_type__model=subject._meta.model_name)
    found = rows.order_by("pk").select_related("by", "on_behalf_of")
    return [(row.name, row.by.username, row.on_behalf_of.role if row.on_behalf_of else None) for row in found]


def marks(line):
    """(level, actual, person, source, body acted for) of each mark of a line, in order."""
    names = ("level", "actual", "by__username", "source", "on_behalf_of__role")
    return list(Mark.objects.filter(line=line).order_by("pk").values_list(*names))


def paper(name="letter.pdf", content=b"%PDF-1.7 letter"):
    return SimpleUploadedFile(Path(name).name, content)
