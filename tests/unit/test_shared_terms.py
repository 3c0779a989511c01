"""Shared terms: read from below the contract's folder and from nowhere else."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from rules_engine import ContractError, load, read_documents, settle
from rules_engine.api import SourceFile, check, format  # noqa: A004 - the verb's own name
from rules_engine.kept import folder as kept

HEADER = """contract U-1 "A contract"
  platform  "Northgate Retail Trading Co."
  supplier  S-1 "Riverside Tea Co."
  mode      self_operated
  term      2026-01-01 to 2026-12-31
  currency  CNY
  prices    include VAT 13%
  settle    monthly
  pay       60 days after statement
  payout    any amount, negative carried forward
  late documents  settle in the period they arrive
  returns   in their own period
  rounding  half up to 0.01 on each line

"""
POINTS = "\ndeduction points\n  on    net_sales\n  rate  normal\n"
TERMS = 'terms "Rates"\n\nmeasure net_sales\n  sum of supply_amount over sales\n\nvalue normal\n  10%\n'
OPENED: list[str] = []
LISTENING: list[bool] = []


def _listen(event: str, arguments: tuple[object, ...]) -> None:
    if LISTENING and event == "open" and isinstance(arguments[0], str):
        OPENED.append(os.path.realpath(arguments[0]))


sys.addaudithook(_listen)


@contextmanager
def opened() -> Iterator[list[str]]:
    OPENED.clear()
    LISTENING.append(True)
    try:
        yield OPENED
    finally:
        LISTENING.clear()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A contract's folder `inside`, with things around it that must never be read."""
    inside = tmp_path / "inside"
    (inside / "rates").mkdir(parents=True)
    (inside / "rates" / "categories.terms").write_text(TERMS, encoding="utf-8")
    (tmp_path / "outside.terms").write_text(TERMS, encoding="utf-8")
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "deep.terms").write_text(TERMS, encoding="utf-8")
    (inside / "link.terms").symlink_to(tmp_path / "outside.terms")
    (inside / "away").symlink_to(tmp_path / "out")
    (inside / "root").symlink_to("/")
    (inside / "round.terms").symlink_to("round.terms")
    (inside / "zero.terms").symlink_to("/dev/zero")
    os.mkfifo(inside / "pipe.terms")
    (inside / "a.terms").write_text('terms "A"\n\nuse "b.terms"\n', encoding="utf-8")
    (inside / "b.terms").write_text('terms "B"\n\nuse "a.terms"\n', encoding="utf-8")
    (inside / "self.terms").write_text('terms\n\nuse "self.terms"\n', encoding="utf-8")
    for number in range(12):
        (inside / f"deep{number}.terms").write_text(f'terms\n\nuse "deep{number + 1}.terms"\n', encoding="utf-8")
    (inside / "deep12.terms").write_text(TERMS, encoding="utf-8")
    (inside / "other.contract").write_text(HEADER, encoding="utf-8")
    return inside


def contract(folder: Path, *names: str) -> Path:
    path = folder / "a.contract"
    path.write_text(HEADER + "".join(f'use "{name}"\n' for name in names) + POINTS, encoding="utf-8")
    return path


REFUSED = [
    "../outside.terms", "rates/../../outside.terms", "rates/../rates/categories.terms", "..", "./rates/categories.terms", ".",
    "/etc/hostname", "/dev/zero", "/proc/self/environ", "//host/share/x.terms", "rates//categories.terms",
    "file:///etc/hostname", "file:rates/categories.terms", "http://127.0.0.1/x.terms", "https://example.org/x.terms",
    "\\\\host\\share\\x.terms", "C:\\x.terms", "C:/x.terms", "rates\\categories.terms", "~/x.terms", "$HOME/x.terms", "%2e%2e/outside.terms",
    "rates/*.terms", "link.terms", "away/deep.terms", "root/etc/hostname", "round.terms", "zero.terms", "pipe.terms", "rates",
    "a.terms", "self.terms", "deep0.terms", "other.contract", "x" * 300, "",
]  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_refused_and_nothing_outside_is_read(folder: Path, name: str) -> None:
    path = contract(folder, name)
    with opened() as read, pytest.raises(ContractError) as caught:
        load(path)
    assert {item.code for item in caught.value.diagnostics} <= {"SE0815", "SE0301"}
    assert "SE0815" in {item.code for item in caught.value.diagnostics}
    assert caught.value.diagnostics[0].places[0].span.file.startswith(str(folder))
    package = Path(__file__).parents[2]
    own = (folder, kept() or folder)
    strange = [file for file in read if not any(map(Path(file).is_relative_to, own)) and not file.endswith((".py", ".pyc"))]
    assert not [file for file in strange if not Path(file).is_relative_to(package)], strange


