from django.core.management import BaseCommand, CommandError

from evaluation.models import ResultSet
from evaluation.process.results import verify


class Command(BaseCommand):
    help = "Compute kept results again from the final scores and compare. Fails when one of them differs."

    def add_arguments(self, parser):
        parser.add_argument("--year", type=int, help="only the cycles of this performance year")

    def handle(self, *, verbosity, year=None, **options):
        rows = ResultSet.objects.exclude(computed_at=None).select_related("cycle__province").order_by("pk")
        rows = rows.filter(cycle__performance_year=year) if year else rows
        different = 0
        for result_set in rows:
            verdict = verify.verify(result_set)
            different += not verdict.equal
            if verbosity:
                self.stdout.write(f"{'equal    ' if verdict.equal else 'DIFFERENT'} {verdict.sha256} {result_set}")
                for sentence in verdict.differences:
                    self.stdout.write(f"    {sentence}")
        if different:
            raise CommandError(f"{different} of {rows.count()} result sets differ from what was kept.")
