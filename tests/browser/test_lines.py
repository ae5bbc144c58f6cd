"""The page of lines as people use it: typing, the keyboard, files, without losing anything."""

from decimal import Decimal

import pytest

from evaluation.enums import Stage
from evaluation.models import Assessment, Evidence, Line, Mark
from evaluation.process.assessing import assessment as assessment_verbs

from .entry import enter
from .look import violations, wrong_colours

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def open_lines(page, live_server, cast, who, assessment):
    enter(page, live_server, cast, who)
    page.goto(f"/admin/evaluation/assessment/{assessment.pk}/lines/")


def box(page, assessment, code, name):
    line = Line.objects.get(assessment=assessment, indicator__code=code)
    return page.locator(f'[name="{line.pk}-{name}"]')


def result(page, assessment, code):
    return page.locator(f"#result-{Line.objects.get(assessment=assessment, indicator__code=code).pk}")


def test_an_agency_fills_its_lines_by_keyboard_and_attaches_a_file(page, live_server, cast):
    cast.until(Stage.SELF_ASSESSMENT)
    assessment = cast.assessment(cast.agency_a)
    open_lines(page, live_server, cast, "reporter_a", assessment)
    first = box(page, assessment, "G-1", "actual")
    first.fill("۱۲٫۵")
    first.press("Enter")
    second = box(page, assessment, "G-31", "actual")
    assert second.evaluate("box => box === document.activeElement")
    result(page, assessment, "G-1").get_by_text("۳۷٫۵۰").first.wait_for()
    second.fill("40")
    second.press("ArrowUp")
    assert first.evaluate("box => box === document.activeElement")
    assert first.input_value() == "۱۲٫۵"  # what was typed is never replaced
    first.press("ArrowDown")
    second.fill("۵۰")
    page.keyboard.press("Control+s")
    result(page, assessment, "G-31").get_by_text("۱۵۰٫۰۰").first.wait_for()
    line = Line.objects.get(assessment=assessment, indicator__code="G-1")
    page.locator(f'[name="{line.pk}-files"]').set_input_files(
        [{"name": "گزارش.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.4"}]
    )
    page.get_by_role("link", name="گزارش.pdf").wait_for()
    assert Evidence.objects.get().line == line
    assert list(Mark.objects.order_by("pk").values_list("line__indicator__code", "actual")) == [
        ("G-1", Decimal("12.5")),
        ("G-31", Decimal(40)),
        ("G-31", Decimal(50)),
    ]
    assert Assessment.objects.get(pk=assessment.pk).state == "drafting"
    assert violations(page) == []


def test_a_refused_figure_stays_in_its_box_with_a_sentence(page, live_server, cast):
    cast.until(Stage.SELF_ASSESSMENT)
    assessment = cast.assessment(cast.agency_a)
    open_lines(page, live_server, cast, "reporter_a", assessment)
    wrong = box(page, assessment, "G-1", "actual")
    wrong.fill("دوازده")
    wrong.press("Enter")
    result(page, assessment, "G-1").get_by_role("alert").wait_for()
    assert wrong.input_value() == "دوازده"
    assert wrong_colours(page) == []  # the sentence is as legible as any
    wrong.fill("12")
    wrong.press("Enter")
    result(page, assessment, "G-1").get_by_text("۳۶٫۰۰").first.wait_for()
    assert result(page, assessment, "G-1").get_by_role("alert").count() == 0


def test_after_the_session_has_ended_what_was_typed_is_still_there(page, live_server, cast):
    cast.until(Stage.SELF_ASSESSMENT)
    assessment = cast.assessment(cast.agency_a)
    open_lines(page, live_server, cast, "reporter_a", assessment)
    page.context.clear_cookies(name="sessionid")
    typed = box(page, assessment, "G-1", "actual")
    typed.fill("۹۹")
    typed.press("Enter")
    page.get_by_role("dialog", name="زمان ورود شما به پایان رسیده است").get_by_role("button", name="بعداً").click()
    result(page, assessment, "G-1").get_by_role("alert").wait_for()
    assert typed.input_value() == "۹۹"
    assert page.locator("#login-form").count() == 0
    assert not Mark.objects.exists()


def test_an_evaluator_takes_a_figure_over_on_a_narrow_dark_screen(page, live_server, cast):
    cast.until(Stage.EVALUATION)
    assessment = cast.assessment(cast.agency_a)
    page.set_viewport_size({"width": 320, "height": 800})
    page.emulate_media(color_scheme="dark")
    open_lines(page, live_server, cast, "evaluator", assessment)
    line = Line.objects.get(assessment=assessment, indicator__code="G-1")
    page.locator(f"#line-{line.pk} .ev-take").click()
    result(page, assessment, "G-1").get_by_text("۲۴۰٫۰۰").first.wait_for()
    assert Line.objects.get(pk=line.pk).initial_actual == 80
    assert page.evaluate("document.documentElement.scrollWidth") == 320
    assert violations(page) == []


def test_an_agency_objects_inside_the_row_and_the_expert_decides(page, live_server, cast):
    cast.until(Stage.OBJECTION)
    assessment = assessment_verbs.disclose(cast.assessment(cast.agency_a), by=cast.expert)
    line = Line.objects.get(assessment=assessment, indicator__code="G-1")
    open_lines(page, live_server, cast, "reporter_a", assessment)
    page.locator(f"#line-{line.pk} .ev-object").click()
    form = page.locator(f"#claim-form-{line.pk} form")
    form.locator("select").select_option(index=1)  # none of the kinds is chosen beforehand
    form.locator("textarea").fill("گزارش دیده نشد")
    assert violations(page) == []
    with page.expect_navigation():
        form.locator("[type=submit]").click()
    page.locator(f"#claim-{line.pk}").get_by_text("گزارش دیده نشد").first.wait_for()
    open_lines(page, live_server, cast, "expert", assessment)
    page.locator(f"#claim-{line.pk} .ev-primary").click()
    form = page.locator(f"#claim-form-{line.pk} form")
    form.locator(f'[name="line-{line.pk}-verdict"]').select_option("accepted")
    form.locator(f'[name="line-{line.pk}-actual"]').fill("۹۰")
    form.locator("textarea").fill("درست است")
    with page.expect_navigation():
        form.locator("[type=submit]").click()
    page.locator(f"#claim-{line.pk}").get_by_text("درست است").first.wait_for()
    line.refresh_from_db()
    assert line.revised_score == 270
