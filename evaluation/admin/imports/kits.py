"""Offline kits: the workbook that an agency or an evaluator fills without the site, and the buttons that lead to it."""

from django.contrib import messages
from django.http import Http404, HttpResponseRedirect
from django.utils.translation import gettext as _

from evaluation.enums import AssessmentState as State
from evaluation.enums import Role, Stage
from evaluation.models import Participation
from evaluation.process.door import Forbidden, Refusal
from evaluation.resources.downloads import kits
from evaluation.rules.roles import roles_of

from .workbooks import chosen_cycle, download_of, import_url, key_in


class KitsMixin:
    """Adds the downloads of the two kits, which change nothing. Needs an admin of `ImportRun` that routes to them."""

    def agency_kit_view(self, request):
        """The kit of `?participation=`; without it the own one, or the page on which one is chosen."""
        key = key_in(request.GET, "participation")
        rows = Participation.objects.visible_to(request.user).select_related("agency", "cycle")
        participation = rows.filter(pk=key).first() if key else None
        if key and participation is None:
            raise Http404
        cycle = participation.cycle if participation else chosen_cycle(request)
        if not kits.may_take_agency_kit(request.user, cycle):
            raise Forbidden("agency_kit")
        participation = participation or only(rows.filter(cycle=cycle))
        if participation is None:
            return HttpResponseRedirect(import_url("workbooks", {"cycle": cycle.pk}))
        name = kits.agency_kit_name(participation)
        return self.kit(request, cycle, name, lambda: kits.agency_kit(participation, by=request.user))

    def evaluator_kit_view(self, request):
        """The kit of the lines that are this person's to score in the chosen cycle."""
        cycle = chosen_cycle(request)
        if not kits.may_take_evaluator_kit(request.user, cycle):
            raise Forbidden("evaluator_kit")
        name = kits.evaluator_kit_name(cycle)
        return self.kit(request, cycle, name, lambda: kits.evaluator_kit(cycle, by=request.user))

    def kit(self, request, cycle, name, build):
        try:
            return download_of(build(), name)
        except Refusal as refusal:
            messages.error(request, str(refusal))
            return HttpResponseRedirect(import_url("workbooks", {"cycle": cycle.pk}))

    def kits_offered(self, user, cycle):
        """What the page of workbooks shows of kits: the agencies to choose from, the evaluator's own."""
        agencies, evaluator = [], ""
        if kits.may_take_agency_kit(user, cycle):
            rows = Participation.objects.visible_to(user).filter(cycle=cycle).select_related("agency")
            agencies = list(rows.order_by("agency__name"))
        if kits.may_take_evaluator_kit(user, cycle):
            evaluator = import_url("evaluator_kit", {"cycle": cycle.pk})
        return {"agencies": agencies, "agency_url": import_url("agency_kit"), "evaluator_url": evaluator}


def only(rows):
    first_two = list(rows[:2])
    return first_two[0] if len(first_two) == 1 else None


def kit_of(assessment, user):
    """The address of the kit that serves the present state of an assessment, for the page of its lines; or ""."""
    participation = assessment.participation
    if assessment.state in State.open_to_agency() and kits.may_take_agency_kit(user, participation.cycle):
        return import_url("agency_kit", {"participation": participation.pk})
    if assessment.state == State.UNDER_EVALUATION and kits.may_take_evaluator_kit(user, participation.cycle):
        return import_url("evaluator_kit", {"cycle": participation.cycle_id})
    return ""


def links(user, cycles):
    """[(words, address)] of the person's own kits, for the first page: while there is something to fill in them."""
    roles, kit_links = roles_of(user), []
    for cycle in cycles:
        if cycle.stage == Stage.SELF_ASSESSMENT and Role.AGENCY in roles:
            kit_links.append(
                (_("Offline workbook of the self-assessment"), import_url("agency_kit", {"cycle": cycle.pk}))
            )
        if cycle.stage == Stage.EVALUATION and roles & {Role.EVALUATOR, Role.STEWARD}:
            kit_links.append((_("Offline workbook of your lines"), import_url("evaluator_kit", {"cycle": cycle.pk})))
    return kit_links
