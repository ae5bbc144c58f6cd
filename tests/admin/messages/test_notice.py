"""Everybody's own notices, and reading them."""

from django.contrib.auth import get_user_model

from evaluation.models import Notice
from evaluation.process.messages import notice
from tests.admin.english import page, told, visit


def listed(cast, name):
    response = visit(cast, name).get(page("notice_changelist"))
    return [row.text for row in response.context["cl"].result_list]


def test_each_person_reads_their_own_also_the_system_administrator(cast):
    cast.root = get_user_model().objects.create_superuser("root")
    notice.tell([cast.expert], event="x", text="پیام کارشناس")
    notice.tell([cast.root], event="x", text="پیام راهبر")
    assert {name: listed(cast, name) for name in ("expert", "manager", "root")} == {
        "expert": ["پیام کارشناس"],
        "manager": [],
        "root": ["پیام راهبر"],
    }
    own = Notice.objects.get(user=cast.expert)
    codes = {
        name: visit(cast, name).get(page("notice_change", own.pk)).status_code for name in ("expert", "manager", "root")
    }
    assert codes == {"expert": 200, "manager": 404, "root": 404}


def test_several_are_read_at_once_and_those_of_others_stay(cast):
    for number in range(3):
        notice.tell([cast.expert, cast.manager], event=str(number), text=f"پیام {number}")
    every = list(Notice.objects.values_list("pk", flat=True))
    inside = visit(cast, "expert")
    data = {"action": "do_mark_read", "_selected_action": every, "confirm": "1"}
    response = inside.post(page("notice_changelist"), data)
    assert told(response) == ["3 done."]
    unread = Notice.objects.filter(read_at=None).values_list("user__username", flat=True)
    assert list(unread) == ["manager"] * 3
