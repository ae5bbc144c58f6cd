"""The workbook part: the list of sheets, and the entries that refer to sheets by their place."""

from lxml import etree

from ..tables.our_sheets import is_summary
from .names import is_palette
from .package import MAIN, OFFICE, SPREADSHEET, Odd

WORKBOOK = "xl/workbook.xml"
_ID = f"{{{OFFICE}}}id"
_BEFORE_NAMES = ("sheets", "functionGroups", "externalReferences")  # elements that stand before definedNames


class Sheets:
    """The sheets of a package. After all are added and removed, `finish` corrects the places."""

    def __init__(self, package):
        self.package, self.root = package, package.edit(WORKBOOK)
        self.list = self.root.find(f"{{{MAIN}}}sheets")
        if self.root.tag != f"{{{MAIN}}}workbook" or self.list is None:
            raise Odd("workbook")
        self.before = list(self.list)
        self.targets = {key: (kind, part) for key, kind, part in package.relations(WORKBOOK)}
        self.own_names = []

    def worksheets(self):
        """(title, part) of every sheet with cells, in order, without our own sheets."""
        for sheet in self.list:
            title, (kind, part) = sheet.attrib["name"], self._target(sheet)
            if kind == "worksheet" and not is_summary(title) and not is_palette(title):
                yield title, part

    def palette(self):
        """The part of the hidden sheet of an earlier mark-up, or None."""
        return next((self._target(sheet)[1] for sheet in self.list if is_palette(sheet.get("name"))), None)

    def _target(self, sheet):
        if sheet.get(_ID) not in self.targets:
            raise Odd("sheet without a part")
        return self.targets[sheet.get(_ID)]

    def remove_ours(self):
        """Remove the sheets of an earlier mark-up."""
        ours = [sheet for sheet in self.list if is_summary(sheet.get("name")) or is_palette(sheet.get("name"))]
        if len(ours) == len(self.list):
            raise Odd("nothing but our own sheets")
        for sheet in ours:
            self.package.drop(self._target(sheet)[1])
            self.package.part_off(WORKBOOK, sheet.get(_ID))
            self.list.remove(sheet)
        if ours:
            self._forget_calculation()

    def _forget_calculation(self):
        """Remove the calculation chain, in which formulas of a removed sheet may be listed; Excel makes a new one."""
        for key, kind, part in self.package.relations(WORKBOOK):
            if kind == "calcChain":
                self.package.drop(part)
                self.package.part_off(WORKBOOK, key)

    def add(self, title, content, *, first=False, hidden=False):
        """Add a sheet of this XML, in front or at the end."""
        part = self.package.add("xl/worksheets/sheet", "xml", content, f"{SPREADSHEET}.worksheet+xml")
        number = max(int(sheet.attrib["sheetId"]) for sheet in (*self.before, *self.list)) + 1
        sheet = etree.Element(f"{{{MAIN}}}sheet", name=title, sheetId=str(number))
        if hidden:
            sheet.set("state", "veryHidden")
        sheet.set(_ID, self.package.relate(WORKBOOK, "worksheet", part))
        self.list.insert(0 if first else len(self.list), sheet)

    def name_in_first(self, name, reference, hidden):
        """Add a defined name of the first sheet, such as its print titles."""
        self.own_names.append((name, reference, hidden))

    def finish(self, *, front):
        """Correct the places in defined names and in the active sheet; `front` makes the first sheet active."""
        places = {old: self.list.index(sheet) for old, sheet in enumerate(self.before) if sheet in self.list}
        self._shift_names(places)
        first_visible = next(
            (place for place, sheet in enumerate(self.list) if sheet.get("state", "visible") == "visible"), 0
        )
        for view in self.root.iterfind(f"{{{MAIN}}}bookViews/{{{MAIN}}}workbookView"):
            for attribute in ("activeTab", "firstSheet"):
                if attribute in view.attrib:
                    place = places.get(int(view.get(attribute)), first_visible)
                    view.set(attribute, "0" if front else str(place))

    def _shift_names(self, places):
        names = self.root.find(f"{{{MAIN}}}definedNames")
        for name in list(names if names is not None else ()):
            if local := name.get("localSheetId"):
                if int(local) in places:
                    name.set("localSheetId", str(places[int(local)]))
                else:
                    names.remove(name)
        for name, reference, hidden in self.own_names:
            names = self._names() if names is None else names
            new = etree.SubElement(names, f"{{{MAIN}}}definedName", name=name, localSheetId="0")
            new.text = reference
            if hidden:
                new.set("hidden", "1")
        if names is not None and not len(names):
            self.root.remove(names)

    def _names(self):
        names = etree.Element(f"{{{MAIN}}}definedNames")
        before = [child for child in self.root if etree.QName(child).localname in _BEFORE_NAMES]
        before[-1].addnext(names)
        return names
