"""Verbs on pages: buttons, dialogs and batches. Every POST goes through the verb, which checks everything again."""

from collections.abc import Callable
from dataclasses import dataclass

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django_fsm import ConcurrentTransition

from evaluation.process import door, door_many
from evaluation.process.files.letters import act_on_behalf
from evaluation.rules.bulk_rights import WindowsOnce
from evaluation.rules.circumstances import NOW, Circumstances
from evaluation.rules.permissions import May, holds

from .. import labels, marks, versions
from . import batches
from .dialogs import dialog_form, split, usual_body
from .effects import effect_of


@dataclass(frozen=True)
class Verb:
    """A step that a page offers.

    `name` is the address below `do/`; with `transition` also the transition's name, from which label, right and
    conditions are taken. `call(obj, *, by, **cleaned)` is the function of `process`; a parameter `reason` or `note`
    of it becomes a field, `on_behalf` the letter where the person needs one. Other verbs name their right: a codename
    with `party` (the outside role whose step it is), or `allowed(user, obj)`. `offered(obj)` hides a verb that makes
    no sense in the present state; `reasons(obj)` are sentences that stand in its way. `batch`: lists offer it for
    chosen rows; `together(objects, *, by, **cleaned)` is then the function of `process` that takes them at once and
    gives a `door.Batch`, where there is one.
    """

    name: str
    call: Callable
    form: type | None = None
    label: str = ""
    tone: str = ""
    icon: str = ""
    transition: bool = True
    codename: str = ""
    party: str | None = None
    permission: May | None = None  # in place of codename and party, where the row says whose step it is
    allowed: Callable | None = None
    offered: Callable | None = None
    reasons: Callable | None = None
    batch: bool = False
    together: Callable | None = None
    sentence: str = ""
    details: Callable | None = None
    initial: Callable | None = None
    fixed: tuple = ()  # pairs (name, value) handed to the call

    def right(self, obj):
        """The `May` of this verb on a row, whatever its state; None where `allowed` decides."""
        if self.allowed:
            return None
        if self.transition:
            return labels.transitions_of(type(obj), self.name)[0].permission
        if self.permission:
            return self.permission
        return May(self.codename, party=self.party)

    def may(self, user, obj):
        return self.allowed(user, obj) if self.allowed else self.right(obj)(obj, user)

    def may_at_all(self, user, model):
        """Whether the person has such a right anywhere: the list then offers the batch."""
        if self.allowed:
            return self.allowed(user, None)
        right = self.right(model())
        parties = right.party is not None or type(right) is not May
        return holds(user, right.codename) or (parties and holds(user, "act_on_behalf"))

    def party_needed(self, user, obj):
        """The outside role on whose behalf this person would act, or None."""
        right = self.right(obj)
        if right is None or right.own(obj, user) or not right.behalf(obj, user):
            return None
        return right.party_of(obj)

    def exists_now(self, obj):
        if self.transition and door.transition_of(obj, self.name) is None:
            return bool(door.not_yet(obj, self.name))  # shown with what it waits for
        return self.offered is None or self.offered(obj)

    def why_not(self, obj, circumstances=NOW):
        """Sentences that stand in the verb's way on this row under these circumstances."""
        sentences = list(self.reasons(obj)) if self.reasons else []
        if self.transition:
            sentences += door.why_not(obj, self.name, circumstances)
        elif not sentences and not self.exists_now(obj):
            sentences.append(_("This action is not possible in the present state. Reload the page."))
        return sentences

    def why_not_many(self, objects):
        """{key: sentences of `why_not`}, of those rows alone for which there are any."""
        if self.together is None or self.reasons:
            return {obj.pk: sentences for obj in objects if (sentences := self.why_not(obj))}
        return door_many.why_not_many(objects, self.name, Circumstances(windows=WindowsOnce()))

    def text(self, model):
        return self.label or labels.verb_label(model, self.name)

    def effect(self, model):
        """What will happen, in one sentence for the dialog."""
        return self.sentence or effect_of(model, self.name)

    def colour(self, model):
        back = any(step.custom.get("back") for step in labels.transitions_of(model, self.name))
        return self.tone or ("danger" if back else "primary")

    def take(self, obj, *, by, cleaned, letters=None):
        """Call the verb in one transaction with the row of the letter, if any. `letters` keeps it over a batch."""
        own, letter = split(cleaned)
        role = self.party_needed(by, obj) if letter else None
        if role is None:
            return self.call(obj, by=by, **dict(self.fixed), **own)
        cycle = door.context(obj)[0]
        kept = {} if letters is None else letters
        key = cycle.pk, role
        with transaction.atomic():
            written = kept.get(key) or act_on_behalf(cycle, role=role, by=by, **letter)
            done = self.call(obj, by=by, on_behalf=written, **dict(self.fixed), **own)
        kept[key] = written
        return done


