"""Every list: its title, and what it says while it is empty, to people who fill it and to people who read it."""

import re
from html import unescape

import pytest
from django.contrib import admin
from django.contrib.auth import get_user_model
from django.urls import reverse

from evaluation.admin.empty_lists import EMPTY, NEXT
from evaluation.enums import Stage
from evaluation.models import Assessment, Line, Participation
from tests import factories as make

from .rights_table import LETTERS, ROWS

PERSON = {letter: person for person, letter in LETTERS.items()} | {"R": "reporter_a", "H": "headquarters_a"}
IN_ORDER = "RHVNSCOXMU"  # whose view of a list is tried: outsiders first
LISTS = {
    model._meta.model_name if model._meta.app_label == "evaluation" else model._meta.label_lower: model
    for model in admin.site._registry
}


def readers(name):
    """The first outsider and the first of the staff who see this list."""
    letters = ROWS[name.rpartition(".")[2]][0]
    seen = [letter for letter in IN_ORDER if letter in letters]
    outside, staff = [x for x in seen if x not in "XMU"], [x for x in seen if x in "XMU"]
    return [PERSON[letter] for letter in (*outside[:1], *staff[:1])]


def title_of(html):
    return unescape(re.search(r"<title>(.*?)</title>", html, re.DOTALL).group(1)).split("|")[0].strip("\u200f \n")


def text_of(html):
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", html)).split())


def emptied(monkeypatch, name):
    """Take all rows out of one list, whatever the database holds."""
    model = LISTS[name]
    kind = type(admin.site._registry[model])
    monkeypatch.setattr(kind, "get_queryset", lambda self, request: self.model._default_manager.none())
    meta = model._meta
    return reverse(f"admin:{meta.app_label}_{meta.model_name}_changelist")


def test_each_list_has_a_sentence_for_its_emptiness():
    assert sorted(EMPTY) == sorted(LISTS)
    assert {name for place in NEXT.items() for name in place} <= set(LISTS)
    assert [name for name, words in EMPTY.items() if not (words.acting or words.reading)] == []
    sentences = [str(words) for pair in EMPTY.values() for words in pair if words]
    assert len(sentences) == len(set(sentences))


@pytest.mark.django_db
@pytest.mark.one_database
def test_an_empty_list_says_what_comes_here_and_the_next_step(cast, monkeypatch):
    cast.superuser = get_user_model().objects.create_superuser("root")
    clients, faults = {}, []
    for name in LISTS:
        with monkeypatch.context() as patched:
            address = emptied(patched, name)
            for person in readers(name):
                client = clients.setdefault(person, cast.client(person))
                html = client.get(address).content.decode()
                told = re.search(r'<div class="ev-empty">(.*?)\n</div>', html, re.DOTALL)
                words = told and text_of(told.group(1))
                if not words or not any(str(each) and str(each) in words for each in EMPTY[name]):
                    faults.append(f"{name} for {person}: {words}")
                if "پاک کردن فیلترها" in html:
                    faults.append(f"{name} for {person}: offers to reset filters that are not set")
                for link in re.findall(r'href="([^"]+)"', told.group(1) if told else ""):
                    if client.get(unescape(link)).status_code != 200:
                        faults.append(f"{name} for {person}: {link} does not open")
                if re.search("انتخاب کنید|برای مشاهده", title_of(html)):
                    faults.append(f"{name} for {person}: the tab is called {title_of(html)}")
    assert faults == []


@pytest.mark.django_db
def test_a_search_without_a_hit_leads_back_to_the_whole_list(cast):
    html = cast.client("expert").get("/admin/evaluation/agency/?q=xyz").content.decode()
    assert "هیچ ردیفی از این فهرست با جستجو و فیلترهای انتخاب‌شده مطابقت ندارد." in html
    assert "پاک کردن فیلترها" in html


