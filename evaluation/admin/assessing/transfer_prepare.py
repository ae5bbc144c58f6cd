"""Preparing a transfer: from a page of its own, or from assessments chosen on their list."""

from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Count
from django.http import HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from evaluation.enums import Stage, TransferDirection
from evaluation.models import Assessment, Cycle, Transfer
from evaluation.persian import localise_digits
from evaluation.process import door
from evaluation.process.assessing import transfer
from evaluation.process.files.letters import act_on_behalf
from evaluation.rules.permissions import holds

from ..addresses import key_named
from ..forms import JalaliDateField
from ..verbs.dialogs import BEHALF, BehalfForm, VerbForm, split, usual_body


class PrepareMixin:
    """Adds the page that prepares a transfer in place of Django's add form. Needs an admin of `Transfer`."""

    def has_add_permission(self, request):
        return may_prepare(request.user)

    def add_view(self, request, form_url="", extra_context=None):
        """Choose what to transfer, then which of the waiting assessments; POST prepares the transfer."""
        if not may_prepare(request.user):
            raise PermissionDenied("prepare_transfer")
        chosen = chosen_of(request)
        return self.choose(request) if chosen is None else self.prepare(request, *chosen)

    def page(self, request, template, **context):
        context = {**self.admin_site.each_context(request), "opts": self.opts, **context}
        return TemplateResponse(request, f"admin/evaluation/assessing/transfer/{template}.html", context)

    def choose(self, request):
        possible = {cycle: directions_for(cycle, request.user) for cycle in open_cycles(request.user)}
        counts = counts_of(possible, request.user)
        url = reverse("admin:evaluation_transfer_add")
        offers = [
            {"cycle": cycle, "directions": [offer(cycle, direction, counts, url) for direction in directions]}
            for cycle, directions in possible.items()
            if directions
        ]
        return self.page(request, "choose", title=_("Prepare a transfer"), offers=offers)

    def prepare(self, request, cycle, direction):
        waiting = transfer.waiting(cycle, direction, request.user).select_related(
            "participation__agency__headquarters", "participation__cycle", "dimension"
        )
        form = self.prepare_form(request, cycle, direction, waiting)
        if request.method == "POST" and form.is_valid():
            try:
                prepared = form.take()
            except door.Refusal as refusal:
                for sentence in refusal.sentences:
                    form.add_error(None, sentence)
            else:
                messages.success(request, _("The transfer is prepared: check it and send its package."))
                return HttpResponseRedirect(reverse("admin:evaluation_transfer_change", args=[prepared.pk]))
        return self.page(
            request,
            "prepare",
            title=_("Prepare a transfer"),
            cycle=cycle,
            direction=TransferDirection(direction).label,
            form=form,
            waiting=list(waiting),
            picked={str(value) for value in form["assessments"].value() or ()},
            back_url=reverse("admin:evaluation_transfer_add"),
        )

    def prepare_form(self, request, cycle, direction, waiting):
        role = party_needed(cycle, direction, request.user)
        kind = type("PrepareForm", (BehalfForm, PrepareForm), {}) if role else PrepareForm
        keys = [key for key in request.GET.get("chosen", "").split(",") if key.isdecimal()]
        initial = {"assessments": keys or [str(assessment.pk) for assessment in waiting]}
        if role:
            initial["behalf_body"] = body_of(waiting, cycle, role)
        posted = (request.POST, request.FILES) if request.method == "POST" else ()
        return kind(
            *posted,
            subject=Transfer(cycle=cycle, direction=direction),
            user=request.user,
            waiting=waiting,
            role=role,
            initial=initial,
        )


class PrepareForm(VerbForm):
    assessments = forms.ModelMultipleChoiceField(
        Assessment.objects.none(),
        label=gettext_lazy("assessments"),
        error_messages={"required": gettext_lazy("Choose at least one assessment.")},
    )
    letter_number = forms.CharField(label=gettext_lazy("letter number"), max_length=60, required=False)
    letter_date = JalaliDateField(label=gettext_lazy("letter date"), required=False)

    def __init__(self, *args, waiting, role, **kwargs):
        self.waiting, self.role = waiting, role
        super().__init__(*args, **kwargs)

    def prepare(self):
        super().prepare()
        self.fields["assessments"].queryset = self.waiting

    @property
    def own_fields(self):
        """The fields below the list of assessments, which has a table of its own."""
        return [field for field in self if field.name not in ("assessments", *BEHALF)]

    @property
    def behalf_fields(self):
        return [field for field in self if field.name in BEHALF]

    @transaction.atomic
    def take(self):
        """Prepare the transfer, with the row of the letter where the step is another body's."""
        own, letter = split(self.cleaned_data)
        cycle, letters = self.subject.cycle, None
        if self.role:
            letters = act_on_behalf(cycle, role=self.role, by=self.user, **letter)
        return transfer.prepare(cycle, self.subject.direction, by=self.user, on_behalf=letters, **own)


