"""`manage.py seed_demo`: a demo province, up to a stage."""

import time

from django.conf import settings
from django.core.management import BaseCommand, CommandError
from django.db import transaction

from backoffice.environment import flag
from evaluation.enums import Stage
from evaluation.management.demo import province as demo
from evaluation.management.fixtures import load_all
from evaluation.models import ProcessTemplate, Province
from evaluation.rules import demo_data


class Command(BaseCommand):
    """Refuses where the province has a cycle of that year."""

    help = "Make a demo province by calling the verbs as its people would. For trying out, never beside real data."

    def add_arguments(self, parser):
        parser.add_argument("--province", default="qazvin", help="code of the province (qazvin)")
        parser.add_argument("--until", default=Stage.EVALUATION.value, choices=Stage.values, metavar="STAGE")
        parser.add_argument("--agencies", type=int, default=64, help="how many of the 64 agencies")
        parser.add_argument("--year", type=int, default=1404, help="performance year")

    def handle(self, *, province, until, agencies, year, verbosity, **options):
        if not 1 <= agencies <= 64:
            raise CommandError("The demo has 1 to 64 agencies.")
        if not ProcessTemplate.objects.exists():
            load_all()
        place = Province.objects.filter(code=province).first()
        if place is None:
            raise CommandError(f"There is no province with the code “{province}”; see fixtures/provinces.csv.")
        if demo.is_taken(place, year):
            raise CommandError(
                f"The province {place.code} has a cycle of {year} already; the demo is made for a year without one."
            )
        if reasons := demo_data.reasons_against(settings.SITE, asked=flag("DEMO")):
            raise CommandError(f"No demo data are made. {' '.join(reasons)}")
        self.started, self.verbosity = time.monotonic(), verbosity
        with transaction.atomic():
            cycle = demo.build(place, year=year, until=Stage(until), count=agencies, report=self.tell)
        if verbosity:
            self.stdout.write(f"Made “{cycle.title}” with {agencies} agencies, in the stage {until}.")

    def tell(self, stage):
        if self.verbosity > 1:
            self.stdout.write(f"{time.monotonic() - self.started:6.1f} s  {stage}")
