"""What a list shows to a person, and what its file holds, cell by cell."""

import csv
import re
from contextlib import suppress
from html import unescape
from io import StringIO

from django.contrib.admin.utils import label_for_field
from django.contrib.messages.storage.cookie import CookieStorage
from django.test import RequestFactory
from django.urls import resolve, reverse
from django.utils.html import strip_tags
from unfold.templatetags.unfold_list import items_for_result

from evaluation import persian

ICON = re.compile(r"<span[^>]*material-symbols[^>]*>(.*?)</span>", re.DOTALL)
ICONS = {"check_small": "بله", "check": "بله", "close_small": "خیر", "close": "خیر"}
CSV = "2"  # the place of this kind among the kinds of files


def address(registered, page, query=""):
    opts = registered.opts
    return reverse(f"admin:{opts.app_label}_{opts.model_name}_{page}") + query


def asking(user, url):
    request = RequestFactory().get(url)
    request.user, request.resolver_match, request._messages = user, resolve(url.partition("?")[0]), CookieStorage(None)
    return request


def listed(registered, user, query=""):
    """(headings, rows of texts, number of all rows) of a list's first page, as the admin draws it for this person."""
    request = asking(user, address(registered, "changelist", query))
    page = registered.get_changelist_instance(request)
    names = [name for name in page.list_display if name != "action_checkbox"]
    headings = [str(label_for_field(name, registered.model, registered)) for name in names]
    rows = []
    for row in page.result_list:
        cells = list(items_for_result(page, row, None))[-len(names) :]
        rows.append([plain(shown(cell)) for cell in cells])
    return headings, rows, page.result_count


def shown(cell):
    """The text of a drawn cell; the icon of a truth value as its word."""
    icon = ICON.search(cell)
    return ICONS.get(icon[1].strip(), "") if icon and not strip_tags(ICON.sub("", cell)).strip() else strip_tags(cell)


def plain(text):
    """One spelling for what is drawn and what is written: digits, grouping, dates in words, empty cells."""
    text = persian.to_latin_digits(" ".join(unescape(str(text)).split())).replace("\u200e", "")
    with suppress(ValueError):
        return str(persian.parse_jalali_datetime(text) or "")
    with suppress(ValueError):
        return str(persian.parse_jalali(text) or "")
    if re.fullmatch(r"−?[\d٬]+(٫\d+)?", text):
        text = text.replace("٬", "").replace("٫", ".").replace("−", "-")
        return f"{float(text):g}"
    if re.fullmatch(r"-?\d+(\.\d+)?", text):
        return f"{float(text):g}"
    return "" if text == "—" else text


def chosen(page):
    """What the form of the page posts as it comes: every column, comma-separated."""
    form = page.context_data["form"]
    return {name: "on" for name in form.fields if name not in ("format", "resource", "export_items")} | {
        "resource": "0",
        "format": CSV,
    }


def filed(response):
    """(headings, rows) of a downloaded .csv file."""
    rows = list(csv.reader(StringIO(response.content.decode("utf-8-sig"))))
    return rows[0], [[plain(cell.removeprefix("'")) for cell in row] for row in rows[1:]]
