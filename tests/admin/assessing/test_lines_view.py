"""The page of all lines of an assessment, by role and state."""

import re
from decimal import Decimal

import pytest
from django.contrib.messages import get_messages
from django.utils import timezone

from evaluation.enums import MarkLevel, Stage
from evaluation.models import Assessment, Evidence, Line, Mark, OnBehalf
from evaluation.persian import LARGEST_FIGURE, format_jalali
from evaluation.process.assessing import assessment as assessment_verbs
from evaluation.process.assessing.line_columns import version_at
from evaluation.rules.open_fields import may_write_line, writable
from tests import factories as make
from tests.admin.assessing.lines_page import Page

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]  # the same queries at each state
D = Decimal


@pytest.fixture
def entry(cast):
    """The self-assessment is open; nothing is entered."""
    return cast.until(Stage.SELF_ASSESSMENT)


@pytest.fixture
def scoring(cast):
    return cast.until(Stage.EVALUATION)


def page(cast, who, agency=None):
    return Page(cast, who, cast.assessment(agency or cast.agency_a))


def said(response):
    return [str(message) for message in get_messages(response.wsgi_request)]


def test_the_agency_sees_every_line_and_who_fills_the_others(entry):
    found = page(entry, "reporter_a")
    html = found.html()
    assert found.rows() == ["G-1", "G-2", "G-31", "G-32"]
    assert "The steward enters the score: بیمه سلامت" in html
    assert re.findall(r'name="\d+-(\w+)"', html).count("actual") == 3
    assert f'name="{found.line("G-2").pk}-actual"' not in html


def test_a_row_saves_itself_with_persian_digits_and_is_explained(entry):
    found = page(entry, "reporter_a")
    answer = found.save("G-1", actual="۱۲٫۵", note="گزارش")
    line = found.line("G-1")
    assert (line.self_actual, line.self_score, line.self_note) == (D("12.5"), D("37.5"), "گزارش")
    assert (answer["ok"], answer["sentence"], answer["version"]) == (True, "", version_at(line, MarkLevel.SELF))
    result = answer["swap"][f"result-{line.pk}"]
    assert "37.50" in result
    assert "Score: actual 12.5 ÷ target 100 × maximum 300.00 = 37.50." in result
    assert "<input" not in "".join(answer["swap"].values())
    assert Assessment.objects.get(pk=line.assessment_id).state == "drafting"
    assert Mark.objects.filter(line=line).values_list("level", "actual", "by__username", "source").get() == (
        "self", D("12.5"), "reporter_a", "screen",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("دوازده", "Actual: “دوازده” is not a number. Write it in digits, like 1250."),
        ("1" * 19, "Actual: this figure is too large."),
        ("9" * 18, "Actual: this figure is too large."),
        ("1" * 30, f"Actual: “{'1' * 30}” is too long for a number: at most 24 digits are accepted."),
    ],
)
def test_what_is_no_figure_is_refused_in_the_row_and_writes_nothing(entry, typed, sentence):
    found = page(entry, "reporter_a")
    answer = found.save("G-1", actual=typed)
    assert (answer["ok"], answer["sentence"]) == (False, sentence)
    assert sentence in answer["swap"][f"result-{found.line('G-1').pk}"].replace("&#x27;", "'")
    assert found.line("G-1").self_actual is None
    assert not Mark.objects.exists()


def test_the_page_opens_with_the_largest_figure_that_is_taken(entry):
    found = page(entry, "reporter_a")
    assert found.save("G-1", actual=str(LARGEST_FIGURE))["ok"]
    assert abs(found.line("G-1").self_actual - LARGEST_FIGURE) < 500  # SQLite keeps fifteen digits
    assert 'value="999,999,999,999,999,' in found.html()


def test_an_agency_cannot_type_a_score_that_the_formula_gives(entry):
    found = page(entry, "reporter_a")
    answer = found.save("G-1", actual="50", score="300")
    assert answer["sentence"] == (
        "“G-1 · آموزش کارکنان”: the score is computed from the actual performance and cannot be typed."
    )
    assert found.line("G-1").self_score is None