def body_of(waiting, cycle, role):
    """The body whose step it most likely is: that of the waiting files, when there is only one."""
    bodies = {usual_body(assessment, role) for assessment in waiting}
    return bodies.pop() if len(bodies) == 1 else usual_body(cycle, role)


def may_prepare(user):
    return holds(user, "prepare_transfer")


def open_cycles(user):
    return Cycle.objects.visible_to(user).exclude(stage=Stage.CLOSED).select_related("province")


def directions_for(cycle, user):
    """The directions in which this person may send, by own right or on behalf."""
    draft, directions = Transfer(cycle=cycle), []
    for draft.direction in transfer.WANTED:  # what carries no files is sent from its own page
        if transfer.sending(draft)(draft, user):
            directions.append(draft.direction)
    return directions


def party_needed(cycle, direction, user):
    """The role on whose behalf this person would prepare, or None."""
    draft = Transfer(cycle=cycle, direction=direction)
    right = transfer.sending(draft)
    if right.own(draft, user) or not right.behalf(draft, user):
        return None
    return right.party_of(draft)


def counts_of(possible, user):
    """{(key of a cycle, direction): files that wait}, by a query for each direction. `possible` {cycle: directions}."""
    counts = {}
    for direction in dict.fromkeys(direction for directions in possible.values() for direction in directions):
        cycles = [cycle for cycle, directions in possible.items() if direction in directions]
        waiting = transfer.waiting(cycles, direction, user).order_by().values_list("participation__cycle")
        counts |= {(key, direction): files for key, files in waiting.annotate(files=Count("pk"))}
    return counts


def offer(cycle, direction, counts, url):
    query = urlencode({"cycle": cycle.pk, "direction": direction})
    return {
        "title": direction.label,
        "count": counts.get((cycle.pk, direction), 0),
        "url": f"{url}?{query}",
    }


def chosen_of(request):
    """Cycle and direction named by the address, as far as this person may send there; None to ask for them."""
    key, direction = key_named(request, "cycle"), request.GET.get("direction", "")
    if key is None or direction not in TransferDirection.values:
        return None
    cycle = open_cycles(request.user).filter(pk=key).first()
    if cycle is None or direction not in directions_for(cycle, request.user):
        return None
    return cycle, TransferDirection(direction)


def prepare_from(request, queryset, direction):
    """For an action on a list of assessments: go to the page that prepares a transfer, with these chosen.

    Assessments that cannot travel in this direction now are left out, and the message names them. Returns a response.
    """
    cycles = set(queryset.values_list("participation__cycle", flat=True).order_by().distinct())
    if len(cycles) != 1:
        messages.error(request, _("Choose assessments of one cycle."))
        return HttpResponseRedirect(request.get_full_path())
    cycle = Cycle.objects.visible_to(request.user).filter(pk=cycles.pop()).first()
    ready = list(transfer.waiting(cycle, direction, request.user).filter(pk__in=queryset).values_list("pk", flat=True))
    left_out = [str(assessment) for assessment in queryset.exclude(pk__in=ready)]
    if left_out:
        sentence = ngettext(
            "%(count)s assessment is not included, because it cannot be transferred now: %(names)s.",
            "%(count)s assessments are not included, because they cannot be transferred now: %(names)s.",
            len(left_out),
        )
        named = "، ".join(left_out[:5])
        messages.warning(request, sentence % {"count": localise_digits(len(left_out)), "names": named})
    if not ready:
        return HttpResponseRedirect(request.get_full_path())
    query = urlencode({"cycle": cycle.pk, "direction": direction, "chosen": ",".join(map(str, ready))}, safe=",")
    return HttpResponseRedirect(f"{reverse('admin:evaluation_transfer_add')}?{query}")


class TransferActionsMixin:
    """Adds to a list of assessments the actions that prepare a transfer with chosen ones. Needs `get_actions()`."""

    def get_actions(self, request):
        actions = super().get_actions(request)
        if may_prepare(request.user):
            for direction, label in DIRECTION_ACTIONS.items():
                name = f"transfer_{direction}"
                actions[name] = (transfer_action(direction), name, label)
        return actions


def transfer_action(direction):
    def action(modeladmin, request, queryset):
        return prepare_from(request, queryset, direction)

    return action


DIRECTION_ACTIONS = {
    TransferDirection.TO_ARO: pgettext_lazy("verb", "Prepare a transfer to the national organization"),
    TransferDirection.TO_MPO: pgettext_lazy("verb", "Prepare a transfer to the province"),
    TransferDirection.REPORT: pgettext_lazy("verb", "Prepare the final report"),
}
