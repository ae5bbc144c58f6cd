"""A letter to an agency or its headquarters as a PDF in official form, and letters of a cycle in one ZIP."""

from datetime import UTC, datetime, time

from django.utils import translation
from django.utils.translation import gettext as _

from evaluation import persian
from evaluation.exchange.archive import pack
from evaluation.process.files import keeping
from evaluation.process.results import letter_text

from .typeset import typeset


def paper(letter):
    """(name, bytes) of the file of a letter that has its number, date and content; equal ones give equal bytes."""
    return name_of(letter), pdf(letter)


def name_of(letter):
    """The name of the file: year, agency, kind and side."""
    agency = letter.participation.agency
    return f"letter-{letter.cycle.performance_year}-{agency.code}-{letter.kind}-{letter.addressee}.pdf"


def pdf(letter):
    """The bytes of the letter (A4, in the product's language, PDF/A-2a and PDF/UA-1)."""
    with translation.override("fa"):
        written = datetime.combine(letter.date, time(12), tzinfo=UTC)
        return typeset("letter", printed(letter), at=written)


def printed(letter):
    """The texts of the letter as data."""
    content = letter.content
    words = {
        "recipient": _("Addressee"),
        "subject": _("Subject"),
        "figures": _("Results"),
        "decisions": _("Decisions on the objections"),
        "sign": _("Place of the signature"),
        "announcement": _("Text that the agency may publish"),
    }
    return {
        "title": _("%(subject)s · %(recipient)s") % {"subject": content["subject"], "recipient": content["recipient"]},
        "head": {
            "opening": _("In the name of God"),
            "sender": content["sender"],
            "facts": [
                (_("Number"), persian.localise_digits(letter.number)),
                (_("Date"), persian.format_jalali(letter.date)),
                (_("Attachments"), letter_text.attachments(content)),
            ],
        },
        "words": words,
        "recipient": content["recipient"],
        "subject": content["subject"],
        "greeting": _("With greetings and respect,"),
        "paragraphs": content["body"].split("\n"),
        "columns": content["columns"],
        "rows": content["rows"],
        "decision_columns": letter_text.decision_columns(),
        "decisions": content["decisions"],
        "signer": content["signer"],
        "announcement": [line for line in content["announcement"].split("\n") if line],
    }


def archive(letters):
    """The bytes of a ZIP with the files of these letters, as they were kept. Raises `keeping.FileFault`."""
    files = {}
    for letter in letters:
        with keeping.opened(letter.file) as file:
            name, dot, suffix = name_of(letter).rpartition(".")
            files[f"{name}-{letter.edition}{dot}{suffix}"] = file.read()
    return pack(files)
