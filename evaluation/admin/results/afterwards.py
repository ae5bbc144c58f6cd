"""What follows results: remarks of the council with their answers, and errata."""

from django.contrib import admin
from django.template.defaultfilters import linebreaksbr
from django.utils.translation import gettext_lazy as _

from evaluation.models import Correction, CouncilRemark, Erratum
from evaluation.process.results import remark
from evaluation.reports import editions

from ..base import BaseAdmin, ReadOnlyInline, ReadOnlyMixin
from ..display import EMPTY, column, digits, link, score
from ..filters import CountedChoicesFilter, ScopedRelatedFilter
from ..forms import PersianDecimalField
from ..verbs.dialogs import VerbForm
from ..verbs.verb import Verb, VerbsMixin


class ScoreForm(VerbForm):
    score = PersianDecimalField(label=_("score"), max_digits=14, decimal_places=6)


def is_waiting(remark):
    return not remark.answer


def remark_facts(remark):
    """What a remark is about, above the dialogs that answer it: its text, the line with its standing score."""
    facts = [(_("executive agency"), remark.participation.agency)]
    if line := remark.line:
        facts += [
            (_("indicator"), line.indicator),
            (_("maximum points"), score(line.maximum)),
            (_("present score"), score(line.standing_score)),
        ]
    return [*facts, (_("what is objected to"), linebreaksbr(remark.text))]


@admin.register(CouncilRemark)
class CouncilRemarkAdmin(VerbsMixin, ReadOnlyMixin, BaseAdmin):
    has_log = True
    verbs = (
        Verb(
            "change",
            remark.change,
            form=ScoreForm,
            label=_("Change the score"),
            transition=False,
            codename="answer_councilremark",
            offered=lambda row: is_waiting(row) and row.line_id is not None,
            icon="edit",
            details=remark_facts,
            sentence=_("The line gets this score with the reason; its file is then confirmed again."),
        ),
        Verb(
            "uphold",
            remark.uphold,
            label=_("Uphold the score"),
            transition=False,
            codename="answer_councilremark",
            offered=is_waiting,
            icon="verified",
            details=remark_facts,
            tone="plain",
            sentence=_("The score stays, and the council reads the reason."),
        ),
    )
    select_related = (
        "result_set__cycle__province",
        "participation__agency",
        "line__indicator",
        "line__assessment__participation__agency",
        "session__committee",
        "answered_by",
    )
    list_display = ("agency", "indicator", "text", "answer_shown", "result_set")
    list_filter = (("answer", CountedChoicesFilter), ("result_set", ScopedRelatedFilter))
    search_fields = ("participation__agency__name", "text")
    fields = ("result_set", "session", "agency", "indicator", "text", "answer_shown", "reason")
    fields += (("answered_by", "answered_at"),)
    readonly_fields = ("agency", "indicator", "answer_shown")

    @column(_("executive agency"), ordering="participation__agency__name")
    def agency(self, obj):
        return obj.participation.agency

    @column(_("indicator"))
    def indicator(self, obj):
        return obj.line.indicator if obj.line else EMPTY

    @column(_("answer"), ordering="answer")
    def answer_shown(self, obj):
        return obj.get_answer_display() or _("waits for an answer")


class CorrectionInline(ReadOnlyInline):
    model = Correction
    show_title = False
    select_related = ("line__indicator", "line__assessment__participation__agency")
    fields = ("agency", "indicator", "before", "after")
    readonly_fields = fields

    @column(_("executive agency"))
    def agency(self, obj):
        return obj.line.assessment.participation.agency

    @column(_("indicator"))
    def indicator(self, obj):
        return obj.line.indicator

    @column(_("published score"))
    def before(self, obj):
        return score(obj.old_score)

    @column(_("corrected score"))
    def after(self, obj):
        return score(obj.new_score)


@admin.register(Erratum)
class ErratumAdmin(ReadOnlyMixin, BaseAdmin):
    select_related = ("result_set__cycle__province",)
    list_display = ("shown_edition", "results", "reason", "at")
    list_filter = (("result_set", ScopedRelatedFilter),)
    fields = ("results", "shown_edition", "reason", "at")
    readonly_fields = ("results", "shown_edition")
    inlines = (CorrectionInline,)
    change_form_outer_after_template = "admin/evaluation/results/erratum.html"

    def about(self, request, obj):
        """The figures of both editions were published, so whoever reads the erratum reads them."""
        return super().about(request, obj) | {"report": editions.report(obj)}

    @column(_("edition"), ordering="edition")
    def shown_edition(self, obj):
        return digits(obj.edition)

    @column(_("result set"))
    def results(self, obj):
        return link(obj.result_set)
