"""What the wizard gives out: the marked copy of an upload, and the offline kits, by their buttons."""

from io import BytesIO

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from evaluation.enums import Stage
from evaluation.models import Assessment
from tests.admin.imports.import_desk import HEADINGS, Desk, page, shown_messages
from tests.resources.sheets import sheet

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]  # formats of files


@pytest.fixture
def entry(cast):
    return cast.until(Stage.SELF_ASSESSMENT)


def book(response):
    assert response.status_code == 200
    return load_workbook(BytesIO(response.content))


# -- the marked copy ------------------------------------------------------------------------------


def test_the_wrong_cells_come_back_marked_and_the_mended_file_is_imported(entry):
    desk = Desk(entry, "reporter_a")
    wrong = sheet(HEADINGS, ["A", "G-1", "هشتاد"], ["A", "S-1", 100], title="ارقام")
    run = desk.upload("self", wrong, file_name="ارقام ما.xlsx")
    assert desk.offers("marked", run)
    response = desk.client.get(page("marked", run.pk))
    assert response["Content-Disposition"].startswith("attachment; filename*=utf-8''%D8%A7%D8%B1")
    marked = book(response)
    assert marked.sheetnames[1:2] == ["ارقام"]
    assert "“هشتاد” is not a number." in marked["ارقام"]["C2"].comment.text
    assert marked["ارقام"]["C3"].comment is None

    marked["ارقام"]["C2"] = 80
    saved = BytesIO()
    marked.save(saved)
    mended = desk.upload("self", saved.getvalue())
    assert (mended.state, mended.new, mended.wrong) == ("tried", 2, 0)


def test_a_clean_upload_has_nothing_to_mark(entry):
    desk = Desk(entry, "reporter_a")
    run = desk.upload("self", sheet(HEADINGS, ["A", "G-1", 80]))
    assert not desk.offers("marked", run)
    assert desk.client.get(page("marked", run.pk)).status_code == 404
    desk.confirm(run)
    assert desk.client.get(page("marked", run.pk)).status_code == 404


def test_warnings_are_shown_apart_and_marked_too(entry):
    desk = Desk(entry, "reporter_a")
    run = desk.upload("self", sheet(HEADINGS, ["A", "G-1", "۸۰ "]))
    assert (run.state, run.warned) == ("tried", 1)
    context = desk.report(run).context
    assert (context["faults"], [group["count"] for group in context["warnings"]]) == ([], [1])
    assert "Warnings (they do not prevent writing)" in desk.words(run)
    assert desk.offers("confirm", run)
    assert book(desk.client.get(page("marked", run.pk)))["Sheet1"]["C2"].comment.text


def test_an_exchanged_file_is_not_marked(entry, media):
    desk = Desk(entry, "reporter_a")
    run = desk.upload("self", sheet(HEADINGS, ["A", "G-1", "x"]))
    (media / run.file.name).write_bytes(b"something else")
    response = desk.client.get(page("marked", run.pk))
    assert shown_messages(response, desk.client) == ["The stored file differs from the checked file. Upload it again."]


# -- offline kits ---------------------------------------------------------------------------------


def test_an_agency_takes_its_own_kit_and_no_other(entry):
    client = Desk(entry, "reporter_a").client
    response = client.get(page("agency_kit", cycle=entry.cycle.pk))
    assert response["Content-Disposition"] == 'attachment; filename="kit-A-1404.xlsx"'
    assert len(book(response).sheetnames) >= 2
    assert client.get(page("agency_kit", participation=entry.participation_a.pk)).content[:2] == b"PK"
    assert client.get(page("agency_kit", participation=entry.participation_b.pk)).status_code == 404
    assert client.get(page("agency_kit", participation="x")).status_code == 404


def test_the_staff_choose_the_agency(entry):
    desk = Desk(entry, "expert")
    choose = page("workbooks", cycle=entry.cycle.pk)
    assert desk.client.get(page("agency_kit", cycle=entry.cycle.pk)).url == choose
    offered = desk.client.get(choose).context["kits"]["agencies"]
    assert [each.agency.code for each in offered] == ["A", "B"]
    response = desk.client.get(page("agency_kit", participation=entry.participation_b.pk))
    assert response["Content-Disposition"] == 'attachment; filename="kit-B-1404.xlsx"'


def test_an_evaluator_takes_the_kit_of_the_own_lines(cast):
    cast.until(Stage.EVALUATION)
    client = Desk(cast, "lead").client
    response = client.get(page("evaluator_kit", cycle=cast.cycle.pk))
    assert response["Content-Disposition"] == 'attachment; filename="kit-evaluator-1404.xlsx"'
    assert client.get(page("agency_kit", cycle=cast.cycle.pk)).status_code == 403
    assert Desk(cast, "reporter_a").client.get(page("evaluator_kit", cycle=cast.cycle.pk)).status_code == 403


def test_before_there_are_lines_a_sentence_says_so(cast):
    cast.until(Stage.INDICATORS)
    desk = Desk(cast, "reporter_a")
    response = desk.client.get(page("agency_kit", cycle=cast.cycle.pk))
    assert response.url == page("workbooks", cycle=cast.cycle.pk)
    assert shown_messages(response, desk.client) == [
        "There are no lines for this workbook yet: they are made when the indicators are frozen."
    ]


def test_the_kits_are_a_button_away_from_the_work(cast):
    cast.until(Stage.SELF_ASSESSMENT)
    own = Assessment.objects.filter(participation=cast.participation_a).first()
    lines = reverse("admin:evaluation_assessment_lines", args=[own.pk])
    agency = Desk(cast, "reporter_a").client
    assert agency.get(lines).context["kit_url"] == page("agency_kit", participation=cast.participation_a.pk)
    first = agency.get(reverse("admin:index")).content.decode()
    assert f'href="{page("agency_kit", cycle=cast.cycle.pk)}"' in first
    cast.until(Stage.EVALUATION)
    scorer = Desk(cast, "lead").client
    assert scorer.get(lines).context["kit_url"] == page("evaluator_kit", cycle=cast.cycle.pk)
    assert f'href="{page("evaluator_kit", cycle=cast.cycle.pk)}"' in scorer.get(reverse("admin:index")).content.decode()
    assert agency.get(lines).context["kit_url"] == ""
