"""`manage.py load_fixtures`: what every installation needs."""

from django.core.management import BaseCommand
from django.db import transaction

from evaluation.management.fixtures import load_all
from evaluation.schedules import register_schedules


class Command(BaseCommand):
    """Prints what was added."""

    help = "Load roles, provinces, bodies, process templates, level schemes and schedules; what staff edited is kept."

    @transaction.atomic
    def handle(self, *, verbosity, **options):
        made = load_all()
        register_schedules()
        if verbosity:
            added = ", ".join(f"{count} {table}" for table, count in made.items() if count)
            self.stdout.write(f"Added: {added}." if added else "Everything is there already.")
