"""Level schemes with their levels: names and thresholds are data, and none is official."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from evaluation.models import Level, LevelScheme

from ..base import BaseAdmin, BaseTabular
from ..display import column, source
from ..verbs.shared_rows import CopiedRowsMixin


class LevelInline(BaseTabular):
    model = Level
    fields = ("order", "title", "threshold", "effect")


@admin.register(LevelScheme)
class LevelSchemeAdmin(CopiedRowsMixin, BaseAdmin):
    list_display = ("title", "shown_source")
    search_fields = ("title", "code")
    fields = ("province", "code", "title", "source")
    inlines = (LevelInline,)

    @column(_("source"), "source")
    def shown_source(self, scheme):
        return source(scheme.source)
