"""All batches of all files together: contracts told apart, duplicates set aside, columns the contract needs looked for."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import field
from hashlib import sha256

from rules_engine.core.program import ColumnType
from rules_engine.diagnostics.suggest import nearest
from rules_engine.documents.batches import Batch
from rules_engine.documents.convert import Converter, Refusal
from rules_engine.documents.faults import Faults, place, shorten
from rules_engine.documents.model import Document, Documents
from rules_engine.documents.plan import Headers, Plan, column_name, plan_for, understand
from rules_engine.documents.rows import Group, Read, by_place, documents_of
from rules_engine.documents.schema import Schema
from rules_engine.record import dataclass

CURRENCY_WORDS = {"RMB": "CNY", "人民币": "CNY"}


@dataclass(slots=True)
class Intake:
    """Takes in tables one after another. `numbered`: digits of the row number that stands in for a missing `doc_id`."""

    schema: Schema
    faults: Faults
    numbered: int | None = None
    converters: dict[ColumnType, Converter] = field(default_factory=dict)
    lines: list[Document] = field(default_factory=list)
    duplicates: list[Document] = field(default_factory=list)
    foreign: dict[str, Counter[str]] = field(default_factory=dict)
    present: defaultdict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    seen_headers: dict[tuple[str, tuple[str, ...]], Headers] = field(default_factory=dict)
    ignored: dict[tuple[str, str, str], int] = field(default_factory=dict)
    _plans: dict[tuple[str, tuple[str, ...], str], Plan] = field(default_factory=dict)
    _digests: list[bytes] = field(default_factory=list)
    _seen: defaultdict[str, dict[tuple[str, str], int]] = field(default_factory=lambda: defaultdict(dict))

    def take(self, name: str, batches: Iterable[Batch]) -> None:
        """Read one input to its end."""
        for batch in batches:
            file = f"{name}[{batch.part}]" if batch.part else name
            headers = self._headers(file, batch)
            if headers is None:
                continue
            fitting = self._ours(file, self._fitting(file, batch), headers)
            if fitting.rows:
                self._read(file, fitting, headers)
            for converter in self.converters.values():
                converter.forget()

    def _headers(self, file: str, batch: Batch) -> Headers | None:
        """The header understood, once a table; None where it lacks what every document has."""
        key = (file, batch.header)
        if key not in self.seen_headers:
            self.seen_headers[key] = understand(batch.header, self.schema, file, self.faults)
            self._inexact(file, batch)
            for name in self._wanted():
                if name not in self.seen_headers[key].position:
                    self._missing(file, name, self.seen_headers[key])
        headers = self.seen_headers[key]
        return headers if all(name in headers.position for name in self._wanted()) else None

    def _wanted(self) -> tuple[str, ...]:
        return ("type",) if self.numbered else ("type", "doc_id")

    def _missing(self, file: str, name: str, headers: Headers) -> None:
        written = ", ".join(f"`{header}`" for header in headers.written[:12]) or "-"
        near = next((header for header, _ in headers.unknown if name in nearest(header, [name])), None)
        hint = (f"; `{near}` looks like it", f"；“{near}”与之相近") if near else ("", "")
        text = (f"no column `{name}`" + hint[0], f"没有 `{name}` 列" + hint[1])
        why = (f"the header is {written}", f"表头为 {written}")
        self.faults.add("SE0602", file, text, why=why, fix=(f"name the column `{name}`", f"请将该列命名为 `{name}`"))

    def _inexact(self, file: str, batch: Batch) -> None:
        for index, kind in batch.inexact.items():
            header = batch.header[index]
            if column_name(header, self.schema) is None:
                continue
            text = (f"column `{header}` holds {kind} numbers", f"“{header}”列为 {kind} 数值")
            why = (
                "0.1 has no exact binary floating form, so cents could be lost",
                "0.1 没有精确的二进制浮点表示，可能丢失分厘",
            )
            fix = ("write the column as decimal or as text", "请将该列写成 decimal 或文本")
            self.faults.add("SE0614", file, text, position=index, why=why, fix=fix)

    def _fitting(self, file: str, batch: Batch) -> Batch:
        """The rows as wide as the header; blank rows are left out, others are faults."""
        width = len(batch.header)
        if set(map(len, batch.rows)) <= {width} and all(map(any, batch.rows)):
            return batch
        kept: list[Sequence[str]] = []
        numbers: list[int] = []
        for row, number in zip(batch.rows, batch.numbers, strict=True):
            if not any(row):
                continue
            if len(row) < width or any(row[width:]):
                self._misfit(file, number, len(row), width)
                continue
            kept.append(row[:width])
            numbers.append(number)
        return Batch(batch.header, kept, numbers, batch.inexact, batch.marked)

    def _misfit(self, file: str, number: int, cells: int, width: int) -> None:
        text = (f"row {number} has {cells} cells, the header {width}", f"第 {number} 行有 {cells} 格，表头有 {width} 格")
        why = ("a cell too many or too few moves every value after it into another column", "多一格或少一格会使其后的数值错列")
        fix = ("put a cell that contains the delimiter in quotation marks", "含分隔符的单元格请加引号")
        self.faults.add("SE0610", file, text, row=number, why=why, fix=fix)

    def _ours(self, file: str, batch: Batch, headers: Headers) -> Batch:
        """Only the rows of this contract; a blank contract cell means this one."""
        position = headers.position.get("contract")
        if position is None:
            return batch
        texts = [row[position].strip() for row in batch.rows]
        others = set(texts) - {"", self.schema.contract}
        if not others:
            return batch
        self.foreign.setdefault(file, Counter()).update(text for text in texts if text in others)
        kept = [place for place, text in enumerate(texts) if text not in others]
        rows, numbers = [batch.rows[place] for place in kept], [batch.numbers[place] for place in kept]
        return Batch(batch.header, rows, numbers, batch.inexact, batch.marked)

    def _read(self, file: str, batch: Batch, headers: Headers) -> None:
        self._currency(file, batch, headers)
        read: list[Read] = []
        groups = self._groups(file, batch, headers)
        for name, places in groups.items():
            plan = self._plan(file, name, headers)
            group = Group(batch, places, plan, file)
            self._ignored(file, group)
            self._marked(file, group)
            read += documents_of(group, self.faults, self.numbered)
        if len(groups) > 1:
            read.sort(key=by_place)
        self._keep(read)

    def _groups(self, file: str, batch: Batch, headers: Headers) -> dict[str, list[int]]:
        """Places of the rows by type; unknown types are faults."""
        position = headers.position["type"]
        by_text: defaultdict[str, list[int]] = defaultdict(list)
        for at, row in enumerate(batch.rows):
            by_text[row[position]].append(at)
        groups: dict[str, list[int]] = {}
        for text, places in by_text.items():
            name = self.schema.type_names.get(text.strip()) or self.schema.type_names.get(text.strip().lower())
            if name is None:
                self._unknown_type(file, batch, headers, text, places)
            else:
                groups[name] = sorted(groups[name] + places) if name in groups else places
        return groups

    def _unknown_type(self, file: str, batch: Batch, headers: Headers, text: str, places: list[int]) -> None:
        position = headers.position["type"]
        refusal = _NO_TYPE if not text.strip() else self._type_refusal(text.strip())
        for at in places:
            self.faults.cell(file, batch.numbers[at], position, headers.written[position], text, refusal)

    def _type_refusal(self, text: str) -> Refusal:
        near = nearest(text, self.schema.type_names)
        hint = (f"; did you mean `{near[0]}`?", f"；是否想写 `{near[0]}`？") if near else ("", "")
        reason = ("neither built in nor declared in the contract" + hint[0], "既不是内置类型，也未在合同中声明" + hint[1])
        names = ", ".join(sorted(self.schema.types))
        return Refusal("SE0605", reason, (f"one of {names}", f"其一：{names}"))

    def _plan(self, file: str, name: str, headers: Headers) -> Plan:
        key = (file, headers.written, name)
        if key not in self._plans:
            self._plans[key] = plan = plan_for(name, headers, self.schema, self.converters)
            self.present[name].update(column.name for column in plan.columns)
            self._without_clock(file, plan, headers)
        return self._plans[key]

    def _without_clock(self, file: str, plan: Plan, headers: Headers) -> None:
        names = {column.name for column in plan.columns}
        if plan.clock not in names and not (plan.date_is_clock and "date" in names):
            self._missing(file, plan.clock, headers)

    def _ignored(self, file: str, group: Group) -> None:
        for name, position in group.plan.ignored:
            count = sum(1 for at in group.places if group.batch.rows[at][position].strip())
            if count:
                key = (file, group.plan.type, name)
                self.ignored[key] = self.ignored.get(key, 0) + count

    def _marked(self, file: str, group: Group) -> None:
        if not group.batch.marked:
            return
        columns = {column.position: column for column in group.plan.columns}
        rows = {group.batch.numbers[at] for at in group.places}
        for (number, position), (mark, value) in group.batch.marked.items():
            if number in rows and position in columns:
                self.faults.cell(file, number, position, columns[position].header, value, MARKS[mark])

    def _currency(self, file: str, batch: Batch, headers: Headers) -> None:
        position = headers.position.get("currency")
        if position is None:
            return
        ours = self.schema.currency
        refusal = Refusal("SE0616", (f"the contract settles in {ours}", f"合同以 {ours} 结算"), (ours, ours))
        for row, number in zip(batch.rows, batch.numbers, strict=True):
            written = row[position].strip().upper()
            if written and CURRENCY_WORDS.get(written, written) != ours:
                self.faults.cell(file, number, position, headers.written[position], row[position], refusal)

    def _keep(self, read: Sequence[Read]) -> None:
        seen, lines, digests = self._seen, self.lines, self._digests
        for _, document, digest in read:
            known = seen[document.type]
            at = known.setdefault((document.id, document.line), len(lines))
            if at == len(lines):
                lines.append(document)
                digests.append(digest)
            elif digests[at] == digest:
                self._repeat(at, document)
            else:
                self._contradiction(lines[at], document)

    def _repeat(self, at: int, document: Document) -> None:
        """The same line again: the one known earlier stays."""
        first = self.lines[at]
        if (document.known_on or document.date) < (first.known_on or first.date):
            self.lines[at], document = document, first
        self.duplicates.append(document)

    def _contradiction(self, first: Document, second: Document) -> None:
        name = f"{second.type} {second.id}" + (f"/{second.line}" if second.line else "")
        differing = ", ".join(_differences(first, second))
        file, row = _file_row(second.place)
        earlier = place(*_file_row(first.place))
        text = (f"row {row}: {name} again, with {differing}", f"第 {row} 行：{name} 再次出现，{differing}")
        also = [(earlier, (f"row {earlier.line}: {name} for the first time", f"第 {earlier.line} 行：{name} 首次出现"))]
        why = ("settling either would leave out what the other says", "无论结算哪一行都会丢掉另一行的内容")
        fix = ("keep the right one; give a further line its own `line_no`", "请保留正确的一行；若为另一行，请写不同的行号")
        self.faults.add("SE0604", file, text, row=row, why=why, fix=fix, also=also)

    def sha256(self) -> str:
        """The content's hash: sorted line digests, each with the day it became known."""
        known = (document.known_on.isoformat().encode() if document.known_on else b"" for document in self.lines)
        return sha256(b"".join(sorted(digest + day for digest, day in zip(self._digests, known, strict=True)))).hexdigest()

    def documents(self, files: Iterable[tuple[str, str]]) -> Documents:
        """Everything taken in."""
        return Documents(tuple(self.lines), tuple(self.duplicates), self.sha256(), tuple(files), self.faults.warnings())


