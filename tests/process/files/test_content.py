"""The content of an upload fits its name, or a whole sentence says what it is and what to do."""

from io import BytesIO

import pytest
from django.utils import translation

from evaluation.process.files.content import MAX_MEMBERS, fault

from .samples import EXE, JPEG, MP4, PDF, PNG, RAR, SEVEN, TEXT, encrypted_zip, odf, ole, ooxml, packed

SOUND = {
    "a.pdf": PDF,
    "گزارش.PDF": PDF,
    "late.pdf": b"\n" * 20 + PDF,
    "a.png": PNG,
    "a.jpg": JPEG,
    "a.jpeg": JPEG,
    "a.tif": b"II*\x00data",
    "a.tiff": b"MM\x00*data",
    "a.docx": ooxml("word"),
    "a.xlsx": ooxml("xl"),
    "a.pptx": ooxml("ppt"),
    "a.odt": odf("text"),
    "a.ods": odf("spreadsheet"),
    "a.odp": odf("presentation"),
    "a.doc": ole("WordDocument"),
    "a.xls": ole("Workbook"),
    "old.xls": ole("Book"),
    "a.ppt": ole("PowerPoint Document"),
    "a.txt": TEXT,
    "windows.txt": "گزارش".encode("cp1256"),
    "notepad.txt": "گزارش".encode("utf-16"),
    "a.csv": b"code,name\nA,1\n",
    "a.mp4": MP4,
    "a.zip": packed({"a.pdf": PDF, "پوشه/گزارش.docx": ooxml("word"), "__MACOSX/._a": b"\0", "x/.DS_Store": b"\0"}),
}


def said(name, content):
    with translation.override("en"):
        return fault(BytesIO(content), name)


@pytest.mark.parametrize("name", SOUND)
def test_what_fits_its_name_is_taken(name):
    assert said(name, SOUND[name]) == ""


UNFIT = "The file “%s” was not stored: its content is not that of a .%s file"
LOOKS = UNFIT + " but looks like “%s”. Open it in its program and save it as .%s, or choose the right file."
PLAIN = UNFIT + ". Open it in its program and save it as .%s, or choose the right file."


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("a.pdf", EXE, LOOKS % ("a.pdf", "pdf", "exe", "pdf")),
        ("a.jpg", PNG, LOOKS % ("a.jpg", "jpg", "png", "jpg")),
        ("a.txt", EXE, LOOKS % ("a.txt", "txt", "exe", "txt")),
        ("a.csv", PDF, LOOKS % ("a.csv", "csv", "pdf", "csv")),
        ("a.docx", ooxml("xl"), LOOKS % ("a.docx", "docx", "zip", "docx")),
        ("a.xlsx", odf("spreadsheet"), LOOKS % ("a.xlsx", "xlsx", "zip", "xlsx")),
        ("a.ods", odf("text"), LOOKS % ("a.ods", "ods", "zip", "ods")),
        ("a.odt", packed({"a.pdf": PDF}), LOOKS % ("a.odt", "odt", "zip", "odt")),
        ("a.doc", ole("Workbook"), LOOKS % ("a.doc", "doc", "doc / xls / ppt", "doc")),
        ("a.xls", b"<html><table>", LOOKS % ("a.xls", "xls", "html", "xls")),
        ("a.mp4", PDF, LOOKS % ("a.mp4", "mp4", "pdf", "mp4")),
        ("a.zip", RAR, LOOKS % ("a.zip", "zip", "rar", "zip")),
        ("a.png", b"nothing known", PLAIN % ("a.png", "png", "png")),
    ],
)
def test_what_does_not_fit_is_named(name, content, sentence):
    assert said(name, content) == sentence


KINDS = "pdf jpg jpeg png tif tiff doc docx xls xlsx ods odt odp ppt pptx txt csv zip mp4"


@pytest.mark.parametrize(("name", "content"), [("a.rar", RAR), ("a.7z", SEVEN), ("a.exe", EXE), ("a.html", b"<p>")])
def test_other_kinds_are_refused_until_the_setting_takes_them(name, content, settings):
    suffix = name[2:]
    text = "The file “%s” was not stored: files of the kind “%s” are not accepted. Accepted: %s."
    assert said(name, content) == text % (name, suffix, KINDS)
    settings.FILE_KINDS = [*settings.FILE_KINDS, suffix]
    assert said(name, content) == ""


