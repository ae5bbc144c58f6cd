"""The council and the erratum through the pages: letter, return with its remarks, answers, correction, absent gates."""

from decimal import Decimal

import pytest
from django.urls import reverse

from evaluation.models import CouncilRemark, Cycle, Erratum, Letter, Line, Publication, ResultSet
from tests.admin.results.result_stand import ADD, COUNCIL
from tests.factories import upload

SESSION = {name: COUNCIL[name] for name in ("number", "held_on", "guests")}


def do(stand, who, row, name, **data):
    url = reverse(f"admin:evaluation_{row._meta.model_name}_do", args=[row.pk, name])
    return stand.at(who).post(url, data)


def give_back(stand, **rows):
    minutes = upload("minutes.pdf")
    return stand.do("secretary", "return_", **SESSION, reason="بازنگری لازم است", minutes=minutes, **rows)


def remark_rows(stand):
    alpha, beta = (stand.participations[name].pk for name in ("اداره آلفا", "اداره بتا"))
    first = {"agency_1": alpha, "code_1": "g-1", "text_1": "امتیاز محور نخست"}
    return first | {"agency_2": beta, "code_2": "", "text_2": "کل دستگاه"}


def test_the_letter_to_the_council_carries_the_book(stand):
    stand.compute().dispatch()
    letter = Letter.objects.get()
    assert (letter.kind, letter.number, letter.sent_by) == ("council", "1/ش", stand.expert)
    assert letter.file.read().startswith(b"%PDF")
    assert do(stand, "secretary", letter, "receive").status_code == 302
    letter.refresh_from_db()
    assert letter.received_by == stand.secretary


def test_a_return_names_agencies_and_lines(stand):
    stand.compute().dispatch()
    response = give_back(stand)
    assert response.context["form"].errors == {"agency_1": ["Name at least one agency to which the council objects."]}
    wrong = {"agency_1": stand.participations["اداره آلفا"].pk, "code_1": "X-9", "text_1": "؟"}
    response = give_back(stand, **wrong)
    assert response.context["form"].errors == {"agency_1": ["This agency has no line with the code “X-9”."]}
    old = stand.results
    assert give_back(stand, **remark_rows(stand)).status_code == 302
    old.refresh_from_db()
    assert (old.state, Cycle.objects.get(pk=stand.year.pk).stage) == ("void", "confirmation")
    assert [
        (row.participation.agency.code, row.line and row.line.indicator.code, row.text) for row in old.remarks.all()
    ] == [
        ("AL", "G-1", "امتیاز محور نخست"),
        ("BE", None, "کل دستگاه"),
    ]


def test_remarks_are_answered_on_their_pages(stand):
    stand.compute().dispatch()
    give_back(stand, **remark_rows(stand))
    on_line, on_agency = CouncilRemark.objects.order_by("pk")
    dialog = stand.at("expert").get(reverse("admin:evaluation_councilremark_do", args=[on_line.pk, "change"]))
    asked = dict(dialog.context["details"])
    assert str(asked["executive agency"]) == "اداره آلفا"
    assert asked["what is objected to"] == "امتیاز محور نخست"
    assert asked["present score"] != asked["maximum points"]
    assert do(stand, "secretary", on_line, "uphold", reason="x").status_code == 403
    assert do(stand, "expert", on_line, "change", score="۵۰۰", reason="گواهی").status_code == 302
    assert do(stand, "expert", on_agency, "uphold", reason="درست است").status_code == 302
    answers = CouncilRemark.objects.order_by("pk").values_list("answer", "reason")
    assert list(answers) == [("changed", "گواهی"), ("upheld", "درست است")]
    assert Line.objects.get(pk=on_line.line_id).revised_score == 500
    page = stand.at("expert").get(reverse("admin:evaluation_councilremark_change", args=[on_line.pk]))
    assert [(str(row["target"]), row["moved"]) for row in page.context["timeline"]] == [("Score changed", False)]


@pytest.mark.parametrize("who", ["reporter_al", "national", "observer", "evaluator"])
def test_nobody_else_reads_the_remarks(stand, who):
    stand.compute().dispatch()
    give_back(stand, **remark_rows(stand))
    assert stand.at(who).get(reverse("admin:evaluation_councilremark_changelist")).status_code == 403
    row = CouncilRemark.objects.first()
    page = stand.at(who).get(reverse("admin:evaluation_councilremark_change", args=[row.pk]))
    assert page.status_code in (403, 404)


def test_an_erratum_makes_a_new_edition_of_the_files(stand):
    stand.compute().pass_gates().announce().publish()
    alpha = stand.participations["اداره آلفا"].pk
    response = stand.do("manager", "correct", reason="خطا", agency_1=alpha, code_1="G-1", score_1="")
    assert response.context["form"].errors == {"agency_1": ["Enter the right score."]}
    too_much = stand.refusal("manager", "correct", reason="خطا", agency_1=alpha, code_1="G-1", score_1="9000")
    assert [sentence.split(" · ")[0] for sentence in too_much] == ["“اداره آلفا"]
    rows = {"agency_1": alpha, "code_1": "G-1", "score_1": "۱۴۰"}
    assert stand.do("expert", "correct", reason="خطا", **rows).status_code == 403
    assert stand.do("manager", "correct", reason="خطا", **rows).status_code == 302
    assert Erratum.objects.get().edition == 2
    kept = Publication.objects.order_by("edition", "kind").values_list("edition", "kind")
    assert list(kept) == [(edition, kind) for edition in (1, 2) for kind in ("book", "disc", "workbook")]
    rows = stand.page("observer", "ranking").context["rows"]
    assert [row["standing"].agency.code for row in rows] == ["BE", "GA", "AL", "DE"]
    assert ResultSet.objects.get().state == "published"
    erratum = reverse("admin:evaluation_erratum_change", args=[Erratum.objects.get().pk])
    response = stand.at("observer").get(erratum)
    (changed,) = response.context["report"].tables
    assert [(row[0], row[1], row[2], *row[4:]) for row in changed.rows] == [
        ("اداره بتا", Decimal("1500.001"), Decimal("1500.001"), 2, 1, 1, 1),
        ("اداره گاما", Decimal("1500.004"), Decimal("1500.004"), 2, 1, 2, 1),
        ("اداره آلفا", 1800, 1400, 1, 3, 1, 2),
    ]
    assert "1,400.00" in response.content.decode()
    assert "G-1" not in response.content.decode()  # figures of single lines are not published


def test_a_step_that_is_not_there_yet_names_what_is_missing(stand):
    stand.at("expert").post(ADD, {"cycle": stand.year.pk})
    assert stand.refusal("manager", "announce", note="") == ["The results are not computed yet."]
    stand.do("expert", "compute", note="")
    assert stand.refusal("manager", "publish", note="")[0] == "This must be done first: Council's approval."
    buttons = {button["label"]: button["reasons"] for button in stand.page("manager").context["verbs"]}
    assert buttons["Announce to the agencies"] == [
        "This must be done first: Council's approval.",
        "This must be done first: Report to the national organization.",
        "This must be done first: Levels.",
    ]
