"""The documents say what is so."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

import panel
from panel import cli
from panel.commands.registry import commands
from panel.core.health import System
from panel.core.settings import SETTINGS, Setting
from panel.core.systems import SYSTEMS
from tests.gate.documents import (
    ROOT,
    Document,
    commands_in,
    document,
    documents,
    is_said,
    rows,
    texts_of_the_program,
)

EVERY = pytest.mark.parametrize("page", documents(), ids=str)
WRITTEN = pytest.mark.parametrize(
    "page", [page for page in documents() if page.path.name != "commands.md"], ids=str
)


def _targets() -> set[str]:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    return set(re.findall(r"^([a-z]+):", makefile, re.MULTILINE))


def _project() -> dict[str, object]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert isinstance(project, dict)
    return project


def _names(requirements: object) -> set[str]:
    assert isinstance(requirements, list)
    return {re.split(r"[^\w.-]", str(each), maxsplit=1)[0] for each in requirements}


# ---- links and pictures


@EVERY
def test_links_lead_somewhere(page: Document) -> None:
    for link in page.links:
        if re.match(r"https?://", link):
            continue
        name, _, anchor = link.partition("#")
        path = (page.path.parent / name).resolve() if name else page.path
        assert path.exists(), f"{page}: {link}"
        if anchor:
            other = document(path.relative_to(ROOT).as_posix())
            assert anchor in other.anchors, f"{page}: {link}"


@EVERY
def test_pictures_exist(page: Document) -> None:
    for picture in page.pictures:
        path = page.path.parent / picture
        assert path.is_file(), f"{page}: {picture}"
        assert path.read_bytes()[:8] == b"\x89PNG\r\n\x1a\n", f"{page}: {picture} is no PNG"


@pytest.mark.parametrize("view", ["agents", "messages", "compose", "picker"])
def test_readme_shows_each_main_view(view: str) -> None:
    """As soon as a picture of it was made."""
    made = list((ROOT / "docs" / "pictures").glob(f"{view}*.png"))
    shown = [Path(picture).name for picture in document("README.md").pictures]
    assert not made or any(name.startswith(view) for name in shown), f"no picture of {view}"


@WRITTEN
def test_pages_are_reachable_from_the_readme(page: Document) -> None:
    name = str(page)
    assert name == "README.md" or name in document("README.md").links, name


# ---- commands and make targets


@WRITTEN
def test_commands_can_be_read_as_they_stand(page: Document) -> None:
    for block in page.blocks:
        for words in commands_in(block):
            cli.parse(words)


def test_examples_of_the_reference_can_be_read() -> None:
    for entry in commands().values():
        for words in commands_in("\n".join(entry.examples)):
            cli.parse(words)


@EVERY
def test_commands_in_a_sentence_exist(page: Document) -> None:
    known = {*commands(), *(entry.group for entry in commands().values())}
    for code in page.inline_code:
        words = re.findall(r"^captain-panel ((?:[a-z][a-z-]*(?: |$)){1,2})", code)
        for found in words:
            first_two = found.split()
            assert {" ".join(first_two), first_two[0]} & known, f"{page}: {code}"


@EVERY
def test_make_targets_exist(page: Document) -> None:
    said = [*page.blocks, *page.inline_code]
    for text in said:
        for line in re.findall(r"^make +([a-z ]+?)(?= *(?:$|#|[A-Z]))", text, re.MULTILINE):
            for target in line.split():
                assert target in _targets(), f"{page}: make {target}"


def test_readme_names_the_two_commands() -> None:
    block = document("README.md").blocks[0]
    assert re.findall(r"^make (\w+)", block, re.MULTILINE) == ["demo", "run"]


# ---- dependencies, settings, versions


def test_every_dependency_has_its_line() -> None:
    project = _project()
    optional = project["optional-dependencies"]
    assert isinstance(optional, dict)
    wanted = _names(project["dependencies"]) | _names(optional["dev"])
    explained = rows(document("docs/architecture.md").section("Dependencies"))
    assert set(explained) == wanted
    assert all(len(why.split()) >= 2 for why in explained.values())


@pytest.mark.parametrize("setting", SETTINGS, ids=lambda setting: setting.name)
def test_every_setting_is_documented(setting: Setting) -> None:
    described = rows(document("docs/guide.md").section("Settings"))
    assert setting.name in described
    default, _, meaning = described[setting.name].partition(" | ")
    assert default.strip("`") == setting.shown(setting.default)
    for bound in (setting.low, setting.high):
        assert bound is None or f"{bound:.0f}" in meaning, f"{setting.name}: {bound:.0f}"
    for choice in setting.choices:
        assert f"`{choice}`" in described[setting.name]


def test_no_setting_is_documented_that_is_gone() -> None:
    described = rows(document("docs/guide.md").section("Settings"))
    assert set(described) == {setting.name for setting in SETTINGS}


def test_the_changelog_knows_this_version() -> None:
    changes = document("CHANGELOG.md").text
    assert "## [Unreleased]" in changes
    assert panel.__version__ in changes


# ---- what the program says


def test_quoted_texts_are_the_programs() -> None:
    quotes = document("docs/troubleshooting.md").quotes
    assert len(quotes) > 30
    assert [quote for quote in quotes if not is_said(quote)] == []


def test_a_text_that_is_not_the_programs_is_seen() -> None:
    assert is_said("The window of … is closed.")
    assert not is_said("The window of … has left.")


def test_words_of_the_screen_stand_on_it() -> None:
    for page in ("docs/guide.md", "docs/troubleshooting.md"):
        for word in document(page).bold:
            texts = texts_of_the_program()
            shown = any(text.rstrip("….") == word or text.startswith(word) for text in texts)
            assert shown, f"{page}: {word}"


@WRITTEN
def test_no_paths_of_somebodys_machine(page: Document) -> None:
    assert not re.search(r"(?<![\w.])/(?:home|root|Users|tmp|work|mnt)/", page.text)


@WRITTEN
def test_plain_text(page: Document) -> None:
    pictographs = re.findall(r"[\U0001F300-\U0001FAFF\u2600-\u27BF]", page.text)
    assert pictographs == []


@pytest.mark.parametrize("system", SYSTEMS, ids=lambda system: system.system_id)
def test_every_measure_is_documented_with_its_weight_and_bounds(system: System) -> None:
    described = rows(document("docs/systems.md").section(f"{system.title} (`{system.system_id}`)"))
    assert set(described) == {measure.name for measure in system.measures}
    for measure in system.measures:
        title, points, good, bad = described[measure.name].split(" | ")
        assert (title, points) == (measure.title, f"{measure.weight:g}")
        assert (good, bad) == (measure.shown(measure.good), measure.shown(measure.bad))
