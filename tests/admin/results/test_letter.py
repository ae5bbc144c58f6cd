"""Letters through the pages: made for chosen agencies, sent with their figures, received; none is read too early."""

import datetime
import io
import zipfile

import pytest
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.urls import reverse
from django.utils import timezone

from evaluation.enums import LetterKind
from evaluation.management import fixtures
from evaluation.models import AgencyResult, Letter, LetterTemplate, Notice, OnBehalf, TransitionLog
from evaluation.persian import format_jalali
from evaluation.reports import letter as paper
from tests import snapshots
from tests.admin.results.result_stand import Stand
from tests.factories import upload
from tests.reports.pdf_text import READERS, chromium, overlapping

LIST = reverse("admin:evaluation_letter_changelist")
PARTICIPATIONS = reverse("admin:evaluation_participation_changelist")


@pytest.fixture
def written(db):
    """The stand with the texts of letters, announced."""
    return snapshots.once(announced, "letters")


def announced():
    load_texts()
    return Stand().compute().pass_gates().announce()


def load_texts():
    fields = "kind subject body signer announcement".split()
    fixtures.add(LetterTemplate, fixtures.rows("letter_templates"), *fields)


def today():
    return format_jalali(timezone.localdate())


def make(stand, *names, who="expert", kind="level", number="۱۲۰/۵/#", sides=("agency", "headquarters"), **typed):
    """Make letters for chosen agencies in the list, as staff do."""
    keys = [stand.participations[name].pk for name in names or stand.participations]
    data = {"action": "do_make_letters", ACTION_CHECKBOX_NAME: keys, "confirm": "1"}
    data |= {"kind": kind, "number": number, "first": "1", "date": today(), "addressees": sides} | typed
    return stand.at(who).post(PARTICIPATIONS, data, follow=True)


def send(stand, *letters, who="expert"):
    data = {"action": "do_send", ACTION_CHECKBOX_NAME: [each.pk for each in letters], "confirm": "1"}
    return stand.at(who).post(LIST, data, follow=True)


def told(response):
    return [str(message) for message in response.context["messages"]]


def change(letter):
    return reverse("admin:evaluation_letter_change", args=[letter.pk])


def file_of(letter):
    return reverse("admin:evaluation_letter_file", args=[letter.pk, "file"])


def step(stand, who, letter, name, **typed):
    return stand.at(who).post(reverse("admin:evaluation_letter_do", args=[letter.pk, name]), typed)


def to(stand, name, side="agency", **only):
    return Letter.objects.get(participation=stand.participations[name], addressee=side, superseded_at=None, **only)


# -- making ---------------------------------------------------------------------------------------


def test_letters_for_all_agencies_are_made_at_once_with_running_numbers(written):
    make(written)
    rows = Letter.objects.filter(participation__isnull=False).order_by("pk")
    assert rows.count() == 12  # six agencies and their headquarters
    assert [row.number for row in rows] == [f"۱۲۰/۵/{digits}" for digits in "۱ ۲ ۳ ۴ ۵ ۶ ۷ ۸ ۹ ۱۰ ۱۱ ۱۲".split()]
    assert {(row.sent_at, row.made_by) for row in rows} == {(None, written.expert)}
    assert TransitionLog.objects.filter(name="make").count() == 12


def test_the_letter_names_score_maximum_dimensions_group_ranks_level_and_year(written):
    make(written, "اداره بتا")
    said = to(written, "اداره بتا").content
    expected = {
        "total": "۱٬۵۰۰٫۰۰",
        "maximum": "۲٬۰۰۰",
        "percent": "۷۵٫۰۰",
        "year": "۱۴۰۵",
        "group": "خدماتی",
        "level": "عالی",
        "rank": "رتبهٔ ۲ از ۴ دستگاه",
        "group_rank": "رتبهٔ ۱ از ۲ دستگاه گروه همتای «خدماتی»",
    }
    assert {name: said["values"][name] for name in expected} == expected
    assert said["rows"] == [
        ["شاخص‌های عمومی", "۷۵۰٫۰۰", "۱٬۰۰۰", "۷۵٫۰۰", "۲ از ۴", "۱ از ۲"],
        ["شاخص‌های اختصاصی", "۷۵۰٫۰۰", "۱٬۰۰۰", "۷۵٫۰۰", "۲ از ۴", "۱ از ۲"],
        ["جمع کل", "۱٬۵۰۰٫۰۰", "۲٬۰۰۰", "۷۵٫۰۰", "۲ از ۴", "۱ از ۲"],
    ]