@pytest.mark.parametrize("character", ["\x00", "\x07", "\u202e"])
def test_a_control_character_in_a_name_is_refused(folder: Path, character: str) -> None:
    with pytest.raises(ContractError) as caught:
        load(contract(folder, f"rates/{character}categories.terms"))
    assert {item.code for item in caught.value.diagnostics} & {"SE0102", "SE0103", "SE0815"}


def test_every_fault_is_reported_in_one_go(folder: Path) -> None:
    with pytest.raises(ContractError) as caught:
        load(contract(folder, "../outside.terms", "none.terms", "link.terms"))
    assert [item.code for item in caught.value.diagnostics] == ["SE0815", "SE0802", "SE0815"]


def test_shared_terms_settle_as_if_they_stood_in_the_contract(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "d.csv").write_text("type,doc_id,line_no,date,supply_amount\nsale,S1,1,2026-01-10,1000\n", encoding="utf-8")
    shared = load(contract(folder, "rates/categories.terms"))
    own = check(SourceFile("own.contract", HEADER + TERMS.partition("\n")[2] + POINTS))
    nets = [settle(program, read_documents(tmp_path / "d.csv", program), "2026-01").totals.net for program in (shared, own)]
    assert nets[0] == nets[1] != 0


def test_a_change_of_the_shared_file_is_a_change_of_the_contract(folder: Path) -> None:
    path = contract(folder, "rates/categories.terms")
    before = load(path).header.sha256
    (folder / "rates" / "categories.terms").write_text(TERMS.replace("10%", "11%"), encoding="utf-8")
    assert load(path).header.sha256 != before


def test_one_file_used_twice_counts_once(folder: Path) -> None:
    (folder / "both.terms").write_text('terms\n\nuse "rates/categories.terms"\n', encoding="utf-8")
    assert "net_sales" in load(contract(folder, "both.terms", "rates/categories.terms")).measures


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("deduction d\n  on sum of paid over sales\n  rate 1%\n", "SE0816"),
        ('scenario "x"\n  | type | date |\n', "SE0816"),
        ("end points\n", "SE0816"),
        ("measure m\n  sum of paidd over sales\n", "SE0304"),
        ("measure points\n  sum of paid over sales\n", "SE0302"),
        ("measure m\n  sum sum\n", "SE0101"),
    ],
)
def test_faults_of_a_shared_file_point_into_it(folder: Path, text: str, code: str) -> None:
    (folder / "more.terms").write_text(f"terms\n\n{text}", encoding="utf-8")
    with pytest.raises(ContractError) as caught:
        load(contract(folder, "rates/categories.terms", "more.terms"))
    files = {place.span.file for item in caught.value.diagnostics for place in item.places if item.code == code}
    assert any(file.endswith("more.terms") for file in files), caught.value.diagnostics


def test_a_text_without_a_folder_uses_nothing() -> None:
    with pytest.raises(ContractError) as caught:
        check(SourceFile("memory", f'{HEADER}use "rates/categories.terms"\n'))
    assert [item.code for item in caught.value.diagnostics] == ["SE0815"]


def test_shared_terms_are_formatted_in_both_languages() -> None:
    chinese = format(SourceFile("a.terms", TERMS), "zh")
    assert chinese.startswith("共用条款 ")
    assert format(SourceFile("a.terms", chinese), "en") == format(SourceFile("a.terms", TERMS))
