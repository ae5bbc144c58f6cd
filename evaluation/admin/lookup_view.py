"""What a field offers while somebody types into it."""

from functools import reduce

from django.contrib import admin
from django.contrib.admin.views.autocomplete import AutocompleteJsonView

from evaluation.rules import paths

from .list_summary import reaches_several_provinces, sees_one_province

TOLD_APART_BY = {"agency": "province", "cycle": "province", "user": "username"}


class LookupView(AutocompleteJsonView):
    """The rows of the list that hold the words. To whoever sees several provinces it offers those that the form takes,
    and names the cycle or the province of each, of an account its user name: the same agency takes part in many years,
    and people have the same name.
    """

    def get_queryset(self):
        rows = super().get_queryset()
        self.place = ""
        if sees_one_province(self.request.user) or not reaches_several_provinces(self.request):
            return rows
        self.place = place_of(rows.model)
        form = admin.site._registry.get(self.source_field.model)
        if hasattr(form, "get_field_queryset"):
            offered = form.get_field_queryset(None, self.source_field, self.request)
            rows = rows.filter(pk__in=offered.order_by().values("pk"))
        return rows.select_related(self.place.replace(".", "__")) if self.place not in ("", "username") else rows

    def serialize_result(self, obj, to_field_name):
        result = super().serialize_result(obj, to_field_name)
        place = self.place and reduce(getattr, self.place.split("."), obj)
        return result | {"text": f"{result['text']} · {place}"} if place and str(place) != result["text"] else result


def place_of(model):
    """The path, with dots, from a row to what tells rows of the same name apart: a cycle, a province, a user name."""
    name = model._meta.model_name
    path = TOLD_APART_BY.get(name) or paths.CYCLE.get(name, "")
    return path.replace("__", ".")
