"""Nobody's edit is lost: a form that stands open while somebody else saves the same row is shown again, not saved.

Each change form carries the marks of what it showed. On POST they are compared, under the row's lock, with what
stands: where it differs the form comes back with what was typed, says who changed what, and is saved only when it is
sent again. A form that is sent twice acts once.
"""

import hashlib
import secrets
from dataclasses import dataclass, field

from django.contrib import messages
from django.contrib.admin.models import LogEntry
from django.contrib.admin.utils import flatten_fieldsets, unquote
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db import router, transaction
from django.forms import CheckboxInput
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from evaluation import persian
from evaluation.enums import Role
from evaluation.models import Membership, TransitionLog
from evaluation.process import door, sent_form
from evaluation.rules.open_fields import sees_evaluators

from . import labels, marks
from .chosen_rows import ChosenRowsMixin, mark_of

SAVED_ALREADY = gettext_lazy("This form was saved already; it has not been saved a second time.")
SEEN = "_seen"
ONCE = "_once"
NOT_CONTENT = {"csrfmiddlewaretoken", SEEN}


@dataclass
class Conflict:
    """What stands differently from what a posted form had shown."""

    sentence: str
    seen: str  # the marks of what stands now
    changes: list = field(default_factory=list)


class VersionsMixin(ChosenRowsMixin):
    """For every admin with a form.

    Needs a form class that shows `refused` (see `RefusableForm`). Adds the marks and the token to the form, the
    comparison under the row's lock, and that a form sent twice acts once.
    """

    change_form_before_template = "admin/evaluation/version.html"

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        if request.method != "POST":
            return super().changeform_view(request, object_id, form_url, extra_context)
        with transaction.atomic(using=router.db_for_write(self.model)):
            sent = take_once(request, request.path)
            if sent is None:
                return self.saved_already(request)
            if object_id is not None and not getattr(request, "refused", ()):
                self.compare(request, unquote(object_id))
            response = super().changeform_view(request, object_id, form_url, extra_context)
            settle(sent, getattr(request, "saved_row", None))
        return response

    def delete_view(self, request, object_id, extra_context=None):
        """A question that stood open while somebody else changed the row is asked again, not obeyed."""
        if request.method != "POST":
            seen = mark_of_row(self.get_object(request, unquote(object_id)))
            return super().delete_view(request, object_id, {**(extra_context or {}), "seen": seen})
        with transaction.atomic(using=router.db_for_write(self.model)):
            seen = marks.read(request.POST.get(SEEN))
            if seen and self.lock_row(unquote(object_id)):
                obj = self.get_object(request, unquote(object_id))
                if self.has_delete_permission(request, obj) and seen.marks != marks.read(mark_of_row(obj)).marks:
                    messages.warning(request, changed_before_deletion(obj, request.user, seen.at))
                    return HttpResponseRedirect(request.get_full_path())
            return super().delete_view(request, object_id, extra_context)

    # -- once -------------------------------------------------------------------------------------

    def log_addition(self, request, obj, message):
        request.saved_row = obj
        return super().log_addition(request, obj, message)

    def log_change(self, request, obj, message):
        request.saved_row = obj
        return super().log_change(request, obj, message)

    def saved_already(self, request):
        """To the row that the first post of this form has saved."""
        messages.info(request, SAVED_ALREADY)
        key = sent_form.row_of(key_of(request, request.path))
        place = f"{self.opts.app_label}_{self.opts.model_name}"
        row = self.get_queryset(request).filter(pk=key).first() if key else None
        if row is None or not self.has_view_or_change_permission(request, row):
            return HttpResponseRedirect(reverse(f"admin:{place}_changelist"))
        return HttpResponseRedirect(reverse(f"admin:{place}_change", args=[row.pk]))

    # -- what stands differently ------------------------------------------------------------------

    def compare(self, request, object_id):
        """Refuse the posted form where the row, or a row of its tables, was changed since it was shown."""
        seen = marks.read(request.POST.get(SEEN))
        if not seen or not self.lock_row(object_id):
            return
        obj = self.get_object(request, object_id)
        if obj is None or not self.has_change_permission(request, obj):
            return
        parts = self.parts_that_stand(request, obj)
        changed = {name: parts[name] for name, mark in seen.marks.items() if name in parts and parts[name].mark != mark}
        posted = self.posted(request, obj) if changed else {}
        changed = {name: part for name, part in changed.items() if posted.get(name) != part.mark}
        if not changed:
            return
        request.conflict = Conflict(
            sentence=who_changed(obj, request.user, seen.at),
            seen=marks.write(marks.marks_of(parts), timezone.now()),
            changes=[part.sentence() for part in changed.values()],
        )
        request.refused = [request.conflict.sentence]
        untouched = {name: part for name, part in changed.items() if posted.get(name) == seen.marks[name]}
        request.POST = with_values(request.POST, untouched)

    def lock_row(self, object_id):
        """Lock the row until the transaction ends, against other forms and verbs; whether it is there."""
        try:
            rows = self.model._base_manager.select_for_update(no_key=True).filter(pk=object_id)
            return bool(list(rows.values_list("pk", flat=True)))
        except (ValueError, ValidationError):
            return False

    def parts_that_stand(self, request, obj):
        form = self.form_of(request, obj)(instance=obj)
        return marks.parts_of(form, self.tables(request, obj))

    def form_of(self, request, obj):
        return self.get_form(request, obj, change=True, fields=flatten_fieldsets(self.get_fieldsets(request, obj)))

    def tables(self, request, obj):
        """Pairs (formset, name) of the tables in which this person may change rows."""
        formsets, inlines = self._create_formsets(request, obj, change=True)
        return [
            (formset, inline.verbose_name_plural)
            for formset, inline in zip(formsets, inlines, strict=True)
            if inline.has_change_permission(request, obj)
        ]

    def posted(self, request, obj):
        """{name of a part: the mark of what was typed}, as far as it can be read; nothing read here is saved."""
        obj = type(obj)._base_manager.get(pk=obj.pk)
        form = self.form_of(request, obj)(request.POST, request.FILES, instance=obj)
        form.is_valid()
        typed = {
            name: marks.mark(form.cleaned_data[name]) for name in marks.editable(form) if name in form.cleaned_data
        }
        for formset, _table in self.tables(request, obj):
            for row in formset.initial_forms:
                row.is_valid()
                key, cleaned = f"{formset.prefix}.{row.instance.pk}", getattr(row, "cleaned_data", {})
                typed |= {f"{key}.{name}": marks.mark(cleaned[name]) for name in marks.editable(row) if name in cleaned}
        return typed

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        context["once"] = token_of(request)
        if not add and self.has_change_permission(request, obj):
            context["conflict"] = conflict = getattr(request, "conflict", None)
            context["seen"] = conflict.seen if conflict else request.POST.get(SEEN) or self.marks_of(context)
        return super().render_change_form(request, context, add=add, change=change, form_url=form_url, obj=obj)

    def marks_of(self, context):
        tables = [
            (inline.formset, inline.opts.verbose_name_plural)
            for inline in context["inline_admin_formsets"]
            if inline.has_change_permission
        ]
        parts = marks.parts_of(context["adminform"].form, tables)
        return marks.write(marks.marks_of(parts), timezone.now())


