from django.core.management import BaseCommand, CommandError

from evaluation.management.demo import removal


class Command(BaseCommand):
    help = "Take the demo away whole: cycles, agencies, accounts, files. Refused once another cycle exists."

    def handle(self, *, verbosity, **options):
        if other := removal.other_cycles().first():
            raise CommandError(
                f"Nothing was removed: “{other}” is a cycle that the demo did not make. Start real work in a database "
                "without demo data."
            )
        if not removal.demo_users().exists():
            raise CommandError("Nothing was removed: there is no demo in this database.")
        rows, files = removal.remove()
        if verbosity:
            self.stdout.write(f"Removed {rows} rows and {files} files of the demo.")
