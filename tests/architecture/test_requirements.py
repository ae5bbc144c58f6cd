"""Requirements are named twice: by people in `*.in`; by `make lock` in `*.txt`, with all that these need and hashes."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
NAMES = ["requirements", "requirements-dev"]
PIN = re.compile(r"^([A-Za-z0-9._-]+)(?:\[\w+\])?==([\w.]+)")


def pins(path):
    """{name as pip compares it: version} of a file."""
    lines = (ROOT / path).read_text().splitlines()
    found = [match.groups() for line in lines if (match := PIN.match(line))]
    return {re.sub(r"[-_.]+", "-", name).lower(): version for name, version in found}


@pytest.mark.parametrize("name", NAMES)
def test_every_direct_requirement_is_locked_at_its_version(name):
    direct, locked = pins(f"{name}.in"), pins(f"{name}.txt")
    assert {each: locked.get(each) for each in direct} == direct, "run make lock"


@pytest.mark.parametrize("name", NAMES)
def test_direct_requirements_are_pinned(name):
    lines = [line for line in (ROOT / f"{name}.in").read_text().splitlines() if line and line[0] not in "#-"]
    assert [line for line in lines if not PIN.match(line)] == []


@pytest.mark.parametrize("name", NAMES)
def test_every_locked_requirement_has_hashes_and_no_address(name):
    text = (ROOT / f"{name}.txt").read_text()
    blocks = re.split(r"\n(?=[A-Za-z0-9])", text)
    assert [block.split(" ")[0] for block in blocks if block.count("--hash=sha256:") < 1] == []
    assert re.findall(r"https?://\S+|--(?:extra-)?index-url.*|--find-links.*", text) == []


def test_tests_run_on_the_versions_that_the_product_runs_on():
    product, tests = pins("requirements.txt"), pins("requirements-dev.txt")
    assert {each: tests.get(each) for each in product} == product