def test_a_letter_that_says_the_same_is_not_made_twice(written):
    make(written, "اداره آلفا")
    response = make(written, "اداره آلفا")
    assert Letter.objects.filter(participation__isnull=False).count() == 2
    assert "These letters are made already, and nothing in them has changed." in " ".join(told(response))


def test_a_changed_text_is_a_new_edition_that_supersedes(written):
    make(written, "اداره آلفا")
    first = to(written, "اداره آلفا")
    send(written, first)
    LetterTemplate.objects.filter(kind="level").update(subject="نتایج قطعی سال {year}")
    make(written, "اداره آلفا")
    first.refresh_from_db()
    second = to(written, "اداره آلفا")
    assert first.superseded_at is not None
    assert (second.edition, second.content["subject"], second.number) == (2, "نتایج قطعی سال ۱۴۰۵", "۱۲۰/۵/۳")
    unsent = to(written, "اداره آلفا", "headquarters")
    assert (unsent.edition, unsent.number) == (2, "۱۲۰/۵/۲")  # it was not sent: it keeps its number


def test_figures_come_from_the_snapshot_and_not_from_the_tables_of_today(written):
    agency = written.agency("اداره آلفا")
    agency.name = "نام دیگر"
    agency.save()
    AgencyResult.objects.update(total=1)
    make(written, "اداره آلفا", sides=["agency"])
    letter = to(written, "اداره آلفا")
    assert (letter.recipient, letter.content["values"]["total"]) == ("اداره آلفا", "۱٬۸۰۰٫۰۰")


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        (lambda: {"date": format_jalali(timezone.localdate() + datetime.timedelta(days=1))}, "not dated in the future"),
        (lambda: {"number": "۷"}, "has the number “۷” already. For several letters write # in the number."),
    ],
)
def test_what_a_letter_cannot_have_is_refused(written, typed, sentence):
    response = make(written, "اداره آلفا", **typed())
    assert sentence in " ".join(told(response))
    assert Letter.objects.filter(participation__isnull=False).count() == 0


@pytest.mark.parametrize(
    ("kind", "sentence"),
    [("level", "are not announced yet"), ("thanks", "are not announced yet"), ("decision", "No objection of")],
)
def test_no_letter_tells_what_may_not_be_read_yet(stand, kind, sentence):
    load_texts()
    stand.compute().pass_gates()
    response = make(stand, "اداره آلفا", kind=kind)
    assert sentence in " ".join(told(response))
    assert Letter.objects.filter(participation__isnull=False).count() == 0


def test_a_letter_of_initial_results_tells_no_rank(stand):
    load_texts()
    stand.compute()
    make(stand, "اداره آلفا", kind="initial", sides=["agency"])
    said = to(stand, "اداره آلفا").content
    assert said["columns"] == ["بُعد", "امتیاز", "سقف امتیاز", "درصد"]
    assert set(said["values"]) & {"rank", "group_rank", "level", "growth"} == set()
    assert said["values"]["total"] == "۱٬۸۰۰٫۰۰"


def test_an_agency_that_did_not_take_part_has_no_initial_results(stand):
    load_texts()
    response = make(stand, "اداره زتا", kind="initial")
    assert "“اداره زتا” did not take part in this cycle." in " ".join(told(response))


@pytest.mark.parametrize("who", ["reporter_al", "secretary", "observer", "national"])
def test_nobody_else_makes_letters(written, who):
    make(written, "اداره آلفا", who=who)
    assert Letter.objects.filter(participation__isnull=False).count() == 0


# -- the embargo ----------------------------------------------------------------------------------


