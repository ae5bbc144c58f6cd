"""Words in brackets behind a heading: «عملکرد تأییدشده (درصد)» is that column, «امتیاز (از ۲۰)» is asked about."""

import re

from evaluation.persian import match_key

_IN_BRACKETS = re.compile(r"(.*\S)\s*[(\[]([^()\[\]]*)[)\]]\s*", re.DOTALL)
HARMLESS = {
    match_key(word) for word in "اختیاری|الزامی|اجباری|عدد|متن|تاریخ|شمسی|optional|required|number|text".split("|")
}
PERCENT = {match_key(word) for word in "درصد|به درصد|بر حسب درصد|percent".split("|")} | {""}  # a sign has no key
SCORES = match_key("امتیاز")


def parted(text):
    """(match key of the heading, match key of what stands behind it in brackets), or None without brackets."""
    match = _IN_BRACKETS.fullmatch(text)
    return (match_key(match[1]), match_key(match[2])) if match else None


def says_nothing_new(base, suffix, names):
    """Whether the words in brackets leave the meaning of the column as it is, so that nobody needs to be asked.

    A percentage of a score is another figure than the score itself; the column's own code or name is the same.
    """
    if suffix in PERCENT:
        return SCORES not in base
    return suffix in HARMLESS or names.code(suffix) == names.code(base)
