"""The arithmetic of two databases asked in turns."""

import pytest

from .tables import ALONE, compared, kept
from .turns import MOST_ROUNDS, ROUNDS, in_turns, of_person


class Database:
    """Answers with these seconds one after the other, the last for ever; `asked` are the rows a list was to show."""

    def __init__(self, *seconds, shown=0, read=0, failed=False):
        self.seconds, self.shown, self.read, self.failed, self.asked = list(seconds), shown, read, failed, []

    def __call__(self, rows=None):
        self.asked.append(rows)
        if self.failed:
            return {"failed": True}
        seconds = self.seconds.pop(0) if len(self.seconds) > 1 else self.seconds[0]
        shown = min(self.shown, rows or self.shown)
        return {"seconds": seconds, "queries": 9, "read": self.read, "shown": shown, "failed": False}


def test_the_least_of_three_rounds_counts():
    province, nation = Database(3, 1, 2), Database(2, 3, 1.2)
    least = in_turns(province, nation)
    assert (least["province"]["seconds"], least["nation"]["seconds"], least["alike"]["seconds"]) == (1, 1.2, 1.2)
    assert (len(province.asked), len(nation.asked)) == (ROUNDS, ROUNDS)


def test_a_page_that_grew_is_asked_until_it_has_not():
    province, nation = Database(1), Database(2, 2, 2, 2, 1.3)
    assert in_turns(province, nation)["alike"]["seconds"] == 1.3
    assert len(province.asked) == len(nation.asked) == 5


def test_a_page_that_grew_is_believed_at_last():
    province, nation = Database(1), Database(2)
    assert in_turns(province, nation)["alike"]["seconds"] == 2
    assert len(province.asked) == len(nation.asked) == MOST_ROUNDS


def test_a_longer_list_is_also_asked_for_as_many_rows():
    province, nation = Database(1, shown=7), Database(4, 1.1, 1.1, 3, shown=50)
    least = in_turns(province, nation)
    assert nation.asked == [None, 7, 7, None, 7, None]
    assert (least["nation"]["seconds"], least["alike"]["seconds"]) == (3, 1.1)
    assert (least["nation"]["shown"], least["alike"]["shown"]) == (50, 7)


@pytest.mark.parametrize("rows", [0, 50])
def test_a_list_of_as_many_rows_is_not(rows):
    nation = Database(1, shown=50)
    in_turns(Database(1, shown=rows), nation)
    assert set(nation.asked) == {None}


def test_a_page_that_answers_in_one_of_both_is_left_out():
    assert in_turns(lambda rows=None: None, Database(1)) is None
    assert in_turns(Database(1), lambda rows=None: None) is None
    assert in_turns(Database(1), Database(failed=True)) == {"failed": True}


def test_both_are_asked_for_the_pages_of_the_province():
    asked = {"province": [], "nation": []}

    def database(name, read):
        def ask(question, *arguments):
            asked[name].append((question, *arguments))
            return [(ALONE, "/frame/", {}), ("index", "/", {})] if question == "begin" else Database(1, read=read)()

        return ask

    rows = list(of_person("agency", database("province", 10), database("nation", 30)))
    assert asked["province"] == asked["nation"]
    assert len(asked["nation"]) == 1 + MOST_ROUNDS + ROUNDS
    assert [(row["page"], row["own"]) for row in rows] == [(ALONE, 0), ("index", 0)]


def row(page, province, nation, who="agency"):
    works = {"province": Database(province)(), "nation": Database(nation)(), "alike": Database(nation)()}
    return compared({"who": who, "page": page, "own": 0, **works})


@pytest.mark.parametrize(("frame", "allowed"), [(1.0, False), (1.04, False), (0.9, True), (1.2, True)])
def test_the_frame_is_allowed_for_where_it_differs(frame, allowed):
    found = dict(kept([row(ALONE, 1, frame), row("index", 1, 1.4)]))
    assert found["more than 1.3 × one province"] == 1
    assert found[f"{ALONE}, nation ÷ province"] == f"{frame:.2f}"
    assert ("more than 1.3 × one province beside the frame" in found) is allowed
