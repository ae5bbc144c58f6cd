"""One person at the wizard of imports. No worker runs in tests, so each piece of work is done by “Run it here”."""

from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils.html import strip_tags

from evaluation.models import ImportRun
from tests import factories as make

HEADINGS = ["کد دستگاه", "کد شاخص", "عملکرد واقعی"]


def page(name, *args, **query):
    return reverse(f"admin:evaluation_importrun_{name}", args=args, query=query or None)


class Desk:
    """One person at the wizard, in English so that sentences are those of the source."""

    def __init__(self, cast, user):
        self.cast, self.client = cast, cast.client(user)
        self.client.cookies["django_language"] = "en"

    def post(self, name, data, *, file_name="a.xlsx", **letter):
        given = {"workbook": name, "cycle": self.cast.cycle.pk, "file": SimpleUploadedFile(file_name, data), **letter}
        return self.client.post(page("add"), given)

    def queued(self, name, data, **given):
        """The run of an accepted upload, waiting."""
        response = self.post(name, data, **given)
        run = ImportRun.objects.first()
        assert response.status_code == 302, errors(response)
        assert response.url == page("change", run.pk)
        assert (run.state, run.job) == ("queued", "trial")
        return run

    def upload(self, name, data, **given):
        """The run of an accepted upload after its trial run."""
        return self.here(self.queued(name, data, **given))

    def here(self, run):
        """Press “Run it here” on the page of a run that waits."""
        assert self.offers("here", run)
        self.step("here", run)
        return run

    def step(self, name, run, data=None):
        """Press a button on the page of a run; the answer."""
        response = self.client.post(page(name, run.pk), data or {})
        run.refresh_from_db()
        return response

    def confirm(self, run):
        """Confirm and, where that was accepted, have it written; the answer to the confirmation."""
        response = self.step("confirm", run)
        if run.state == "queued":
            self.here(run)
        return response

    def undo(self, run):
        """Undo a written run; the run of the undoing."""
        response = self.step("undo", run)
        undoing = ImportRun.objects.get(undoes=run)
        assert response.url == page("change", undoing.pk)
        self.here(undoing)
        run.refresh_from_db()
        return undoing

    def report(self, run, **query):
        return self.client.get(page("change", run.pk, **query))

    def words(self, run):
        """What the page of a run says, without its tags."""
        return text_of(self.report(run))

    def offers(self, name, run):
        """Whether the page of a run has a form or a link to one of its other addresses."""
        html = self.report(run).content.decode()
        return any(f'{way}="{page(name, run.pk)}"' in html for way in ("action", "href"))


def text_of(response):
    return " ".join(strip_tags(response.content.decode().replace("<", " <")).split())


def errors(response):
    form = response.context["form"]
    return {name: [str(each) for each in found] for name, found in form.errors.items()}


def shown_messages(response, client):
    return [str(message) for message in client.get(response.url).context["messages"]]


def letter():
    return {
        "behalf_body": "اداره الف",
        "behalf_letter_number": "۱۲/الف",
        "behalf_letter_date": "1404/05/12",
        "behalf_file": make.upload(),
    }