def test_an_agency_reads_its_own_letter_once_it_is_sent_and_no_other(written):
    make(written, "اداره آلفا", "اداره بتا", sides=["agency"])
    own, other = to(written, "اداره آلفا"), to(written, "اداره بتا")
    reader = written.at("reporter_al")
    for letter in (own, other):
        assert [reader.get(page(letter)).status_code for page in (change, file_of)] == [404, 404]
    send(written, own, other)
    assert reader.get(change(own)).status_code == 200
    assert b"".join(reader.get(file_of(own)).streaming_content).startswith(b"%PDF")
    assert [reader.get(page(other)).status_code for page in (change, file_of)] == [404, 404]
    page = reader.get(LIST).content.decode()
    assert change(own) in page
    assert "اداره بتا" not in page
    zipped = reader.get(reverse("admin:evaluation_letter_zip"), {"cycle": written.year.pk})
    assert len(zipfile.ZipFile(io.BytesIO(zipped.content)).namelist()) == 1


@pytest.mark.parametrize("who", ["headquarters_b", "secretary", "observer", "national", "evaluator", "steward"])
def test_letters_to_agencies_are_read_by_nobody_else(written, who):
    make(written, "اداره آلفا")
    send(written, *Letter.objects.filter(participation__isnull=False))
    letters = Letter.objects.filter(participation__isnull=False)
    assert {written.at(who).get(change(letter)).status_code for letter in letters} <= {403, 404}


def test_headquarters_read_the_letter_to_them(written):
    make(written, "اداره آلفا")
    send(written, *Letter.objects.filter(participation__isnull=False))
    reader = written.at("headquarters_a")
    assert reader.get(change(to(written, "اداره آلفا", "headquarters"))).status_code == 200
    assert reader.get(change(to(written, "اداره آلفا", "agency"))).status_code == 404


# -- sending and receiving ------------------------------------------------------------------------


def test_the_notice_carries_the_figures(written):
    make(written, "اداره آلفا")
    letter = to(written, "اداره آلفا")
    send(written, letter)
    letter.refresh_from_db()
    assert letter.sent_by == written.expert
    notice = Notice.objects.get(event=f"letter:{letter.pk}")
    assert (notice.user, notice.url) == (written.reporter_al, change(letter))
    assert "۱٬۸۰۰٫۰۰ از ۲٬۰۰۰" in notice.text
    assert "رتبهٔ ۱ از ۴ دستگاه" in notice.text
    assert "۱۲۰/۵/۱" in notice.text
    send(written, letter)
    assert Notice.objects.filter(event=f"letter:{letter.pk}").count() == 1


def test_a_letter_whose_figures_changed_is_not_sent(written):
    make(written, "اداره آلفا", kind="initial", sides=["agency"])
    letter = to(written, "اداره آلفا")
    written.participations["اداره آلفا"].assessments.first().lines.update(initial_score=1)
    response = send(written, letter)
    assert "The figures have changed since this letter was made: make it again." in " ".join(told(response))
    letter.refresh_from_db()
    assert letter.sent_at is None


def test_a_letter_of_void_results_is_not_sent(written):
    make(written, "اداره آلفا", sides=["agency"])
    letter = to(written, "اداره آلفا")
    assert written.do("manager", "void", reason="خطا").status_code == 302
    response = send(written, letter)
    assert "are not announced yet" in " ".join(told(response))
    assert "without effect: its results are void" in written.at("expert").get(change(letter)).content.decode()


def test_the_agency_acknowledges_its_letter(written):
    make(written, "اداره آلفا", sides=["agency"])
    letter = to(written, "اداره آلفا")
    assert step(written, "reporter_al", letter, "receive").status_code == 404  # not sent yet
    send(written, letter)
    index = written.at("reporter_al").get(reverse("admin:index")).content.decode()
    assert "Letters whose receipt you have to record" in index
    assert step(written, "reporter_al", letter, "receive").status_code == 302
    letter.refresh_from_db()
    assert letter.received_by == written.reporter_al
    index = written.at("reporter_al").get(reverse("admin:index")).content.decode()
    assert "Letters whose receipt you have to record" not in index


def test_staff_record_a_receipt_on_behalf_with_its_letter(written):
    make(written, "اداره آلفا", sides=["agency"])
    letter = to(written, "اداره آلفا")
    send(written, letter)
    assert step(written, "expert", letter, "receive").status_code == 200  # the letter is missing
    typed = {"behalf_body": "اداره آلفا", "behalf_letter_number": "۹", "behalf_letter_date": today()}
    assert step(written, "expert", letter, "receive", **typed, behalf_file=upload()).status_code == 302
    letter.refresh_from_db()
    assert (letter.received_by, OnBehalf.objects.latest("pk").letter_number) == (written.expert, "۹")


