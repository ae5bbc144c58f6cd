"""The settings of a province's service desk: how the office is reached, and the rules for each kind of ticket."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from evaluation.enums import Role
from evaluation.models import ServiceDesk, TicketRule
from evaluation.process.service.desk import complete_rules

from ..base import BaseAdmin, BaseTabular
from ..display import badge, column


class TicketRuleInline(BaseTabular):
    model = TicketRule
    fields = ("kind", "days", "owner")
    select_related = ("owner",)
    show_title = False

    def get_field_queryset(self, db, db_field, request):
        """Tickets go to the staff of the organization alone."""
        rows = super().get_field_queryset(db, db_field, request)
        if db_field.name != "owner":
            return rows
        return rows.filter(memberships__role__in=[str(role) for role in Role.mpo()]).distinct()


@admin.register(ServiceDesk)
class ServiceDeskAdmin(BaseAdmin):
    list_display = ("province", "phone", "hours", "is_public")
    list_select_related = ("province",)
    select_related = ("province",)
    fields = ("province", ("phone", "email"), "address", "hours", "public")
    inlines = (TicketRuleInline,)

    def save_related(self, request, form, formsets, change):
        """Kinds without a rule get one with the usual days, so that each deadline can be read and changed."""
        super().save_related(request, form, formsets, change)
        complete_rules(form.instance)

    @column(_("open before log-in"), "public")
    def is_public(self, row):
        return badge(_("open"), "good") if row.public else badge(_("after log-in only"), "muted")
