"""What a step does, in one sentence: its dialog says so before the person confirms.

Every step that moves a state has its row here, save where the page that offers it says more (`Verb.sentence`); a test
holds the table complete. A step that cannot be taken back says that it cannot, or how it can.
"""

from django.utils.translation import gettext_lazy as _

CYCLE_GOES_ON = _(
    "The whole cycle moves to this stage, and the people concerned are notified. Going back needs a reason and is "
    "logged."
)
READ = _("The time of reading is recorded in the name of your agency.")
EFFECTS = {
    "Assessment": {
        "submit": _(
            "The self-assessment is sent on and its report is kept. It can be edited again only if it is returned "
            "to you."
        ),
        "return_": _("The agency can edit the self-assessment again; the reason is sent to it."),
        "approve": _(
            "The self-assessment is approved and the agency can no longer edit it. Figures that the headquarters left "
            "empty are taken from it."
        ),
        "open_scoring": _("From now on the evaluators can score the lines of this self-assessment."),
        "send_back": _("The self-assessment goes back to the agency for correction; the reason is sent to it."),
        "finish_scoring": _(
            "The scoring of this self-assessment ends: from now on a score changes only by a decision on an objection."
        ),
        "disclose": _("The agency sees its initial scores and can object to them. This cannot be undone."),
        "confirm": _(
            "The final scores of all lines are recorded. After that they change only by reopening the assessment."
        ),
        "reopen": _(
            "The final confirmation is cancelled, and computed results of the cycle are voided with this reason."
        ),
        "mark_absent": _("“Did not take part” is recorded: the total is zero and the agency gets no rank."),
        "withdraw": _("The agency leaves the evaluation in this dimension: it gets no score and no rank."),
        "bring_back": _(
            "The agency takes part again from the state that its file had; results computed without it become void."
        ),
    },
    "Objection": {
        "decide": _("The decision and its reason are sent to the agency. A decision cannot be changed."),
        "withdraw": _("The objection is closed and the score stays as it is."),
    },
    "Ticket": {
        "assign": _("The ticket is handed to this person, who is notified."),
        "close": _("The ticket is closed. Its asker can reopen it."),
        "reopen": _("The ticket waits for an answer again, with a new deadline; who handles it is notified."),
    },
    "Hearing": {"hold": _("The session is recorded as held; after that its time and place cannot be changed.")},
    "Line": {
        "exempt": _("The line is left out of the agency's score by the rule of the cycle."),
        "lift_exemption": _("The line counts again and has to be scored."),
    },
    "Transfer": {
        "refuse": _(
            "The package is refused; self-assessments sent to the national organization go back to the agencies."
        ),
        "supersede": _(
            "The transfer loses its effect and stays in the records. This cannot be undone; prepare a new one."
        ),
    },
    "SpecificList": {
        "endorse": _("The list is approved and the agency can no longer edit it."),
        "send": _("The list is sent to the national organization and cannot be edited until it comes back."),
        "finalise": _("The national slice becomes final and cannot be changed; the province adds its own slice."),
        "add_slice": _("The provincial slice is closed and the list goes on to the review."),
        "review": _("The review of the list ends and the list can be frozen."),
        "freeze": _(
            "The lines of the agency are created and the agency is notified. Later changes are amendments with a "
            "reason."
        ),
        "return_": _("The list can be edited again; the reason is sent to the agency."),
        "acknowledge": READ,
    },
    "Indicator": {"drop": _("The indicator is removed from the list.")},
    "ResultSet": {
        "compute": _("Totals and ranks are computed from the final scores; figures computed before are replaced."),
        "approve": _(
            "The council's approval is recorded with its session. To change the figures, the results are voided."
        ),
        "record_report": _("The report to the national organization is recorded as sent with these figures."),
        "record_levels": _("The levels of the agencies are recorded with these figures."),
        "dispatch": _(
            "The council gets the frozen figures with this letter and is notified; its approval needs the letter."
        ),
        "correct": _(
            "The final scores of these lines are corrected, totals and ranks are computed again and a new edition of "
            "the files is made; everybody who was told of the publication is told. This cannot be undone."
        ),
        "return_": _(
            "The approval is not given: the figures are void, and the cycle goes back to the final confirmation. Each "
            "remark below is answered before the next results are computed."
        ),
        "void": _("The figures lose their effect and stay in the records. This cannot be undone; compute new results."),
    },
    "ImprovementPlan": {
        "propose": _("The agency is told, and completes the actions of the plan before it agrees."),
        "agree": _("The actions can no longer be edited; the headquarters of the agency is asked to approve them."),
        "decline": _("The plan goes back to the provincial organization with the reason."),
        "approve": _("The follow-up begins: the agency reports its progress each quarter."),
        "return_": _("The actions can be edited again; the reason is sent to the agency."),
        "revise": _("The plan leaves the follow-up and can be edited; it is then agreed and approved again."),
        "close": _("The plan is closed with the points that were reached. This cannot be undone."),
    },
    "FeedbackSheet": {"acknowledge": READ},
    "Festival": {
        "open_nominations": _(
            "From the first day on, agencies can nominate their best teams, managers and experts; they are notified of "
            "the last day."
        ),
        "begin_choice": _(
            "The nominations end, the candidates by figures are proposed from the frozen results, and the kinds of "
            "award can no longer be changed."
        ),
        "finish_choice": _("The choice of the committee is fixed; nobody outside sees it before the announcement."),
        "announce": _(
            "Everybody in the province can see the winners, and the agencies are notified. This cannot be undone."
        ),
        "report": _(
            "Report and workbook are made from the awards and sent to the national organization with this letter; the "
            "course and the programme can no longer be edited."
        ),
        "reopen_nominations": _("Agencies can nominate again until the last day; the choice is suspended."),
        "reopen_choice": _("The committee can give and take back awards again."),
    },
    "Circular": {
        "send_also": _("Each of these agencies gets a receipt, and its people a notice."),
        "read": READ,
    },
    "Workshop": {"hold": _("The workshop is recorded as held; then record who was present.")},
    "Participation": {
        "put_in_group": _("The agency is compared and ranked in the new peer group."),
        "rank_among": _("Ranks are computed so from the next computation; the agency's figures stay as they are."),
    },
    "Cycle": {
        "close": _(
            "The cycle is archived and becomes read-only for everyone. This cannot be undone; published results are "
            "corrected by an erratum."
        ),
        "reopen": _(
            "The whole cycle goes back to the chosen stage; computed and announced results are voided with this reason."
        ),
        "take_template": _("The steps of the template are copied into the checklist of the cycle."),
    },
}


def effect_of(model, name):
    """The sentence of a step of a model, or "" where a dialog needs none."""
    if model.__name__ == "Cycle" and name not in EFFECTS["Cycle"] and hasattr(model, name):
        return CYCLE_GOES_ON
    return EFFECTS.get(model.__name__, {}).get(name, "")
