"""One page of two databases in turns: the machine is as fast for both, whatever else it does."""

from .tables import ALONE, MOST_TIMES

ROUNDS = 3  # the least of them counts; the first also fills what is made once for a process
MOST_ROUNDS = 12  # of the frame, and of a page whose ratio is above MOST_TIMES before that is believed


def measure(people, province, nation):
    """[{who, page, province, nation, alike, own, failed}] of every page and search that answers these people in both.

    `province` and `nation` ask one database each (`questions.answered_by`). The rows of the province stand in the
    nation with the same keys, so both are asked for the same addresses. `alike`: the work of the nation for as many
    rows of a list as the province shows. `own`: rows that the nation reads for the page itself, without its frame.
    """
    return [row for who in people for row in of_person(who, province, nation)]


def of_person(who, province, nation):
    places = province("begin", who)
    nation("begin", who)
    frame = 0
    for name, address, asked in places:
        both = (visits(ask, name, address, asked) for ask in (province, nation))
        works = in_turns(*both, rounds=MOST_ROUNDS if name == ALONE else ROUNDS)
        if works is None:
            continue
        row = {"who": who, "page": name, **works}
        if not row["failed"]:
            frame = row["nation"]["read"] if name == ALONE else frame
            row["own"] = max(row["nation"]["read"] - frame, 0)
        yield row


def visits(ask, name, address, asked):
    return lambda rows=None: ask("visit", name, address, asked, rows)


def in_turns(province, nation, *, rounds=ROUNDS):
    """{province, nation, alike: the least work, failed}, or None where the page does not answer in one of them.

    Both are callables that give the work of one visit; that of the nation also of a list of so many rows.
    """
    before, now = province(), nation()
    if before is None or now is None:
        return None
    if before["failed"] or now["failed"]:
        return {"failed": True}
    rows = before["shown"] if 0 < before["shown"] < now["shown"] else None
    least = {"province": before, "nation": now, "alike": nation(rows) if rows else now}
    for number in range(1, MOST_ROUNDS):
        if number >= rounds and times(least) <= MOST_TIMES:
            break
        least["province"] = lesser(least["province"], province())
        least["alike"] = lesser(least["alike"], nation(rows))
        if not rows:
            least["nation"] = least["alike"]
        elif number < rounds:
            least["nation"] = lesser(least["nation"], nation())
    return {**least, "failed": False}


def times(works):
    """How much longer the nation takes than the province, for as many rows of a list."""
    return works["alike"]["seconds"] / works["province"]["seconds"]


def lesser(one, other):
    return min(one, other, key=lambda work: work["seconds"])
