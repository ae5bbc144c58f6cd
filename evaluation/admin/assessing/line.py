"""Lines as a list, the history of one line, exemptions, evidence files."""

from django import forms
from django.contrib import admin
from django.template.response import TemplateResponse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from evaluation.enums import MarkLevel
from evaluation.models import Evidence, Exemption, Line, Mark
from evaluation.process.assessing import assessment
from evaluation.reports import explained
from evaluation.reports.readable_figures import with_readable_scores
from evaluation.rules.open_fields import readable_levels, sees_evaluators
from evaluation.rules.own_files import own_agencies

from .. import labels
from ..base import BaseAdmin, ReadOnlyMixin
from ..display import column, jalali, latin, number, score, score_column
from ..files import file_column
from ..filters import CountedChoicesFilter, JalaliPeriodFilter, ScopedRelatedFilter
from ..imports.workbooks import WorkbookButtonsMixin
from ..verbs.behalf import lines_url
from ..verbs.dialogs import VerbForm
from ..verbs.verb import Verb, VerbsMixin
from ..wide_lists import WideListMixin, shows_a_year_of_one_province


class ExemptionForm(VerbForm):
    document = forms.CharField(label=gettext_lazy("document cited"), required=False, max_length=250)


ON_LINE = ("line__indicator", "line__assessment__participation__agency", "line__assessment__participation__cycle",
           "line__assessment__dimension")  # fmt: skip


@admin.register(Line)
class LineAdmin(WideListMixin, WorkbookButtonsMixin, ReadOnlyMixin, VerbsMixin, BaseAdmin):
    """Figures beyond the embargo are on the page of lines and in the history; the list shows them to staff alone."""

    workbooks = ("self", "received", "scores")
    has_log = True
    verbs = (
        Verb(
            "exempt",
            assessment.exempt,
            form=ExemptionForm,
            transition=False,
            codename="decide_exemption",
            label=pgettext_lazy("verb", "Mark as not applicable"),
            icon="block",
            offered=lambda line: not line.exempt,
            batch=True,
        ),
        Verb(
            "lift_exemption",
            assessment.lift_exemption,
            transition=False,
            codename="decide_exemption",
            label=pgettext_lazy("verb", "Remove the exemption"),
            offered=lambda line: line.exempt,
        ),
    )
    list_filter = (
        ("assessment__participation__cycle", ScopedRelatedFilter),
        ("assessment__dimension", ScopedRelatedFilter),
        ("indicator__axis", ScopedRelatedFilter),
        ("indicator__scorer", CountedChoicesFilter),
        "exempt",
    )
    search_fields = ("indicator__code", "indicator__title", "assessment__participation__agency__name")
    by_key = ("-assessment_id", "indicator_id")
    select_related = ("indicator__axis", "assessment__participation__agency", "assessment__participation__cycle",
                      "assessment__dimension")  # fmt: skip
    list_display_links = ("indicator",)
    fields = ("agency", "indicator", "maximum", "target", "baseline", "exempt", "page")
    readonly_fields = fields

    def get_queryset(self, request):
        return with_readable_scores(super().get_queryset(request), request.user)

    def sorts_few(self, request):
        """The lines of a year are found through its files, in an index alone."""
        return shows_a_year_of_one_province(request, self)

    def get_list_display(self, request):
        own = ["agency", "indicator", "points", "shown_target", "exempt",
               score_column(gettext_lazy("self-assessment: score"), "self_score")]  # fmt: skip
        if sees_evaluators(request.user):
            own.append(score_column(gettext_lazy("headquarters: score"), "read_hq_score"))
            own.append(score_column(gettext_lazy("initial: score"), "read_initial_score"))
        return self.with_year(request, [*own, "page"])

    @column(gettext_lazy("executive agency"), "assessment__participation__agency__name")
    def agency(self, line):
        return line.assessment.participation.agency

    @column(gettext_lazy("maximum points"), "maximum")
    def points(self, line):
        return score(line.maximum)

    @column(gettext_lazy("target"), "target")
    def shown_target(self, line):
        return number(line.target)

    @column(gettext_lazy("page of lines"), exported=False)
    def page(self, line):
        url = f"{lines_url(line.assessment)}#line-{line.pk}"
        return format_html('<a class="ev-link" href="{}">{}</a>', url, _("Open the lines"))

    def history_view(self, request, object_id, extra_context=None):
        """Every mark of a line that this person may read, newest first."""
        line = self.visible_row(request, object_id)
        names = sees_evaluators(request.user, line.assessment.participation.agency_id)
        marks = Mark.objects.filter(line=line, level__in=readable_levels(request.user, line.assessment))
        rows = [
            {
                "mark": mark,
                "by": labels.person(mark.by) if names or mark.level in (MarkLevel.SELF, MarkLevel.HQ) else labels.STAFF,
                "sentences": explained.sentences(mark.explanation),
            }
            for mark in marks.select_related("by", "on_behalf_of")
        ]
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "original": line,
            "title": _("History of the line: %(name)s") % {"name": line},
            "line": line,
            "marks": rows,
        }
        return TemplateResponse(request, "admin/evaluation/assessing/line/history.html", context)


