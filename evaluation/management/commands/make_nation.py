"""`manage.py make_nation`: many provinces and years out of one seeded province, for measuring."""

from django.conf import settings
from django.core.management import BaseCommand, CommandError
from django.db import connection

from backoffice.environment import flag
from evaluation.management.demo import removal
from evaluation.management.demo.nation import Nation
from evaluation.models import Cycle, Province
from evaluation.rules import demo_data


class Command(BaseCommand):
    help = (
        "Copy the demo province and its latest cycle by SQL, to so many provinces and years. For measuring only: "
        "refused where a cycle stands that the demo did not make."
    )

    def add_arguments(self, parser):
        parser.add_argument("--provinces", type=int, default=31, help="provinces in all, with the seeded one (31)")
        parser.add_argument("--years", type=int, default=10, help="cycles in each province (10)")

    def handle(self, *, provinces, years, verbosity, **options):
        if reasons := demo_data.reasons_against(settings.SITE, asked=flag("DEMO")):
            raise CommandError(f"No nation is made. {' '.join(reasons)}")
        cycle = self.original()
        others = list(Province.objects.exclude(pk=cycle.province_id).order_by("code"))
        if not 1 <= provinces <= len(others) + 1 or not 1 <= years <= 50:
            raise CommandError(f"There are 1 to {len(others) + 1} provinces and 1 to 50 years.")
        made = Nation(cycle, others[: provinces - 1], years).make(lambda province: self.tell(province, verbosity))
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
        if verbosity:
            self.stdout.write(f"Made {made} cycles; {Cycle.objects.count()} stand in {provinces} provinces.")

    def original(self):
        """The latest cycle of the one province that is seeded."""
        if other := removal.other_cycles().first():
            raise CommandError(f"No nation is made: “{other}” is a cycle that the demo did not make.")
        seeded = Cycle.objects.values_list("province", flat=True).order_by().distinct()
        if len(seeded) != 1:
            raise CommandError("No nation is made: it needs one seeded province, which `manage.py seed_demo` makes.")
        return Cycle.objects.order_by("-performance_year").first()

    def tell(self, province, verbosity):
        if verbosity > 1:
            self.stdout.write(province.name)
