"""A cycle taken through its stages by the verbs of `process`: the one walk under the demo and under the tests.

`STEPS` lists what each stage asks for, in order; every step is a method of `YearWalker`. A subclass says who acts
(`acting`) and which figures are entered, and overrides the steps that it takes in another way.
"""

from django.utils import timezone

from evaluation.enums import AssessmentState, DimensionKind, Gate, Role, Stage, TransferDirection, TransferState
from evaluation.exchange import package
from evaluation.process.assessing import assessment, transfer
from evaluation.process.catalogue import indicator
from evaluation.process.results import council, level, result
from evaluation.process.year import cycle
from evaluation.rules import festival_gate
from evaluation.rules.gates import required_gates

from . import festival_walk

STEPS = {
    Stage.DRAFT: ("register_circular",),
    Stage.CIRCULAR: ("send_circulars",),
    Stage.EVALUATORS: ("write_catalogue", "form_groups"),
    Stage.PARTICIPANTS: ("fix_participants",),
    Stage.BRIEFING: ("hold_briefing",),
    Stage.INDICATORS: ("freeze_catalogue", "write_lists"),
    Stage.SELF_ASSESSMENT: ("fill_all", "submit_all"),
    Stage.TRANSFER: ("approve_all", "send_to_national", "send_to_province"),
    Stage.EVALUATION: ("score_all", "finish_scoring_all"),
    Stage.OBJECTION: ("disclose_all", "hear_objections", "end_objection"),
    Stage.CONFIRMATION: ("confirm_all",),
    Stage.RANKING: ("compute", "pass_gates", "announce"),
    Stage.FESTIVAL: ("publish_results", "hold_festival"),
    Stage.CLOSED: (),
}
# The way of one agency's list of specific indicators, from the proposal to the acknowledgement.
LIST_STEPS = ("propose", "endorse", "send_list", "finalise", "add_slice", "review", "freeze_list", "acknowledge")