def test_staff_see_on_the_first_page_what_is_to_be_sent(written):
    make(written, "اداره آلفا")
    index = written.at("expert").get(reverse("admin:index")).content.decode()
    assert "Letters to send to agencies" in index
    send(written, *Letter.objects.filter(participation__isnull=False))
    index = written.at("expert").get(reverse("admin:index")).content.decode()
    assert "Letters to send to agencies" not in index


def test_the_page_of_the_cycle_says_who_has_received_what(written):
    make(written, "اداره آلفا", "اداره بتا")
    alpha = to(written, "اداره آلفا")
    send(written, alpha)
    step(written, "reporter_al", alpha, "receive")
    response = written.at("expert").get(reverse("admin:evaluation_cycle_letters", args=[written.year.pk]))
    sums = dict(zip(LetterKind.for_agencies(), response.context["sums"], strict=True))
    assert sums[LetterKind.LEVEL] == {"made": 4, "sent": 1, "received": 1}
    rows = {row["agency"].code: row["cells"] for row in response.context["rows"]}
    assert [one["words"] for one in rows["AL"][2]] == ["received", "not sent yet"]
    assert rows["GA"] == [[], [], [], [], []]
    assert written.at("reporter_al").get(response.request["PATH_INFO"]).status_code == 403


def test_the_agencys_own_page_shows_its_letters(written):
    make(written, "اداره آلفا")
    send(written, to(written, "اداره آلفا"))
    url = reverse("admin:evaluation_participation_change", args=[written.participations["اداره آلفا"].pk])
    page = written.at("reporter_al").get(url).content.decode()
    assert change(to(written, "اداره آلفا")) in page
    assert change(to(written, "اداره آلفا", "headquarters")) not in page


def test_the_agency_reads_the_text_that_it_may_publish(written):
    make(written, "اداره آلفا", sides=["agency"])
    letter = to(written, "اداره آلفا")
    send(written, letter)
    page = written.at("reporter_al").get(change(letter)).content.decode()
    assert "امتیاز ۱٬۸۰۰٫۰۰ از ۲٬۰۰۰ را کسب کرد" in page


# -- the paper ------------------------------------------------------------------------------------


@pytest.mark.parametrize("read", READERS)
def test_words_of_the_paper_are_found_as_they_are_written(written, read):
    make(written, "اداره آلفا", sides=["agency"])
    letter = to(written, "اداره آلفا")
    text = read(letter.file.read())
    words = ["باسمه تعالی", "پیوست", "موضوع", "اداره آلفا", "با سلام و احترام", "محل امضا", "اختصاصی", "زیربنایی"]
    words += ["رئیس سازمان مدیریت و برنامه‌ریزی استان", format_jalali(letter.date, language="fa")]
    assert [word for word in words if word not in text] == []


def test_the_paper_has_no_text_on_another_and_the_same_bytes_when_made_again(written):
    make(written, "اداره آلفا", sides=["agency"])
    letter = to(written, "اداره آلفا")
    content = letter.file.read()
    assert overlapping(content) == []
    again = Letter.objects.select_related("participation__agency", "cycle").get(pk=letter.pk)
    assert paper.pdf(again) == content
    assert "متن" in chromium(content)


def test_all_letters_of_a_kind_come_in_one_zip(written):
    make(written)
    make(written, kind="thanks", sides=["agency"])
    url = reverse("admin:evaluation_letter_zip")
    client = written.at("expert")
    names = zipfile.ZipFile(io.BytesIO(client.get(url, {"cycle": written.year.pk}).content)).namelist()
    assert len(names) == 18
    assert "letter-1405-AL-level-headquarters-1.pdf" in names
    thanks = client.get(url, {"cycle": written.year.pk, "kind": "thanks"})
    assert len(zipfile.ZipFile(io.BytesIO(thanks.content)).namelist()) == 6
    assert client.get(url, {"cycle": "x"}).status_code == 404
