"""Outside systems that figures come from (Tehran service identity form, section 7)."""

from django.utils.translation import gettext_lazy as _

from evaluation import enums

from .base import ScopedModel, choice_field, code_field, name_field, note_field


class ExternalSystem(ScopedModel):
    code = code_field(_("code"), unique=True)
    name = name_field(_("name"))
    body = name_field(_("body"))
    fields = name_field(_("fields exchanged"), max_length=400, blank=True)
    mode = choice_field(_("mode of exchange"), enums.ExchangeMode)
    cost = name_field(_("cost"), max_length=60, blank=True)
    source = note_field(_("source"))

    class Meta:
        verbose_name = _("external system")
        verbose_name_plural = _("external systems")
        ordering = ["name"]

    def __str__(self):
        return self.name