class OnLineMixin(ReadOnlyMixin):
    """For read-only lists of rows that have a `line`. Needs a `BaseAdmin` behind it; adds two columns and their joins:
    `agency`, and `indicator`, a link to the line on its page.
    """

    select_related = ON_LINE

    @column(gettext_lazy("executive agency"), "line__assessment__participation__agency__name")
    def agency(self, row):
        return row.line.assessment.participation.agency

    @column(gettext_lazy("line"), "line__indicator__code")
    def indicator(self, row):
        url = f"{lines_url(row.line.assessment)}#line-{row.line_id}"
        return format_html('<a class="ev-link" href="{}">{}</a>', url, row.line.indicator)


@admin.register(Exemption)
class ExemptionAdmin(OnLineMixin, BaseAdmin):
    list_display = ("agency", "indicator", "reason", "document", "decided")
    list_display_links = ("agency",)
    list_filter = (
        ("line__assessment__participation__cycle", ScopedRelatedFilter),
        ("line__assessment__dimension", ScopedRelatedFilter),
    )
    search_fields = ("line__indicator__code", "line__indicator__title", "line__assessment__participation__agency__name")
    fields = ("agency", "indicator", "reason", "document", "decided")
    readonly_fields = fields

    @column(gettext_lazy("decided at"), "decided_at")
    def decided(self, exemption):
        return jalali(exemption.decided_at)


@admin.register(Evidence)
class EvidenceAdmin(WideListMixin, OnLineMixin, BaseAdmin):
    list_display = ("agency", "indicator", "title", "file_link", "bytes", "uploaded", "removed")
    list_display_links = ("title",)
    list_filter = (
        ("line__assessment__participation__cycle", ScopedRelatedFilter),
        ("line__assessment__dimension", ScopedRelatedFilter),
        ("uploaded_at", JalaliPeriodFilter),
    )
    search_fields = ("title", "line__indicator__code", "line__assessment__participation__agency__name")
    by_key = ("-uploaded_at", "-pk")
    fields = ("agency", "indicator", "title", "file", "bytes", "hash", "uploaded_by", "uploaded", "removed")
    readonly_fields = fields
    file_link = staticmethod(file_column("file"))

    def sorts_few(self, request):
        """Agencies and headquarters see little of the country: by the index of the time, thousands of other files are
        read until fifty of theirs are met. Those of a year are found through its lines, in an index alone.
        """
        return shows_a_year_of_one_province(request, self) or own_agencies(request.user, "pk") is not None

    @column(gettext_lazy("size in bytes"), "size")
    def bytes(self, evidence):
        return number(evidence.size)

    @column(gettext_lazy("integrity code"))
    def hash(self, evidence):
        return latin(evidence.sha256)

    @column(gettext_lazy("uploaded at"), "uploaded_at")
    def uploaded(self, evidence):
        return jalali(evidence.uploaded_at)

    @column(gettext_lazy("removed at"), "removed_at")
    def removed(self, evidence):
        return jalali(evidence.removed_at)
