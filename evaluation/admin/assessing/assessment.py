"""Assessments: the list with its totals, the facts and steps of one, and the way to its lines."""

from django.contrib import admin
from django.contrib.admin.views.main import ORDER_VAR
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backoffice.row_addresses import row_address
from evaluation.enums import AssessmentState as State
from evaluation.models import Assessment
from evaluation.persian import shown_end
from evaluation.process import door
from evaluation.process.assessing import assessment, many_files
from evaluation.process.results import reopening
from evaluation.reports import assessment_lines, report_pdf
from evaluation.reports.readable_figures import sortable_by_totals, totals_of
from evaluation.rules.open_fields import reads_all_levels, sees_evaluators
from evaluation.rules.state_words import point_of_view

from ..base import BaseAdmin, ReadOnlyMixin
from ..display import column, jalali, progress, score_column, state_column
from ..filters import CountedChoicesFilter, ScopedRelatedFilter
from ..forms import JalaliEndField
from ..verbs.behalf import BehalfMixin, letter_in, lines_url
from ..verbs.dialogs import VerbForm
from ..verbs.verb import Verb, VerbsMixin
from ..wide_lists import WideNationMixin
from ..year.extension import ASK
from .lines_context import shown_levels
from .lines_view import LinesMixin
from .objection import InPlaceMixin
from .transfer_prepare import TransferActionsMixin


class DeadlineForm(VerbForm):
    deadline = JalaliEndField(
        label=gettext_lazy("own deadline after a return"),
        required=False,
        help_text=gettext_lazy(
            "The date until which the agency may correct its self-assessment. If empty, the present window counts."
        ),
    )


LISTS = ("evaluation_assessment_changelist", "evaluation_assessment_export")


def is_sorted(request):
    """Whether the list, or its file, is asked for in the order of chosen columns, of which totals may be one."""
    match = request.resolver_match
    return match is not None and match.url_name in LISTS and ORDER_VAR in request.GET


def submit(obj, *, by, on_behalf=None, note=""):
    """The verb, with the report that it freezes; what is missing is found before the report is set."""
    if reasons := door.why_not(obj, "submit"):
        raise door.Refusal(*reasons)
    report = report_pdf.self_assessment(obj)
    return assessment.submit(obj, by=by, on_behalf=on_behalf, note=note, report=report)


