"""Headings that were not recognised: the page on which a person names them, its refusals, and its memory."""

from io import BytesIO

import pytest
from openpyxl import load_workbook

from evaluation.enums import Stage
from evaluation.models import Mark
from tests.admin.imports.import_desk import HEADINGS, Desk, errors, page, shown_messages, text_of
from tests.resources.sheets import sheet
from tests.resources.uploads import saved

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]  # formats of files
FOREIGN = ["کد واحد", "کد شاخص", "رقم نهایی", "نام مسئول"]
ROWS = (["A", "G-1", 80, "خانم احمدی"], ["A", "S-1", 100, "آقای کریمی"])


@pytest.fixture
def desk(cast):
    return Desk(cast.until(Stage.SELF_ASSESSMENT), "reporter_a")


@pytest.fixture
def asked(desk):
    """An upload whose headings have to be named."""
    run = desk.upload("self", sheet(FOREIGN, *ROWS))
    assert run.state == "mapping"
    return run


def fields(response):
    """{heading: name of its field} of the headings that are asked about."""
    form = response.context["form"]
    return {row["heading"]: row["name"] for sheet in form.sheets for row in sheet["rows"] if row["name"]}


def answered(desk, run, **chosen):
    """Choose columns for headings and send the form."""
    names = fields(desk.client.get(page("headings", run.pk)))
    return desk.step("headings", run, {names[heading.replace("_", " ")]: code for heading, code in chosen.items()})


def test_unknown_headings_are_shown_with_their_first_values(desk, asked):
    response = desk.report(asked)
    assert [step["tone"] for step in response.context["steps"]] == ["done", "now", "next", "next", "next"]
    assert list(fields(response)) == ["کد واحد", "رقم نهایی", "نام مسئول"]
    words = text_of(response)
    assert "Sheet “Sheet1”, headings in row 1" in words
    assert "D نام مسئول خانم احمدی , آقای کریمی" in words
    assert "B کد شاخص G-1 , S-1 کد شاخص · recognised" in words
    choices = response.context["form"].fields[fields(response)["کد واحد"]].choices
    assert choices[:3] == [("", "Do not read this column"), ("agency", "کد دستگاه *"), ("code", "کد شاخص *")]
    assert Mark.objects.count() == 0


def test_named_headings_lead_to_the_trial_run(desk, asked):
    response = answered(desk, asked, کد_واحد="agency", رقم_نهایی="actual", نام_مسئول="")
    assert (response.url, asked.state, asked.job) == (page("change", asked.pk), "queued", "trial")
    desk.here(asked)
    assert (asked.state, asked.new, asked.wrong) == ("tried", 2, 0)
    desk.confirm(asked)
    assert sorted(Mark.objects.values_list("actual", flat=True)) == [80, 100]


def test_what_is_confirmed_is_read_as_it_was_tried(desk, asked):
    answered(desk, asked, کد_واحد="agency", رقم_نهایی="actual", نام_مسئول="")
    desk.here(asked)
    later = desk.upload("self", sheet(FOREIGN, *ROWS))
    answered(desk, later, کد_واحد="agency", رقم_نهایی="", نام_مسئول="note")
    desk.confirm(asked)
    assert sorted(Mark.objects.values_list("actual", "note")) == [(80, ""), (100, "")]


@pytest.mark.parametrize(
    ("chosen", "sentences"),
    [
        ({"رقم_نهایی": "actual"}, {"__all__": ["Sheet “Sheet1”: no heading is chosen for کد دستگاه."]}),
        (
            {"کد_واحد": "agency", "رقم_نهایی": "actual", "نام_مسئول": "actual"},
            {"نام مسئول": ["Sheet “Sheet1”: “عملکرد واقعی” is chosen for column C and for column D."]},
        ),
        (
            {"کد_واحد": "agency", "رقم_نهایی": "code"},
            {"رقم نهایی": ["Sheet “Sheet1”: “کد شاخص” is chosen for column B and for column C."]},
        ),
    ],
)
def test_an_answer_that_cannot_be_is_refused_with_a_sentence(desk, asked, chosen, sentences):
    response = answered(desk, asked, **chosen)
    names = {name: heading for heading, name in fields(response).items()}
    assert {names.get(name, name): found for name, found in errors(response).items()} == sentences
    assert (asked.state, asked.headings) == ("mapping", {})


def test_a_forged_column_is_refused(desk, asked):
    response = answered(desk, asked, کد_واحد="agency", رقم_نهایی="final_score")
    assert list(errors(response)) == [fields(response)["رقم نهایی"]]
    assert asked.state == "mapping"


def test_columns_that_were_not_read_can_be_named_from_the_report(desk):
    run = desk.upload("self", sheet([*HEADINGS, "شرح"], ["A", "G-1", 80, "با گزارش"]))
    assert run.state == "tried"
    assert desk.offers("headings", run)
    answered(desk, run, شرح="note")
    desk.here(run)
    desk.confirm(run)
    assert Mark.objects.get().note == "با گزارش"


def test_where_every_heading_is_known_there_is_nothing_to_name(desk):
    run = desk.upload("self", sheet(HEADINGS, ["A", "G-1", 80]))
    assert not desk.offers("headings", run)
    response = desk.client.get(page("headings", run.pk))
    assert shown_messages(response, desk.client) == ["Every heading of this workbook was recognised."]


def test_others_do_not_name_the_headings(desk, asked):
    assert Desk(desk.cast, "reporter_b").client.get(page("headings", asked.pk)).status_code == 404
    assert Desk(desk.cast, "expert").step("headings", asked).status_code == 403
    words = Desk(desk.cast, "expert").words(asked)
    assert "The person who uploaded it has to identify them." in words
    assert asked.state == "mapping"


def test_a_summary_sheet_can_be_left_out(desk):
    book = load_workbook(BytesIO(sheet(HEADINGS, ["A", "G-1", 80])))
    for row in (["کد دستگاه", "سنجه", "عملکرد واقعی"], ["A", "همه", 130]):
        (book["خلاصه"] if "خلاصه" in book.sheetnames else book.create_sheet("خلاصه")).append(row)
    run = desk.upload("self", saved(book))
    assert run.state == "mapping"
    answered(desk, run, سنجه="")
    desk.here(run)
    assert (run.state, run.new, run.report["faults"]) == ("tried", 1, [])
    assert [(each["sheet"], each["cause"]) for each in run.report["warnings"]] == [("خلاصه", "unread")]
