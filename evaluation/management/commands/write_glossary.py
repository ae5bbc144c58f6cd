from django.conf import settings
from django.core.management import BaseCommand

from evaluation.termbase.glossary import as_markdown

PAGE = settings.BASE_DIR / "docs" / "glossary.md"


class Command(BaseCommand):
    help = "Write docs/glossary.md from the table of terms (evaluation/termbase)."

    def handle(self, *, verbosity, **options):
        PAGE.write_text(as_markdown(), encoding="utf-8")
        if verbosity:
            self.stdout.write(f"Written: {PAGE.relative_to(settings.BASE_DIR)}.")
