"""An interim evaluation on the page of its main cycle, and the page of its axes (Qazvin's two phases)."""

import datetime

from django import forms
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from evaluation import persian
from evaluation.enums import CycleKind
from evaluation.models import ProcessTemplate
from evaluation.process.year.interim import make_interim
from evaluation.reports import interim

from ..cycle_pages import cycle_page
from ..forms import JalaliDateField
from ..verbs.dialogs import VerbForm
from ..verbs.verb import Verb

QAZVIN = "qazvin-two-phase"


class InterimForm(VerbForm):
    title = forms.CharField(label=gettext_lazy("title"), max_length=250)
    period_start = JalaliDateField(label=gettext_lazy("start of the period"))
    period_end = JalaliDateField(label=gettext_lazy("end of the period"))
    template = forms.ModelChoiceField(
        ProcessTemplate.objects.none(), label=gettext_lazy("process template"), required=False
    )

    def prepare(self):
        super().prepare()
        self.fields["template"].queryset = ProcessTemplate.objects.visible_to(self.user)


def half_of(cycle):
    """The last day of the sixth month of the period (شش‌ماههٔ اول); of a shorter one the day in its middle."""
    start = persian.to_jalali(cycle.period_start)
    _first, after = persian.month_bounds(start.year + (start.month + 4) // 12, (start.month + 4) % 12 + 1)
    sixth = after - datetime.timedelta(days=1)
    return sixth if sixth < cycle.period_end else cycle.period_start + (cycle.period_end - cycle.period_start) / 2


def usual(cycle):
    """The first half of the main cycle's period, and the template of Qazvin where it is loaded."""
    return {
        "title": _("Interim evaluation of %(cycle)s") % {"cycle": cycle},
        "period_start": cycle.period_start,
        "period_end": half_of(cycle),
        "template": ProcessTemplate.objects.of_province(cycle.province).filter(code=QAZVIN).last(),
    }


MAKE = Verb(
    "make_interim",
    make_interim,
    form=InterimForm,
    label=gettext_lazy("Make an interim evaluation"),
    transition=False,
    codename="add_cycle",
    offered=lambda cycle: cycle.kind == CycleKind.ANNUAL and cycle.participants_fixed_at is not None,
    tone="plain",
    icon="call_split",
    initial=usual,
    sentence=gettext_lazy(
        "General catalogue, agencies and evaluator groups are copied. Evaluators visit and score without a "
        "self-assessment, and there is no ranking."
    ),
)


class InterimMixin:
    """Adds `<pk>/axes/` to the admin of cycles: means of the axes of an interim cycle.

    Needs `visible_row()` and, of `VerbsMixin`, `page_of()`, `go()` and the verb `MAKE`.
    """

    def get_urls(self):
        view = self.admin_site.admin_view(self.axes_view)
        return [path("<path:object_id>/axes/", view, name="evaluation_cycle_axes"), *super().get_urls()]

    def after_verb(self, request, obj, verb):
        """The work goes on at the interim cycle."""
        if verb.name != MAKE.name:
            return super().after_verb(request, obj, verb)
        return self.go(request, self.page_of(obj.interims.latest("pk")))

    def axes_view(self, request, object_id):
        """The axes of one interim cycle, for the provincial organization's own people."""
        return cycle_page(
            self,
            request,
            object_id,
            "admin/evaluation/year/checklist/axes.html",
            right="compute_resultset",
            kind=CycleKind.INTERIM,
            title=_("Axes: %(cycle)s"),
            means=interim.axis_means,
        )