def test_a_target_of_zero_asks_for_a_score(entry):
    Line.objects.filter(indicator__code="G-1").update(target=0)
    found = page(entry, "reporter_a")
    answer = found.save("G-1", actual="5")
    assert (answer["ok"], answer["typed"]) == (True, True)
    assert "The target is zero, so the formula gives no score." in answer["swap"][f"result-{found.line('G-1').pk}"]
    assert found.save("G-1", score="150")["ok"]
    assert found.line("G-1").self_score == D(150)


@pytest.mark.parametrize(
    ("nature", "typed", "actual"),
    [
        ("ratio", {"numerator": "۳۰", "denominator": "60"}, D(50)),
        ("growth", {"numerator": "150", "denominator": "100"}, D(50)),
        ("reduction", {"numerator": "50", "denominator": "100"}, D(50)),
    ],
)
def test_each_nature_asks_for_its_own_figures(entry, nature, typed, actual):
    type(entry.g1).objects.filter(pk=entry.g1.pk).update(nature=nature)
    found = page(entry, "reporter_a")
    assert found.save("G-1", **typed)["sentence"] == ""
    line = found.line("G-1")
    assert (line.self_actual, line.self_score) == (actual, D(150))


def test_a_qualitative_line_offers_its_steps(entry):
    scale = [
        {"title": "هیچ", "fraction": "0"},
        {"title": "نیمه", "fraction": "0.5"},
        {"title": "کامل", "fraction": "1"},
    ]
    type(entry.g1).objects.filter(pk=entry.g1.pk).update(nature="qualitative", scale=scale)
    found = page(entry, "reporter_a")
    assert '<option value="0.5">نیمه</option>' in found.html()
    assert found.save("G-1", actual="0.5")["ok"]
    assert found.line("G-1").self_score == D(150)
    for actual in ("0.9", "12.5"):  # the page offers no such option
        assert found.save("G-1", actual=actual)["sentence"] == (
            f"“G-1 · آموزش کارکنان”: {actual} is none of the options of this indicator. Enter one of these: "
            "هیچ (0) · نیمه (0.5) · کامل (1)."
        )
    assert found.line("G-1").self_actual == D("0.5")


def test_a_row_that_was_changed_in_the_meantime_is_not_overwritten(entry):
    found = page(entry, "reporter_a")
    stale = found.fields("G-1", actual="10")
    found.save("G-1", actual="20")
    line = found.line("G-1")
    answer = found.client.post(f"{found.url}{line.pk}/save/", stale).json()
    assert answer["sentence"] == (
        "Another person changed “G-1 · آموزش کارکنان” at the same time (now 20). Reload the page."
    )
    assert found.line("G-1").self_actual == D(20)
    found.client.cookies["django_language"] = "fa"
    assert "(مقدار فعلی: ۲۰)" in found.client.post(f"{found.url}{line.pk}/save/", stale).json()["sentence"]


def test_without_scripts_one_button_saves_the_changed_rows_alone(entry):
    found = page(entry, "reporter_a")
    found.save("G-32", actual="5")
    response = found.save_all(found.fields("G-1", actual="۳۰"), found.fields("G-31", actual="x"), found.fields("G-32"))
    assert response.status_code == 200
    assert said(response) == ["1 saved, 1 not saved: the reason is beside each line. What you typed is kept."]
    html = response.content.decode()
    assert "“x” is not a number. Write it in digits, like 1250." in html
    assert f'name="{found.line("G-31").pk}-actual" value="x"' in html
    assert list(Mark.objects.order_by("pk").values_list("line__indicator__code", "actual")) == [
        ("G-32", D(5)),
        ("G-1", D(30)),
    ]
    done = found.save_all(found.fields("G-31", actual="7"))
    assert (done.status_code, said(done)) == (302, ["1 line saved."])


