"""English and Chinese documentation side by side, and no link that leads nowhere."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.pages.blocks import blocks
from tests.pages.player import ROOT
from tests.pages.test_pages import PAGES, name

TWINS = sorted(
    {"README.md", "docs/tutorial.md", "docs/reference/language.md", "contracts/README.md"}
    | {name(page).replace(".zh.md", ".md") for page in PAGES if page.name.endswith(".zh.md")}
)
FINDINGS = [page for page in PAGES if page.parent.name == "errors" and page.stem != "index"]
CLAUSE_PAGES = [page for page in PAGES if page.parent.name == "clauses"]
LINK = re.compile(r"\]\((?!https?:)([^)#\s]*)(?:#([^)\s]*))?\)")
CHINESE = re.compile(r"[\u4e00-\u9fff]")


@pytest.mark.parametrize("english", TWINS)
def test_a_page_has_its_chinese_twin_with_as_many_runs(english: str) -> None:
    page = ROOT / english
    twin = page.with_suffix(".zh.md")
    assert twin.is_file()
    assert CHINESE.search(twin.read_text(encoding="utf-8"))
    assert headings(page) == headings(twin), "another number of sections"
    assert kinds(page) == kinds(twin), "another number of examples"


@pytest.mark.parametrize("page", FINDINGS, ids=name)
def test_a_finding_is_told_in_chinese_too(page: Path) -> None:
    assert re.search(r"^## 中文", page.read_text(encoding="utf-8"), re.MULTILINE)


@pytest.mark.parametrize("page", CLAUSE_PAGES, ids=name)
def test_a_clause_is_settled_in_both_spellings(page: Path) -> None:
    found = blocks(page)
    spelled = {"zh" in block.words for block in found if block.kind == "clause"}
    assert spelled == {True, False}
    assert [block.kind for block in found if block.kind in ("clause", "lines")][-1] == "lines", (
        "the last spelling is not settled"
    )


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_links_lead_somewhere(page: Path) -> None:
    for target, anchor in LINK.findall(prose(page)):
        place = (page.parent / target) if target else page
        assert place.exists(), f"{page.name}: {target}"
        if anchor and place.suffix == ".md":
            assert anchor in anchors(place), f"{page.name}: {target}#{anchor}"


def headings(page: Path) -> int:
    return sum(line.startswith("#") for line in prose(page).splitlines())


def kinds(page: Path) -> list[str]:
    return sorted(block.kind for block in blocks(page) if block.kind in ("clause", "lines", "documents", "python"))


def prose(page: Path) -> str:
    """The page without its blocks."""
    lines = page.read_text(encoding="utf-8").splitlines()
    for block in reversed(blocks(page)):
        del lines[block.first - 1 : block.last + 1]
    return "\n".join(lines)


def anchors(page: Path) -> set[str]:
    titles = (line.lstrip("#").strip().lower() for line in prose(page).splitlines() if line.startswith("#"))
    return {re.sub(r"[^\w\- ]", "", title).replace(" ", "-") for title in titles}
