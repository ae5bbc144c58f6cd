"""Objections in place on the page of lines, decisions, defence sessions."""

from decimal import Decimal

import lxml.html
import pytest
from django.utils import timezone

from evaluation.enums import MarkLevel, Stage
from evaluation.models import Hearing, Mark, Notice, Objection, ObjectionVersion
from evaluation.persian import format_jalali, format_jalali_datetime
from evaluation.process.assessing import assessment as assessment_verbs
from evaluation.process.assessing import objection
from tests import factories as make
from tests.admin.assessing.lines_page import Page

pytestmark = pytest.mark.django_db
D = Decimal


@pytest.fixture
def disclosed(cast):
    cast.until(Stage.OBJECTION)
    for assessment in cast.assessments(state="scored"):
        assessment_verbs.disclose(assessment, by=cast.expert)
    return cast


def page(cast, who):
    return Page(cast, who, cast.assessment(cast.agency_a))


def post(found, code, action, **values):
    pk = found.line(code).pk
    return found.client.post(
        f"{found.url}{pk}/{action}/", {f"line-{pk}-{name}": value for name, value in values.items()}
    )


CLAIM = {"kind": "evidence", "text": "گزارش دیده نشد", "claimed_actual": "۹۰", "claimed_score": "270"}


def test_an_agency_objects_to_a_line_and_edits_it_every_version_kept(disclosed):
    found = page(disclosed, "reporter_a")
    response = post(found, "G-1", "object", **CLAIM)
    assert (response.status_code, response["Location"]) == (302, f"{found.url}#line-{found.line('G-1').pk}")
    post(found, "G-1", "object", **(CLAIM | {"text": "گزارش صفحه ۱۲ دیده نشد", "file": make.upload("p.pdf")}))
    standing = Objection.objects.get()
    assert (standing.version, standing.text, standing.claimed_actual, standing.filed_by) == (
        2, "گزارش صفحه ۱۲ دیده نشد", D(90), disclosed.reporter_a,
    )  # fmt: skip
    assert list(ObjectionVersion.objects.order_by("number").values_list("number", "text")) == [
        (1, "گزارش دیده نشد"),
        (2, "گزارش صفحه ۱۲ دیده نشد"),
    ]
    assert "گزارش صفحه ۱۲ دیده نشد" in found.html(show="open_objection")
    assert found.rows(show="open_objection") == ["G-1"]
    versions = found.client.get(f"/admin/evaluation/objection/{standing.pk}/change/").content.decode()
    assert "گزارش دیده نشد" in versions


def test_the_form_comes_into_the_row_and_refusals_stay_there(disclosed):
    found = page(disclosed, "reporter_a")
    line = found.line("G-1")
    url = f"{found.url}{line.pk}/object/"
    fragment = found.client.get(url, headers={"HX-Request": "true"}).content.decode()
    assert fragment.startswith("\n<form") or fragment.lstrip().startswith("<form")
    assert "<html" not in fragment
    posted = {f"line-{line.pk}-{name}": value for name, value in (CLAIM | {"claimed_score": "301"}).items()}
    refused = found.client.post(url, posted, headers={"HX-Request": "true"})
    assert "The claimed score must be between 0 and the maximum of the line." in refused.content.decode()
    assert not Objection.objects.exists()
    done = found.client.post(url, posted | {f"line-{line.pk}-claimed_score": "300"}, headers={"HX-Request": "true"})
    assert (done.status_code, done["HX-Refresh"]) == (200, "true")


@pytest.mark.parametrize("who", ["headquarters_a", "lead", "expert", "national"])
def test_nobody_else_objects(disclosed, who):
    assert post(page(disclosed, who), "G-1", "object", **CLAIM).status_code == 403
    assert not Objection.objects.exists()


