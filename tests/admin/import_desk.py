"""One person at the wizard of imports."""

from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

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

    def upload(self, name, data, **letter):
        """The run of an accepted upload."""
        response = self.post(name, data, **letter)
        run = ImportRun.objects.first()
        assert response.status_code == 302, errors(response)
        assert response.url == page("change", run.pk)
        return run

    def confirm(self, run):
        response = self.client.post(page("confirm", run.pk))
        run.refresh_from_db()
        return response

    def report(self, run):
        return self.client.get(page("change", run.pk))


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
