"""Verbs on many rows: chosen on a list, confirmed on a page, reported as done and left out with the reasons."""

from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.http import HttpResponseRedirect
from django.template.response import TemplateResponse

from evaluation.process import door
from evaluation.rules.bulk_rights import rights_preloaded

from ..chosen_rows import CHANGED, is_changed, mark_of, report_batch, seen_name
from .dialogs import dialog_form, split


class BatchMixin:
    """For lists: the verbs with `batch` as actions on chosen rows.

    Needs `get_verbs()` and `holds()`. Adds the actions, and takes Django's deletion out where the person may not.
    """

    def get_actions(self, request):
        actions = super().get_actions(request)
        if not self.holds(request, "delete"):
            actions.pop("delete_selected", None)
        for verb in self.get_verbs(request):
            if verb.batch and verb.may_at_all(request.user, self.model):
                actions[f"do_{verb.name}"] = (batch_action(verb), f"do_{verb.name}", verb.text(self.model))
        return actions


def batch_action(verb):
    def action(admin, request, queryset):
        return confirm_batch(admin, request, queryset, verb)

    return action


def confirm_batch(admin, request, queryset, verb):
    """The page that shows what will be done and what left out; its own POST does it."""
    confirmed = "confirm" in request.POST
    rows = list(queryset)
    with rights_preloaded(request.user, rows):
        ready, left_out = sorted_out(rows, verb, request.user, seen=request.POST if confirmed else {})
        form = batch_form(verb, request, ready, bound=confirmed)
    if confirmed and (form is None or form.is_valid()):
        batch = take_batch(ready, verb, by=request.user, cleaned=form.cleaned_data if form else {})
        report_batch(request, len(batch.done), [*left_out, *batch.left_out])
        return HttpResponseRedirect(request.get_full_path())
    keys = [str(obj.pk) for obj in [*ready, *(obj for obj, _sentence in left_out)]]
    text = verb.text(admin.model)
    return TemplateResponse(
        request,
        "admin/evaluation/verbs/batch.html",
        {
            **admin.admin_site.each_context(request),
            "opts": admin.opts,
            "title": text,
            "sentence": verb.effect(admin.model),
            "form": form,
            "confirm": text,
            "tone": verb.colour(admin.model),
            "action_url": request.get_full_path(),
            "back_url": request.get_full_path(),
            "hidden": [
                ("action", f"do_{verb.name}"),
                *((ACTION_CHECKBOX_NAME, key) for key in keys),
                *((seen_name(obj), mark_of(obj)) for obj in ready),
            ],
            "ready": ready,
            "left_out": left_out,
        },
    )


def sorted_out(rows, verb, user, seen):
    """The rows that can be done now, and pairs of those that cannot with the reason.

    `seen` holds the marks of the rows as the confirmation showed them; a row that was changed since is left out.
    """
    refused = {}
    for obj in rows:
        if is_changed(obj, seen):
            refused[obj.pk] = str(CHANGED)
        elif not verb.may(user, obj):
            refused[obj.pk] = str(door.NO_RIGHT)
    reasons = verb.why_not_many([obj for obj in rows if obj.pk not in refused])
    refused |= {key: " ".join(map(str, sentences)) for key, sentences in reasons.items()}
    ready = [obj for obj in rows if obj.pk not in refused]
    return ready, [(obj, refused[obj.pk]) for obj in rows if obj.pk in refused]


def batch_form(verb, request, ready, *, bound):
    behalf = any(verb.party_needed(request.user, obj) for obj in ready)
    kind = dialog_form(verb, behalf=behalf)
    if kind is None:
        return None
    posted = (request.POST, request.FILES) if bound else ()
    return kind(*posted, subject=ready[0] if ready else None, user=request.user)


def take_batch(objects, verb, *, by, cleaned):
    """The Batch of the verb on these rows; with a letter they are taken one by one, each in its own transaction."""
    own, letter = split(cleaned)
    if verb.together and not letter:
        return verb.together(objects, by=by, **dict(verb.fixed), **own)
    letters = {}

    def one(obj, *, by):
        return verb.take(obj, by=by, cleaned=cleaned, letters=letters)

    return door.run_batch(objects, one, by=by)