def test_a_stewards_line_is_not_the_agencys(entry):
    found = page(entry, "reporter_a")
    line = found.line("G-2")
    posted = {f"{line.pk}-actual": "9", f"{line.pk}-seen": "0", f"{line.pk}-version": "0"}
    answer = found.client.post(f"{found.url}{line.pk}/save/", posted).json()
    assert (answer["ok"], answer["sentence"]) == (False, "This line is not yours to fill.")
    found.client.post(found.url, posted)
    assert not Mark.objects.exists()


@pytest.mark.parametrize(
    "who", ["reporter_b", "headquarters_b", "evaluator", "steward", "national", "observer", "nobody"]
)
def test_a_foreign_assessment_does_not_exist(entry, who):
    found = page(entry, who)
    line = found.line("G-1")
    posted = {f"{line.pk}-actual": "9", f"{line.pk}-seen": "0"}
    assert found.get().status_code == 404
    assert found.client.post(found.url, posted).status_code == 404
    for name in ("save", "evidence", "object", "decide"):
        assert found.client.post(f"{found.url}{line.pk}/{name}/", posted).status_code == 404
    assert not Mark.objects.exists()


def test_the_headquarters_reads_what_it_may_not_write_yet(entry):
    found = page(entry, "headquarters_a")
    line = found.line("G-1")
    assert "lines-form" not in found.html()
    posted = {f"{line.pk}-actual": "9", f"{line.pk}-seen": "0"}
    assert found.client.post(f"{found.url}{line.pk}/save/", posted).status_code == 403
    assert not Mark.objects.exists()


def test_after_the_window_the_page_says_so_and_writes_nothing(entry):
    entry.cycle.windows.filter(stage=Stage.SELF_ASSESSMENT).update(closes_at=timezone.now())
    found = page(entry, "reporter_a")
    today = format_jalali(timezone.localdate(), language="en")
    closed = f"The window of the stage “Entering the self-assessment” ended with {today}: ask for an extension."
    html = found.html()
    assert closed in html
    assert "lines-form" not in html
    line = found.line("G-1")
    posted = {f"{line.pk}-actual": "9", f"{line.pk}-seen": "0", f"{line.pk}-version": "0"}
    assert found.client.post(f"{found.url}{line.pk}/save/", posted).json()["sentence"] == closed
    assert said(found.client.post(found.url, posted)) == [closed]
    assert not Mark.objects.exists()


def test_evidence_is_attached_listed_opened_and_taken_off(entry):
    found = page(entry, "reporter_a")
    line = found.line("G-1")
    url = f"{found.url}{line.pk}/evidence/"
    answer = found.client.post(url, {"files": [make.upload("گزارش.pdf", b"one"), make.upload("b.pdf", b"two")]}).json()
    assert answer["sentence"] == ""
    first, second = Evidence.objects.order_by("pk")
    assert (first.title, first.uploaded_by, second.title) == ("گزارش.pdf", entry.reporter_a, "b.pdf")
    assert "گزارش.pdf" in answer["swap"][f"files-{line.pk}"]
    opened = found.client.get(f"/admin/evaluation/evidence/{first.pk}/file/file/")
    assert (b"".join(opened.streaming_content), opened["Content-Disposition"].split(";")[0]) == (
        make.PDF + b"one",
        "attachment",
    )
    assert page(entry, "reporter_b").client.get(f"/admin/evaluation/evidence/{first.pk}/file/file/").status_code == 404
    assert found.client.post(url, {"remove": first.pk}).json()["ok"]
    found.client.post(found.url, {"remove": second.pk})
    assert list(Evidence.objects.exclude(removed_by=None).values_list("removed_by__username", flat=True)) == [
        "reporter_a",
        "reporter_a",
    ]


def test_a_file_that_may_not_be_kept_gets_a_sentence(entry):
    found = page(entry, "reporter_a")
    line = found.line("G-1")
    answer = found.client.post(f"{found.url}{line.pk}/evidence/", {"files": make.upload("x.exe", b"MZ")}).json()
    sentence = "The file “%s.exe” was not stored: files of the kind “exe” are not accepted."
    assert answer["sentence"].startswith(sentence % "x")
    with_form = found.save_all(found.fields("G-1", actual="5"), **{f"{line.pk}-files": make.upload("y.exe", b"MZ")})
    assert sentence % "y" in with_form.content.decode()
    assert not Evidence.objects.exists()


