"""The parameter file: a row a contract, read as strictly as documents, every fault in one go."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from pathlib import Path

from rules_engine.diagnostics.model import ContractError
from rules_engine.diagnostics.suggest import nearest
from rules_engine.documents.convert import Refusal, read_date, read_days, read_number, read_percent, read_text, read_yes_no
from rules_engine.documents.faults import Faults, place
from rules_engine.documents.locate import Locator
from rules_engine.documents.model import Cell
from rules_engine.documents.sources import open_source
from rules_engine.record import dataclass
from rules_engine.source import Span
from rules_engine.syntax.actions.given import EXPECTED
from rules_engine.syntax.keywords import LANGUAGES, keywords
from rules_engine.syntax.parameters import PERIODS, Parameter, Plain
from rules_engine.templates.bands import bands_of
from rules_engine.templates.make import Values
from rules_engine.templates.read import Template

IDENTITY = ("contract", "合同号", "合同")
TITLE = ("title", "标题")
_LISTED = re.compile(r"[;；、]")
_COMMA = re.compile(r"[,，]")
_ID = re.compile(r"[^\s\"“”|#,/\\]+")
HUNDRED = Decimal(100)


@dataclass(frozen=True, slots=True)
class ContractRow:
    """One contract of the file: its id, its title ('' where none is given), its values."""

    id: str
    title: str
    values: Values
    row: int


def read_rows(path: Path, template: Template, name: str) -> dict[str, ContractRow]:
    """The contracts by id, in the order of the file; raises `ContractError` with every fault. `name`: what messages call the
    file."""
    faults = Faults(template.text.language)
    found: dict[str, ContractRow] = {}
    reading = open_source(path, faults)
    for batch in reading.batches if reading else ():
        columns = _columns(batch.header, template, name, faults)
        if columns is None:
            break
        for number, cells in zip(batch.numbers, batch.rows, strict=True):
            row = _row(number, cells, columns, template, name, faults)
            if row is not None:
                _keep(row, found, name, columns, faults)
    if not found and not faults.failed:
        faults.add("SE0832", name, ("the file names no contract", "文件中没有合同"))
    if faults.failed:
        raise ContractError(faults.diagnostics())
    return found


def _columns(header: Sequence[str], template: Template, file: str, faults: Faults) -> dict[str, int] | None:
    """Where each parameter, `contract` and `title` stand; None where that is not told."""
    known = template.parameters
    found: dict[str, int] = {}
    failed = False
    for at, written in enumerate(header):
        plain = written.strip()
        name = plain if plain in known else _own(plain)
        if not name or name in found:
            failed = True
            _refuse_column(plain, at, name in found, known, file, faults)
        elif name:
            found[name] = at
    for name in ("contract", *(each.name for each in known.values() if each.default is None)):
        if name not in found:
            failed = True
            text = (f"the file has no column `{name}`", f"文件缺少“{name}”列")
            faults.add("SE0832", file, text, fix=(f"add a column `{name}`", f"请增加“{name}”列"))
    return None if failed else found


def _own(written: str) -> str:
    return "contract" if written in IDENTITY else "title" if written in TITLE else ""


def _refuse_column(written: str, at: int, twice: bool, known: Mapping[str, Parameter], file: str, faults: Faults) -> None:
    if twice:
        text = (f"column `{written}` stands twice", f"“{written}”列重复")
        faults.add("SE0832", file, text, position=at)
        return
    listed = ["contract", "title", *known]
    near = nearest(written, listed)
    text = (f"the template has no parameter `{written}`", f"模板没有参数“{written}”")
    fix = (near[0], near[0]) if near else (f"columns: {', '.join(listed)}", f"可用的列：{', '.join(listed)}")
    faults.add("SE0832", file, text, position=at, fix=fix)


def _row(
    number: int, cells: Sequence[str], columns: Mapping[str, int], template: Template, file: str, faults: Faults
) -> ContractRow | None:
    if not any(cell.strip() for cell in cells):
        return None
    plain: dict[str, Plain] = {}
    written: dict[str, str] = {}
    failed = False
    for each in template.text.parameters:
        at = columns.get(each.name)
        text = cells[at] if at is not None and at < len(cells) else ""
        value = read_cell(each, text)
        value = each.default if value is None else value
        if value is None or isinstance(value, Refusal):
            refusal = value or Refusal(
                "SE0292", ("nothing is written and there is no default", "未填写，也没有默认值"), EXPECTED[each.type]
            )
            faults.cell(file, number, at or 0, each.name, text, refusal)
            failed = True
        else:
            plain[each.name] = value
            written[each.name] = text.strip()
    identity = _identity(number, cells, columns, file, faults)
    if failed or identity is None:
        return None
    title = cells[columns["title"]].strip() if columns.get("title", len(cells)) < len(cells) else ""
    return ContractRow(identity, title, _values(plain, written, template.parameters, identity, file, number, columns), number)


def _values(
    plain: Mapping[str, Plain],
    written: Mapping[str, str],
    declared: Mapping[str, Parameter],
    identity: str,
    file: str,
    number: int,
    columns: Mapping[str, int],
) -> Values:
    def given(name: str) -> Span:
        return cell(name) if written[name] else declared[name].span

    def cell(name: str) -> Span:
        return Locator().cell(place(file, number, columns.get(name, columns["contract"])))

    return Values(plain, given, lambda: cell("contract"), identity)


def _identity(number: int, cells: Sequence[str], columns: Mapping[str, int], file: str, faults: Faults) -> str | None:
    at = columns["contract"]
    text = cells[at].strip() if at < len(cells) else ""
    if _ID.fullmatch(text):
        return text
    asked = ("a contract's id such as `GO-2026-001`, without blanks", "合同号，如 `GO-2026-001`，不含空格")
    reason = ("nothing is written", "未填写") if not text else ("it is no contract's id", "不是合同号")
    faults.cell(file, number, at, "contract", text, Refusal("SE0832", reason, asked))
    return None


def _keep(row: ContractRow, found: dict[str, ContractRow], file: str, columns: Mapping[str, int], faults: Faults) -> None:
    first = found.setdefault(row.id, row)
    if first is not row:
        text = (
            f"`{row.id}` stands in row {first.row} and in row {row.row}",
            f"“{row.id}”在第 {first.row} 行和第 {row.row} 行都有",
        )
        why = ("two rows of one contract say two things; which one counts is open.", "同一合同有两行，以哪一行为准不明确。")
        faults.add("SE0833", file, text, row=row.row, position=columns["contract"], why=why)


def read_cell(parameter: Parameter, text: str) -> Plain | Refusal | None:
    """The value of a cell by the parameter's type; None where it is blank."""
    read = _READERS.get(parameter.type)
    if read is not None:
        return _unsigned(parameter, read(_bare(parameter.type, text)))
    plain = text.strip()
    if not plain:
        return None
    if parameter.type == "bands":
        return plain if bands_of(plain) is not None else Refusal("SE0291", ("these are no bands", "不是档位"), EXPECTED["bands"])
    if parameter.type == "period":
        return _PERIOD_WORDS.get(plain) or Refusal("SE0291", ("it is no period", "不是期间"), EXPECTED["period"])
    parts = _LISTED.split(plain) if _LISTED.search(plain) else _COMMA.split(plain)
    return tuple(part.strip() for part in parts if part.strip())


def _bare(kind: str, text: str) -> str:
    """A figure with its thousands joined; `,` between thousands is one number in a contract too."""
    plain = text.strip()
    return plain.replace(",", "") if kind in ("money", "number", "quantity") and _THOUSANDS.fullmatch(plain) else plain


def _unsigned(parameter: Parameter, value: Cell | Refusal) -> Plain | Refusal | None:
    if not isinstance(value, Decimal):
        return value
    if value < 0:
        return Refusal("SE0291", ("values never start with `-`", "数值不能以 `-` 开头"), EXPECTED[parameter.type])
    return (value * HUNDRED).normalize() + 0 if parameter.type == "percent" else value


_THOUSANDS = re.compile(r"\d{1,3}(,\d{3})+(\.\d+)?")
_READERS: dict[str, Callable[[str], Cell | Refusal]] = {
    "percent": read_percent,
    "money": read_number,
    "number": read_number,
    "quantity": read_number,
    "days": read_days,
    "date": read_date,
    "text": read_text,
    "yes_no": read_yes_no,
}


def _periods() -> Iterator[tuple[str, str]]:
    for language in LANGUAGES:
        for kind in PERIODS:
            yield keywords(language).spelling(kind.upper()), kind


_PERIOD_WORDS = dict(_periods())
