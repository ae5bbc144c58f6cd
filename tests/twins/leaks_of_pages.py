"""Leaks that are opened on purpose: in addresses, in sums and counts, in columns, names, files and dates."""

from django.contrib.admin.views.autocomplete import AutocompleteJsonView
from django.contrib.admin.views.main import ChangeList
from django.db.models import Count, Q
from django.urls import reverse

from evaluation.admin import base, filters, lookups, scoped
from evaluation.admin.assessing import assessment as assessment_page
from evaluation.admin.assessing import line as line_page
from evaluation.admin.assessing import lines_context, lines_view, transfer
from evaluation.admin.files import FilesMixin
from evaluation.admin.results import agency_result, ranking
from evaluation.admin.year import calendar_page
from evaluation.enums import AssessmentState, MarkLevel, Role
from evaluation.models import Extension, Line, Mark, TransitionLog
from evaluation.reports import access, assessment_lines, readable_figures
from evaluation.resources.downloads import kit_columns
from evaluation.resources.workbooks import lines as lines_workbook
from evaluation.resources.workbooks import plans, scores
from evaluation.rules import open_fields, scopes

from .leaks import EVALUATOR, REPORTER, SECRETARY, STEWARD, also, leak
from .world import ANNOUNCED, COMPUTED, DISCLOSED, FILLED, SCORED, SUBMITTED

# -- what an address may ask for -----------------------------------------------------------------------


@leak("every column is a filter", SCORED, REPORTER)
def _(patch):
    patch.setattr(lookups.OfferedLookupsMixin, "get_changelist", lambda self, request, **more: ChangeList)
    patch.setattr(lookups.OfferedLookupsMixin, "lookup_allowed", lambda self, lookup, value, request=None: True)


@leak("a filter by halving", COMPUTED, SECRETARY, tables="agencyresult")
def _(patch):
    patch.setattr(lookups, "offered_lookups", plus(lookups.offered_lookups, "rank", "rank__gte"))


@leak("a filter by the comment's first letters", SCORED, REPORTER)
def _(patch):
    patch.setattr(
        lookups, "offered_lookups", plus(lookups.offered_lookups, "initial_note__startswith", "initial_score__isnull")
    )


def plus(plain, *names):
    return lambda model_admin, request: plain(model_admin, request) | dict.fromkeys(names, False)


@leak("filters offer rows that the person may not see", SUBMITTED, REPORTER)
def _(patch):
    patch.setattr(
        filters.ScopedRelatedFilter,
        "field_choices",
        lambda self, field, request, model_admin: field.get_choices(include_blank=False),
    )


@leak("filters count all rows", SUBMITTED, REPORTER, tables="assessment objection")
def _(patch):
    plain = filters.CountedChoicesFilter.__init__

    def counted(self, field, request, params, model, model_admin, field_path):
        plain(self, field, request, params, model, model_admin, field_path)
        self.counts = dict(model._base_manager.order_by().values_list(field_path).annotate(rows=Count("pk")))

    patch.setattr(filters.CountedChoicesFilter, "__init__", counted)


@leak("Ctrl+K finds every row", FILLED, REPORTER, tables="plain")
def _(patch):
    plain = base.ScopedMixin.readable_rows

    def wider(self, request):
        found = request.path == reverse("admin:search")
        return self.model._default_manager.all() if found else plain(self, request)

    patch.setattr(base.ScopedMixin, "readable_rows", wider)


@leak("autocomplete offers every row", FILLED, "lead", REPORTER, tables="plain line")
def _(patch):
    patch.setattr(AutocompleteJsonView, "has_perm", lambda self, request, obj=None: True)
    patch.setattr(
        AutocompleteJsonView, "get_queryset", lambda self: self.model_admin.model._default_manager.order_by("pk")
    )


@leak("a form offers every row", FILLED, "foreign_manager", tables="visit hearing target")
def _(patch):
    patch.setattr(scoped, "related_rows", lambda model, request: model._default_manager.all())


@leak("a list is ordered by what it hides", COMPUTED, SECRETARY, tables="agencyresult")
def _(patch):
    patch.setattr(agency_result.AgencyResultAdmin, "ordering", ("result_set", "dimension__order", "-rank"))


@leak("a list searches in comments that it hides", SCORED, REPORTER)
def _(patch):
    patch.setattr(line_page.LineAdmin, "search_fields", ("indicator__code", "initial_note", "marks__by__first_name"))


# -- sums and counts ------------------------------------------------------------------------------------


@leak("totals over lines that are not read", SCORED, STEWARD)
def _(patch):
    patch.setattr(readable_figures, "whole_files", lambda user, among: ~Q(pk=None))


@leak("an agency is told how many lines are scored", SCORED, REPORTER)
def _(patch):
    patch.setattr(lines_context, "progress_of", lambda table: table.counted)


@leak("a list shows the scorers' progress to everybody", SCORED, REPORTER)
def _(patch):
    patch.setattr(
        assessment_page.AssessmentAdmin,
        "done",
        lambda self, obj: str(Line.objects.filter(assessment=obj).exclude(initial_score=None).count()),
    )


@leak("a filter of the page of lines tells which are scored", SCORED, REPORTER)
def _(patch):
    patch.setattr(assessment_lines, "may_filter", lambda show, levels: show in assessment_lines.LINE_FILTERS)


@leak("the progress of axes is over all agencies", ANNOUNCED, REPORTER, tables="resultset")
def _(patch):
    plain = ranking.figures.axis_rows_of
    patch.setattr(
        ranking.figures, "axis_rows_of", lambda content, names, results, user: plain(content, names, results, None)
    )


