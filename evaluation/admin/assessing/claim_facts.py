"""What an objection is about, as pairs (label, value) above the forms that file, decide or withdraw it."""

from django.template.defaultfilters import linebreaksbr
from django.utils.html import format_html
from django.utils.translation import gettext as _

from evaluation.templatetags.files import file_link

from ..display import EMPTY, latin, number, score


def line_facts(line):
    """The agency and the indicator of a line."""
    indicator = line.indicator
    title = format_html("{} {}", latin(indicator.code), indicator.title)
    facts = [
        (_("executive agency"), line.assessment.participation.agency),
        (_("indicator"), title),
        (_("maximum points"), score(line.maximum)),
    ]
    return [*facts, (_("target"), number(line.target))] if line.target is not None else facts


def cell_facts(cells):
    """The figures of the levels that the person reads: actual performance and score of each."""
    words = _("actual {actual}, score {score}")
    return [
        (cell.level.label, format_html(words, actual=number(cell.actual), score=score(cell.score)))
        for cell in cells
        if not cell.empty
    ]


def claim_facts(objection):
    """What the agency claims, and the steward's opinion."""
    facts = [(_("kind of the objection"), objection.get_kind_display())]
    facts.append((_("text of the objection"), linebreaksbr(objection.text)))
    claims = [
        (_("claimed actual"), objection.claimed_actual, number),
        (_("claimed target"), objection.claimed_target, number),
        (_("claimed score"), objection.claimed_score, score),
    ]
    facts += [(label, show(value)) for label, value, show in claims if value is not None]
    if objection.file:
        facts.append((_("file of the objection"), file_link(objection.file)))
    if objection.steward_opinion:
        facts.append((_("steward's opinion"), linebreaksbr(objection.steward_opinion)))
    return facts


def objection_facts(objection):
    """For the dialogs of the list and the page of objections, whose readers read the initial score."""
    line = objection.line
    initial = score(line.initial_score) if line.initial_score is not None else EMPTY
    return [*line_facts(line), (_("initial score"), initial), *claim_facts(objection)]
