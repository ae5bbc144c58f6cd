"""The festival of the year, as both stories hold it: nominations, committee, announcement, report and receipt."""

from datetime import timedelta

from django.utils import timezone

from evaluation.models import Award, Committee, CommitteeSession, Festival
from evaluation.persian import format_jalali

from .person import address

SCHEME = "آذربایجان شرقی ۱۳۹۹"


def hold_festival(year, *, nominate, receive):
    """Until the report is received the cycle is not archived; `nominate(festival, **fields)`, `receive(transfer)`."""
    today = timezone.localdate()
    member = [{"name": "خانم رضایی"}]
    committee = year.expert.adds(
        Committee, rows={"members": member}, province=year.province, kind="festival", title="ستاد جشنواره"
    )
    held = year.expert.adds(
        Festival,
        cycle=year.cycle,
        title="جشنواره شهید رجایی",
        committee=committee,
        nominations_from=format_jalali(today - timedelta(days=1)),
        nominations_until=format_jalali(today),
        held_on=format_jalali(today),
        place="سالن همایش",
    )
    year.expert.takes("Take the awards of a scheme", held, scheme=SCHEME)
    year.expert.takes("Open the nominations", held)
    nominate(held, kind=held.kinds.get(from_agencies=True), name="میز خدمت", reason="کاهش زمان پاسخ")
    over = format_jalali(today - timedelta(days=1))
    before = format_jalali(today - timedelta(days=2))
    course = "مراسم برگزار شد."
    year.expert.changes(held, nominations_from=before, nominations_until=over, course=course)
    session = year.expert.adds(
        CommitteeSession, committee=committee, cycle=year.cycle, number="۱", held_on=format_jalali(today)
    )
    year.expert.takes("Hand the candidates to the committee", held)
    choose(year, held, session)
    year.manager.is_told("Archive the cycle", year.cycle, "The winners of the festival are not announced yet.")
    year.expert.takes("Finish the choice", held)
    year.manager.takes("Announce the winners", held)
    pdf = year.expert.downloads(address("evaluation_festival_make", held.pk, "report"))
    assert pdf.startswith(b"%PDF")
    sentence = "No report of the festival was sent to the national organization that stands: send it."
    year.manager.is_told("Archive the cycle", year.cycle, sentence)
    held = year.expert.takes("Send the report of the festival", held, letter_number="۷/ج", letter_date=over)
    assert held.state == "reported"
    receive(year.cycle.transfers.get(direction="festival"))


def choose(year, held, session):
    """The first by its total, and the service that an agency nominated, which the member marked."""
    service = held.nominees.get(origin="agency")
    member = held.committee.members.get()
    marks = {f"mark_{member.pk}": "۹۰", f"reason_{member.pk}": "اثر بیشتر"}
    year.expert.takes("Record the marks of the committee", service, **marks)
    first = held.nominees.get(measure="total", rank=1)
    for nominee in (first, service):
        year.expert.takes("Give the award", nominee, session=session, reason="برتر")
    assert list(Award.objects.order_by("pk").values_list("nominee__name", "score")) == [
        (first.name, None),
        ("میز خدمت", 90),
    ]
