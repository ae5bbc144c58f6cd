import pytest

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_person_logs_in_and_the_page_runs_from_right_to_left(page, live_server, django_user_model):
    django_user_model.objects.create_superuser("sara", password="a long enough one")
    page.goto("/")
    page.locator("input[name=username]").fill("sara")
    page.locator("input[name=password]").fill("a long enough one")
    page.locator("form:has(input[name=password]) [type=submit]").click()
    page.wait_for_url(f"{live_server.url}/admin/")
    english = page.get_by_role("button", name="English").bounding_box()
    title = page.get_by_text("صفحهٔ نخست").first.bounding_box()
    assert page.locator("html").get_attribute("dir") == "rtl"
    assert title["x"] > english["x"] + english["width"]
