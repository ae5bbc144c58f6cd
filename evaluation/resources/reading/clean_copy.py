"""The archive that the library gets: the sheets that were checked, under names of our own, and nothing else.

An upload says itself where its parts are and what is a sheet, and libraries can read that in two ways. Of this copy
there is one reading only.
"""

from io import BytesIO
from zipfile import ZIP_STORED, ZipFile

_OPEN = "http://schemas.openxmlformats.org"
_RELATION = f"{_OPEN}/officeDocument/2006/relationships"


class CleanCopy:
    """Builds a workbook of the given parts, whose sheets are named 0, 1, 2 …"""

    def __init__(self):
        self.out = BytesIO()
        self.archive = ZipFile(self.out, "w", ZIP_STORED)

    def __enter__(self):
        return self

    def __exit__(self, *_error):
        self.archive.close()

    def add_styles(self, content):
        self.archive.writestr("xl/styles.xml", content)

    def add_texts(self, content):
        self.archive.writestr("xl/sharedStrings.xml", content)

    def add_sheet(self, place, content):
        self.archive.writestr(f"xl/worksheets/sheet{place}.xml", content)

    def finish(self, count, *, dates_from_1904):
        """The bytes of a workbook of the first `count` sheets."""
        names = [f'<sheet name="{place}" sheetId="{place + 1}" r:id="rId{place}"/>' for place in range(count)]
        start = "1" if dates_from_1904 else "0"
        self.archive.writestr(
            "xl/workbook.xml",
            f'<workbook xmlns="{_OPEN}/spreadsheetml/2006/main" xmlns:r="{_RELATION}"><workbookPr date1904="{start}"/>'
            f"<sheets>{''.join(names)}</sheets></workbook>",
        )
        sheets = {f"rId{place}": f"worksheets/sheet{place}.xml" for place in range(count)}
        self.archive.writestr("xl/_rels/workbook.xml.rels", _relations("worksheet", sheets))
        self.archive.writestr("_rels/.rels", _relations("officeDocument", {"rId1": "xl/workbook.xml"}))
        self.archive.close()
        return self.out.getvalue()


def _relations(kind, targets):
    lines = [f'<Relationship Id="{key}" Type="{_RELATION}/{kind}" Target="{part}"/>' for key, part in targets.items()]
    return f'<Relationships xmlns="{_OPEN}/package/2006/relationships">{"".join(lines)}</Relationships>'
