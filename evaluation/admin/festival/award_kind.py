"""Kinds of award: what staff edit, and what the public examples of other provinces are."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from evaluation.enums import FestivalState
from evaluation.models import AwardKind

from ..base import BaseAdmin, RefusableForm
from ..display import EMPTY, column, digits, source
from ..filters import CountedChoicesFilter
from ..verbs.shared_rows import CopiedRowsMixin


class AwardKindForm(RefusableForm):
    """Topics belong to what is looked for by topic."""

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("within") == "topic" and not cleaned.get("topics", "").strip():
            self.add_error("topics", _("Write the topics, one on each line."))
        return cleaned


@admin.register(AwardKind)
class AwardKindAdmin(CopiedRowsMixin, BaseAdmin):
    form = AwardKindForm
    list_display = ("title", "scheme", "recipient", "within", "shown_measures", "shown_in_each", "shown_in_all")
    list_filter = (("recipient", CountedChoicesFilter), ("within", CountedChoicesFilter))
    search_fields = ("title", "scheme", "code")
    fields = (
        "province",
        ("code", "order"),
        "scheme",
        "title",
        ("recipient", "within"),
        ("measure", "or_measure"),
        "topics",
        ("from_agencies", "from_governor"),
        ("in_each", "in_all"),
        ("reserve", "team_size"),
        "once",
        "source",
    )

    def is_open(self, obj):
        """What a kind says is fixed once a committee has candidates by it."""
        return not obj.festivals.filter(state__in=FestivalState.settled()).exists()

    @column(_("highest"), "measure")
    def shown_measures(self, kind):
        return " · ".join(str(measure.label) for measure in kind.measures) or EMPTY

    @column(_("awards in each part"), "in_each")
    def shown_in_each(self, kind):
        return EMPTY if kind.in_each is None else digits(kind.in_each)

    @column(_("awards in all"), "in_all")
    def shown_in_all(self, kind):
        return EMPTY if kind.in_all is None else digits(kind.in_all)

    @column(_("source"), "source")
    def shown_source(self, kind):
        return source(kind.source)
