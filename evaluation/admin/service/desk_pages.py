"""The service desk before log-in: contact of the office, writing, following one's ticket, questions and answers.

These pages know no account. What was written is read again with number and code alone, in one browser for half an hour.
"""

from datetime import timedelta
from functools import wraps

from django.contrib import messages
from django.http import HttpResponseRedirect
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from backoffice.client import address_of
from evaluation.enums import TicketState
from evaluation.models import Ticket
from evaluation.persian import search_key, shown_end
from evaluation.process import door
from evaluation.process.messages import announcement
from evaluation.process.service import outside, ticket
from evaluation.process.service.desk import desks, open_provinces

from .desk_forms import AgainForm, FollowForm, SatisfactionForm, WriteForm
from .desk_frame import page, public
from .service_page import service

app_name = "desk"
READ_FOR = timedelta(minutes=30)
SHOWN, WRITTEN = "desk_ticket", "desk_written"  # names in the session


@public
@require_safe
def home(request):
    """How the office is reached, and what can be done without an account."""
    return page(request, "home", _("Service desk"), desks=desks(), is_open=open_provinces().exists())


@public
@require_http_methods(["GET", "POST"])
def write(request):
    """The form for a ticket; a refused one keeps what was typed."""
    form = WriteForm(request.POST or None)
    context = {"form": form, "is_open": open_provinces().exists(), "desks": desks()}
    if request.method == "POST" and form.is_valid():
        words = {name: value for name, value in form.cleaned_data.items() if name != "website"}
        try:
            filed, code = outside.file_from_outside(address=address_of(request), **words)
        except door.Refusal as refusal:
            form.add_error(None, str(refusal))
            status = 429 if isinstance(refusal, outside.TooMany) else 200
            return page(request, "write", _("Write to the service desk"), status=status, **context)
        request.session[WRITTEN] = [filed.reference, code]
        return HttpResponseRedirect(reverse("desk:written"))
    return page(request, "write", _("Write to the service desk"), **context)


@public
@require_safe
def written(request):
    """The number and the code of the ticket that was just filed, shown once."""
    pair = request.session.pop(WRITTEN, None)
    if pair is None:
        return HttpResponseRedirect(reverse("desk:follow"))
    return page(request, "written", _("Your ticket was received"), reference=pair[0], code=in_fours(pair[1]))


def in_fours(code):
    """The digits of a code in groups that can be read aloud."""
    return "-".join(code[at : at + 4] for at in range(0, len(code), 4))


@public
@require_http_methods(["GET", "POST"])
def follow(request):
    """Number and code are asked for; then the ticket with its thread, for half an hour."""
    form = FollowForm(request.POST or None)
    title, status = _("Follow a ticket"), 200
    if request.method == "POST" and form.is_valid():
        try:
            row = outside.look_up(**form.cleaned_data, address=address_of(request))
        except door.Refusal as refusal:
            form.add_error(None, str(refusal))
            status = 429 if isinstance(refusal, outside.TooMany) else 200
        else:
            request.session[SHOWN] = [row.pk, timezone.now().timestamp()]
            return HttpResponseRedirect(reverse("desk:follow"))
    row = shown_ticket(request) if request.method == "GET" else None
    if row is None:
        return page(request, "follow", title, status=status, form=form)
    settled = row.state in TicketState.settled()
    return page(
        request,
        "ticket",
        title,
        ticket=row,
        due_day=shown_end(row.due_at),
        thread=row.messages.all(),
        again=AgainForm(),
        satisfaction=SatisfactionForm() if settled and not row.satisfaction else None,
        can_close=row.state == TicketState.ANSWERED,
        waits=not settled,
    )


def shown_ticket(request):
    """The ticket whose number and code this browser has shown within the last half hour, or None."""
    key, at = request.session.get(SHOWN, (None, 0))
    if key is None or timezone.now().timestamp() - at > READ_FOR.total_seconds():
        request.session.pop(SHOWN, None)
        return None
    return Ticket.objects.select_related("province").filter(pk=key, author=None).first()


def asker_step(form_class):
    """A POST by which the asker of the shown ticket adds to it; back to the ticket with what came of it."""

    def decorate(step):
        @public
        @require_POST
        @wraps(step)
        def view(request):
            row = shown_ticket(request)
            if row is None:
                return HttpResponseRedirect(reverse("desk:follow"))
            form = form_class(request.POST) if form_class else None
            if form is not None and not form.is_valid():
                messages.error(request, " ".join(str(error) for errors in form.errors.values() for error in errors))
                return HttpResponseRedirect(reverse("desk:follow"))
            try:
                outside.count(outside.WRITE, address_of(request))
                messages.success(request, step(row, form.cleaned_data if form else {}))
            except door.Refusal as refusal:
                messages.error(request, str(refusal))
            return HttpResponseRedirect(reverse("desk:follow"))

        return view

    return decorate


@asker_step(AgainForm)
def write_again(row, words):
    """The asker writes again, which reopens an answered ticket."""
    ticket.follow_up(row, by=None, **words)
    return _("Your message was added to the ticket.")


@asker_step(SatisfactionForm)
def rate(row, words):
    """How satisfied the asker is with the answer."""
    ticket.rate(row, by=None, **words)
    return _("Thank you: your rating was recorded.")


@asker_step(None)
def close(row, words):
    """The asker has what was asked for."""
    ticket.close(row, by=None)
    return _("The ticket was closed.")


@public
@require_safe
def questions(request):
    """Questions and answers, narrowed by words; without an account, those that staff show to everybody."""
    rows = announcement.answers_before_login()
    if request.user.is_authenticated:
        rows = (rows | announcement.answers_for(request.user)).distinct()
    words = request.GET.get("q", "")[:100].strip()
    wanted = [search_key(word) for word in words.split()]
    matching = [row for row in rows if all(key in search_key(f"{row.question} {row.answer}") for key in wanted)]
    return page(request, "questions", _("Questions and answers"), rows=matching, words=words)


urlpatterns = [
    path("", home, name="home"),
    path("write/", write, name="write"),
    path("written/", written, name="written"),
    path("follow/", follow, name="follow"),
    path("follow/write/", write_again, name="write_again"),
    path("follow/rate/", rate, name="rate"),
    path("follow/close/", close, name="close"),
    path("questions/", questions, name="questions"),
    path("service/", service, name="service"),
]
