"""A script that reads .xls and .ods from standard input under limits and prints the sheets as JSON.

It imports nothing of ours, so that it starts quickly and in isolation.
"""

import io
import json
import re
import sys

TOO_LARGE, PASSWORD, DAMAGED = 10, 11, 12
MEMORY = 2**30  # bytes
CPU_SECONDS = 25
LENGTH_OF_TIME = re.compile(r"PT([0-9]+)H([0-9]{2})M([0-9]{2})S")  # as .ods keeps more than a day


def main(max_cells, max_rows, max_columns):
    # Loaded inside the limits that the child has set for itself.
    """Read standard input's workbook within these limits and print [(place, title, rows)] as JSON. Returns the exit
    code.
    """
    from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetVisibleEnum  # noqa: PLC0415

    sheets, area = [], 0
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(sys.stdin.buffer.read()))
        for place, about in enumerate(book.sheets_metadata):
            if about.visible is not SheetVisibleEnum.Visible:
                continue
            sheet = book.get_sheet_by_name(about.name)
            height, width = (last + 1 for last in sheet.end or (-1, -1))
            area += height * width
            if height > max_rows or width > max_columns or area > max_cells:
                return TOO_LARGE
            rows = sheet.to_python(skip_empty_area=False)
            sheets.append((place, about.name, [[_plain(value) for value in row] for row in rows]))
    except PasswordError:
        return PASSWORD
    except CalamineError:
        return DAMAGED
    except MemoryError:
        return TOO_LARGE
    json.dump(sheets, sys.stdout)
    return 0


def _plain(value):
    if isinstance(value, str) and (length := LENGTH_OF_TIME.fullmatch(value)):
        return ":".join(length.groups())
    if isinstance(value, str | bool | int | float):
        return value
    if hasattr(value, "isoformat"):
        return [type(value).__name__, value.isoformat()]
    if hasattr(value, "total_seconds"):
        return ["timedelta", value.total_seconds()]
    return str(value)


if __name__ == "__main__":
    import resource

    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    sys.exit(main(*map(int, sys.argv[1:])))
