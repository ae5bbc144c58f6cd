"""Other words by which people look for a page in Ctrl+K, in the language of the person."""

from functools import cache

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

WORDS = {  # name of a page: words that are in no title of it
    "index": _("home, tasks, my tasks"),
    "password_change": _("password, secret, log-in"),
    "evaluation_notice_preferences": _("mute, digest, e-mail"),
    "evaluation_importrun_add": _("Excel, file, upload, data entry, import"),
    "evaluation_importrun_workbooks": _("Excel, file, empty form, template, data entry, download, offline"),
    "evaluation_importrun_changelist": _("Excel, file, upload, data entry, import, undo"),
    "evaluation_line_changelist": _("row, score of an indicator, points"),
    "evaluation_indicator_changelist": _("measure, formula, catalogue"),
    "evaluation_assessment_changelist": _("self-assessment, self-declaration, file of an agency, draft"),
    "evaluation_evidence_changelist": _("attachment, file, document"),
    "evaluation_circular_changelist": _("letter, attachment, announcement of the organization"),
    "evaluation_transfer_changelist": _("sending, package, file, national organization"),
    "evaluation_resultset_changelist": _("report, ranking, score, result"),
    "evaluation_agencyresult_changelist": _("report, ranking, score, result"),
    "evaluation_improvementplan_changelist": _("programme, weakness, follow-up"),
    "evaluation_improvementaction_changelist": _("programme, task, follow-up, evidence"),
    "evaluation_axisresult_changelist": _("report, score, result"),
    "evaluation_publication_changelist": _("report, book, disc, file, PDF"),
    "evaluation_publicity_changelist": _("news, press, media, advertising"),
    "evaluation_outage_changelist": _("downtime, fault, server, availability"),
    "evaluation_festival_changelist": _("Shahid Rajaee festival, ceremony, award, winners"),
    "evaluation_nominee_changelist": _("candidate, best team, best manager, best expert"),
    "evaluation_award_changelist": _("winner, honoured, certificate"),
    "evaluation_fileevent_changelist": _("log, download, upload, attachment"),
    "evaluation_transitionlog_changelist": _("log, history, report of actions"),
    "evaluation_onbehalf_changelist": _("log, on behalf, letter"),
    "evaluation_feedbacksheet_changelist": _("report of a visit, feedback"),
    "evaluation_visit_changelist": _("report of a visit, supervision"),
    "evaluation_objection_changelist": _("complaint, protest, appeal"),
    "evaluation_hearing_changelist": _("defence, invitation, minutes"),
    "evaluation_membership_changelist": _("user, contact person, access, right"),
    "evaluation_evaluator_changelist": _("user, assessor"),
    "evaluation_partnerbody_changelist": _("steward, contact person"),
    "evaluation_participation_changelist": _("agency, contact person"),
    "evaluation_stagewindow_changelist": _("calendar, schedule, end of a stage"),
    "evaluation_extensionrequest_changelist": _("more time, end of a stage"),
    "evaluation_noticetemplate_changelist": _("e-mail, message, letter"),
    "evaluation_lettertemplate_changelist": _("letter, form, template, sample"),
    "evaluation_letter_changelist": _("correspondence, results, thanks, warning, receipt"),
    "evaluation_notice_changelist": _("message, e-mail, alert"),
    "evaluation_announcement_changelist": _("message, banner"),
    "evaluation_ticket_changelist": _("complaint, fault, support, help, suggestion"),
    "evaluation_servicedesk_changelist": _("phone, address, support, contact"),
    "evaluation_externalsystem_changelist": _("server, web service"),
    "auth_user_changelist": _("password, account, log-in"),
    "django_q_schedule_work": _("jobs, schedule, background service, server"),
    "django_q_failure_changelist": _("error, server"),
}


def words_for(link):
    """The other words for the page at this address, filters left out; "" where it has none."""
    return str(_by_address().get(link.partition("?")[0], ""))


@cache
def _by_address():
    return {reverse(f"admin:{name}"): words for name, words in WORDS.items()}
