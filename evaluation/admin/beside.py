"""The way from a list to another that belongs beside it and is in no menu."""

from django.apps import apps
from django.urls import reverse

from evaluation.rules.permissions import holds

from .menu.sidebar import opened


class BesideMixin:
    """Adds above a list a link to another. Needs `beside`, (model name, icon), and no template above the list."""

    beside = ()
    list_before_template = "admin/evaluation/list_link.html"

    def changelist_view(self, request, extra_context=None):
        """The link is for those who may read the other list."""
        model_name, icon = self.beside
        context = dict(extra_context or {})
        if holds(request.user, f"view_{model_name}"):
            label = apps.get_model("evaluation", model_name)._meta.verbose_name_plural
            url = opened(request, reverse(f"admin:evaluation_{model_name}_changelist"), model_name)
            context["beside"] = {"label": label[:1].upper() + label[1:], "url": url, "icon": icon}
        return super().changelist_view(request, context)