@pytest.mark.django_db
def test_a_list_is_titled_by_its_plural_in_the_words_of_the_reader(cast):
    pages = {
        name: cast.client(name).get("/admin/evaluation/circular/").content.decode() for name in ("reporter_a", "expert")
    }
    assert {name: title_of(html) for name, html in pages.items()} == {
        "reporter_a": "بخشنامه‌های دریافتی",
        "expert": "بخشنامه‌ها",
    }
    heading = re.search(r'<span class="ev-here">(.*?)</span>', pages["reporter_a"]).group(1)
    assert heading == "بخشنامه‌های دریافتی"


@pytest.mark.django_db
def test_a_circular_that_an_agency_received_is_not_called_issued(cast):
    cast.until(Stage.EVALUATORS)
    pages = {
        name: text_of(cast.client(name).get("/admin/evaluation/circular/").content.decode())
        for name in ("reporter_a", "expert")
    }
    assert {name: ("صادره" in text, "تاریخ دریافت" in text, "رؤیت‌نشده" in text) for name, text in pages.items()} == {
        "reporter_a": (False, True, True),
        "expert": (True, False, False),
    }
    detail = f"/admin/evaluation/circular/{cast.circular.pk}/change/"
    assert "صادره" not in text_of(cast.client("reporter_a").get(detail).content.decode())


@pytest.mark.django_db
@pytest.mark.parametrize(("who", "name"), [("reporter_a", "خودارزیابی"), ("manager", "ارزیابی دستگاه‌ها")])
def test_pages_of_a_row_name_the_list_above_as_the_menu_does(cast, who, name):
    cast.until(Stage.SELF_ASSESSMENT)
    row = cast.assessment(cast.agency_a)
    html = cast.client(who).get(reverse("admin:evaluation_assessment_change", args=[row.pk])).content.decode()
    above = re.findall(r'<a href="([^"]+)"\s+class="ev-above">([^<]+)</a>', html)
    assert above == [(reverse("admin:evaluation_assessment_changelist"), name)]


# -- rows of several years ------------------------------------------------------------------------


@pytest.fixture
def last_year(cast):
    """A file of one line from the year before, in the cast's province, beside those of this year."""
    cast.until(Stage.SELF_ASSESSMENT)
    cycle = make.CycleFactory(province=cast.cycle.province, performance_year=1403, title="ارزیابی پارسال")
    dimension = make.DimensionFactory(cycle=cycle)
    participation = Participation.objects.create(cycle=cycle, agency=cast.agency_a)
    file = Assessment.objects.create(participation=participation, dimension=dimension)
    indicator = make.IndicatorFactory(cycle=cycle, dimension=dimension)
    Line.objects.create(assessment=file, indicator=indicator, maximum=10)
    return cycle


YEARS_ARE_SHOWN = {  # list: where the years of its rows stand
    "assessment": "participation__cycle",
    "line": "assessment__participation__cycle",
    "indicator": "cycle",
    "axis": "dimension__cycle",
}


@pytest.mark.django_db
@pytest.mark.parametrize("name", YEARS_ARE_SHOWN)
def test_rows_of_several_years_say_theirs_until_a_cycle_is_chosen(cast, last_year, name):
    make.AxisFactory(dimension=last_year.dimensions.get())
    manager, address = cast.client("manager"), reverse(f"admin:evaluation_{name}_changelist")

    def years(**asked):
        html = manager.get(address, asked).content.decode()
        return set(re.findall(r"field-year_of_row[^>]*>\s*(?:<[^>]+>\s*)*([۰-۹]+)", html))

    assert years() == {"۱۴۰۳", "۱۴۰۴"}
    assert years(**{f"{YEARS_ARE_SHOWN[name]}__id__exact": last_year.pk}) == set()


@pytest.mark.django_db
def test_rows_of_one_year_do_not_repeat_it(cast):
    cast.until(Stage.SELF_ASSESSMENT)
    html = cast.client("manager").get(reverse("admin:evaluation_line_changelist")).content.decode()
    assert "field-indicator" in html
    assert "year_of_row" not in html
