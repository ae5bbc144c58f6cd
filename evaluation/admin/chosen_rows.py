"""Rows chosen on a list: what is done to them is done to those that are still as they were shown."""

from django.contrib import messages
from django.contrib.admin.actions import delete_selected
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from evaluation.persian import localise_digits

from . import marks

NAMED_ROWS = 5
CHANGED = gettext_lazy("It was changed by somebody else after you chose it. Look at it, and choose it again.")


class ChosenRowsMixin:
    """For every list. Needs nothing.

    Adds to Django's deletion of chosen rows that it leaves out what somebody changed since the question was asked.
    """

    delete_selected_confirmation_template = "admin/evaluation/verbs/delete_batch.html"

    def get_actions(self, request):
        actions = super().get_actions(request)
        if "delete_selected" in actions:
            actions["delete_selected"] = (delete_chosen, *actions["delete_selected"][1:])
        return actions


def delete_chosen(admin, request, queryset):
    """Django's deletion of chosen rows, of those that are still what its question showed."""
    if "post" not in request.POST:
        response = delete_selected(admin, request, queryset)
        response.context_data["seen"] = [(seen_name(obj), mark_of(obj)) for obj in queryset]
        return response
    with transaction.atomic():
        rows = list(queryset.model._base_manager.select_for_update(no_key=True).filter(pk__in=queryset.values("pk")))
        left_out = [(obj, str(CHANGED)) for obj in rows if is_changed(obj, request.POST)]
        if left_out:
            report_batch(request, len(rows) - len(left_out), left_out)
        unchanged = queryset.exclude(pk__in=[obj.pk for obj, _sentence in left_out])
        return delete_selected(admin, request, unchanged) if len(left_out) < len(rows) else None


def seen_name(obj):
    return f"_seen-{obj.pk}"


def is_changed(obj, seen):
    """Whether a row differs from its mark among the posted ones."""
    return seen.get(seen_name(obj), mark_of(obj)) != mark_of(obj)


def mark_of(obj):
    """A short sum over a row's own columns, by which a question knows whether the row is still what it showed."""
    columns = [column for column in obj._meta.concrete_fields if not column.generated]
    return marks.mark([f"{column.attname}={marks.plain(column.value_from_object(obj))}" for column in columns])


def report_batch(request, done, left_out):
    """One message: how many were done, how many left out, and why."""
    numbers = {"done": localise_digits(done), "left": localise_digits(len(left_out))}
    if not left_out:
        messages.success(request, _("%(done)s done.") % numbers)
        return
    named = [_("“%(name)s”: %(reason)s") % {"name": obj, "reason": reason} for obj, reason in left_out[:NAMED_ROWS]]
    if len(left_out) > NAMED_ROWS:
        named.append("…")
    sentence = _("%(done)s done, %(left)s not done, because: %(reasons)s")
    messages.warning(request, sentence % (numbers | {"reasons": " ".join(named)}))
