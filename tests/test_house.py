"""What holds for the whole house, whatever its rooms do."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

pytestmark = pytest.mark.any_database

ROOT = Path(__file__).parents[1]
# Each room may reach for those to its right.
ROOMS = ("workflows", "cms", "events", "community")


def rooms_to_the_left(room: str) -> tuple[str, ...]:
    return ROOMS[: ROOMS.index(room)]


def strings(source: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(source.read_text())):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


def place(path: Path) -> str:
    return str(path.relative_to(ROOT))


# cms.settings and cms.urls name every room as a string: they are the switchboard.
SOURCES = [
    path
    for room in ROOMS
    for path in sorted((ROOT / room).rglob("*.py"))
    if "settings" not in path.parts and path != ROOT / "cms" / "urls.py"
]


@pytest.mark.parametrize("source", SOURCES, ids=place)
def test_no_room_names_a_model_or_module_of_a_room_above_it(source):
    """Imports are held by a contract; this holds foreign keys and lookups by name."""
    above = "|".join(rooms_to_the_left(source.relative_to(ROOT).parts[0])) or "nobody"
    reaches_up = re.compile(rf"({above})\.\w+(\.\w+)*")

    assert [text for text in strings(source) if reaches_up.fullmatch(text)] == []


def test_a_theme_holds_no_code():
    assert list((ROOT / "themes").glob("*/**/*.py")) == []


PUBLIC_TEMPLATES = [
    path
    for path in sorted((ROOT / "themes").rglob("templates/**/*.html"))
    if {"mail", "email"}.isdisjoint(path.parts)
]


@pytest.mark.parametrize("template", PUBLIC_TEMPLATES, ids=place)
def test_no_public_template_needs_a_looser_content_security_policy(template):
    inline = re.compile(r"""\sstyle=|<style|<script(?![^>]*\ssrc=)|\son[a-z]+=["']""")

    assert inline.findall(template.read_text()) == []


@pytest.mark.parametrize("lock", ["base", "dev", "tools"])
def test_the_locks_pin_everything_by_hash_and_name_no_host(lock):
    text = (ROOT / "requirements" / f"{lock}.txt").read_text()

    assert "://" not in text
    for requirement in re.split(r"\n(?=\w)", text.strip()):
        assert re.match(r"[\w.\[\],-]+==\S+", requirement), requirement
        assert "--hash=sha256:" in requirement, requirement


# Settings --------------------------------------------------------------------------


def variables_read(settings: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(settings.read_text())):
        if isinstance(node, ast.Call) and ast.unparse(node).startswith(
            ("env(", "env.")
        ):
            variable = node.args[0]
            if isinstance(variable, ast.Constant):
                yield variable.value


def test_the_operators_table_names_every_variable_and_no_other():
    settings = (ROOT / "cms" / "settings").glob("*.py")
    read = {variable for file in settings for variable in variables_read(file)}

    table = (ROOT / "docs" / "operations.md").read_text()
    told = re.findall(r"^\| `([A-Z_]+)`", table, re.MULTILINE)

    assert sorted(told) == sorted(read)


STARTED = """
import sys

import django
from django.urls import get_resolver

django.setup()
get_resolver().url_patterns
heavy = {"cryptography", "docx", "msal", "openpyxl", "segno", "typst"}
print(*heavy & set(sys.modules))
"""


def test_web_processes_do_without_what_only_the_worker_needs():
    told = subprocess.run(
        [sys.executable, "-c", STARTED], capture_output=True, text=True, check=True
    )

    assert told.stdout.split() == []