def test_after_the_window_no_objection_is_filed(disclosed):
    disclosed.cycle.windows.filter(stage=Stage.OBJECTION).update(closes_at=timezone.now())
    found = page(disclosed, "reporter_a")
    closed = (
        "The window “Viewing and objecting” of the stage “Initial results, objection and defence” ended with "
        f"{format_jalali(timezone.localdate(), language='en')}: ask for an extension."
    )
    assert "Object to this score" not in found.html()
    assert closed in post(found, "G-1", "object", **CLAIM).content.decode()
    assert not Objection.objects.exists()


@pytest.fixture
def filed(disclosed):
    line = page(disclosed, "reporter_a").line("G-1")
    objection.file(line, by=disclosed.reporter_a, kind="actual", text="عملکرد ۹۰ است", claimed_actual=D(90))
    return disclosed


def shown_facts(response):
    """{label: text} of what stands above a form."""
    facts = lxml.html.fromstring(response.content.decode()).xpath("//dl[contains(@class, 'ev-facts')]/*")
    words = [" ".join(each.text_content().split()) for each in facts]
    return dict(zip(words[::2], words[1::2], strict=True))


def test_forms_at_their_own_address_show_what_they_are_about(filed):
    """The pages inside a row show no more; the dialogs from the list and the page of an objection say the same."""
    found, standing = page(filed, "expert"), Objection.objects.get()
    about = {"executive agency": "اداره الف", "indicator": "G-1 آموزش کارکنان", "maximum points": "300.00"}
    claim = {"kind of the objection": "Wrong actual performance", "text of the objection": "عملکرد ۹۰ است"}
    claim |= {"claimed actual": "90"}
    decided = shown_facts(found.client.get(f"{found.url}{found.line('G-1').pk}/decide/"))
    assert about.items() | claim.items() <= decided.items()
    assert decided["Initial score"] == "actual 70, score 210.00"
    dialog = shown_facts(found.client.get(f"/admin/evaluation/objection/{standing.pk}/do/decide/"))
    assert about.items() | claim.items() <= dialog.items()
    assert dialog["initial score"] == "210.00"
    reporter = page(filed, "reporter_a")
    withdrawn = shown_facts(reporter.client.get(f"/admin/evaluation/objection/{standing.pk}/do/withdraw/"))
    assert about.items() | claim.items() <= withdrawn.items()
    other = shown_facts(reporter.client.get(f"{reporter.url}{reporter.line('G-31').pk}/object/"))
    assert (other["executive agency"], other["indicator"][:4]) == ("اداره الف", "G-31")
    assert other["Self-assessment"].startswith("actual 80, score ")
    assert "text of the objection" not in other


def test_nobody_confirms_the_first_decision_unread(filed):
    found = page(filed, "expert")
    address = f"/admin/evaluation/assessment/{found.line('G-1').assessment_id}/lines/{found.line('G-1').pk}/decide/"
    form = found.client.get(address).context["form"]
    assert form.fields["verdict"].choices[0] == ("", "Select value")
    assert form["verdict"].value() is None
    response = post(found, "G-1", "decide", verdict="", reason="مستند کافی است", actual="۹۰")
    assert response.context["form"].errors == {"verdict": ["This field is required."]}
    assert Objection.objects.get().state == "filed"


def test_the_decider_corrects_the_figures_and_the_page_shows_before_and_after(filed):
    found = page(filed, "expert")
    response = post(found, "G-1", "decide", verdict="accepted", reason="مستند کافی است", actual="۹۰")
    assert response.status_code == 302
    standing, line = Objection.objects.get(), found.line("G-1")
    assert (standing.state, standing.score_before, standing.score_after) == ("accepted", D(210), D(270))
    assert (line.initial_score, line.revised_actual, line.revised_score) == (D(210), D(90), D(270))
    assert Mark.objects.filter(line=line, level=MarkLevel.REVISED).values_list("source", "by__username").get() == (
        "objection", "expert",
    )  # fmt: skip
    seen = page(filed, "reporter_a").html()
    assert "مستند کافی است" in seen
    assert "270.00" in seen
    assert "· expert" not in seen
    assert "· expert" in found.html()


