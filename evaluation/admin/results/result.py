"""Results: from the computation through the gates to the publication, with the ranking page beside."""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from evaluation.enums import LevelSource, ResultState, Role, Stage
from evaluation.models import Cycle, Publication, ResultSet
from evaluation.process.results import level, result
from evaluation.reports import figures, publication
from evaluation.reports.comparing.source import reads_all
from evaluation.rules import end, scopes, stages
from evaluation.rules.permissions import holds
from evaluation.templatetags.files import file_link

from ..base import BaseAdmin, ReadOnlyInline, ReadOnlyMixin
from ..display import EMPTY, column, digits, latin, state_column
from ..filters import CountedChoicesFilter, JalaliPeriodFilter, ScopedRelatedFilter
from ..imports.workbooks import WorkbookButtonsMixin, workbook_rows
from ..verbs.verb import Verb, VerbsMixin
from . import council_forms
from .comparing import ComparingMixin
from .ranking import RankingMixin
from .result_forms import ErratumForm, LevelsForm, correct, level_rows, publish, write_levels
from .verify import VerifyMixin


def takes_levels(result_set):
    open_states = (ResultState.COMPUTED, ResultState.APPROVED)
    return result_set.state in open_states and result_set.cycle.level_source == LevelSource.RECEIVED


def is_unsent(result_set):
    """Whether the council has no letter of the present figures yet."""
    return result_set.computed_at is None or not end.council_letters(result_set).exists()


class PublicationInline(ReadOnlyInline):
    model = Publication
    show_title = False
    fields = ("kind", "shown_edition", "made", "fingerprint", "made_by", "made_at")
    readonly_fields = fields

    @column(gettext_lazy("edition"))
    def shown_edition(self, obj):
        return digits(obj.edition)

    @column(gettext_lazy("file"))
    def made(self, obj):
        return file_link(obj.file) or EMPTY

    @column(gettext_lazy("integrity code"))
    def fingerprint(self, obj):
        return latin(obj.sha256)


