"""From one year's cycle to the next: the dialog that drafts it, and the page of what is taken over and has changed."""

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponseNotAllowed
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from evaluation.enums import CycleKind
from evaluation.models import Cycle
from evaluation.persian import format_jalali, localise_digits
from evaluation.process.year import next_year
from evaluation.reports import year_changes
from evaluation.rules.permissions import holds

from ..addresses import page_url
from ..verbs.dialogs import VerbForm
from ..verbs.verb import Verb


class NextYearForm(VerbForm):
    title = forms.CharField(label=gettext_lazy("title"), max_length=250)
    specific = forms.BooleanField(
        label=gettext_lazy("Copy the specific indicators as proposals of the agencies"), required=False, initial=True
    )


def details(cycle):
    """What the dialog says of the cycle to come; the page shows all of it."""
    if reasons := next_year.reasons(cycle):  # asked here alone: the cycle's page would pay for it each time
        return [(_("Not possible now"), " ".join(reasons))]
    planned = next_year.plan(cycle)
    return [
        (_("Performance year"), localise_digits(planned.performance_year)),
        (_("Period"), f"{format_jalali(planned.period_start)} – {format_jalali(planned.period_end)}"),
        (_("Windows, a year later"), localise_digits(len(planned.windows))),
        (_("Members of the evaluator groups"), localise_digits(len(planned.seats))),
        (_("Seats that stay empty"), localise_digits(len(planned.vacant))),
    ]


OPEN = Verb(
    "open_next_year",
    next_year.open_next_year,
    form=NextYearForm,
    label=gettext_lazy("Draft the cycle of the next year"),
    transition=False,
    codename="add_cycle",
    offered=lambda cycle: cycle.kind == CycleKind.ANNUAL,
    tone="plain",
    icon="event_repeat",
    initial=lambda cycle: {"title": next_year.plan(cycle).title},
    details=details,
    sentence=gettext_lazy(
        "Catalogue, peer groups, evaluator groups with their members, checklist, windows and settings are copied into "
        "a draft; this cycle stays as it is."
    ),
)


class NextYearMixin:
    """Adds `<pk>/years/` to the admin of cycles: what the next year takes over, and what has changed since the last.

    Needs `visible_row()`, and of `VerbsMixin` `do_url()`, `page_of()`, `go()` and the verb `OPEN`.
    """

    def get_urls(self):
        view = self.admin_site.admin_view(self.years_view)
        return [path("<path:object_id>/years/", view, name="evaluation_cycle_years"), *super().get_urls()]

    def after_verb(self, request, obj, verb):
        """The work goes on at the new draft."""
        if verb.name != OPEN.name:
            return super().after_verb(request, obj, verb)
        copy = next_year.later_cycle(obj)
        return self.go(request, page_url("cycle_years", copy.pk) if copy else self.page_of(obj))

    def years_view(self, request, object_id):
        """One cycle between the year before and the year after, for people who may add cycles."""
        cycle = self.visible_row(request, object_id)
        if not holds(request.user, OPEN.codename, cycle):
            raise PermissionDenied(OPEN.codename)
        if cycle.kind != CycleKind.ANNUAL:
            raise Http404
        if request.method != "GET":
            return HttpResponseNotAllowed(["GET"])
        later = next_year.later_cycle(cycle)
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "original": cycle,
            "title": _("From year to year: %(cycle)s") % {"cycle": cycle},
            "cycle": cycle,
            "source": self.link_to(request, cycle.copied_from),
            "later": self.link_to(request, later),
            "since": year_changes.since(cycle) if cycle.copied_from else None,
            "to_come": None if later else year_changes.to_come(cycle),
            "open_url": "" if later else self.do_url(cycle, OPEN.name),
        }
        return TemplateResponse(request, "admin/evaluation/year/years.html", context)

    def link_to(self, request, cycle):
        """The cycle with the address of this page for it, where the person may know of it; else None."""
        if cycle is None or not Cycle.objects.visible_to(request.user).filter(pk=cycle.pk).exists():
            return None
        return {"cycle": cycle, "url": page_url("cycle_years", cycle.pk)}