@leak("the ranking lists all agencies", ANNOUNCED, REPORTER, tables="resultset")
def _(patch):
    plain = ranking.figures.ranking_of
    patch.setattr(
        ranking.figures, "ranking_of", lambda content, names, results, user: plain(content, names, results, None)
    )


@leak("the page of lines adds up levels that are hidden", SCORED, REPORTER)
def _(patch):
    plain = access.access

    def wider(assessment, user, behalf=None):
        rights = plain(assessment, user, behalf)
        rights.levels = [*rights.levels, MarkLevel.INITIAL]
        return rights

    patch.setattr(lines_view, "access", wider)


# -- columns and names -----------------------------------------------------------------------------------


@leak("initial figures are read before the disclosure", SCORED, REPORTER)
def _(patch):
    wider(patch, AssessmentState, "disclosed_or_after", lambda cls: tuple(cls))


def wider(patch, enum, name, states):
    patch.setattr(enum, name, classmethod(states))


@leak("final figures are read before the announcement", COMPUTED, REPORTER)
def _(patch):
    patch.setattr(open_fields, "final_is_announced", lambda assessment: True)


@leak("the headquarters' figures are read while it checks", SUBMITTED, REPORTER)
def _(patch):
    plain = open_fields.readable_levels
    patch.setattr(access, "readable_levels", lambda user, file: sorted({*plain(user, file), MarkLevel.HQ}))


@leak("agencies read who scored", DISCLOSED, REPORTER)
def _(patch):
    for module in (open_fields, base, line_page, access, assessment_page):
        patch.setattr(module, "sees_evaluators", lambda user, agency=None: True)


@leak("the log shows names to everybody", DISCLOSED, REPORTER)
def _(patch):
    patch.setattr(base, "sees_evaluators", lambda user, agency=None: True)


@leak("the facts name who finished the scoring", SCORED, REPORTER)
def _(patch):
    patch.setattr(assessment_page.AssessmentAdmin, "scored", lambda self, obj: str(obj.scored_by_id))
    patch.setattr(assessment_page.AssessmentAdmin, "received", lambda self, obj: str(last_mark(obj)))


def last_mark(obj):
    """The moment at which somebody last wrote into the file."""
    return Mark.objects.filter(line__assessment=obj).order_by("-at").values_list("at", flat=True).first()


@leak("a list shows everybody the columns of staff", SCORED, REPORTER)
def _(patch):
    plain = line_page.LineAdmin.get_list_display
    patch.setattr(
        line_page.LineAdmin, "get_list_display", lambda self, request: [*plain(self, request), "initial_score"]
    )


# -- files and dates ---------------------------------------------------------------------------------------


@leak("the workbook of scores holds all lines", SCORED, EVALUATOR, tables="plain")
def _(patch):
    all_lines(patch)


@leak("an evaluator's kit holds the lines of others", SCORED, STEWARD, tables="plain")
def _(patch):
    all_lines(patch)
    patch.setattr(kit_columns.EvaluatorKit, "chosen", lambda self, lines: list(lines))


def all_lines(patch):
    """Workbooks of scores hold every line of their agencies."""
    patch.setattr(
        lines_workbook.LineWorkbook,
        "visible_rows",
        lambda self, assessments: Line.objects.filter(assessment__in=assessments.values()).order_by(),
    )
    patch.setattr(scores, "writer_of", lambda user, assessments, level: lambda line: True)


@leak(
    "a file goes out to whoever knows its address", SUBMITTED, "headquarters_a", "observer", tables="evidence transfer"
)
def _(patch):
    patch.setattr(
        FilesMixin, "visible_row", lambda self, request, key: self.model._base_manager.get(pk=key), raising=False
    )
    patch.setattr(base.BaseAdmin, "visible_row", lambda self, request, key: self.model._base_manager.get(pk=key))


@leak("an extension of another agency shows in the calendar", SUBMITTED, "headquarters_a", REPORTER, tables="cycle")
def _(patch):
    patch.setattr(calendar_page, "Extension", Unscoped(Extension))


@leak("the count of another agency's items", SCORED, REPORTER, tables="transfer")
def _(patch):
    def add_figures(self, request, rows):
        for row in rows:
            row.items_seen = row.items_travelling = row.items.count()

    patch.setattr(transfer.TransferAdmin, "add_figures", add_figures)


@leak("the number of the log's rows", SUBMITTED, REPORTER, tables="assessment")
def _(patch):
    patch.setattr(base, "timeline", lambda obj, user: [{"label": str(TransitionLog.objects.count()), "at": None}])


@leak("a version that counts hidden entries", SCORED, REPORTER)
def _(patch):
    patch.setattr(line_page.LineAdmin, "points", lambda self, line: f"{line.version}" if line.pk else "", raising=False)
    patch.setattr(line_page.LineAdmin, "list_editable", (), raising=False)


@leak("the version of a row counts the entries of later levels", FILLED, REPORTER)
def _(patch):
    patch.setattr(lines_context, "version_at", lambda line, level: str(line.version))


@leak("the template of plans holds what a steward's lines lost", ANNOUNCED, "agency_steward", tables="plain")
def _(patch):
    patch.setattr(plans, "READS_FINAL", None)


@leak("an agency sees every improvement plan", ANNOUNCED, REPORTER, tables="improvementplan")
def _(patch):
    also(patch, Role.AGENCY, "improvementplan", lambda membership: scopes.ALL)


@leak("an agency reads the tickets of others", FILLED, REPORTER, tables="ticket")
def _(patch):
    also(patch, Role.AGENCY, "ticket", lambda membership: scopes.ALL)


class Unscoped:
    """A model whose rows are all visible."""

    def __init__(self, model):
        self.objects = self
        self.visible_to = lambda user: model._default_manager.all()