@admin.register(ResultSet)
class ResultSetAdmin(
    WorkbookButtonsMixin, VerifyMixin, RankingMixin, ComparingMixin, VerbsMixin, ReadOnlyMixin, BaseAdmin
):
    state = "state"
    workbooks = ("levels",)
    change_form_outer_before_template = "admin/evaluation/results/top.html"
    select_related = ("cycle__province", "council_session__committee", "report")
    list_display = (
        "cycle",
        "shown_number",
        state_column(gettext_lazy("state")),
        "table",
        "computed_at",
        "published_at",
    )
    list_filter = (("state", CountedChoicesFilter), ("cycle", ScopedRelatedFilter), ("computed_at", JalaliPeriodFilter))
    search_fields = ("cycle__title",)
    inlines = (PublicationInline,)
    fieldsets = (
        (None, {"fields": ("cycle", "shown_number", "computed_by", "rule_version")}),
        (gettext_lazy("Approval steps"), {"fields": ("council_session", "report")}),
        (gettext_lazy("Announcement and publication"), {"fields": ("announced_by", "published_by")}),
    )
    readonly_fields = ("shown_number",)
    verbs = (
        Verb(
            "dispatch",
            council_forms.dispatch,
            form=council_forms.DispatchForm,
            offered=is_unsent,
            icon="forward_to_inbox",
        ),
        Verb("approve", council_forms.approve, form=council_forms.SessionForm, icon="gavel"),
        Verb("record_report", result.record_report, icon="outgoing_mail"),
        Verb(
            "set_levels",
            write_levels,
            form=LevelsForm,
            label=gettext_lazy("Enter the levels received"),
            icon="stairs",
            transition=False,
            codename="level_resultset",
            party=Role.NATIONAL,
            offered=takes_levels,
            sentence=gettext_lazy("One level per agency, as stated in the letter from the national organization."),
        ),
        Verb("record_levels", level.record_levels, icon="fact_check"),
        Verb("compute", result.compute, icon="calculate", batch=True),
        Verb(
            "announce",
            result.announce,
            icon="campaign",
            batch=True,
            sentence=gettext_lazy("Each agency and its headquarters will see their own figures, rank and level."),
        ),
        Verb(
            "publish",
            publish,
            icon="public",
            batch=True,
            sentence=gettext_lazy(
                "All users can see the figures of all agencies; workbook, book and disc are made and stored. This "
                "cannot be undone; published results are corrected by an erratum."
            ),
        ),
        Verb("correct", correct, form=ErratumForm, icon="published_with_changes", tone="plain"),
        Verb("return_", council_forms.return_, form=council_forms.ReturnForm, icon="undo"),
        Verb("void", result.void, icon="delete_history"),
    )

    @column(gettext_lazy("number"), ordering="number")
    def shown_number(self, obj):
        return digits(obj.number)

    @column(gettext_lazy("ranking"))
    def table(self, obj):
        return EMPTY if obj.computed_at is None else ranking_link(obj)

    def about(self, request, obj):
        context, makes = super().about(request, obj), self.makes(request, obj)
        return context | {
            "steps": figures.steps(obj),
            "computed": obj.computed_at is not None,
            "ranking_url": self.url_of("ranking", obj),
            "makes": makes,
            "compare_url": self.compare_url(obj) if makes and reads_all(obj, request.user) else "",
            "snapshot": self.snapshot_of(request, obj),
        }

    # -- preparing --------------------------------------------------------------------------------

    def has_add_permission(self, request):
        return holds(request.user, "compute_resultset")

    def add_view(self, request, form_url="", extra_context=None):
        """Choose the cycle; POST prepares its result set, or leads to the one that stands."""
        if not self.has_add_permission(request):
            raise PermissionDenied("compute_resultset")
        self.read_once(request)
        cycles = [cycle for cycle in countable_cycles(request.user) if holds(request.user, "compute_resultset", cycle)]
        if request.method == "POST":
            return self.prepare(request, cycles)
        result_sets = standing_of(cycles)
        unprepared = [cycle for cycle in cycles if cycle.pk not in result_sets]
        reasons = stages.unconfirmed_of(unprepared) if unprepared else {}
        offers = [
            {"cycle": cycle, "standing": result_sets.get(cycle.pk), "reasons": reasons.get(cycle.pk)}
            for cycle in cycles
        ]
        context = {**self.admin_site.each_context(request), "opts": self.opts, "title": _("Prepare results")}
        return TemplateResponse(request, "admin/evaluation/results/prepare.html", context | {"offers": offers})

    def prepare(self, request, cycles):
        chosen = next((cycle for cycle in cycles if str(cycle.pk) == request.POST.get("cycle")), None)
        if chosen is None:
            messages.error(request, _("Choose one of your cycles."))
            return HttpResponseRedirect(request.path)
        result_set = result.prepare(chosen, by=request.user)
        return HttpResponseRedirect(self.page_of(result_set))

    # -- the page of levels, the files made from the figures ---------------------------------------

    def dialog(self, request, verb, obj, form, reasons):
        """Levels need a whole page: one row for each agency."""
        response = super().dialog(request, verb, obj, form, reasons)
        if verb.name != "set_levels":
            return response
        if request.method == "GET" and "HX-Request" in request.headers:
            return HttpResponse(headers={"HX-Redirect": request.get_full_path()})
        response.template_name = "admin/evaluation/results/levels.html"
        buttons = workbook_rows(request.user, obj.cycle, self.workbooks)
        response.context_data |= {"workbook_buttons": buttons, "workbook_cycle": obj.cycle}
        response.context_data |= {"fragment": False, "original": obj, "rows": level_rows(obj, form)}
        return response

    def get_urls(self):
        view = self.admin_site.admin_view(self.make_view)
        name = f"{self.opts.app_label}_{self.opts.model_name}_make"
        return [path("<path:object_id>/make/<slug:kind>/", view, name=name), *super().get_urls()]

    def url_of(self, name, obj, *args):
        return reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_{name}", args=[obj.pk, *args])

    def makes(self, request, obj):
        if obj.computed_at is None or not holds(request.user, "export_resultset", obj):
            return []
        return [{"label": label, "url": self.url_of("make", obj, kind)} for kind, label in publication.LABELS.items()]

    def make_view(self, request, object_id, kind):
        """Workbook, book, disc or final report from the present figures, over the rows that the person may see."""
        obj = self.visible_row(request, object_id)
        if kind not in publication.LABELS or obj.computed_at is None:
            raise Http404
        if not holds(request.user, "export_resultset", obj):
            raise PermissionDenied("export_resultset")
        name, content = publication.make(kind, obj, user=request.user)
        response = HttpResponse(content, content_type=publication.content_type(name))
        response["Content-Disposition"] = f'attachment; filename="{name}"'
        return response


def countable_cycles(user):
    stages_of_figures = [Stage.CONFIRMATION, Stage.RANKING, Stage.FESTIVAL]
    cycles = list(Cycle.objects.visible_to(user).filter(stage__in=stages_of_figures).select_related("province"))
    for cycle in cycles:
        scopes.seen(user, cycle)
    return cycles


def standing_of(cycles):
    """{key of a cycle: its latest result set that is not void}."""
    result_sets = ResultSet.objects.filter(cycle__in=cycles).exclude(state=ResultState.VOID)
    return {result_set.cycle_id: result_set for result_set in result_sets.order_by("number")}


def ranking_link(result_set):
    url = reverse("admin:evaluation_resultset_ranking", args=[result_set.pk])
    return format_html('<a class="ev-link" href="{}">{}</a>', url, _("ranking"))
