"""Outside systems that figures come from."""

from django.contrib import admin

from evaluation.models import ExternalSystem

from ..base import BaseAdmin
from ..filters import CountedChoicesFilter
from ..verbs.shared_rows import SharedRowsMixin


@admin.register(ExternalSystem)
class ExternalSystemAdmin(SharedRowsMixin, BaseAdmin):
    list_display = ("name", "body", "fields", "mode", "cost")
    list_filter = (("mode", CountedChoicesFilter),)
    search_fields = ("name", "body", "code")
