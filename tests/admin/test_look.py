"""The frame of the admin: guards of the site, search, sidebar, system lists, badges and page templates."""

from datetime import timedelta

import lxml.html
import pytest
from django.contrib import admin
from django.contrib.auth.models import Group, User
from django.template.loader import render_to_string
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import timezone, translation
from django_q.models import Failure, Schedule, Success
from unfold.admin import ModelAdmin

from backoffice.site import SEARCH_LIMIT, BackofficeAdminSite
from evaluation.admin.display import badge, latin, percent, progress, score, sentences, typed
from evaluation.admin.menu.sidebar import sidebar

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]  # how pages are drawn
UNREADABLE = "The address or the form contained a character that cannot be read. Nothing was changed."


@pytest.fixture
def english(admin_client):
    """A superuser who reads English: sentences are asserted as they stand in the source."""
    admin_client.cookies["django_language"] = "en"
    return admin_client


@pytest.fixture
def clerk(client, django_user_model):
    client.force_login(django_user_model.objects.create_user("clerk", is_staff=True))
    client.cookies["django_language"] = "en"
    return client


def request_of(user):
    request = RequestFactory().get("/admin/")
    request.user = user
    return request


def test_every_list_is_in_our_site_and_in_its_clothes():
    assert type(admin.site._wrapped) is BackofficeAdminSite
    bare = [
        model.__name__ for model, registered in admin.site._registry.items() if not isinstance(registered, ModelAdmin)
    ]
    assert bare == []


@pytest.mark.parametrize(
    "address",
    [
        "/admin/auth/user/?q=%00",
        "/admin/auth/user/?is_active__exact=%00",
        "/admin/auth/user/?%00=1",
        "/admin/django_q/success/%00/change/",
        "/admin/search/?s=%00",
    ],
)
def test_a_nul_in_the_address_is_answered_with_a_sentence(english, address):
    response = english.get(address)
    assert response.status_code == 400
    assert UNREADABLE in response.content.decode()


def test_a_nul_in_a_form_changes_nothing(english, admin_user):
    response = english.post(reverse("admin:auth_user_change", args=[admin_user.pk]), {"username": "a\x00b"})
    assert response.status_code == 400
    assert UNREADABLE in response.content.decode()
    assert list(User.objects.values_list("username", flat=True)) == [admin_user.username]


@pytest.mark.parametrize("page", ["x", "0", "-1", "99", ""])
def test_the_search_does_not_stumble_over_its_page(english, page):
    response = english.get(reverse("admin:search"), {"s": "user", "page": page})
    assert [(found.title, found.link) for found in response.context["results"]] == [
        ("Users", "/admin/auth/user/"),
        ("Memberships", "/admin/evaluation/membership/"),
        ("Evaluators", "/admin/evaluation/evaluator/"),
    ]


def test_the_search_matches_persian_however_it_is_typed(admin_client):
    response = admin_client.get(reverse("admin:search"), {"s": "كاربران"})  # with an Arabic kaf
    links = [found.link for found in response.context["results"]]
    assert links == ["/admin/auth/user/", "/admin/evaluation/membership/"]


def test_the_search_shows_no_list_that_is_closed_to_the_person(clerk):
    response = clerk.get(reverse("admin:search"), {"s": "e"})
    assert [found.title for found in response.context["results"]] == ["First page"]


def test_the_search_never_answers_with_a_whole_table(english, monkeypatch):
    def many(request, words):
        return [f"{words} {number}" for number in range(SEARCH_LIMIT * 3)]

    monkeypatch.setattr("evaluation.admin.search.rows_like", many)
    request = request_of(User(is_superuser=True, is_staff=True, is_active=True))
    request.GET = {"s": "zzz"}
    assert len(admin.site.search(request).context_data["results"]) == SEARCH_LIMIT


def test_the_sidebar_holds_what_the_rights_open(admin_user, django_user_model):
    clerk = django_user_model.objects.create_user("clerk", is_staff=True)
    with translation.override("en"):
        assert [group["title"] for group in sidebar(request_of(clerk))] == [""]
        system = next(group for group in sidebar(request_of(admin_user)) if group["title"] == "System")
        assert [item["link"] for item in system["items"]] == [
            "/admin/auth/user/",
            "/admin/auth/group/",
            "/admin/django_q/schedule/work/",
            "/admin/django_q/schedule/",
            "/admin/django_q/ormq/",
            "/admin/django_q/success/",
            "/admin/django_q/failure/",
        ]


def test_every_sidebar_item_opens(english, admin_user):
    links = [str(item["link"]) for group in sidebar(request_of(admin_user)) for item in group["items"]]
    assert {link: english.get(link).status_code for link in links} == dict.fromkeys(links, 200)


def test_an_app_page_leads_to_the_first_page(english):
    assert english.get("/admin/auth/").url == "/admin/"


def test_accounts_are_closed_not_deleted(english, admin_user):
    other = User.objects.create_user("other")
    assert english.get(reverse("admin:auth_user_delete", args=[other.pk])).status_code == 403
    assert english.post(reverse("admin:auth_user_delete", args=[other.pk]), {"post": "yes"}).status_code == 403
    assert User.objects.filter(pk=other.pk).exists()


def test_rights_of_a_role_are_read_only_even_for_the_superuser(english):
    role = Group.objects.create(name="a role")
    url = reverse("admin:auth_group_change", args=[role.pk])
    assert english.get(url).status_code == 200
    assert english.post(url, {"name": "another"}).status_code == 403
    assert Group.objects.get(pk=role.pk).name == "a role"


