"""Every page reads well in light and dark and on a narrow screen, for each person who uses it.

A subject says in its `pages(cast)` who looks at which addresses; here all of them are looked at in one walk for each
person, through a world that is made once. A further page costs a second and a half, a further walk would cost more.
"""

import pytest

from evaluation.admin.addresses import page_url
from evaluation.admin.navigation import CYCLE_PAGES
from evaluation.enums import Stage
from tests import snapshots
from tests.cast import kept_cast

from . import test_people, test_process, test_steps
from .entry import NOBODY_YET, enter
from .look import looks_good

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SUBJECTS = {Stage.SELF_ASSESSMENT: (test_people, test_steps), Stage.FESTIVAL: (test_process,)}
ANNOUNCED = {Stage.SELF_ASSESSMENT: [test_people.TEXT], Stage.FESTIVAL: []}  # on every page
# A page that sends something as it loads is loaded anew after it: then it is still.
STANDS = "() => document.readyState === 'complete' && !document.querySelector('[hx-trigger=load]')"
PEOPLE = [
    (Stage.SELF_ASSESSMENT, NOBODY_YET),
    (Stage.SELF_ASSESSMENT, "manager"),
    (Stage.SELF_ASSESSMENT, "evaluator"),
    (Stage.SELF_ASSESSMENT, "reporter_a"),
    (Stage.SELF_ASSESSMENT, "headquarters_a"),
    (Stage.SELF_ASSESSMENT, "secretary"),
    (Stage.SELF_ASSESSMENT, "observer"),
    (Stage.SELF_ASSESSMENT, "nobody"),
    (Stage.FESTIVAL, "manager"),
]


class World:
    """The cast in a stage, with what all subjects put there, and `pages`: {person: addresses below /admin/}."""

    def __init__(self, stage):
        self.pages = {}
        with kept_cast() as self.cast:
            for subject in SUBJECTS[stage]:
                for person, addresses in subject.pages(self.cast).items():
                    self.pages.setdefault(person, []).extend(addresses)
            self.cast.commit()  # a subject may publish another text, and no page opens before it is accepted
            of_the_cycle = [
                page_url(page.name, self.cast.cycle.pk).removeprefix("/admin/")
                for page in CYCLE_PAGES
                if page.kind in (None, self.cast.cycle.kind)
            ]
            seen = self.pages["manager"]
            seen.extend(address for address in of_the_cycle if address not in seen)


@pytest.mark.parametrize(("stage", "person"), PEOPLE)
def test_every_page_reads_well_in_light_and_dark_and_on_a_narrow_screen(page, live_server, stage, person):
    world = snapshots.once(lambda: World(stage), "pages", stage)
    assert set(world.pages) == {each for at, each in PEOPLE if at == stage}  # nobody's pages are left out
    if person != NOBODY_YET:
        enter(page, live_server, world.cast, person)
    for address in world.pages[person]:
        assert page.goto(f"/admin/{address}").status == 200, (person, address)
        page.wait_for_function(STANDS)
        assert page.url.endswith(f"/admin/{address}".replace("/admin/../", "/")), (person, address)
        announced = page.locator(".ev-announced [role=alert]").all_inner_texts()
        assert (address, announced) == (address, ANNOUNCED[stage])
        looks_good(page)
