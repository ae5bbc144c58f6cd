"""What readers find in a PDF of ours: Chromium's engine, and poppler, on which the viewers of Linux stand."""

import re
import shutil
import subprocess

import pypdfium2
import pytest

CONTROLS = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069\ufffe]")
TOUCHING = 2.5  # points by which the boxes of two lines may overlap: ascenders and dots


def chromium(pdf):
    document = pypdfium2.PdfDocument(pdf)
    return one_line("\n".join(page.get_textpage().get_text_bounded() for page in document))


def poppler(pdf):
    if not shutil.which("pdftotext"):
        pytest.skip("needs pdftotext (poppler-utils)")
    done = subprocess.run(["pdftotext", "-", "-"], input=pdf, capture_output=True, check=True)
    return one_line(done.stdout.decode())


READERS = (chromium, poppler)


def one_line(text):
    """The text without line ends and marks of direction; half-spaces stay."""
    return " ".join(CONTROLS.sub("", text).split())


def overlapping(pdf):
    """[(page, text, text)] of lines of text that lie on each other."""
    found = []
    for number, page in enumerate(pypdfium2.PdfDocument(pdf), 1):
        text = page.get_textpage()
        boxes = [text.get_rect(at) for at in range(text.count_rects())]
        for at, first in enumerate(boxes):
            found += [
                (number, text.get_text_bounded(*first), text.get_text_bounded(*second))
                for second in boxes[at + 1 :]
                if shared(first, second, 0) > TOUCHING and shared(first, second, 1) > TOUCHING
            ]
    return found


def shared(first, second, axis):
    """How far two boxes (left, bottom, right, top) overlap along an axis, in points."""
    return min(first[axis + 2], second[axis + 2]) - max(first[axis], second[axis])
