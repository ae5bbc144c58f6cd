"""The box before each row of a list, by which rows are chosen for a verb."""

from functools import cache

from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.utils.html import conditional_escape
from django.utils.safestring import mark_safe
from django.utils.translation import get_language
from unfold.admin import ModelAdmin, checkbox
from unfold.decorators import display

SAMPLE = "key-of-the-row"


class RowBoxMixin:
    """Needs a `ModelAdmin` of Unfold behind it. Adds its box of each row, which is drawn once for each language."""

    @display(description=ModelAdmin.action_checkbox.short_description)
    def action_checkbox(self, row):
        before, after = _around_key(get_language())
        return mark_safe(f"{before}{conditional_escape(row.pk)}{after}")


@cache
def _around_key(_language):
    before, _key, after = checkbox.render(ACTION_CHECKBOX_NAME, SAMPLE).partition(SAMPLE)
    return before, after