class VerbsMixin(batches.BatchMixin):
    """Adds buttons, `<pk>/do/<name>/` (named `evaluation_<model>_do`) and batch actions for `verbs`.

    Needs `visible_row()` and `about()` of `BaseAdmin`, and `verbs`, a tuple of `Verb`. `page_of()` says where a dialog
    leads back to, `after_verb()` where a done step leads.
    """

    verbs = ()

    def get_verbs(self, request):
        return self.verbs

    def verbs_of_page(self, request):
        """The verbs whose buttons stand on the row's own page; a step may have its button elsewhere."""
        return self.get_verbs(request)

    def get_urls(self):
        name = f"{self.opts.app_label}_{self.opts.model_name}_do"
        address = "<path:object_id>/do/<slug:name>/"
        return [path(address, self.admin_site.admin_view(self.do_view), name=name), *super().get_urls()]

    def do_url(self, obj, name):
        return reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_do", args=[obj.pk, name])

    def verb_named(self, request, name):
        for verb in self.get_verbs(request):
            if verb.name == name:
                return verb
        raise Http404

    def about(self, request, obj):
        return super().about(request, obj) | {"verbs": self.buttons(request, obj)}

    def buttons(self, request, obj):
        """The verbs that this person may take in the present state; those that conditions hold up say why."""
        buttons, primary = [], False
        for verb in self.verbs_of_page(request):
            if not verb.exists_now(obj) or not verb.may(request.user, obj):
                continue
            reasons = verb.why_not(obj)
            tone = verb.colour(self.model)
            if tone == "primary":
                tone, primary = ("" if primary or reasons else "primary"), primary or not reasons
            url = self.do_url(obj, verb.name)
            buttons.append(
                {"label": verb.text(self.model), "url": url, "tone": tone, "icon": verb.icon, "reasons": reasons}
            )
        return buttons

    def do_view(self, request, object_id, name):
        """The dialog of a verb (GET) and the verb (POST)."""
        obj, verb = self.visible_row(request, object_id), self.verb_named(request, name)
        if not verb.may(request.user, obj):
            raise PermissionDenied(name)
        form = self.bound_form(request, verb, obj)
        if request.method != "POST":
            return self.dialog(request, verb, obj, form, verb.why_not(obj))
        if form is not None and not form.is_valid():
            return self.dialog(request, verb, obj, form, [])
        if changed := changed_meanwhile(request, verb, obj, form):
            return self.dialog(request, verb, obj, form, changed, seen=marks_of(verb, obj))
        try:
            with transaction.atomic():
                sent = versions.take_once(request, request.path)
                if sent is None:
                    messages.info(request, versions.SAVED_ALREADY)
                    return self.after_verb(request, obj, verb)
                verb.take(obj, by=request.user, cleaned=form.cleaned_data if form else {})
                versions.settle(sent, obj)
        except door.Refusal as refusal:
            return self.dialog(request, verb, obj, form, refusal.sentences)
        except ConcurrentTransition:
            return self.dialog(
                request, verb, obj, form, [_("Another person changed it at the same time. Reload the page.")]
            )
        done = _("Done: %(verb)s.") % {"verb": verb.text(self.model)}
        messages.success(request, done)
        return self.after_verb(request, obj, verb)

    def bound_form(self, request, verb, obj):
        role = verb.party_needed(request.user, obj)
        kind = dialog_form(verb, behalf=bool(role))
        if kind is None:
            return None
        initial = dict(verb.initial(obj)) if verb.initial else {}
        if role:
            initial["behalf_body"] = usual_body(obj, role)
        posted = (request.POST, request.FILES) if request.method == "POST" else ()
        return kind(*posted, subject=obj, user=request.user, initial=initial)

    def dialog(self, request, verb, obj, form, reasons, seen=""):
        text, fragment = verb.text(self.model), "HX-Request" in request.headers
        return TemplateResponse(
            request,
            "admin/evaluation/verbs/dialog.html",
            {
                **self.admin_site.each_context(request),
                "opts": self.opts,
                "title": text,
                "subject": obj,
                "sentence": verb.effect(self.model),
                "details": verb.details(obj) if verb.details else None,
                "form": form,
                "reasons": reasons,
                "can_confirm": request.method == "POST" or not reasons,
                "confirm": getattr(form, "confirm", text),
                "tone": verb.colour(self.model),
                "action_url": self.do_url(obj, verb.name),
                "back_url": self.page_of(obj),
                "fragment": fragment,
                "once": versions.token_of(request),
                "seen": seen or request.POST.get(versions.SEEN) or marks_of(verb, obj),
            },
        )

    def page_of(self, obj):
        return reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_change", args=[obj.pk])

    def after_verb(self, request, obj, verb):
        """Back to the row's page, or to the list when the step took it out of the person's sight."""
        if self.get_queryset(request).filter(pk=obj.pk).exists():
            url = self.page_of(obj)
        else:
            url = reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_changelist")
        return self.go(request, url)

    def go(self, request, url):
        if "HX-Request" in request.headers:
            return HttpResponse(headers={"HX-Redirect": url})
        return HttpResponseRedirect(url)


def shown_of(verb, obj):
    """{name: value} of what a dialog shows of the row itself, to be typed over."""
    fields = {field.name for field in obj._meta.fields}
    return {name: value for name, value in (verb.initial(obj) if verb.initial else {}).items() if name in fields}


def marks_of(verb, obj):
    values = shown_of(verb, obj)
    return marks.write({name: marks.mark(value) for name, value in values.items()}, timezone.now()) if values else ""


def changed_meanwhile(request, verb, obj, form):
    """Sentences on what somebody else has changed of the row since the dialog was opened; empty when nothing."""
    seen = marks.read(request.POST.get(versions.SEEN))
    if not seen or form is None:
        return []
    changed = []
    for name, value in shown_of(verb, obj).items():
        now = marks.mark(value)
        if name in form.fields and now != seen.marks.get(name, now) and now != marks.mark(form.cleaned_data.get(name)):
            label = form.fields[name].label or obj._meta.get_field(name).verbose_name
            words = {"field": label, "value": marks.in_words(form, name, value)}
            changed.append(_("%(field)s: now “%(value)s”.") % words)
    return [versions.who_changed(obj, request.user, seen.at), *changed] if changed else []
