"""Level schemes with their levels: names and thresholds are data, and none is official."""

from django.contrib import admin

from evaluation.models import Level, LevelScheme

from ..base import BaseAdmin, BaseTabular


class LevelInline(BaseTabular):
    model = Level
    fields = ("order", "title", "threshold", "effect")


@admin.register(LevelScheme)
class LevelSchemeAdmin(BaseAdmin):
    list_display = ("title", "source")
    search_fields = ("title", "code")
    fields = ("code", "title", "source")
    inlines = (LevelInline,)