def test_a_kind_that_the_setting_adds_is_looked_at_too(settings):
    settings.FILE_KINDS = ["rar"]
    assert said("a.rar", PDF) == LOOKS % ("a.rar", "rar", "pdf", "rar")
    assert said("a", PDF).endswith("files of the kind “—” are not accepted. Accepted: rar.")


MACROS = (
    "The file “%s” was not stored: it holds macros, that is programs. Save it without macros (.docx, .xlsx, .pptx) and "
    "choose it again."
)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.docm", ooxml("word", "word/vbaProject.bin")),
        ("a.xlsm", ooxml("xl")),
        ("renamed.docx", ooxml("word", "word/vbaProject.bin")),
        ("renamed.xlsx", ooxml("xl", "xl/vbaProject.bin")),
        ("a.odt", odf("text", "Basic/Standard/Module1.xml")),
        ("a.doc", ole("WordDocument", "Macros", "_VBA_PROJECT")),
        ("a.xls", ole("Workbook", "_VBA_PROJECT_CUR")),
    ],
)
def test_macros_are_named(name, content):
    assert said(name, content) == MACROS % name


def test_a_text_that_speaks_of_macros_holds_none():
    text = "_VBA_PROJECT".encode("utf-16-le")
    assert said("a.doc", ole("WordDocument") + text + b"\0\0" + b"x" * 200) == ""


LOCKED = (
    "The file “%s” was not stored: it is locked with a password, so its content cannot be checked. Take the password "
    "off and choose it again."
)


def test_what_is_locked_cannot_be_looked_at():
    assert said("a.xlsx", ole("EncryptionInfo", "EncryptedPackage")) == LOCKED % "a.xlsx"
    assert said("a.zip", encrypted_zip()) == LOCKED % "a.zip"


IN_ZIP = "The archive “a.zip” was not stored because of “%s” in it: %s"


@pytest.mark.parametrize(
    ("member", "content", "reason"),
    [
        ("x/b.pdf", EXE, LOOKS % ("b.pdf", "pdf", "exe", "pdf")),
        (
            "b.exe",
            EXE,
            f"The file “b.exe” was not stored: files of the kind “exe” are not accepted. Accepted: {KINDS}.",
        ),
        ("b.docx", ooxml("word", "word/vbaProject.bin"), MACROS % "b.docx"),
        ("b.zip", packed({"a.pdf": PDF}), "an archive inside an archive is not opened"),
        ("../b.pdf", PDF, "its path leads out of the archive"),
    ],
)
def test_the_members_of_an_archive_are_looked_at(member, content, reason):
    assert said("a.zip", packed({"first.pdf": PDF, member: content})) == IN_ZIP % (member, reason)


def test_an_archive_has_a_measure(settings):
    settings.UPLOAD_MAX_BYTES = 2**20
    many = packed({f"{number}.txt": b"x" for number in range(MAX_MEMBERS + 1)})
    large = packed({"a.txt": b"x" * (10 * 2**20 + 1)})
    sentence = (
        "The archive “a.zip” holds more than 1000 files or 10 megabytes, so it was not stored. Divide it into several "
        "archives."
    )
    assert said("a.zip", many) == sentence
    assert said("a.zip", large) == sentence
    assert said("a.zip", packed({})) == "The archive “a.zip” holds no file, so it was not stored."


DAMAGED = "The file “%s” is damaged and cannot be opened, so it was not stored. Save it anew and try again."


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.docx", ooxml("word")[:-30]),
        ("a.zip", b"PK\x03\x04 nothing"),
        ("a.zip", packed({"a.pdf": PDF}).replace(b"obj", b"abc", 1)),  # its checksum differs
        ("a.ods", odf("spreadsheet")[:40]),
    ],
)
def test_damaged_files_are_said_to_be_so(name, content):
    assert said(name, content) == DAMAGED % name


def test_an_empty_file():
    assert said("a.pdf", b"") == "The file “a.pdf” is empty, so nothing was stored. Choose the right file."
