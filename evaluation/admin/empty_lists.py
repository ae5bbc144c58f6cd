"""What an empty list says: what comes here, who makes it, and the next step for those whose step it is.

A table by list: the sentence for people who may add rows or have the right `acts`, and the one for all others.
"""

from typing import NamedTuple

from django.utils.translation import gettext_lazy as _

from .empty_lists_of_desk import OF_THE_DESK


class Empty(NamedTuple):
    """`acting`: for those who fill the list, `reading`: for the others; one of them may be missing."""

    acting: str = ""
    reading: str = ""


EMPTY = {  # list, as in `navigation.GROUPS`
    "cycle": Empty(
        acting=_(
            "A cycle is the evaluation of one performance year in a province. Add the cycle of the year to begin."
        ),
        reading=_("The provincial organization makes the cycle of the year; it appears here then."),
    ),
    "circular": Empty(
        acting=_("Register the circulars that you receive, and send those of the province to the agencies."),
        reading=_("Circulars of the provincial organization to your agency appear here; you are notified of each."),
    ),
    "circularfile": Empty(
        reading=_("Attachments of circulars appear here when a circular with attachments is sent."),
    ),
    "circularreceipt": Empty(
        reading=_("When a circular is sent, each recipient gets a row here that shows whether it has been read."),
    ),
    "festival": Empty(
        acting=_("Add the festival of the cycle, and take the awards of a scheme on its page."),
        reading=_("The festival of the year appears here when the provincial organization opens the nominations."),
    ),
    "nominee": Empty(
        acting=_(
            "Candidates appear here when they are proposed from the figures, nominated by agencies or recorded as "
            "proposals of the governor, each on the page of the festival."
        ),
        reading=_("Nominate the best teams, managers and experts of your agency on the page of the festival."),
    ),
    "award": Empty(
        acting=_("Awards appear here when the committee gives them to nominees."),
        reading=_("Winners appear here when they are announced."),
    ),
    "awardkind": Empty(acting=_("Add a kind of award: whom it honours, by which figure, and how many there are.")),
    "cyclestep": Empty(
        acting=_("Choose a process template on the page of the cycle: its steps are put into the checklist."),
        reading=_(
            "The steps of the process appear here when the provincial organization has chosen a process template "
            "for the cycle."
        ),
    ),
    "stagewindow": Empty(
        acting=_("Plan all windows of the year in one action on the page of the cycle, or add one here."),
        reading=_("The windows of the stages appear here when the provincial organization has planned the cycle."),
    ),
    "extension": Empty(
        acting=_("Give one agency more time for a stage here, or grant its request."),
        reading=_(
            "Extensions that the provincial organization grants appear here. You can ask for one on the page of "
            "the self-assessment."
        ),
    ),
    "extensionrequest": Empty(
        acting=_("Agencies and their headquarters ask for more time; their requests come here for your decision."),
        reading=_(
            "You have not asked for more time. If you need it, use “Ask for an extension” on the page of the "
            "self-assessment before the window ends."
        ),
    ),
    "dayoff": Empty(
        acting=_(
            "Only days off that the official calendar above does not have are entered here, for example a closure "
            "for air pollution."
        ),
    ),
    "workshop": Empty(
        acting=_("Add the workshops of the year, invite their audience, then note who came."),
        reading=_("Workshops to which you are invited appear here with their time and place."),
    ),
    "committee": Empty(
        acting=_("Add the council and the committees of the province with their members."),
        reading=_("The provincial organization adds the council and the committees of the province."),
    ),
    "committeesession": Empty(
        acting=_("Add a session with its number, date and resolutions; the approval of the results refers to it."),
    ),
    "processtemplate": Empty(
        acting=_("Process templates come with the system; add your own if the process of the province differs."),
        reading=_("Process templates are kept by the national organization and the provincial organizations."),
    ),
    "legalreference": Empty(
        acting=_("Add the laws, directives and circulars on which the evaluation is based."),
        reading=_(
            "The legal references of the evaluation are kept by the national organization and the provincial "
            "organizations."
        ),
    ),
    "participation": Empty(
        acting=_("Choose the agencies that take part on the page of the cycle."),
        reading=_("The agencies of the cycle appear here when the provincial organization has named them."),
    ),
    "agency": Empty(
        acting=_("Add the agencies of the province here, or upload them all from an Excel file."),
        reading=_("The provincial organization enters the agencies of the province."),
    ),
    "headquarters": Empty(
        acting=_("Add the headquarters to which the agencies of the province belong."),
        reading=_("The headquarters are entered by the national organization and the provincial organizations."),
    ),
    "partnerbody": Empty(
        acting=_("Add the bodies that give the figures of indicators as stewards."),
        reading=_("Stewards are entered by the provincial organization."),
    ),
    "peergroup": Empty(
        acting=_("Add the groups of similar agencies in which results are compared."),
        reading=_("The provincial organization forms the groups of similar agencies."),
    ),
    "membership": Empty(
        acting=_("Give each person a role and a place here; without one a person sees nothing."),
        reading=_("The manager of the provincial organization gives people their roles."),
    ),
    "province": Empty(
        reading=_(
            "The provinces come with the system. If they are missing, ask the system administrator to load the "
            "base data."
        ),
    ),
    "dimension": Empty(
        acting=_("A cycle gets its two dimensions when it is made, or with the catalogue of another cycle."),
        reading=_("The dimensions appear here when the provincial organization has made the cycle."),
    ),
    "axis": Empty(
        acting=_("Add the axes of the general dimension, or upload the indicators with their axes from an Excel file."),
        reading=_("The axes appear here when the provincial organization has entered the catalogue of the cycle."),
    ),
    "indicator": Empty(
        acting=_(
            "Add indicators here, upload them from an Excel file, or copy the catalogue of another cycle on the "
            "page of the cycle."
        ),
        reading=_(
            "The indicators appear here when the provincial organization has entered the catalogue of the cycle."
        ),
    ),
    "target": Empty(
        acting=_(
            "Targets differ between agencies: add the target of one agency, or upload them all from an Excel file."
        ),
        reading=_(
            "Where an agency has a target of its own, the provincial organization enters it and it appears here."
        ),
    ),
    "specificlist": Empty(
        reading=_("Each participating agency gets its list in the stage in which specific indicators are written."),
    ),
    "assessment": Empty(
        reading=_(
            "Each participating agency gets one assessment per dimension when the indicators are final; agencies "
            "fill them in the stage of self-assessment."
        ),
    ),
    "line": Empty(
        reading=_(
            "Each indicator of an assessment is a line; the lines appear here when the assessments are made and "
            "you may see them."
        ),
    ),
    "evidence": Empty(
        reading=_("Files that agencies attach to their lines appear here."),
    ),
    "exemption": Empty(
        reading=_(
            "Lines that the provincial organization marks as not applicable to an agency appear here with the reason."
        ),
    ),
    "transfer": Empty(
        acting=_("Prepare a package from approved self-assessments; it is then sent and received here."),
    ),
    "commitment": Empty(
        reading=_("When an agency accepts the commitments of the cycle, the acceptance is kept here."),
    ),
    "evaluatorgroup": Empty(
        acting=_("Form the groups of evaluators: name their axes and agencies, and seat a lead."),
        reading=_("The provincial organization forms the groups of evaluators."),
    ),
    "evaluator": Empty(
        reading=_("Evaluators are seated on the page of their group and appear here."),
    ),
    "assignment": Empty(
        reading=_(
            "By default every evaluator of a group scores all its agencies. An agency that is assigned to one "
            "evaluator appears here."
        ),
    ),
    "visit": Empty(
        acting=_("Add a visit to an agency with its findings and files; the feedback sheet is made from it."),
        reading=_("Visits appear here when their feedback sheet has been issued."),
    ),
    "visitfile": Empty(
        reading=_("Files of visits are added on the page of the visit."),
    ),
    "feedbacksheet": Empty(
        acting=_("Feedback sheets are prepared on the page of a visit."),
        reading=_("Feedback sheets of visits appear here when the provincial organization has issued them."),
    ),
    "objection": Empty(
        reading=_(
            "Agencies object to the scores of lines on the page of their assessment, after the initial results "
            "are disclosed. Objections appear here."
        ),
    ),
    "objectionversion": Empty(
        reading=_("When an objection is changed, its earlier text is kept here."),
    ),
    "hearing": Empty(
        acting=_("Invite an agency to a defence session; afterwards enter the minutes."),
        reading=_("If the provincial organization invites an agency to a defence session, the session appears here."),
    ),
    "resultset": Empty(
        acting=_(
            "When all assessments are confirmed, prepare the results of the cycle here, then compute and approve them."
        ),
        reading=_(
            "Results appear here when you may see them: after their computation, announcement or publication, "
            "depending on your role."
        ),
    ),
    "councilremark": Empty(
        acting=_("When the council returns results, its remarks come here, each to be answered."),
        reading=_("Remarks of the council on results appear here when it returns them."),
    ),
    "letter": Empty(
        acting=_("Make the letters to the agencies in the list of participating agencies; they wait here to be sent."),
        reading=_("Letters about results appear here when they are sent."),
    ),
    "publicity": Empty(
        acting=_("Add what an agency made public about its results; it is compared with what was announced."),
        reading=_("What your agency made public about its results appears here when the organization records it."),
    ),
    "lettertemplate": Empty(
        reading=_(
            "The texts of letters come with the system. If they are missing, ask the system administrator to load "
            "the base data."
        ),
    ),
    "filesource": Empty(
        acting=_(
            "Keep the names of a file from elsewhere after its trial run; the next file of this source needs none."
        ),
    ),
    "keptheading": Empty(
        reading=_("When somebody says what the headings of an uploaded file mean, each heading appears here."),
    ),
    "earliertotal": Empty(
        acting=_("Enter or import the totals of years before this system, so that growth can be computed."),
    ),
    "erratum": Empty(
        reading=_("When published results are corrected, each correction appears here with its reason."),
    ),
    "agencyresult": Empty(
        reading=_(
            "The results of the agencies appear here when they are computed, announced or published, depending on "
            "your role."
        ),
    ),
    "axisresult": Empty(
        reading=_("The results of each axis appear here together with the results of the agencies."),
    ),
    "improvementplan": Empty(
        acting=_(
            "Plans are drafted from the report cards: open the card of an agency, or choose agencies in the list of "
            "participations and draft the plans of all of them."
        ),
        reading=_("The improvement plan appears here when it has been drafted from the report card."),
    ),
    "improvementaction": Empty(
        reading=_("The actions of improvement plans appear here with their progress."),
    ),
    "actionfile": Empty(
        reading=_("Files that agencies attach to their reports of progress appear here."),
    ),
    "levelscheme": Empty(
        acting=_("Add a scheme of levels: its levels with their limits and colours."),
        reading=_("Schemes of levels are kept by the national organization and the provincial organizations."),
    ),
    "publication": Empty(
        reading=_("The book and the other outputs of the results appear here when the results are published."),
    ),
    "importrun": Empty(
        acting=_(
            "Upload a file on this page; its trial run shows what would change, and nothing is saved before you "
            "confirm."
        ),
    ),
    "externalsystem": Empty(
        acting=_("Add the systems from which figures of indicators are received."),
        reading=_("External systems are kept by the national organization and the provincial organizations."),
    ),
    "feedvalue": Empty(
        reading=_("Figures of external systems appear here when they have been uploaded from an Excel file."),
    ),
    "transitionlog": Empty(
        reading=_("Every step that is taken in the system is recorded here by itself."),
    ),
    "onbehalf": Empty(
        reading=_("Steps that staff take on behalf of another body are recorded here with the letter."),
    ),
    "fileevent": Empty(
        reading=_("Uploads and downloads of files are recorded here by themselves."),
    ),
    "announcement": Empty(
        acting=_(
            "Write a sentence that stands above all pages of the province, for example on the date of a maintenance."
        ),
    ),
    "faq": Empty(
        acting=_("Write the questions that agencies ask most, with their answers; they appear on the first page."),
    ),
    "notice": Empty(
        reading=_(
            "You have no notice. You are notified of deadlines, returns, decisions and results that concern you."
        ),
    ),
    "noticetemplate": Empty(
        reading=_(
            "The texts of e-mails come with the system. If they are missing, ask the system administrator to load "
            "the base data."
        ),
    ),
    "auth.user": Empty(
        acting=_("Add an account here, then give it a role in the list of memberships."),
    ),
    "auth.group": Empty(
        reading=_("The rights of the roles come with the system. If they are missing, load the base data."),
    ),
    "django_q.schedule": Empty(
        acting=_("The schedules of the system are made when it starts. If they are missing, start the system again."),
    ),
    "django_q.ormq": Empty(
        reading=_("No work is waiting for the background service."),
    ),
    "django_q.success": Empty(
        reading=_("Work that the background service has finished appears here."),
    ),
    "django_q.failure": Empty(
        reading=_("No work of the background service has failed."),
    ),
}
EMPTY |= {name: Empty(**texts) for name, texts in OF_THE_DESK.items()}
NEXT = {  # list: the list in which its rows come about, for those who may open it
    "cyclestep": "cycle",
    "stagewindow": "cycle",
    "participation": "cycle",
    "dimension": "cycle",
    "specificlist": "participation",
    "circularfile": "circular",
    "circularreceipt": "circular",
    "extension": "extensionrequest",
    "extensionrequest": "assessment",
    "assessment": "participation",
    "line": "assessment",
    "evidence": "assessment",
    "exemption": "assessment",
    "commitment": "assessment",
    "evaluator": "evaluatorgroup",
    "assignment": "evaluatorgroup",
    "feedbacksheet": "visit",
    "visitfile": "visit",
    "objection": "assessment",
    "objectionversion": "objection",
    "hearing": "objection",
    "councilremark": "resultset",
    "letter": "resultset",
    "filesource": "importrun",
    "keptheading": "importrun",
    "earliertotal": "importrun",
    "erratum": "resultset",
    "agencyresult": "resultset",
    "axisresult": "resultset",
    "publication": "resultset",
    "improvementplan": "participation",
    "improvementaction": "improvementplan",
    "actionfile": "improvementaction",
    "feedvalue": "importrun",
    "auth.user": "membership",
}
