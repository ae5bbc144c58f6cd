"""What is done in each stage of a demo cycle: while it runs, and by its end."""

from evaluation.enums import Stage
from evaluation.process.year import cycle as cycles

from . import assessing, ending, preparing


def nothing(year):
    pass


WORK = {  # stage: (what stands half-way, what stands at the end)
    Stage.DRAFT: (nothing, preparing.register_circular),
    Stage.CIRCULAR: (preparing.issue_circular, preparing.send_circulars),
    Stage.EVALUATORS: (lambda year: preparing.form_groups(year, 3), preparing.train_evaluators),
    Stage.PARTICIPANTS: (nothing, preparing.fix_participants),
    Stage.BRIEFING: (preparing.plan_briefing, preparing.brief),
    Stage.INDICATORS: (preparing.lists_half_way, preparing.freeze_lists),
    Stage.SELF_ASSESSMENT: (assessing.entry_half_way, assessing.enter_everything),
    Stage.TRANSFER: (assessing.transfer_half_way, assessing.transfer_everything),
    Stage.EVALUATION: (assessing.scoring_half_way, assessing.score_everything),
    Stage.OBJECTION: (ending.objection_half_way, ending.finish_objections),
    Stage.CONFIRMATION: (ending.confirmation_half_way, ending.confirm_everything),
    Stage.RANKING: (ending.compute, ending.pass_gates),
    Stage.FESTIVAL: (ending.publish, ending.publish),
    Stage.CLOSED: (nothing, nothing),
}


def play(year, until, *, report=lambda stage: None):
    """Take the cycle through all stages before `until`, and do half of the work of that one."""
    while year.cycle.stage != until:
        report(finish(year))
    half_way(year)
    report(until)


def half_way(year):
    WORK[Stage(year.cycle.stage)][0](year)


def finish(year):
    """Do the work of the present stage with its checklist, and go on. Returns the stage left."""
    stage = Stage(year.cycle.stage)
    WORK[stage][1](year)
    year.tick(stage)
    year.cycle = cycles.advance(year.cycle, by=year.people.manager)
    return stage