def test_what_is_missing_stands_beside_the_submit_button(entry):
    found = page(entry, "reporter_a")
    found.save("G-1", actual="1")
    html = found.html()
    assert "What is missing for “Submit the self-assessment”" in html
    assert "2 lines are still empty: G-31 · خدمات برخط، G-32 · امنیت." in html
    found.save("G-31", actual="1")
    answer = found.save("G-32", actual="1")
    assert "What is missing" not in answer["swap"]["lines-progress"]
    assert "3 of 3" in answer["swap"]["lines-progress"]


def test_the_headquarters_writes_its_own_level_beside_the_agencys(cast):
    cast.until(Stage.TRANSFER)
    found = page(cast, "headquarters_a")
    assert found.save("G-1", actual="60", note="مستند نیست")["sentence"] == ""
    line = found.line("G-1")
    assert (line.self_actual, line.hq_actual, line.hq_score, line.hq_note) == (80, 60, 180, "مستند نیست")
    answer = found.save("G-31", actual="70", score="10")
    assert answer["sentence"] == "“G-31 · خدمات برخط”: give the reason for a typed score."
    assert found.save("G-31", actual="70", score="10", note="برداشت دیگر")["ok"]
    assert Mark.objects.filter(level="hq", override=True).values_list("score", flat=True).get() == 10


def test_an_evaluator_scores_the_own_share_alone(scoring):
    found = page(scoring, "evaluator")  # of the first axis only
    assert found.rows() == ["G-1", "G-2"]
    assert found.rows(show="mine") == ["G-1"]
    assert found.save("G-2", actual="1")["sentence"] == "This line is not yours to fill."
    answer = found.save("G-1", actual="70", target="140", note="هدف اصلاح شد")
    assert answer["sentence"] == ""
    line = found.line("G-1")
    assert (line.initial_actual, line.initial_target, line.initial_score) == (70, 140, 150)
    assert found.client.post(f"{found.url}{found.line('G-31').pk}/save/", {}).status_code == 404
    assert "Sum of the lines that you may see" in found.html()


def test_the_steward_scores_the_stewards_line(scoring):
    found = page(scoring, "steward")
    assert found.rows() == ["G-2"]
    assert found.save("G-2", actual="50")["sentence"] == ""
    assert (found.line("G-2").initial_score, found.line("G-2").hq_score) == (100, None)


def test_lines_are_filtered_by_axis_and_by_what_is_left(scoring):
    found = page(scoring, "expert")
    assert found.rows() == ["G-1", "G-2", "G-31", "G-32"]
    assert found.rows(axis=scoring.axis_2.pk) == ["G-31", "G-32"]
    found.save("G-31", actual="1")
    assert found.rows(show="unscored") == ["G-1", "G-2", "G-32"]
    assert found.rows(show="unscored", axis=scoring.axis_2.pk) == ["G-32"]
    assert found.rows(show="<script>", axis="x") == ["G-1", "G-2", "G-31", "G-32"]


def test_exempt_lines_are_marked_and_totals_are_raw_and_scaled(scoring):
    assessment_verbs.exempt(page(scoring, "manager").line("G-2"), by=scoring.manager, reason="موضوع ندارد")
    found = page(scoring, "lead")
    scoring.score(scoring.assessment(scoring.agency_b))
    for code in ("G-1", "G-31", "G-32"):
        found.save(code, actual="50")
    context = page(scoring, "manager").get().context
    initial = next(total for total in context["totals"] if total.level == MarkLevel.INITIAL)
    assert (initial.raw, initial.scaled) == (D(400), D(500))  # 400 of the 800 points left
    html = page(scoring, "manager").html()
    assert "does not apply" in html
    assert "After the rule for exempt lines" in html