MARKS = {
    "inexact": Refusal(
        "SE0614",
        ("a spreadsheet keeps 15 digits of a number; this one has more", "表格软件只保留 15 位有效数字，此数超出"),
        ("a number of at most 15 digits, or the number as text", "不超过 15 位的数字，或以文本形式书写"),
    ),
    "error": Refusal("SE0601", ("the formula in this cell failed", "该单元格的公式出错"), ("a value", "有效的数值")),
    "nested": Refusal(
        "SE0601",
        ("a list, a record or bytes instead of a value", "是列表、记录或字节，而不是数值"),
        ("a single value", "单个值"),
    ),
    "floating": Refusal(
        "SE0614",
        ("a binary floating number: cents could be lost", "二进制浮点数，可能丢失分厘"),
        ("a decimal or text; cast it in the query", "decimal 或文本；请在查询中转换"),
    ),
}
"""What a reader says of single cells."""

_NO_TYPE = Refusal(
    "SE0607", ("nothing is written", "内容为空"), ("the type of the document, such as sale", "单据类型，例如 销售单")
)


def _differences(first: Document, second: Document) -> list[str]:
    names = dict.fromkeys([*first.values, *second.values])
    pairs = [(name, first.values.get(name), second.values.get(name)) for name in names]
    pairs.insert(0, ("date", first.date, second.date))
    return [f"`{name}` {_shown(old)} → {_shown(new)}" for name, old, new in pairs if old != new]


def _shown(value: object) -> str:
    return "–" if value is None else shorten(str(value))


def _file_row(where: str) -> tuple[str, int]:
    file, _, row = where.rpartition(":")
    return file, int(row)
