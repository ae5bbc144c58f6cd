"""Notes at the marked cells. People's own notes stay; ours are found again by the two lines round their text."""

import re
from functools import cached_property

from django.utils.translation import get_language_bidi
from lxml import etree
from openpyxl.utils import get_column_letter

from .boxes import VML_CONTENT_TYPE, Boxes, Layout
from .marks import place
from .names import AUTHOR, END, START, STARTS
from .package import MAIN, SPREADSHEET, Odd

NEW = f'<comments xmlns="{MAIN}"><authors/><commentList/></comments>'
_START = "|".join(re.escape(start) for start in STARTS)
_OURS = re.compile(rf"\n{{0,2}}(?:{_START}).*?(?:{END[:8]}─*|\Z)", re.DOTALL)
_SPACE = "{http://www.w3.org/XML/1998/namespace}space"


class SheetComments:
    """The notes of one sheet; `write` makes ours those of `marks` ({(row, column): Mark})."""

    def __init__(self, package, part, sheet, clusters):
        self.package, self.part, self.sheet, self.clusters = package, part, sheet, clusters
        self.relations = {kind: (key, target) for key, kind, target in package.relations(part)}
        self.own_part = self.relations.get("comments", (None, None))[1]
        self.drawn_by = next((to for key, _kind, to in package.relations(part) if key == sheet.drawing()), None)

    @property
    def holds_ours(self):
        return bool(self.own_part) and START[:2].encode() in self.package.read(self.own_part)

    def write(self, marks):
        """Remove our earlier notes and write those of the marks. Without either nothing is changed."""
        if not marks and not self.holds_ours:
            return
        if not self.own_part:
            self.own_part = self.package.add("xl/comments", "xml", NEW.encode(), f"{SPREADSHEET}.comments+xml")
            self.package.relate(self.part, "comments", self.own_part)
        self.root = self.package.edit(self.own_part)
        self.boxes = Boxes(self.package.read(self.drawn_by) if self.drawn_by else None)
        self.layout, self.numbers = Layout(self.sheet), self.clusters.numbers(self.boxes)
        for comment in list(self.list):
            self._clean(comment)
        standing = {place(comment.get("ref")): comment for comment in self.list}
        for at, mark in sorted(marks.items()):
            self._write(at, mark.text, standing.get(at))
        self._draw()

    @cached_property
    def list(self):
        return _child(self.root, "commentList")

    @cached_property
    def authors(self):
        return _child(self.root, "authors")

    def _clean(self, comment):
        texts = list(comment.iter(f"{{{MAIN}}}t"))
        whole = "".join(text.text or "" for text in texts)
        ours = _OURS.search(whole)
        if not ours:
            return
        if not (whole[: ours.start()] + whole[ours.end() :]).strip():
            self.list.remove(comment)
            self.boxes.remove(place(comment.get("ref")))
            return
        _cut(texts, *ours.span())

    def _write(self, at, text, comment):
        if comment is None:
            self._add(at, text)
        elif not self._is_thread(comment):
            inner = _child(comment, "text")
            _as_runs(inner)
            _run(inner, f"\n\n{START}", bold=True)
            _run(inner, text.removeprefix(START))
            whole = "".join(part.text or "" for part in inner.iter(f"{{{MAIN}}}t"))
            self.boxes.grow(at, whole, self.layout)

    def _is_thread(self, comment):
        """Whether it is a threaded comment: its text is in another part, and this one is for older programs only."""
        return (self.authors[int(comment.get("authorId", 0))].text or "").startswith("tc=")

    def _add(self, at, text):
        row, column = at
        comment = etree.SubElement(self.list, f"{{{MAIN}}}comment", ref=address(row, column), authorId=self._author)
        inner = etree.SubElement(comment, f"{{{MAIN}}}text")
        _run(inner, START, bold=True)
        _run(inner, text.removeprefix(START))
        self.boxes.remove(at)
        self.boxes.add(at, text, self.layout, next(self.numbers), right_to_left=get_language_bidi())

    @cached_property
    def _author(self):
        names = [author.text for author in self.authors]
        if AUTHOR not in names:
            etree.SubElement(self.authors, f"{{{MAIN}}}author").text = AUTHOR
            names.append(AUTHOR)
        return str(names.index(AUTHOR))

    def _draw(self):
        """Write the boxes, and remove parts that are empty now."""
        if not len(self.list):
            self._end("comments", self.own_part)
        if self.boxes.is_empty and self.drawn_by:
            self._end("vmlDrawing", self.drawn_by)
            self.sheet.undraw()
        elif self.drawn_by:
            self.package.put(self.drawn_by, self.boxes.written())
        elif not self.boxes.is_empty:
            part = self.package.add("xl/drawings/vmlDrawing", "vml", self.boxes.written(), VML_CONTENT_TYPE)
            self.sheet.draw(self.package.relate(self.part, "vmlDrawing", part))

    def _end(self, kind, target):
        key = next(
            key
            for key, kind_of_part, part in self.package.relations(self.part)
            if (kind_of_part, part) == (kind, target)
        )
        self.package.drop(target)
        self.package.part_off(self.part, key)


def address(row, column):
    """C14 for (14, 3)."""
    return f"{get_column_letter(column)}{row}"


def _child(parent, name):
    child = parent.find(f"{{{MAIN}}}{name}")
    if child is None:
        raise Odd(name)
    return child


def _run(parent, text, *, bold=False):
    run = etree.SubElement(parent, f"{{{MAIN}}}r")
    looks = etree.SubElement(run, f"{{{MAIN}}}rPr")
    if bold:
        etree.SubElement(looks, f"{{{MAIN}}}b")
    etree.SubElement(looks, f"{{{MAIN}}}sz", val="9")
    etree.SubElement(looks, f"{{{MAIN}}}color", indexed="81")
    etree.SubElement(looks, f"{{{MAIN}}}rFont", val="Tahoma")
    etree.SubElement(looks, f"{{{MAIN}}}family", val="2")
    words = etree.SubElement(run, f"{{{MAIN}}}t")
    words.text = text
    words.set(_SPACE, "preserve")


def _as_runs(inner):
    """Turn a plain text into a run, so that another run can follow it."""
    plain = inner.find(f"{{{MAIN}}}t")
    if plain is not None:
        run = etree.Element(f"{{{MAIN}}}r")
        inner.replace(plain, run)
        plain.set(_SPACE, "preserve")
        run.append(plain)


def _cut(texts, start, end):
    """Remove the characters from `start` to `end` of consecutive texts."""
    at = 0
    for text in texts:
        said = text.text or ""
        text.text = said[: max(start - at, 0)] + said[max(end - at, 0) :]
        at += len(said)
        run = text.getparent()
        if said and not text.text and etree.QName(run).localname == "r":
            run.remove(text) if len(run) > 2 else run.getparent().remove(run)