class YearWalker:
    """Needs the attributes `cycle` and the MPO's users `manager`, `expert` and `lead` (who leads the evaluators)."""

    steps = STEPS
    results = None

    def acting(self, role, agency=None):
        """Who takes a step of this outside role for an agency: {"by": user}, with "on_behalf" where it is by letter."""
        raise NotImplementedError

    # -- the walk -----------------------------------------------------------------------------------

    def until(self, stage):
        """Take the steps of every stage before `stage` and go on each time. Returns the walker."""
        while self.cycle.stage != stage:
            self.work(self.cycle.stage)
            self.go_on()
        return self

    def work(self, stage):
        """Take the steps of a stage without going on, and read the cycle again. Returns the walker."""
        for step in self.steps[Stage(stage)]:
            self.take(step)
        self.cycle = type(self.cycle).objects.get(pk=self.cycle.pk)
        return self

    def take(self, step):
        getattr(self, step)()

    def go_on(self):
        self.cycle = cycle.advance(self.cycle, by=self.manager)

    def rows_in(self, *states):
        """The cycle's assessments in these states, by agency and dimension; all of them where no state is named."""
        rows = self.cycle.assessments().order_by("participation__agency__code", "dimension__order")
        rows = rows.filter(state__in=states) if states else rows
        return list(
            rows.select_related("participation__agency__headquarters", "participation__cycle__province", "dimension")
        )

    # -- preparing ----------------------------------------------------------------------------------

    def register_circular(self):
        """The circular of the national organization, as it came in."""
        raise NotImplementedError

    def send_circulars(self):
        """The province's own circulars to its agencies."""
        raise NotImplementedError

    def write_catalogue(self):
        """Axes and general indicators."""
        raise NotImplementedError

    def form_groups(self):
        """Groups of evaluators with their members."""
        raise NotImplementedError

    def fix_participants(self):
        cycle.fix_participants(self.cycle, by=self.manager)

    def hold_briefing(self):
        """The workshop for agencies."""
        raise NotImplementedError

    def freeze_catalogue(self):
        indicator.freeze(self.cycle.dimensions.get(kind=DimensionKind.GENERAL), by=self.manager)

    def write_lists(self):
        for specific_list in self.cycle.specific_lists.select_related("agency", "cycle").order_by("pk"):
            self.write_list(specific_list)

    def write_list(self, specific_list, steps=LIST_STEPS):
        """Take one list through these steps."""
        for step in steps:
            specific_list = getattr(self, step)(specific_list) or specific_list

    def propose(self, specific_list):
        """The agency's own indicators."""
        raise NotImplementedError

    def endorse(self, specific_list):
        return indicator.endorse(specific_list, **self.acting(Role.HEADQUARTERS, specific_list.agency))

    def send_list(self, specific_list):
        return indicator.send_list(specific_list, **self.acting(Role.HEADQUARTERS, specific_list.agency))

    def finalise(self, specific_list):
        return indicator.finalise(specific_list, **self.acting(Role.NATIONAL))

    def add_slice(self, specific_list):
        return indicator.add_slice(specific_list, by=self.expert)

    def review(self, specific_list):
        return indicator.review(specific_list, by=self.lead, all_fit=True)

    def freeze_list(self, specific_list):
        return indicator.freeze_list(specific_list, by=self.expert)

    def acknowledge(self, specific_list):
        return indicator.acknowledge(specific_list, **self.acting(Role.AGENCY, specific_list.agency))

    # -- assessing ----------------------------------------------------------------------------------

    def fill_all(self):
        """Agencies enter their own figures."""
        raise NotImplementedError

    def submit_all(self):
        self.submit(self.rows_in(*AssessmentState.open_to_agency()))

    def submit(self, rows):
        for row in rows:
            assessment.submit(row, report=self.report_of(row), **self.acting(Role.AGENCY, row.agency))

    def report_of(self, assessment):
        """The frozen self-assessment report (bytes of a PDF), or None."""

    def approve_all(self):
        self.approve(self.rows_in(AssessmentState.SUBMITTED))

    def approve(self, rows):
        for row in rows:
            assessment.approve(row, **self.acting(Role.HEADQUARTERS, row.agency))

    def send_to_national(self):
        self.forward(self.rows_in(AssessmentState.APPROVED))

    def forward(self, rows):
        """Each headquarters sends the files of its agencies; an agency without one sends its own."""
        by_body = {}
        for row in rows:
            by_body.setdefault(row.agency.headquarters_id or -row.agency.pk, []).append(row)
        for together in by_body.values():
            self.send(TransferDirection.TO_ARO, together, **self.acting(Role.HEADQUARTERS, together[0].agency))

    def send_to_province(self):
        for sent in self.cycle.transfers.filter(direction=TransferDirection.TO_ARO, state=TransferState.SENT):
            transfer.receive(sent, **self.acting(Role.NATIONAL))
        self.send_back(self.rows_in(AssessmentState.SENT))

    def send_back(self, rows):
        """The national organization sends these files to the province, which receives them."""
        sent = self.send(TransferDirection.TO_MPO, rows, **self.acting(Role.NATIONAL))
        return transfer.receive(sent, by=self.expert)

    def send(self, direction, rows, **who):
        """Prepare a transfer and send its package. Returns the transfer."""
        prepared = transfer.prepare(self.cycle, direction, rows, **self.letter_of_transfer(), **who)
        content, sha256 = self.package_of(prepared)
        return transfer.send(prepared, package=content, sha256=sha256, **who)

    def letter_of_transfer(self):
        """The letter's number and date, by the names of `transfer.prepare`."""
        return {}

    def package_of(self, prepared):
        """(bytes, SHA-256 in hex): the register of evidence without the files."""
        return package.build(prepared, evidence_limit=0)

    def score_all(self):
        """Evaluators and stewards enter the initial figures."""
        raise NotImplementedError

    def finish_scoring_all(self):
        self.finish_scoring(self.rows_in(AssessmentState.UNDER_EVALUATION))

    def finish_scoring(self, rows):
        for row in rows:
            assessment.finish_scoring(row, by=self.lead_of(row))

    def lead_of(self, assessment):
        return self.lead

    def disclose_all(self):
        self.disclose(self.rows_in(AssessmentState.SCORED))

    def disclose(self, rows):
        for row in rows:
            assessment.disclose(row, by=self.expert)

    def hear_objections(self):
        """Objections, hearings and decisions; none in a plain year."""

    def end_objection(self):
        """End the stage's windows now, as staff would edit them."""
        self.cycle.windows.filter(stage=Stage.OBJECTION).update(closes_at=timezone.now())

    # -- the end ------------------------------------------------------------------------------------

    def confirm_all(self):
        self.confirm(self.rows_in(AssessmentState.DISCLOSED))

    def confirm(self, rows):
        for row in rows:
            assessment.confirm(row, by=self.manager)

    def compute(self):
        self.results = result.compute(result.prepare(self.cycle, by=self.expert), by=self.expert)

    def pass_gates(self):
        for gate in self.gates():
            gate()

    def gates(self):
        """The steps that pass the gates of this cycle, in the order of its setting."""
        steps = {
            Gate.COUNCIL: self.ask_council,
            Gate.REPORT: self.report_to_national,
            Gate.LEVELS: self.receive_levels,
        }
        return [steps[gate] for gate in required_gates(self.cycle)]

    def ask_council(self):
        self.dispatch()
        self.hold_council()

    def dispatch(self):
        """Send the frozen results to the council."""
        sent = {"number": f"{self.results.number}/ش", "date": timezone.localdate(), "file": self.list_for_council()}
        council.dispatch(self.results, by=self.expert, **sent)

    def list_for_council(self):
        """(name, bytes) of the list that goes with the letter."""
        raise NotImplementedError

    def hold_council(self):
        self.results = council.hold_council(self.results, **self.council_session(), **self.acting(Role.COUNCIL))

    def council_session(self):
        """Committee, number, held_on, guests, resolution and minutes, by the names of `council.new_session`."""
        raise NotImplementedError

    def report_to_national(self):
        sent = self.send(TransferDirection.REPORT, self.rows_in(AssessmentState.CONFIRMED), by=self.expert)
        transfer.receive(sent, **self.acting(Role.NATIONAL))
        self.results = result.record_report(self.results, by=self.expert)

    def receive_levels(self):
        levels, letter = self.levels_given()
        level.set_levels(self.results, levels, letter=letter, **self.acting(Role.NATIONAL))
        self.results = level.record_levels(self.results, **self.acting(Role.NATIONAL))

    def levels_given(self):
        """({AgencyResult pk: Level}, number of the letter that gives them)."""
        raise NotImplementedError

    def announce(self):
        self.results = result.announce(self.results, by=self.manager)

    def publish_results(self):
        moment = timezone.now()
        files = self.files_to_publish(moment)
        self.results = result.publish(self.results, by=self.manager, files=files, at=moment)

    def hold_festival(self):
        """The festival with its report, where a process template of the cycle asks for one."""
        if festival_gate.is_required(self.cycle):
            held = festival_walk.hold(self.cycle, manager=self.manager, expert=self.expert)
            for sent in festival_gate.standing_report(held.cycle):
                transfer.receive(sent, **self.acting(Role.NATIONAL))

    def files_to_publish(self, moment):
        """[(kind, name, bytes, SHA-256)] of the results' files, as they are when published at this moment."""
        return ()
