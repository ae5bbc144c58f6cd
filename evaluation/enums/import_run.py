"""The workbooks, and the life of an upload."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Workbook(TextChoices):
    """The workbooks of the year, then those of the tables that staff keep beside it."""

    AGENCIES = "agencies", _("Agencies")
    INDICATORS = "indicators", _("General indicators")
    SPECIFIC = "specific", _("Specific indicators")
    TARGETS = "targets", _("Targets")
    SELF = "self", _("Self-assessment")
    RECEIVED = "received", _("Received from the national organization")
    SCORES = "scores", _("Initial scores")
    FEED = "feed", _("Figures of external systems")
    LEVELS = "levels", _("Levels")
    HISTORY = "history", _("Totals of earlier years")
    PLANS = "plans", _("Improvement plans")
    NOMINEES = "nominees", _("Nominees of the festival")
    MEMBERSHIPS = "memberships", _("Accounts and roles")
    EVALUATORS = "evaluators", _("Evaluator groups and their members")
    ATTENDANCE = "attendance", _("Attendance of workshops")
    COMMITTEES = "committees", _("Committees and their members")
    LEGAL_REFERENCES = "legal_references", _("Legal references")
    QUESTIONS = "questions", _("Questions and answers")
    DAYS_OFF = "days_off", _("Days off")


class ImportState(TextChoices):
    MAPPING = "mapping", _("Headings to identify")
    QUEUED = "queued", pgettext_lazy("import", "Waiting")
    RUNNING = "running", pgettext_lazy("import", "Under way")
    TRIED = "tried", _("Trial run done")
    REFUSED = "refused", _("Trial run found errors")
    WRITTEN = "written", _("Written")
    UNDONE = "undone", _("Undone")
    FAILED = "failed", _("Failed")
    CANCELLED = "cancelled", pgettext_lazy("import", "Cancelled")

    @classmethod
    def at_work(cls):
        return (cls.QUEUED, cls.RUNNING)

    @classmethod
    def tried_out(cls):
        """States after the trial run and before the confirmation."""
        return (cls.TRIED, cls.REFUSED)

    @classmethod
    def restartable(cls):
        """States in which nothing was written and the same job may be asked for again."""
        return (cls.FAILED, cls.CANCELLED)


class ImportJob(TextChoices):
    """What the background work does with an upload."""

    TRIAL = "trial", _("Trial run")
    WRITE = "write", pgettext_lazy("import", "Writing")
    UNDO = "undo", pgettext_lazy("import", "Undoing")


class ChangeOutcome(TextChoices):
    """What the undoing of an import did with one row."""

    REVERSED = "reversed", _("Reversed")
    KEPT = "kept", _("Not changed, because it was edited later")
    FAILED = "failed", _("Could not be reversed")
