"""The archive of a workbook: its parts, relations and content types. Unchanged parts are copied as they are."""

import posixpath
from io import BytesIO
from itertools import count
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from lxml import etree

from ..reading.guard import MAX_UNZIPPED_BYTES

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
SPREADSHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml"
CONTENT_TYPES = "[Content_Types].xml"
EPOCH = (1980, 1, 1, 0, 0, 0)  # the same input gives the same bytes


class Odd(Exception):
    """A workbook with a structure that is not changed in place, to be safe."""


class Package:
    """Parts by name, in any case of letters. `look` at a tree, `edit` one, `put` bytes, `drop` a part, then `saved`."""

    def __init__(self, data):
        self.archive = ZipFile(BytesIO(data))
        entries = [entry for entry in self.archive.infolist() if not entry.is_dir()]
        self.entries = {_key(entry.filename): entry for entry in entries}
        if len(self.entries) < len(entries) or sum(entry.file_size for entry in entries) > MAX_UNZIPPED_BYTES:
            raise Odd("parts")
        if _key(CONTENT_TYPES) not in self.entries:
            raise Odd(CONTENT_TYPES)
        if any(entry.file_size == 0 and entry.filename.lower().endswith((".xml", ".rels")) for entry in entries):
            raise Odd("an empty part")  # spreadsheet programs open it with a question only
        self.names = {key: entry.filename.replace("\\", "/").lstrip("/") for key, entry in self.entries.items()}
        self.contents, self.trees, self.edited = {}, {}, set()

    def __contains__(self, part):
        return _key(part) in self.names

    def read(self, part):
        """The bytes of a part, without changes of its tree that are not written yet."""
        key = _key(part)
        if key in self.contents:
            return self.contents[key]
        return self.archive.read(self.entries[key])

    def put(self, part, content):
        """Set the bytes of a part."""
        self.names.setdefault(_key(part), part)
        self.contents[_key(part)] = content

    def drop(self, part):
        """Remove a part, with its relations and its content type."""
        for key in (_key(part), _key(_relations_of(part))):
            for store in (self.names, self.contents, self.trees):
                store.pop(key, None)
        types = self.edit(CONTENT_TYPES)
        for override in types.findall(f"{{{TYPES}}}Override"):
            if _key(override.attrib["PartName"]) == _key(part):
                types.remove(override)

    def look(self, part):
        """The root element of a part, for reading."""
        key = _key(part)
        if key not in self.trees:
            self.trees[key] = parsed(self.read(part))
        return self.trees[key]

    def edit(self, part):
        """The root element of a part, for changing: it will be written again."""
        self.edited.add(_key(part))
        return self.look(part)

    def add(self, stem, suffix, content, kind):
        """A new part `<stem><free number>.<suffix>` of this content type; returns its name."""
        part = next(name for number in count(1) if (name := f"{stem}{number}.{suffix}") not in self)
        self.put(part, content)
        self._declare(part, suffix, kind)
        return part

    def _declare(self, part, suffix, kind):
        types = self.edit(CONTENT_TYPES)
        defaults = {
            default.attrib["Extension"].lower(): default.attrib["ContentType"]
            for default in types.iter(f"{{{TYPES}}}Default")
        }
        if suffix not in defaults:
            types.insert(0, etree.Element(f"{{{TYPES}}}Default", Extension=suffix, ContentType=kind))
        elif defaults[suffix] != kind:
            etree.SubElement(types, f"{{{TYPES}}}Override", PartName=f"/{part}", ContentType=kind)

    # -- relations ------------------------------------------------------------------------------

    def relations(self, part):
        """[(id, last word of the type, target part)] of a part; targets outside the archive are left out."""
        if _relations_of(part) not in self:
            return []
        return [
            (
                relation.attrib["Id"],
                relation.attrib["Type"].rpartition("/")[2],
                _target(part, relation.attrib["Target"]),
            )
            for relation in self.look(_relations_of(part)).iterchildren(f"{{{RELATIONS}}}Relationship")
            if relation.get("TargetMode") != "External"
        ]

    def relate(self, part, kind, target):
        """The id of a new relation of `part` to `target`."""
        own = _relations_of(part)
        if own not in self:
            self.put(own, f'<Relationships xmlns="{RELATIONS}"/>'.encode())
        root = self.edit(own)
        taken = {relation.get("Id") for relation in root}
        key = next(name for number in count(1) if (name := f"rId{number}") not in taken)
        etree.SubElement(root, f"{{{RELATIONS}}}Relationship", Id=key, Type=f"{OFFICE}/{kind}", Target=f"/{target}")
        return key

    def part_off(self, part, key):
        """Remove the relation of `part` with this id."""
        root = self.edit(_relations_of(part))
        for relation in root.findall(f"{{{RELATIONS}}}Relationship"):
            if relation.get("Id") == key:
                root.remove(relation)
        if not len(root):
            self.drop(_relations_of(part))

    # -- out ------------------------------------------------------------------------------------

    def saved(self):
        """The bytes of the archive in its old order, new parts last."""
        for key in self.edited & set(self.trees):
            self.contents[key] = written(self.trees[key])
        out = BytesIO()
        with ZipFile(out, "w") as new:
            for key, name in self.names.items():
                entry = ZipInfo(name, EPOCH)
                entry.external_attr = 0o600 << 16
                new.writestr(entry, self.read(key), ZIP_DEFLATED)
        return out.getvalue()


def parsed(content):
    """The root of an XML part. Nothing is fetched and entities are not resolved. Raises Odd for a document type."""
    if b"<!DOCTYPE" in content:
        raise Odd("doctype")
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True
    )
    return etree.fromstring(content, parser)


def written(root):
    """The bytes of an XML part."""
    return etree.tostring(root.getroottree(), xml_declaration=True, encoding="UTF-8", standalone=True)


def _key(part):
    return part.replace("\\", "/").lstrip("/").lower()


def _relations_of(part):
    folder, _slash, name = part.rpartition("/")
    return f"{folder}/_rels/{name}.rels"


def _target(part, target):
    return posixpath.normpath(posixpath.join("/", posixpath.dirname(part), target)).lstrip("/")
