"""Workbooks as LibreOffice writes them: one start of the program for all files of a target format."""

import shutil
from subprocess import run

import pytest

FILTERS = {"csv": "csv:Text - txt - csv (StarCalc):44,34,76"}  # comma, quote, UTF-8
SECONDS = 180


def converted(tmp_path, workbooks, to):
    """`{name: bytes}` of .xlsx workbooks in another format, under the same names; skips where there is no soffice.

    A profile of its own keeps parallel runs apart.
    """
    if not shutil.which("soffice"):
        pytest.skip("needs LibreOffice (soffice) to write other formats")
    folder, out = tmp_path / "workbooks", tmp_path / to
    folder.mkdir(exist_ok=True)
    paths = [folder / f"{name}.xlsx" for name in workbooks]
    for path, data in zip(paths, workbooks.values(), strict=True):
        path.write_bytes(data)
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    command = ["soffice", profile, "--headless", "--convert-to", FILTERS.get(to, to), "--outdir", out, *paths]
    run(command, capture_output=True, timeout=SECONDS, check=True)
    return {name: (out / f"{name}.{to}").read_bytes() for name in workbooks}
