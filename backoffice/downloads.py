"""Exports are logged where they leave: every page of the admin that answers with an attachment."""

from email.message import Message

from evaluation.models import Cycle
from evaluation.process.files import events

MAX_KEY = 18  # digits that every database takes


def log_export(request, response):
    """Write a log row for an answer that is an attachment. Stored files are logged by the page that opens them."""
    header = response.headers.get("Content-Disposition", "")
    if not header.startswith("attachment") or response.status_code != 200 or getattr(response, "is_logged", False):
        return
    size = 0 if response.streaming else len(response.content)
    cycle = cycle_of(request)
    events.exported(file_name(header), by=request.user, size=size, address=request.get_full_path(), cycle=cycle)


def file_name(header):
    """The file's name in a Content-Disposition header, whatever letters it has."""
    message = Message()
    message["Content-Disposition"] = header
    return message.get_filename() or ""


def cycle_of(request):
    """The cycle of the row whose page was asked, or the one that the address names; None for an export of no cycle."""
    if (row := getattr(request, "edited", None)) is not None:
        return events.cycle_of(row)
    key = request.GET.get("cycle", "")
    known = key.isascii() and key.isdigit() and len(key) <= MAX_KEY
    return Cycle.objects.visible_to(request.user).filter(pk=key).first() if known else None