def token_of(request):
    """The token of the form that is shown: a new one, or again that of a form which was not saved."""
    return request.POST.get(ONCE) or secrets.token_urlsafe(12)


def take_once(request, place):
    """The record of this very form, or None when it is saved already; False for a form without a token."""
    key = key_of(request, place)
    return sent_form.take(key, by=request.user) if key else False


def settle(sent, row):
    """Keep with the record which row was saved; a form that was not saved may be sent again."""
    if not sent:
        return
    if row is None:
        sent.delete()
    else:
        sent.object_id = row.pk
        sent.save(update_fields=["object_id"])


def key_of(request, place):
    """A sum over the form's token and all that is written in it, or "" for a form without a token."""
    if not request.POST.get(ONCE):
        return ""
    lines = [str(request.user.pk), place]
    lines += [f"{name}={value!r}" for name, values in sorted(request.POST.lists()) if name not in NOT_CONTENT
              for value in values]  # fmt: skip
    lines += [f"{name}={file.name!r} {file.size}" for name, files in sorted(request.FILES.lists()) for file in files]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def with_values(posted, parts):
    """The posted values with those of `parts`, which the person had not touched, as they stand now."""
    posted = posted.copy()
    for part in parts.values():
        widget, name = part.form.fields[part.name].widget, part.form.add_prefix(part.name)
        value = part.form.fields[part.name].prepare_value(part.initial)
        if isinstance(widget, CheckboxInput):
            posted.setlist(name, ["on"] if value else [])
        else:
            formatted = widget.format_value(value)
            posted.setlist(
                name, [str(item) for item in formatted] if isinstance(formatted, list | tuple) else [formatted or ""]
            )
    return posted


def mark_of_row(obj):
    """The mark of all columns of a row, as a form carries it."""
    return marks.write({"row": mark_of(obj)}, timezone.now())


# -- who -------------------------------------------------------------------------------------------


def who_changed(obj, reader, since):
    """The sentence that names who changed a row since a moment, as far as the logs and the reader's rights say."""
    step = last_step(obj, since)
    if step is None:
        return _(
            "This was changed by somebody else while the form was open. What you typed is below and is not saved yet."
        )
    user, at = step
    words = {"name": named(user, obj, reader), "time": persian.format_jalali_datetime(timezone.localtime(at))}
    if user.pk == reader.pk:
        return (
            _(
                "You changed this yourself in another window (%(time)s) while this form was open. What you typed is "
                "below and is not saved yet."
            )
            % words
        )
    return (
        _("%(name)s changed this (%(time)s) while the form was open. What you typed is below and is not saved yet.")
        % words
    )


def changed_before_deletion(obj, reader, since):
    """The sentence that names who changed a row since its deletion was asked for, and that nothing was deleted."""
    step = last_step(obj, since)
    if step is None:
        return _(
            "This was changed by somebody else meanwhile. Nothing was deleted; read it again before you delete it."
        )
    words = {"name": named(step[0], obj, reader), "time": persian.format_jalali_datetime(timezone.localtime(step[1]))}
    return (
        _("%(name)s changed this meanwhile (%(time)s). Nothing was deleted; read it again before you delete it.")
        % words
    )


def last_step(obj, since):
    """(account, moment) of the last change of a row that either log knows since a moment, or None."""
    about = {"content_type": ContentType.objects.get_for_model(obj), "object_id": obj.pk}
    entry = LogEntry.objects.filter(**about, action_time__gte=since).select_related("user").order_by("-pk").first()
    step = TransitionLog.objects.filter(**about, at__gte=since).select_related("by").order_by("-pk").first()
    steps = [(entry.user, entry.action_time)] if entry else []
    steps += [(step.by, step.at)] if step else []
    return max(steps, key=lambda pair: pair[1], default=None)


def named(user, obj, reader):
    """The person's name; agencies and their headquarters read of staff the organization alone."""
    agency = door.context(obj)[1]
    outside = Membership.objects.filter(user=user, role__in=[Role.AGENCY, Role.HEADQUARTERS]).exists()
    return labels.person(user) if outside or sees_evaluators(reader, agency and agency.pk) else labels.STAFF
