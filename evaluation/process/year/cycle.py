"""Starting a cycle and moving it through its stages."""

from collections.abc import Iterable

from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from evaluation.enums import AssessmentState, Basis, DimensionKind, Part, RankedAmong, Stage
from evaluation.models import Agency, Cycle, Dimension, Participation, PeerGroup, ProcessTemplate
from evaluation.rules import sentences
from evaluation.rules.permissions import holds

from ..assessing import many_files
from ..catalogue import indicator, lines
from ..door import Forbidden, Refusal, counted, log, perform
from . import interim_figures, windows

VERBS = {
    Stage.CIRCULAR: "start_circular",
    Stage.EVALUATORS: "name_evaluators",
    Stage.PARTICIPANTS: "choose_participants",
    Stage.BRIEFING: "brief",
    Stage.INDICATORS: "write_indicators",
    Stage.SELF_ASSESSMENT: "open_self_assessment",
    Stage.TRANSFER: "open_transfer",
    Stage.EVALUATION: "open_evaluation",
    Stage.OBJECTION: "open_objection",
    Stage.CONFIRMATION: "open_confirmation",
    Stage.RANKING: "open_ranking",
    Stage.FESTIVAL: "open_festival",
    Stage.CLOSED: "close",
}
GENERAL, SPECIFIC = "general", "specific"


@transaction.atomic
def start(cycle: Cycle, *, by: User, template: ProcessTemplate | None = None) -> Cycle:
    """Set up a cycle that was just added: the template's checklist and the two usual dimensions of 1000 points.

    `cycle` is saved already. Raises Forbidden for people who may not add a cycle here.
    """
    if not holds(by, "add_cycle", cycle):
        raise Forbidden("add_cycle")
    if template or cycle.template:
        windows.take_template(cycle, template or cycle.template)
    if not cycle.dimensions.exists():
        with translation.override(settings.LANGUAGE_CODE):  # kept in the product's language, whoever adds the cycle
            give_dimensions(cycle)
    log(cycle, "start", target=cycle.stage, by=by)
    return cycle


def give_dimensions(cycle: Cycle) -> None:
    """The two usual dimensions, 1000 points each; of the specific one 800 are the nation's and 200 the province's."""
    Dimension.objects.create(
        cycle=cycle, code=GENERAL, kind=DimensionKind.GENERAL, title=_("General indicators"), order=1
    )
    Dimension.objects.create(
        cycle=cycle,
        code=SPECIFIC,
        kind=DimensionKind.SPECIFIC,
        title=_("Specific indicators"),
        basis=Basis.WEIGHTS,
        national_points=800,
        provincial_points=200,
        order=2,
    )


def next_stage(cycle: Cycle) -> Stage | None:
    """The stage that comes after the present one, those skipped left out; None at the end."""
    stage = Stage(cycle.stage).next
    while stage is not None and stage in cycle.skipped:
        stage = stage.next
    return stage


@transaction.atomic
def advance(cycle: Cycle, *, by: User, note: str = "") -> Cycle:
    """Go on to the next stage that the template does not skip, and open its window. Raises Refusal."""
    cycle = Cycle.objects.get(pk=cycle.pk)
    stage = next_stage(cycle)
    if stage is None:
        raise Refusal(sentences.ARCHIVED)
    return enter(cycle, stage, by=by, note=note)


@transaction.atomic
def enter(cycle: Cycle, stage: Stage, *, by: User, note: str = "") -> Cycle:
    """Run the named verb of `stage`; the window of the stage left ends now, but for answers to objections."""
    left, now = cycle.stage, timezone.now()
    cycle = perform(cycle, VERBS[Stage(stage)], by=by, note=note)
    running = cycle.windows.filter(stage=left, opens_at__lt=now, closes_at__gt=now)
    running.exclude(part=Part.ANSWER).update(closes_at=now, closed_at=now)
    windows.open_window(cycle, stage, at=now)
    ON_ENTRY.get(Stage(stage), lambda *_args, **_kwargs: None)(cycle, by=by)
    return cycle


@transaction.atomic
def reopen(cycle: Cycle, *, stage: Stage, by: User, reason: str) -> Cycle:
    """Take the cycle back to an earlier stage, with a reason; its window opens anew when it has none running."""
    if Stage(stage).number >= Stage(cycle.stage).number:
        raise Refusal(_("A cycle goes back to an earlier stage only."))
    cycle = perform(cycle, "reopen", by=by, note=reason, stage=stage)
    windows.open_window(cycle, Stage(stage))
    return cycle


@transaction.atomic
def fix_participants(cycle: Cycle, *, by: User, agencies: Iterable[Agency] | None = None) -> list[Participation]:
    """Fix the list: a participation for each agency (all active ones of the province by default), in the peer group
    of its usual name. Returns the participations. A second call adds late joiners only.
    """
    if not holds(by, "fix_participants", cycle):
        raise Forbidden("fix_participants")
    last = dict(Participation.objects.filter(cycle=cycle.copied_from_id).values_list("agency", "ranked_among"))
    chosen = agencies if agencies is not None else cycle.province.agencies.filter(active=True)
    groups = {group.title: group for group in cycle.peer_groups.all()}
    for agency in chosen:
        if agency.group and agency.group not in groups:
            groups[agency.group] = PeerGroup.objects.create(cycle=cycle, title=agency.group, order=len(groups) + 1)
        defaults = {"peer_group": groups.get(agency.group), "ranked_among": ranked_among(agency, last.get(agency.pk))}
        Participation.objects.get_or_create(cycle=cycle, agency=agency, defaults=defaults)
    if not cycle.participations.exists():
        raise Refusal(_("The province has no active agency: import the workbook of agencies first."))
    cycle.participants_fixed_at, cycle.participants_fixed_by = timezone.now(), by
    cycle.save(update_fields=["participants_fixed_at", "participants_fixed_by"])
    log(cycle, "fix_participants", by=by, note=counted(cycle.participations.count()))
    return list(cycle.participations.all())


def ranked_among(agency: Agency, last_year: str | None) -> RankedAmong:
    """With whom an agency is ranked that joins a cycle: as the agency's own setting says, and only in its group where
    it was so in the cycle from which this one was copied.
    """
    if not agency.ranked:
        return RankedAmong.NOBODY
    return RankedAmong.GROUP if last_year == RankedAmong.GROUP else RankedAmong.ALL


def open_lists(cycle: Cycle, *, by: User) -> None:
    """Every ranked agency gets its specific list when the stage of writing them opens."""
    indicator.open_lists(cycle)


def give_lines(cycle: Cycle, *, by: User) -> None:
    """Late joiners and lists frozen since get their lines when the self-assessment opens; nothing is made twice."""
    lines.generate_all_lines(cycle)


def open_all_scoring(cycle: Cycle, *, by: User) -> None:
    """Received assessments open for scoring when the stage does."""
    received = cycle.assessments().filter(state=AssessmentState.RECEIVED)
    for _file, sentence in many_files.open_scoring(list(received), by=by).left_out:
        raise Refusal(sentence)


def keep_interim(cycle: Cycle, *, by: User) -> None:
    """The axis figures of an interim cycle freeze when it is archived."""
    interim_figures.freeze(cycle, by=by)


ON_ENTRY = {
    Stage.INDICATORS: open_lists,
    Stage.SELF_ASSESSMENT: give_lines,
    Stage.EVALUATION: open_all_scoring,
    Stage.CLOSED: keep_interim,
}
