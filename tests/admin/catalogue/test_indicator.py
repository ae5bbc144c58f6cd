"""Does the catalogue add up, freezing, amending, specific rows, reviews; circulars read by their recipients."""

from evaluation.enums import Stage
from evaluation.models import Circular, Indicator, Line
from evaluation.process.catalogue import indicator
from tests.admin.english import page, told, visit
from tests.admin.form_page import FormPage

ROW = {"code": "S-9", "title": "شاخص نو", "slice": "national", "weight": "۱٫۵", "nature": "single"}
ROW |= {"direction": "ascending", "target": "۱۰۰", "evidence_rule": "optional"}


def test_sums_tell_by_how_much_the_catalogue_misses(cast):
    cast.until(Stage.INDICATORS)
    Indicator.objects.filter(pk=cast.g1.pk).update(points=250)
    client = visit(cast, "manager")
    shown = client.get(page("dimension_change", cast.general.pk)).context
    assert [(row["points"], row["maximum"], row["difference"]) for row in shown["sums"]["rows"]] == [
        (450, 500, -50),
        (500, 500, 0),
    ]
    refused = client.post(page("dimension_do", cast.general.pk, "freeze"))
    assert refused.context["reasons"][0] == "“محور یک” must total 500 but totals 450: 50 is missing."
    cast.general.refresh_from_db()
    assert cast.general.frozen_at is None


def test_a_frozen_catalogue_is_amended_with_a_reason_alone(cast):
    cast.until(Stage.INDICATORS)
    client = visit(cast, "manager")
    client.post(page("dimension_do", cast.general.pk, "freeze"))
    assert Line.objects.filter(indicator=cast.g1).count() == 2
    assert client.post(page("indicator_change", cast.g1.pk), {"title": "نو"}).status_code == 403
    given = {"title": cast.g1.title, "target": "90", "direction": "ascending", "evidence_rule": "optional"}
    given |= {"scorer": "evaluator", "reason": ""}
    address = page("indicator_do", cast.g1.pk, "amend")
    assert client.post(address, given).context["form"].errors == {"reason": ["This field is required."]}
    client.post(address, given | {"reason": "ابلاغ جدید"})
    assert list(Line.objects.filter(indicator=cast.g1).values_list("target", flat=True)) == [90, 90]


def test_an_agency_writes_its_rows_until_the_list_is_endorsed(cast):
    cast.until(Stage.INDICATORS)
    written = cast.cycle.specific_lists.get(agency=cast.agency_a)
    client, address = visit(cast, "reporter_a"), page("specificlist_do", written.pk, "propose")
    assert told(client.post(address, ROW)) == ["Done: Add an indicator."]
    row = Indicator.objects.get(agency=cast.agency_a)
    assert (row.code, str(row.weight), row.slice, row.dimension) == ("S-9", "1.500000", "national", cast.specific)
    taken = client.post(address, ROW | {"code": "G-1"})
    assert taken.context["reasons"] == ["“G-1” is the code of a general indicator of this cycle."]
    indicator.endorse(written, by=cast.headquarters_a)
    client.post(address, ROW | {"code": "S-10"})
    assert Indicator.objects.filter(agency=cast.agency_a).count() == 1
    assert visit(cast, "reporter_b").post(address, ROW).status_code == 404


def test_the_specific_group_judges_each_indicator(cast):
    cast.until(Stage.INDICATORS)
    written = cast.cycle.specific_lists.get(agency=cast.agency_a)
    cast.propose(written)
    indicator.endorse(written, by=cast.headquarters_a)
    indicator.send_list(written, by=cast.headquarters_a)
    indicator.finalise(written, by=cast.national)
    row = Indicator.objects.get(agency=cast.agency_a, code="S-1")
    address = page("indicator_do", row.pk, "judge")
    refused = visit(cast, "expert").post(address, {"verdict": "not_fit"})
    assert refused.context["reasons"] == ["Give a reason for a verdict other than “fits”."]
    done = visit(cast, "expert").post(address, {"verdict": "not_fit", "reason": "تکراری", "document": "سند آمایش"})
    assert done.url == page("specificlist_change", written.pk)
    row.refresh_from_db()
    assert (row.fit, row.fit_reason, row.fit_document) == ("not_fit", "تکراری", "سند آمایش")
    assert visit(cast, "reporter_a").post(address, {"verdict": "fit"}).status_code == 403


def test_reading_a_circular_is_noted_by_post_for_the_own_agency(cast):
    cast.work(Stage.CIRCULAR)
    address = page("circular_change", cast.circular.pk)
    shown = visit(cast, "reporter_a").get(address)
    assert shown.context["read_url"] == page("circular_do", cast.circular.pk, "read")
    receipts = Circular.objects.get(pk=cast.circular.pk).receipts
    assert receipts.exclude(read_at=None).count() == 0
    visit(cast, "reporter_a").post(shown.context["read_url"])
    assert [str(receipt.agency) for receipt in receipts.exclude(read_at=None)] == ["اداره الف"]
    assert visit(cast, "reporter_a").get(address).context["read_url"] == ""


def test_the_options_of_a_qualitative_indicator_are_typed_line_by_line(cast):
    cast.until(Stage.INDICATORS)
    form = FormPage(cast.manager, page("indicator_change", cast.g1.pk), language="fa")
    assert form.fields["scale"] == ""
    refused = form.post(nature="qualitative", scale="عالی: ۱\nخوب")
    assert refused.context["adminform"].form.errors == {
        "scale": ["هر گزینه را در یک خط جداگانه بنویسید: نام گزینه، دونقطه و ضریب آن از ۰ تا ۱."]
    }
    assert form.post(nature="qualitative", scale="عالی: ۱\r\n\r\nخوب: ۰٫۷").status_code == 302
    cast.g1.refresh_from_db()
    assert cast.g1.scale == [{"title": "عالی", "fraction": "1"}, {"title": "خوب", "fraction": "0.7"}]
    form = FormPage(cast.manager, form.url, language="fa")
    assert form.fields["scale"] == "عالی: ۱\nخوب: ۰٫۷"
    form.post(title="نام نو", scale="")
    cast.g1.refresh_from_db()
    assert (cast.g1.title, cast.g1.scale) == ("نام نو", [])
    Indicator.objects.filter(pk=cast.g1.pk).update(scale=[{"title": "عالی", "fraction": "1"}])
    indicator.freeze(cast.general, by=cast.manager)
    assert "عالی: ۱" in cast.client("manager").get(form.url).content.decode()