@admin.register(Assessment)
class AssessmentAdmin(
    LinesMixin, InPlaceMixin, BehalfMixin, TransferActionsMixin, ReadOnlyMixin, VerbsMixin, WideNationMixin, BaseAdmin
):
    by_key = ("-pk",)
    row_is_plain = True  # totals are of the list alone
    state = "state"
    verbs = (
        Verb("submit", submit, icon="send"),
        Verb("approve", assessment.approve, icon="task_alt", batch=True, together=many_files.approve),
        Verb("return_", assessment.return_, form=DeadlineForm, icon="undo"),
        Verb("open_scoring", assessment.open_scoring, icon="edit_note", batch=True, together=many_files.open_scoring),
        Verb(
            "finish_scoring",
            assessment.finish_scoring,
            icon="done_all",
            batch=True,
            together=many_files.finish_scoring,
        ),
        Verb("disclose", assessment.disclose, icon="visibility", batch=True, together=many_files.disclose),
        Verb("confirm", assessment.confirm, icon="verified", batch=True, together=many_files.confirm),
        Verb("send_back", assessment.send_back, form=DeadlineForm, icon="undo"),
        Verb("reopen", reopening.reopen, icon="lock_open"),
        Verb(
            "mark_absent",
            assessment.mark_absent,
            tone="danger",
            icon="person_off",
            batch=True,
            together=many_files.mark_absent,
        ),
        Verb("withdraw", assessment.withdraw, icon="logout"),
        Verb("bring_back", reopening.bring_back, form=DeadlineForm, icon="login"),
        ASK,
    )
    list_filter = (
        ("participation__cycle", ScopedRelatedFilter),
        ("state", CountedChoicesFilter),
        ("dimension", ScopedRelatedFilter),
        ("participation__peer_group", ScopedRelatedFilter),
    )
    search_fields = ("participation__agency__name", "participation__agency__code")
    select_related = ("participation__agency__headquarters", "participation__cycle", "participation__peer_group",
                      "dimension")  # fmt: skip
    list_display_links = None
    change_form_outer_before_template = "admin/evaluation/assessing/assessment/before.html"
    fields = ("agency", "cycle", "dimension", "peer_group", "headquarters", "return_reason", "deadline", "report_file",
              "report_sha256", "submitted", "approved", "received", "scored", "disclosed", "confirmed")  # fmt: skip
    readonly_fields = fields

    def get_queryset(self, request):
        queryset = super().get_queryset(request)
        return sortable_by_totals(queryset, request.user) if is_sorted(request) else queryset

    def add_figures(self, request, rows):
        totals = totals_of(rows, request.user)
        for row in rows:
            vars(row).update(totals[row.pk])

    def get_list_display(self, request):
        scores = sees_evaluators(request.user)
        own = [
            "lines_link",
            "dimension",
            state_column(_("state"), reader=point_of_view(request.user)),
            "done",
            score_column(_("self-assessment"), "self_total"),
        ]
        if scores:
            own.append(score_column(_("headquarters"), "hq_total"))
            own.append(score_column(_("initial"), "initial_total"))
        if reads_all_levels(request.user):
            own.append(score_column(_("final"), "final_total"))
        return self.with_year(request, [*own, "facts"])

    def about(self, request, obj):
        return super().about(request, obj) | self.summary(request, obj)

    def summary(self, request, obj):
        """The totals of the levels that this person may read, as the page of lines shows them."""
        rights = self.access_to(request, obj)
        table = assessment_lines.lines_table(obj, request.user, rights)
        levels = [*shown_levels(table, None)]
        return {
            "table": table,
            "assessment": obj,
            "totals": [total for total in table.totals if total.level in levels],
            "scaled": any(total.scaled is not None for total in table.totals),
            "lines_url": lines_url(obj),
            "behalf": letter_in(request, obj),
        }

    def page_of(self, obj):
        return lines_url(obj)

    # -- columns and facts ------------------------------------------------------------------------

    @column(gettext_lazy("executive agency"), "participation__agency__name")
    def lines_link(self, obj):
        return format_html('<a class="ev-link" href="{}">{}</a>', lines_url(obj), obj.participation.agency)

    @column(gettext_lazy("lines done"))
    def done(self, obj):
        """The same figures as on the page of its lines; agencies do not see how far the scoring is."""
        if obj.state in State.before_receipt() or not obj.line_count:
            return progress(obj.filled_count, obj.own_count)
        return progress(obj.scored_count, obj.line_count)

    @column(gettext_lazy("facts and history"), exported=False)
    def facts(self, obj):
        url = row_address("admin:evaluation_assessment_change", obj.pk)
        return format_html('<a class="ev-link" href="{}">{}</a>', url, _("Facts and history"))

    @column(gettext_lazy("executive agency"))
    def agency(self, obj):
        return obj.participation.agency

    @column(gettext_lazy("cycle"))
    def cycle(self, obj):
        return obj.participation.cycle

    @column(gettext_lazy("peer group"))
    def peer_group(self, obj):
        return obj.participation.peer_group or "—"

    @column(gettext_lazy("agency headquarters"))
    def headquarters(self, obj):
        return obj.participation.agency.headquarters or "—"

    @column(gettext_lazy("own deadline after a return"))
    def deadline(self, obj):
        return jalali(obj.return_deadline and shown_end(obj.return_deadline))

    @column(gettext_lazy("submitted at"))
    def submitted(self, obj):
        return jalali(obj.submitted_at)

    @column(gettext_lazy("approved at"))
    def approved(self, obj):
        return jalali(obj.approved_at)

    @column(gettext_lazy("received at"))
    def received(self, obj):
        return jalali(obj.received_at)

    @column(gettext_lazy("scored at"))
    def scored(self, obj):
        return jalali(obj.scored_at)

    @column(gettext_lazy("disclosed at"))
    def disclosed(self, obj):
        return jalali(obj.disclosed_at)

    @column(gettext_lazy("confirmed at"))
    def confirmed(self, obj):
        return jalali(obj.confirmed_at)
