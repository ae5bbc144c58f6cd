"""Letters of a year as it is lived: decisions on objections, corrected results, and totals recomputed plainly."""

from decimal import Decimal

import pytest
from django.contrib.auth import get_user_model
from django.utils import timezone

from evaluation.enums import ObjectionState, Role, Stage
from evaluation.management import fixtures
from evaluation.models import Letter, LetterTemplate, Line
from evaluation.process.assessing import objection
from evaluation.process.assessing.reckoning import Figures
from evaluation.process.door import Forbidden, Refusal
from evaluation.process.results import erratum, letter
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def texts(cast):
    fixtures.add(LetterTemplate, fixtures.rows("letter_templates"), *"kind subject body signer announcement".split())


def paper(fresh):
    return "letter.pdf", make.PDF + fresh.content["summary"].encode()


def made(cast, kind, *, by=None, number="#", participation=None, sides=(Role.AGENCY,)):
    facts = {"kind": kind, "number": number, "date": timezone.localdate(), "paper": paper, "addressees": sides}
    return letter.make(participation or cast.participation_a, by=by or cast.expert, **facts)


def test_initial_results_are_told_once_they_are_disclosed(cast, texts):
    cast.until(Stage.EVALUATION)
    with pytest.raises(Refusal, match="The initial results of “اداره الف” are not disclosed yet"):
        made(cast, "initial")
    cast.until(Stage.CONFIRMATION)
    (written,) = made(cast, "initial")
    lines = Line.objects.filter(assessment__participation=cast.participation_a)
    total = sum((line.initial_score for line in lines), Decimal(0))
    assert written.content["values"]["total"] == f"{total:,.2f}"
    assert written.content["values"]["maximum"] == "2,000"


def test_a_decision_letter_waits_for_every_decision_and_tells_each(cast, texts):
    cast.until(Stage.OBJECTION)
    cast.disclose_all()
    first, second = cast.lines(cast.assessment(cast.agency_a), indicator__code__in=("G-1", "G-31"))
    filed = [objection.file(each, by=cast.reporter_a, kind="other", text="اعتراض") for each in (first, second)]
    with pytest.raises(Refusal, match="has objections that are not decided yet"):
        made(cast, "decision")
    objection.decide(filed[0], verdict=ObjectionState.REJECTED, reason="مستند کافی نیست", by=cast.manager)
    with pytest.raises(Refusal, match="has objections that are not decided yet"):
        made(cast, "decision")
    objection.decide(
        filed[1], verdict=ObjectionState.ACCEPTED, reason="گواهی", figures=Figures(score=Decimal(300)), by=cast.manager
    )
    (written,) = made(cast, "decision")
    values = written.content["values"]
    assert (values["objections"], values["accepted"], values["rejected"]) == ("2", "1", "1")
    rows = [(row["code"], row["before"], row["after"], row["reason"]) for row in written.content["decisions"]]
    assert rows == [("G-1", "210.00", "210.00", "مستند کافی نیست"), ("G-31", "210.00", "300.00", "گواهی")]
    with pytest.raises(Refusal, match="No objection of “اداره ب” was decided"):
        made(cast, "decision", participation=cast.participation_b)


def test_corrected_results_make_a_new_edition(cast, texts):
    cast.until(Stage.FESTIVAL)
    cast.publish_results()
    (first,) = made(cast, "level")
    letter.send(first, by=cast.expert)
    line = cast.lines(cast.assessment(cast.agency_a), indicator__code="G-1")[0]
    erratum.correct(cast.results, [erratum.Corrected(line, Decimal(300))], by=cast.manager, reason="خطا")
    (second,) = made(cast, "level")
    first.refresh_from_db()
    assert (second.edition, first.superseded_at is None) == (2, False)
    assert second.content["values"]["total"] != first.content["values"]["total"]
    with pytest.raises(Refusal, match="nothing in them has changed"):
        made(cast, "level")


@pytest.mark.parametrize("who", ["reporter_a", "lead", "secretary", "national", "observer"])
def test_only_staff_make_and_send_letters(cast, texts, who):
    cast.until(Stage.CONFIRMATION)
    with pytest.raises(Forbidden):
        made(cast, "initial", by=getattr(cast, who))
    (written,) = made(cast, "initial")
    with pytest.raises(Forbidden):
        letter.send(written, by=getattr(cast, who))
    with pytest.raises(Forbidden):  # not sent yet, so it is no row of theirs
        letter.receive(written, by=cast.reporter_a)
    assert Letter.objects.get(pk=written.pk).received_at is None


@pytest.mark.parametrize(("side", "reader"), [(Role.AGENCY, "reporter_a"), (Role.HEADQUARTERS, "headquarters_a")])
def test_a_letter_is_read_by_the_side_it_is_addressed_to_once_it_is_sent(cast, texts, side, reader):
    outside = "headquarters_a headquarters_b reporter_a reporter_b".split()

    def readers():
        people = {name: get_user_model().objects.get(username=name) for name in outside}  # without rights read before
        return [name for name, user in people.items() if Letter.objects.visible_to(user).exists()]

    cast.until(Stage.CONFIRMATION)
    (written,) = made(cast, "initial", sides=(side,))
    assert readers() == []
    letter.send(written, by=cast.expert)
    assert readers() == [reader]


@pytest.mark.parametrize(
    ("number", "pattern", "running"),
    [
        ("۱۲۰/۵/۷", "۱۲۰/۵/#", 7),
        ("120/5/12", "120/5/#", 12),
        ("120/5/12", "۱۲۰/۵/#", 12),
        ("#", "#", None),
        ("۱۲۰/۶/۷", "۱۲۰/۵/#", None),
        ("۷", "#", 7),
        ("۱۲/الف", "#/الف", 12),
        ("۱۲/ب", "#/الف", None),
        ("۵", "۵", None),
    ],
)
def test_a_running_number_is_read_out_of_its_series(number, pattern, running):
    assert letter.running_of(number, pattern) == running