def test_tasks_cannot_be_run_again_by_who_only_reads_them(client, django_user_model, monkeypatch):
    reader = django_user_model.objects.create_user("reader", is_staff=True)
    monkeypatch.setattr(User, "has_perm", lambda user, code, obj=None: code == "django_q.view_failure")
    failure = Failure.objects.create(
        id="f1", name="n", func="os.system", success=False, started=timezone.now(), stopped=timezone.now()
    )
    client.force_login(reader)
    client.cookies["django_language"] = "en"
    url = reverse("admin:django_q_failure_changelist")
    assert client.get(url).status_code == 200
    client.post(url, {"action": "resubmit_task", "_selected_action": failure.pk})
    assert list(Failure.objects.values_list("id", flat=True)) == ["f1"]


@pytest.mark.parametrize("name", ["schedule", "success", "failure", "ormq"])
def test_the_lists_of_background_work_are_persian(admin_client, name):
    now = timezone.now()
    Schedule.objects.create(name="close", func="evaluation.tasks.close", next_run=now + timedelta(days=1))
    Success.objects.create(id="s1", name="n", func="a.b", success=True, started=now, stopped=now)
    Failure.objects.create(id="f2", name="n", func="a.b", success=False, started=now, stopped=now, result="boom")
    assert admin_client.get(reverse(f"admin:django_q_{name}_changelist")).status_code == 200


def test_what_is_shown_is_escaped():
    evil = "<script>alert(1)</script>"
    for shown in (badge(evil), latin(evil), sentences([evil]), progress(1, 2, evil)):
        assert "<script>" not in shown
        assert "&lt;script&gt;" in shown
    assert 'class="ev-badge ev-neutral"' in badge("x", '"><script>')


def test_figures_wear_the_digits_of_the_language():
    with translation.override("fa"):
        assert score("1234.565") == '<span class="ev-number">۱٬۲۳۴٫۵۷</span>'
        assert percent("12.50") == '<span class="ev-number">۱۲٫۵٪</span>'
    with translation.override("en"):
        assert score("1234.565") == '<span class="ev-number">1,234.57</span>'
        assert score(None) == "—"


@pytest.mark.parametrize(("done", "total", "width"), [(0, 0, 0), (1, 3, 33), (55, 55, 100), (60, 55, 100)])
def test_a_bar_never_leaves_its_track(done, total, width):
    assert f"inline-size:{width}%" in progress(done, total)


@pytest.mark.parametrize("fragment", [True, False])
def test_the_dialog_of_a_verb_is_a_fragment_or_a_page(admin_user, fragment):
    request = request_of(admin_user)
    context = {
        **admin.site.each_context(request),
        "title": "Submit",
        "sentence": "It will be closed.",
        "reasons": ["Two lines are empty."],
        "confirm": "Submit",
        "action_url": "/admin/x/1/do/submit/",
        "back_url": "/admin/x/1/change/",
        "fragment": fragment,
    }
    with translation.override("en"):
        html = render_to_string("admin/evaluation/verbs/dialog.html", context, request)
    assert ("<html" in html) is not fragment
    assert ('hx-post="/admin/x/1/do/submit/"' in html) is fragment
    assert 'enctype="multipart/form-data"' in html
    assert "<li>Two lines are empty.</li>" in html
    assert html.count("csrfmiddlewaretoken") == (1 if fragment else 3)  # the page has language and logout too


@pytest.mark.parametrize(
    ("address", "code", "heading"),
    [
        ("/admin/nowhere/", 404, "Not found"),
        ("/nowhere", 404, "Not found"),
        ("/admin/auth/group/add/", 403, "Not permitted"),
    ],
)
def test_a_refusal_is_a_page_of_ours(english, address, code, heading):
    response = english.get(address)
    assert response.status_code == code
    assert f"<h1>{heading}</h1>" in response.content.decode()


def test_a_form_without_its_token_is_answered_with_a_sentence(admin_user):
    client = Client(enforce_csrf_checks=True)
    client.force_login(admin_user)
    client.cookies["django_language"] = "en"
    response = client.post(reverse("admin:logout"))
    assert response.status_code == 403
    assert "<h1>The form has expired</h1>" in response.content.decode()


@pytest.mark.parametrize(
    ("language", "count", "pages"),
    [("fa", "۱۰۵ گروه", ["۱", "۲"]), ("en", "105 groups", ["1", "2"])],
)
def test_a_list_counts_in_the_digits_of_the_language(admin_client, language, count, pages):
    Group.objects.bulk_create(Group(name=f"group {number}") for number in range(105 - Group.objects.count()))
    admin_client.cookies["django_language"] = language
    shown = lxml.html.fromstring(admin_client.get(reverse("admin:auth_group_changelist"), {"p": 2}).content.decode())
    footer = shown.xpath("//div[@class='py-4']/..")[0]
    words = " ".join(footer.text_content().split())
    assert words.startswith(f"{' '.join(pages)} – {count}")
    assert footer.xpath(".//a/@href")[0] == "?p=1"
    assert footer.xpath("string(.//*[@aria-current='page'])") == pages[1]


def test_a_note_has_persian_figures_and_codes_in_latin():
    """What is written in Latin letters stays as it is, together with the figures in it."""
    with translation.override("fa"):
        assert typed("1/ش مورخ 12 مهر") == "۱/ش مورخ ۱۲ مهر"
        assert typed("شاخص G-101 (12 درصد)") == f"شاخص {latin('G-101')} (۱۲ درصد)"
        assert typed("file 2b.xlsx: 3. <b>") == f"{latin('file 2b.xlsx')}: ۳. &lt;{latin('b')}&gt;"
        assert typed("") == "—"
    with translation.override("en"):
        assert typed("letter 12") == "letter 12"
