"""The first sheet of a kit: for whom it is, until when it can be used, how to fill it and bring it back."""

import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from evaluation import persian, workbook
from evaluation.enums import MarkLevel, Workbook
from evaluation.models import Assessment, Extension, StageWindow
from evaluation.rules.open_fields import ENTRIES

LAST_MOMENT = datetime.timedelta(microseconds=1)


def agency_page(participation):
    """The guide (`workbook.Page`) of an agency's kit."""
    agency, cycle = participation.agency, participation.cycle
    assessments = Assessment.objects.filter(participation=participation).select_related("dimension")
    ends = [
        (str(assessment.dimension), open_until(assessment, participation, MarkLevel.SELF)) for assessment in assessments
    ]
    return workbook.Page(
        title=_("How to fill it"),
        heading=_("Offline kit of the self-assessment"),
        facts=[
            (_("Executive agency"), f"{agency.name} ({agency.code})"),
            (_("Cycle"), str(cycle)),
            *((_("Entry of “%(dimension)s”") % {"dimension": dimension}, end) for dimension, end in ends),
            (_("Made on"), persian.format_jalali_datetime(timezone.now(), "long")),
            (_("Legal basis"), legal_basis()),
        ],
        steps_title=_("How to fill it"),
        steps=[*agency_steps(), *bringing_back(Workbook.SELF)],
        legend_title=_("What the colours mean"),
        legend=list(workbook.MEANINGS.items()),
    )


def evaluator_page(cycle, by):
    """The guide (`workbook.Page`) of the kit of a person who scores."""
    entry = ENTRIES[MarkLevel.INITIAL]
    windows = StageWindow.objects.of(cycle, entry.stage)
    return workbook.Page(
        title=_("How to fill it"),
        heading=_("Offline kit of the evaluator"),
        facts=[
            (_("Evaluator"), by.get_full_name() or by.get_username()),
            (_("Cycle"), str(cycle)),
            (_("Entry of scores"), until(latest(windows, "opens_at", "closes_at"))),
            (_("Made on"), persian.format_jalali_datetime(timezone.now(), "long")),
        ],
        steps_title=_("How to fill it"),
        steps=[*evaluator_steps(), *bringing_back(Workbook.SCORES)],
        legend_title=_("What the colours mean"),
        legend=list(workbook.MEANINGS.items()),
    )


# -- until when -----------------------------------------------------------------------------------


def open_until(assessment, participation, level):
    """A sentence: until when this assessment is open at a level, by windows, extensions and its own deadline."""
    entry = ENTRIES[level]
    if assessment.state not in entry.states:
        state = {"state": assessment.get_state_display()}
        return _("Not open any more: it is in the state “%(state)s”.") % state
    cycle, dimension = participation.cycle, assessment.dimension_id
    windows = StageWindow.objects.of(cycle, entry.stage, part=entry.part, dimension=dimension)
    extensions = Extension.objects.filter(
        cycle=cycle, stage=entry.stage, agency=participation.agency_id, dimension__in=[dimension]
    ) | Extension.objects.filter(cycle=cycle, stage=entry.stage, agency=participation.agency_id, dimension=None)
    ends = [
        latest(windows, "opens_at", "closes_at"),
        latest(extensions, "granted_at", "ends_at"),
        assessment.return_deadline if (assessment.return_deadline or timezone.now()) > timezone.now() else None,
    ]
    return until(max(filter(None, ends), default=None))


def latest(rows, start, end):
    """The last end of the rows that are running now, or None."""
    now = timezone.now()
    running = rows.filter(**{f"{start}__lte": now, f"{end}__gt": now})
    return running.order_by(f"-{end}").values_list(end, flat=True).first()


def until(end):
    """The day on which an end falls, in words. Windows close at midnight, so the moment before names the day."""
    if end is None:
        return _("The window is not open now.")
    return _("Open until the end of %(day)s") % {"day": persian.format_jalali(end - LAST_MOMENT, "long")}


# -- words ----------------------------------------------------------------------------------------


def legal_basis():
    """The legal basis in the agencies' commitments (service level agreement of Qom) and the first of their duties."""
    return _(
        "Articles 81 and 82 of the Civil Service Management Law and clauses (a) and (b) of article 3 of "
        "their bylaw. By the commitments that you have accepted, evidence is given only through the system."
    )


def agency_steps():
    """How an agency fills its kit."""
    return [
        _("Fill only the coloured cells; the grey cells are for reading and are not imported."),
        _(
            "Single figure: write the actual performance. Ratio: write numerator and denominator. Growth and "
            "reduction: write this year's figure as numerator and last year's as denominator. The percent is computed."
        ),
        _("Qualitative: enter the number of the option reached, from the column of options, as actual performance."),
        _("The score is computed when you upload; it can be typed only where its cell is open."),
        _("A row that you leave empty stays as it is. A figure that you clear is cleared in the system too."),
        _("Evidence is attached in the system, on the page of lines; this workbook carries no files."),
    ]


def evaluator_steps():
    """How an evaluator fills the kit."""
    return [
        _("Fill only the coloured cells; the grey cells are for reading and are not imported."),
        _("Write the actual performance that you confirm; the score is computed from it when you upload."),
        _("A score that you type instead of the computed one needs its reason in the comment."),
        _("A row that you leave empty stays as it is. A figure that you clear is cleared in the system too."),
        _("View the evidence files in the system, on the page of lines; here only their number is shown."),
    ]


def bringing_back(name):
    """How a kit is uploaded by this workbook."""
    return [
        _("Save it as an Excel workbook (.xlsx) and upload it on the page “Imports” as “%(workbook)s”.")
        % {"workbook": name.label},
        _(
            "The trial run shows what would change and what is wrong, and writes nothing. When it is right, confirm "
            "it. You may upload as often as you like while the window is open."
        ),
        _("A row that somebody has changed in the system meanwhile is not overwritten: both values are shown."),
    ]
