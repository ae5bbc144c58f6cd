"""The work of each stage of a demo cycle: half done, as a stage shows it while it runs, and whole."""

from evaluation.enums import Stage

from . import assessing, ending, preparing
from .year import Year


class DemoYear(Year):
    """The whole work of each stage; the steps that are not here are taken as `YearWalker` takes them."""

    def register_circular(self):
        preparing.register_circular(self)

    def send_circulars(self):
        preparing.send_circulars(self)

    def write_catalogue(self):
        """The catalogue stands since the cycle was made."""

    def form_groups(self):
        preparing.train_evaluators(self)

    def fix_participants(self):
        preparing.fix_participants(self)

    def hold_briefing(self):
        preparing.brief(self)

    def freeze_catalogue(self):
        preparing.freeze_general(self)

    def write_lists(self):
        preparing.take_lists(self, self.agencies)

    def propose(self, specific_list):
        preparing.propose(self, specific_list)

    def add_slice(self, specific_list):
        preparing.write_slice(self, specific_list)
        return super().add_slice(specific_list)

    def fill_all(self):
        assessing.fill(self, assessing.present(self))

    def submit_all(self):
        assessing.submit_all(self)

    def report_of(self, assessment):
        return assessing.report_of(self, assessment)

    def approve_all(self):
        assessing.return_and_approve(self)

    def send_to_province(self):
        super().send_to_province()
        assessing.take_in_figures(self, self.order)

    def score_all(self):
        assessing.visit_and_score(self)

    def hear_objections(self):
        ending.hear_objections(self)


def nothing(year):
    """Nothing is half done in this stage."""


HALF_WAY = {
    Stage.DRAFT: nothing,
    Stage.CIRCULAR: preparing.issue_circular,
    Stage.EVALUATORS: lambda year: preparing.form_groups(year, 3),
    Stage.PARTICIPANTS: nothing,
    Stage.BRIEFING: preparing.plan_briefing,
    Stage.INDICATORS: preparing.lists_half_way,
    Stage.SELF_ASSESSMENT: assessing.entry_half_way,
    Stage.TRANSFER: assessing.transfer_half_way,
    Stage.EVALUATION: assessing.scoring_half_way,
    Stage.OBJECTION: ending.objection_half_way,
    Stage.CONFIRMATION: ending.confirmation_half_way,
    Stage.RANKING: DemoYear.compute,
    Stage.FESTIVAL: DemoYear.publish_results,
    Stage.CLOSED: nothing,
}


def play(year, until, *, report=lambda stage: None):
    """Take the cycle through all stages before `until`, and do half of the work of that one."""
    while year.cycle.stage != until:
        report(finish(year))
    half_way(year)
    report(until)


def half_way(year):
    """Do half of the work of the present stage."""
    HALF_WAY[Stage(year.cycle.stage)](year)


def finish(year):
    """Do the work of the present stage with its checklist, and go on. Returns the stage left."""
    stage = Stage(year.cycle.stage)
    year.work(stage)
    year.tick(stage)
    year.go_on()
    return stage
