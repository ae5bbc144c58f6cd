"""Verbs on all files of one province's year in a nation, at once and file by file."""

from dataclasses import asdict

from django.db import transaction
from django.utils import timezone

from evaluation.models import Assessment, Cycle, Line
from evaluation.process import audit, door
from evaluation.process.assessing import assessment, many_files

from .rows import watched

STATES = {  # verb: state before it
    "finish_scoring": "under_evaluation",
    "disclose": "scored",
    "confirm": "disclosed",
    "approve_by_rule": "submitted",
}


def measure():
    """[{verb, files, bulk: work, single: work}] of the files of the latest cycle."""
    cycle = Cycle.objects.order_by("-performance_year", "pk").first()
    return [of_verb(name, cycle) for name in STATES]


def of_verb(name, cycle):
    found, single = {"verb": name}, getattr(assessment, name)
    takes = {"bulk": getattr(many_files, name), "single": lambda files, *, by: door.run_batch(files, single, by=by)}
    for kind, take in takes.items():
        with transaction.atomic():
            files, by = prepared(cycle, STATES[name]), audit.scheduler(cycle.province)
            with watched() as work:
                batch = take(files, by=by)
            transaction.set_rollback(True)
        if batch.left_out:
            raise RuntimeError(f"{name}: {batch.left_out[0][1]}")
        found |= {"files": len(files), kind: asdict(work)}
    return found


def prepared(cycle, state):
    """The cycle's files in the state before the verb, with scores in every line, nothing objected or remarked."""
    now, person = timezone.now(), audit.scheduler(cycle.province)
    moments = {f"{what}_at": now for what in ("submitted", "received", "scored", "disclosed")}
    people = {f"{what}_by": person for what in ("submitted", "received", "scored")}
    Cycle.objects.filter(pk=cycle.pk).update(stage="evaluation")
    files = Assessment.objects.filter(participation__cycle=cycle)
    files.update(state=state, **moments, **people)
    Line.objects.filter(assessment__in=files, initial_score=None).update(initial_score=0)
    return list(files)