@pytest.mark.parametrize("who", ["manager", "expert", "lead", "evaluator", "steward", "national", "reporter_a"])
def test_the_lines_of_one_query_are_those_of_the_rule(scoring, who):
    assessment, user = scoring.assessment(scoring.agency_a), getattr(scoring, who)
    rule = {line.indicator.code for line in scoring.lines(assessment) if may_write_line(user, line, MarkLevel.INITIAL)}
    lines = assessment.lines.filter(writable(user, assessment, MarkLevel.INITIAL), exempt=False)
    assert set(lines.values_list("indicator__code", flat=True)) == rule


def test_staff_need_a_letter_to_enter_an_agencys_figures(entry):
    found = page(entry, "expert")
    line = found.line("G-1")
    assert "lines-form" not in found.html()
    posted = {f"{line.pk}-actual": "9", f"{line.pk}-seen": "0", f"{line.pk}-version": "0"}
    assert found.client.post(f"{found.url}{line.pk}/save/", posted).json()["sentence"] == (
        "Another body is responsible for this action. To act on its behalf, give its name, and the number, "
        "date and file of its letter."
    )
    dialog = f"/admin/evaluation/assessment/{found.assessment.pk}/behalf/"
    assert 'value="اداره الف"' in found.client.get(dialog).content.decode()
    letter = {"behalf_body": "اداره الف", "behalf_letter_number": "۱۲/۴", "behalf_letter_date": "۱۴۰۴/۰۵/۱۲"}
    assert "This field is required." in found.client.post(dialog, letter).content.decode()
    response = found.client.post(dialog, letter | {"behalf_file": make.upload()})
    assert (response.status_code, response["Location"]) == (302, found.url)
    assert "You act on behalf of “اداره الف”." in found.html()
    assert found.save("G-1", actual="9")["sentence"] == ""
    mark = Mark.objects.get()
    assert (mark.by, mark.on_behalf_of.letter_number, mark.on_behalf_of.role) == (entry.expert, "۱۲/۴", "agency")
    found.client.post(f"{dialog}end/")
    assert "lines-form" not in found.html()


def test_a_letter_for_the_agency_does_not_open_the_headquarters_level(entry):
    assessment = entry.assessment(entry.agency_a)
    found = page(entry, "expert")
    letter = {"behalf_body": "x", "behalf_letter_number": "1", "behalf_letter_date": "1404/05/12"}
    found.client.post(f"/admin/evaluation/assessment/{assessment.pk}/behalf/", letter | {"behalf_file": make.upload()})
    assert OnBehalf.objects.count() == 1
    entry.fill(assessment)
    assessment_verbs.submit(assessment, by=entry.reporter_a)
    line = found.line("G-1")
    answer = found.client.post(f"{found.url}{line.pk}/save/", {f"{line.pk}-actual": "9", f"{line.pk}-seen": "0"})
    assert not answer.json()["ok"]
    assert not Mark.objects.filter(level="hq").exists()


@pytest.mark.parametrize("who", ["reporter_a", "headquarters_a", "national", "evaluator", "nobody"])
def test_only_staff_act_on_behalf(scoring, who):
    found = page(scoring, who)
    response = found.client.get(f"/admin/evaluation/assessment/{found.assessment.pk}/behalf/")
    assert response.status_code == (404 if who == "nobody" else 403)


def test_the_history_of_a_line_names_level_person_and_formula(scoring):
    found = page(scoring, "lead")
    found.save("G-1", actual="70", note="بازدید")
    html = found.client.get(f"/admin/evaluation/line/{found.line('G-1').pk}/history/").content.decode()
    assert re.findall(r"<strong>(Self-assessment|Agency headquarters|Initial score)</strong>", html) == [
        "Initial score",
        "Agency headquarters",
        "Self-assessment",
    ]
    assert "Score: actual 70 ÷ target 100 × maximum 300.00 = 210.00." in html
    assert "بازدید" in html


def test_the_answer_to_the_first_figure_offers_the_step_of_the_started_file(entry):
    answer = page(entry, "reporter_a").save("G-1", actual="80")
    assert "/do/submit/" in answer["swap"]["lines-progress"]
