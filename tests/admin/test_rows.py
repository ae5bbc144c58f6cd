"""What each row of a list has: its box and its address, made without asking anew for each row."""

import pytest
from django.contrib import admin
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.urls import NoReverseMatch, reverse, set_script_prefix
from django.utils import translation
from unfold.admin import checkbox

from backoffice.row_addresses import row_address
from evaluation.enums import Stage
from evaluation.models import Evidence, Line

from .english import page, visit

CHANGE = "admin:evaluation_line_change"


@pytest.mark.parametrize("key", [1, 918, 10**12, "a b/ج"])
def test_an_address_is_the_one_that_django_gives(key):
    assert row_address(CHANGE, key) == reverse(CHANGE, args=[key])
    name = "admin:evaluation_evidence_file"
    assert row_address(name, key, "file") == reverse(name, args=[key, "file"])


def test_an_address_follows_the_place_of_the_site_and_does_not_hide_a_missing_page():
    here = row_address(CHANGE, 7)
    set_script_prefix("/elsewhere/")
    try:
        assert row_address(CHANGE, 7) == f"/elsewhere{here}"
    finally:
        set_script_prefix("/")
    with pytest.raises(NoReverseMatch):
        row_address("admin:evaluation_line_nowhere", 7)


@pytest.mark.parametrize("language", ["fa", "en"])
def test_the_box_of_a_row_is_that_of_unfold(language):
    listed = admin.site._registry[Line]
    with translation.override(language):
        for key in (7, 70):
            assert listed.action_checkbox(Line(pk=key)) == checkbox.render(ACTION_CHECKBOX_NAME, str(key))
        assert listed.action_checkbox(Evidence(pk='"<')).count("&quot;&lt;") == 1


@pytest.mark.django_db
@pytest.mark.one_database
def test_a_row_leads_back_to_the_list_as_it_was_filtered(cast):
    cast.until(Stage.SELF_ASSESSMENT)
    client, query = visit(cast, "manager"), "?exempt__exact=0&q=G"
    listed = client.get(page("line_changelist") + query)
    row = listed.context["cl"].result_list[0]
    address = f"{page('line_change', row.pk)}?_changelist_filters=exempt__exact%3D0%26q%3DG"
    assert f'href="{address}"' in listed.content.decode()
    plain = client.get(page("line_changelist")).content.decode()
    assert f'href="{page("line_change", row.pk)}"' in plain