@pytest.mark.parametrize(
    ("who", "given", "sentence"),
    [
        (
            "lead",
            {"verdict": "accepted", "actual": "90"},
            "The first scorer of a line does not decide the objection to it.",
        ),
        ("expert", {"verdict": "accepted"}, "An accepted objection needs the corrected actual, target or score."),
        ("expert", {"verdict": "partly", "actual": "10"}, "In this cycle an objection can only raise a score."),
    ],
)  # fmt: skip
def test_a_decision_that_may_not_stand_is_refused_with_its_sentence(filed, who, given, sentence):
    response = post(page(filed, who), "G-1", "decide", reason="دلیل", **given)
    assert (response.status_code, sentence in response.content.decode()) == (200, True)
    assert Objection.objects.get().state == "filed"


@pytest.mark.parametrize("who", ["reporter_a", "headquarters_a", "national"])
def test_outsiders_do_not_decide(filed, who):
    found = page(filed, who)
    assert "/decide/" not in found.html()
    assert post(found, "G-1", "decide", verdict="accepted", reason="x", actual="90").status_code == 403
    pk = Objection.objects.get().pk
    forged = found.client.post(f"/admin/evaluation/objection/{pk}/do/decide/", {"verdict": "accepted", "reason": "x"})
    assert forged.status_code in (403, 404)
    assert Objection.objects.get().state == "filed"


def test_an_objection_is_taken_back_from_the_page(filed):
    client = page(filed, "reporter_a").client
    client.post(f"/admin/evaluation/objection/{Objection.objects.get().pk}/do/withdraw/")
    assert Objection.objects.get().state == "withdrawn"


def test_the_agency_is_summoned_to_a_session_with_minutes(filed):
    client = page(filed, "expert").client
    form = {
        "participation": filed.participation_a.pk,
        "starts_at": "1405/09/10 10:00",
        "place": "سالن",
        "invitees": "x",
    }
    response = client.post("/admin/evaluation/hearing/add/", form | {"objections": [Objection.objects.get().pk]})
    assert response.status_code == 302
    hearing = Hearing.objects.get()
    assert (hearing.state, hearing.place, list(hearing.objections.all())) == (
        "planned",
        "سالن",
        [Objection.objects.get()],
    )
    url = f"/admin/evaluation/hearing/{hearing.pk}/change/"
    assert client.post(url, form | {"starts_at": "1405/09/11 ۹:۳۰", "objections": []}).status_code == 302
    hearing.refresh_from_db()
    assert (format_jalali_datetime(hearing.starts_at, language="fa"), hearing.objections.count()) == (
        "۱۴۰۵/۰۹/۱۱ ساعت ۰۹:۳۰",
        0,
    )
    told = Notice.objects.filter(kind="hearing", user=filed.reporter_a).order_by("pk")
    assert list(told.values_list("text", flat=True)) == [
        "دستگاه شما به جلسهٔ دفاعیه در تاریخ ۱۰ آذر ۱۴۰۵ ساعت ۱۰:۰۰ دعوت می‌شود. مکان: سالن.",
        "زمان یا مکان جلسهٔ دفاعیهٔ دستگاه شما تغییر کرد؛ جلسه در تاریخ ۱۱ آذر ۱۴۰۵ ساعت ۰۹:۳۰ برگزار می‌شود. مکان: سالن.",
    ]
    client.post(f"/admin/evaluation/hearing/{hearing.pk}/do/hold/", {"minutes": "گفت‌وگو شد"})
    assert client.post(url, form).status_code == 403
    hearing = Hearing.objects.get()
    assert (hearing.state, hearing.minutes, hearing.held_by) == ("held", "گفت‌وگو شد", filed.expert)
    assert page(filed, "reporter_b").client.get(f"/admin/evaluation/hearing/{hearing.pk}/change/").status_code == 404
