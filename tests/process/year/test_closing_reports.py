"""The report of a self-assessment that a rule submitted: frozen by the next run of its own task, once."""

import hashlib

import pytest
from django.utils import timezone

from evaluation import tasks
from evaluation.enums import Role, Stage
from evaluation.models import Assessment
from evaluation.process.assessing import assessment, evidence
from tests import factories as make
from tests.process.year.due import at, close_due_windows, window_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def submitted(entry, settings):
    """The file of a silent agency whose draft was submitted as it stood."""
    settings.LANGUAGE_CODE = "en"
    with at(window_of(entry, Stage.SELF_ASSESSMENT).closes_at):
        close_due_windows()
    return entry.cycle.assessments().get(state="submitted")


def typeset():
    return [each["text"] for each in tasks.typeset_reports()["done"]]


def test_what_was_submitted_by_rule_has_its_report_and_what_is_absent_has_none(entry, submitted):
    assert (submitted.report_sha256, submitted.report_file.name) == ("", "")
    with at(timezone.now()):
        assert typeset() == ["1 report was produced."]
        assert typeset() == []
    submitted.refresh_from_db()
    with submitted.report_file.open() as file:
        content = file.read()
    assert content.startswith(b"%PDF")
    assert submitted.report_sha256 == hashlib.sha256(content).hexdigest()
    assert Assessment.objects.exclude(pk=submitted.pk).exclude(report_sha256="").count() == 0


def test_a_file_that_was_returned_meanwhile_waits_for_its_agency(entry, submitted):
    headquarters, reporter = entry.outside[Role.HEADQUARTERS], entry.outside[Role.AGENCY]
    with at(submitted.submitted_at):
        assessment.return_(submitted, by=headquarters, reason="ناقص")
        evidence.attach(entry.lines()[0], make.upload(), by=reporter)
        assert typeset() == []
        assert assessment.complete_report(submitted, lambda _file: b"%PDF") is False
        again = assessment.submit(Assessment.objects.get(pk=submitted.pk), by=reporter, report=b"%PDF of the agency")
        assert typeset() == []
    assert again.report_sha256 == hashlib.sha256(b"%PDF of the agency").hexdigest()


def test_a_report_of_before_the_return_does_not_stand_for_what_was_submitted_after_it(entry, submitted):
    headquarters, reporter = entry.outside[Role.HEADQUARTERS], entry.outside[Role.AGENCY]
    with at(submitted.submitted_at):
        typeset()
        assessment.return_(Assessment.objects.get(pk=submitted.pk), by=headquarters, reason="ناقص")
        evidence.attach(entry.lines()[0], make.upload(), by=reporter)
        again = assessment.submit(Assessment.objects.get(pk=submitted.pk), by=reporter)
    again.refresh_from_db()
    assert (again.report_sha256, again.report_file.name) == ("", "")
