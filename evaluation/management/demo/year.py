"""One demo cycle: who acts for whom, and the rows of a part of its agencies."""

import datetime
import random

from django.core.files.base import ContentFile
from django.db.models import F
from django.utils import timezone

from evaluation.enums import CommitteeKind, PublicationKind, Role
from evaluation.management.year_walker import YearWalker
from evaluation.models import Assessment, Committee, Line
from evaluation.persian import year_bounds
from evaluation.process import audit
from evaluation.process.year import windows
from evaluation.reports import publication

WITHOUT_ACCOUNT = 2  # agencies whose steps the MPO takes by letter


class Year(YearWalker):
    """A demo cycle with its people; chance is the same each time for a province and a year."""

    def __init__(self, cycle, people, agencies):
        self.cycle, self.people, self.agencies = cycle, people, agencies
        self.rng = random.Random(f"{cycle.province.code}-{cycle.performance_year}")
        self.order = self.rng.sample(agencies, len(agencies))
        self.strengths = {agency.pk: self.rng.uniform(0.62, 0.98) for agency in agencies}
        self.letters = {}

    # -- people -----------------------------------------------------------------------------------

    @property
    def manager(self):
        return self.people.manager

    @property
    def expert(self):
        return self.people.expert

    @property
    def lead(self):
        return self.people.groups["specific"][0]

    def lead_of(self, assessment):
        return self.people.groups["egov" if assessment.dimension.code == "general" else "specific"][0]

    def acting(self, role, agency=None):
        if role == Role.AGENCY:
            return self.reporter(agency)
        if role == Role.HEADQUARTERS:
            return self.headquarters(agency)
        return {"by": {Role.NATIONAL: self.people.national, Role.COUNCIL: self.people.secretary}[role]}

    def reporter(self, agency):
        """Who takes an agency's steps: its reporter, or an expert by the agency's letter."""
        if agency in self.order[-WITHOUT_ACCOUNT:]:
            return self.by_letter(Role.AGENCY, agency)
        return {"by": self.people.reporters[agency.pk]}

    def headquarters(self, agency):
        if agency.headquarters_id is None:
            return self.by_letter(Role.HEADQUARTERS, agency)
        return {"by": self.people.headquarters[agency.headquarters_id]}

    def by_letter(self, role, agency):
        """An expert acts for the agency by a letter, of which one is made for each role and agency."""
        if (role, agency.pk) not in self.letters:
            self.letters[role, agency.pk] = audit.act_on_behalf(
                self.cycle,
                role=role,
                body=agency.name,
                letter_number=f"{agency.code}/{len(self.letters) + 1}",
                letter_date=timezone.localdate(),
                file=paper("نامه.txt", f"نامهٔ نمونهٔ {agency.name}"),
                by=self.people.expert,
            )
        return {"by": self.people.expert, "on_behalf": self.letters[role, agency.pk]}

    # -- rows -------------------------------------------------------------------------------------

    def share(self, start, end=1.0):
        """The agencies between two shares (0 to 1) of the shuffled list."""
        return self.order[round(len(self.order) * start) : round(len(self.order) * end)]

    def assessments(self, agencies, *states):
        rows = Assessment.objects.filter(participation__cycle=self.cycle, participation__agency__in=agencies)
        if states:
            rows = rows.filter(state__in=states)
        return list(
            rows.select_related("participation__cycle__province", "participation__agency__headquarters", "dimension")
        )

    def lines(self, assessments):
        """The lines of these assessments, which refer to these very objects."""
        by_key = {assessment.pk: assessment for assessment in assessments}
        lines = list(
            Line.objects.filter(assessment__in=by_key)
            .select_related("indicator")
            .order_by("assessment", "indicator__code")
        )
        for line in lines:
            line.assessment = by_key[line.assessment_id]
        return lines

    def letter_of_transfer(self):
        number = f"نمونه-{self.cycle.transfers.count() + 1}"
        return {"letter_number": number, "letter_date": timezone.localdate()}

    def list_for_council(self):
        return publication.make(PublicationKind.BOOK, self.results)

    def council_session(self):
        committee, _made = Committee.objects.get_or_create(
            province=self.cycle.province,
            title="شورای راهبری توسعه مدیریت استان",
            defaults={"kind": CommitteeKind.COUNCIL},
        )
        return {
            "committee": committee,
            "number": f"{self.cycle.performance_year}-1",
            "held_on": timezone.localdate(),
            "guests": "رئیس شورا\nدبیر شورا\nرئیس سازمان مدیریت و برنامه‌ریزی استان",
            "resolution": "نتایج ارزیابی تصویب شد.",
            "minutes": paper("minutes.txt", "صورت‌جلسهٔ نمونه"),
        }

    def levels_given(self):
        """Levels as a letter of the national organization would bring them: a quarter, a half, the rest."""
        ladder = list(self.cycle.level_scheme.levels.order_by("order"))
        totals = self.results.agency_results.filter(dimension=None, passive=False)
        rows = list(totals.order_by(F("rank").asc(nulls_last=True)))
        levels = {
            row.pk: ladder[0 if place < len(rows) / 4 else 1 if place < len(rows) * 3 / 4 else 2]
            for place, row in enumerate(rows)
        }
        return levels, f"نمونه-{self.cycle.performance_year}"

    def files_to_publish(self, moment):
        """The files as they are after the publication, which is why they carry its moment."""
        published = type(self.results).objects.select_related("cycle__province").get(pk=self.results.pk)
        published.published_at = moment
        return publication.files(published)

    def tick(self, stage):
        """Tick all open steps of a stage's checklist."""
        for step in self.cycle.steps.filter(stage=stage, done_at=None):
            windows.tick(step, by=self.people.expert)


def paper(name, text):
    """A small text file."""
    return ContentFile(text.encode(), name=name)


def period(year):
    """First and last day of a Jalali year."""
    first, after = year_bounds(year)
    return {"period_start": first, "period_end": after - datetime.timedelta(days=1)}
