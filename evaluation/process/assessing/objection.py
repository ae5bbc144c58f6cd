"""Objections, their versions and decisions (docs/process.md#objections); defence sessions are in `hearing`."""

from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.utils.translation import gettext as _

from evaluation.enums import AssessmentState, MarkLevel, MarkSource, NoticeKind, ObjectionState, Role
from evaluation.models import Assessment, Line, Mark, Objection, ObjectionVersion, OnBehalf
from evaluation.models.stored_file import copied_columns
from evaluation.rules import conditions
from evaluation.rules.permissions import May, holds

from ..door import Forbidden, Refusal, check_person, log, perform
from ..files.accept import check_rows
from ..messages import notice
from .line import Figures, reckon, write_unchecked

FILE = May("file_objection", party=Role.AGENCY)
CLAIM = ("kind", "text", "claimed_actual", "claimed_target", "claimed_score", "file")


def check_filing(line: Line, *, by: User, on_behalf: OnBehalf | None = None) -> None:
    """Raise unless an objection to this line may be filed or edited now."""
    check_person(FILE, line, by, on_behalf)
    assessment = line.assessment
    if assessment.state != AssessmentState.DISCLOSED:
        raise Refusal(_("An objection is filed while initial results are disclosed and not yet confirmed."))
    probe = Objection(line=line)
    if reasons := conditions.objection_open.reasons(probe):
        raise Refusal(*reasons)


@transaction.atomic
def file(line: Line, *, by: User, on_behalf: OnBehalf | None = None, **claim: Any) -> Objection:
    """File an objection to a line, or edit the one that stands: every version is kept. Returns the objection.

    `claim`: kind, text, claimed_actual, claimed_target, claimed_score, file. Raises Refusal or Forbidden.
    """
    Assessment.objects.select_for_update(of=("self",)).get(pk=line.assessment_id)
    line = Line.objects.select_related("assessment__participation__cycle", "indicator").get(pk=line.pk)
    check_filing(line, by=by, on_behalf=on_behalf)
    if not claim.get("text", "").strip():
        raise Refusal(_("An objection needs a text."))
    score = claim.get("claimed_score")
    if score is not None and not 0 <= score <= line.maximum:
        raise Refusal(_("The claimed score must be between 0 and the maximum of the line."))
    objection = line.objections.order_by("-round").first()
    if objection and objection.state in ObjectionState.decided():
        raise Refusal(_("The objection to this line has been decided."))
    if objection is None or objection.state == ObjectionState.WITHDRAWN:
        round_ = objection.round + 1 if objection else 1
        objection = Objection(line=line, round=round_, filed_by=by, on_behalf_of=on_behalf)
    else:
        objection.version += 1
    for name in CLAIM:
        if name != "file" or claim.get(name):
            setattr(objection, name, claim.get(name))
    check_rows(objection, by=by)
    objection.save()
    claimed = {name: getattr(objection, name) for name in CLAIM} | copied_columns(objection.file)
    ObjectionVersion.objects.create(objection=objection, number=objection.version, by=by, **claimed)
    log(objection, "file", target=objection.state, by=by, on_behalf=on_behalf)
    return objection


def withdraw(objection: Objection, *, by: User, on_behalf: OnBehalf | None = None, note: str = "") -> Objection:
    """The agency takes its objection back."""
    return perform(objection, "withdraw", by=by, on_behalf=on_behalf, note=note)


@transaction.atomic
def decide(
    objection: Objection, *, verdict: ObjectionState, reason: str, by: User, figures: Figures | None = None
) -> Objection:
    """Accept, partly accept or reject, with a reason; corrected figures become the line's `revised` level.

    By default a score may only go up and the decider is not the first scorer (settings of the cycle). Score before
    and after are kept on the objection. Raises Refusal or Forbidden.
    """
    objection = Objection.objects.select_related(
        "line__assessment__participation__cycle", "line__assessment__dimension", "line__indicator"
    ).get(pk=objection.pk)
    line, cycle = objection.line, objection.line.assessment.cycle
    before = line.standing_score
    figures = None if verdict == ObjectionState.REJECTED else figures
    if verdict != ObjectionState.REJECTED and figures is None:
        raise Refusal(_("An accepted objection needs the corrected actual, target or score."))
    if cycle.different_decider and scored_by(line, by):
        raise Refusal(_("The first scorer of a line does not decide the objection to it."))
    after = before
    if figures is not None:
        figures = completed(line, figures, reason)
        after = reckon(line, MarkLevel.REVISED, figures).score
        if cycle.objection_only_up and before is not None and after < before:
            raise Refusal(_("In this cycle an objection can only raise a score."))
    objection = perform(objection, "decide", by=by, note=reason, verdict=verdict, before=before, after=after)
    if figures is not None:
        write_unchecked([(line, figures)], MarkLevel.REVISED, by=by, source=MarkSource.OBJECTION)
    notice.tell(
        notice.people(Role.AGENCY, agency=line.assessment.agency),
        event=f"objection:{objection.pk}",
        kind=NoticeKind.DECIDED,
        cycle=cycle,
        text=lambda: _("Your objection to “%(name)s” was decided.") % {"name": line},
    )
    return objection


def completed(line: Line, figures: Figures, reason: str) -> Figures:
    """Corrected figures, with what stands of the initial level where nothing new was entered."""
    actual = line.initial_actual if figures.actual is None and figures.score is None else figures.actual
    return Figures(actual=actual, target=figures.target, score=figures.score, note=figures.note or reason)


def scored_by(line: Line, user: User) -> bool:
    """Whether the latest initial mark is this person's."""
    mark = Mark.objects.filter(line=line, level=MarkLevel.INITIAL).order_by("-at", "-pk").first()
    return mark is not None and mark.by_id == user.pk


@transaction.atomic
def give_opinion(objection: Objection, *, text: str, by: User) -> Objection:
    """The steward's opinion on an objection to its own line."""
    objection = Objection.objects.select_for_update(of=("self",)).get(pk=objection.pk)
    if not holds(by, "record_initial", objection.line, among=[Role.STEWARD, *Role.mpo()]):
        raise Forbidden("record_initial")
    if objection.state != ObjectionState.FILED:
        raise Refusal(_("The objection to this line has been decided."))
    if reasons := conditions.opinion_open.reasons(objection):
        raise Refusal(*reasons)
    objection.steward_opinion = text
    objection.save(update_fields=["steward_opinion"])
    log(objection, "give_opinion", by=by, note=text)
    return objection
