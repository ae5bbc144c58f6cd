"""A workbook's own properties: which workbook it is, of which cycle, when and by whom it was made."""

import zlib
from collections.abc import Mapping
from io import BytesIO
from zipfile import BadZipFile, ZipFile

from lxml import etree
from openpyxl import Workbook
from openpyxl.packaging.custom import StringProperty

PART = "docProps/custom.xml"
MAX_BYTES = 64 * 1024
UNREADABLE = (BadZipFile, KeyError, NotImplementedError, RuntimeError, EOFError, OSError, ValueError, zlib.error)


def put(book: Workbook, values: Mapping[str, object]) -> None:
    """Set these properties (text) on a workbook of openpyxl."""
    for name, value in values.items():
        book.custom_doc_props.append(StringProperty(name=name, value=str(value)))


def properties_of(data: bytes) -> dict[str, str]:
    """{name: text} of the properties of an .xlsx (bytes); empty for other files and for damaged ones."""
    try:
        with ZipFile(BytesIO(data)) as archive, archive.open(PART) as part:
            content = part.read(MAX_BYTES + 1)  # whatever size its header states
    except UNREADABLE:
        return {}
    if len(content) > MAX_BYTES:
        return {}
    parser = etree.XMLParser(resolve_entities=False, load_dtd=False, no_network=True)
    try:
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError:
        return {}
    if root.getroottree().docinfo.doctype:
        return {}
    return {element.get("name"): "".join(element.itertext()).strip() for element in root if element.get("name")}
