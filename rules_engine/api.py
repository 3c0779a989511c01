"""The public verbs, one an arrow: text → tree → program → evaluator, documents → settlement → statement.

Everything is pure but for `load`, `read_documents` and posted statements given as paths, and safe to call from several threads.
What a user did wrong is raised as one `ContractError` that carries every finding.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import lru_cache
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any, overload

from rules_engine.diagnostics.build import diagnostic
from rules_engine.diagnostics.model import ContractError, Diagnostic, Severity
from rules_engine.record import dataclass
from rules_engine.source import SourceFile
from rules_engine.uncollected import uncollected

if TYPE_CHECKING:
    from rules_engine.core.program import Program
    from rules_engine.documents.model import Documents
    from rules_engine.engine.printed.compiler import CompiledProgram
    from rules_engine.many import ManyContracts
    from rules_engine.settlement.model import Settlement, ShownMeasure
    from rules_engine.settlement.past.posted import PostedStatement
    from rules_engine.statement.render import BinaryFormat, TextFormat
    from rules_engine.syntax.tree import ContractText

    Anywhere = str | PathLike[str]
    Naming = Callable[[str], str]
    Posted = PostedStatement | Settlement | Mapping[str, Any] | Anywhere

__all__ = [
    "ContractError", "SourceFile", "check", "compile", "diagnose", "diagnose_file", "format", "load", "load_many", "measure", "notes", "parse", "read_amendments",
    "read_documents", "read_posted", "read_source", "read_whole", "render", "settle",
]  # fmt: skip

RESAVE = "save the file as UTF-8"
SPLIT = "a contract is at most 1 MiB of text; is this the right file?"
REWRITE = "give the statement that `settle run --format json` wrote"
FILE_LIMIT = 4 * 1024 * 1024


def load(path: Anywhere, as_of: date | None = None, amendments: Sequence[Anywhere] = ()) -> Program:
    """The checked contract of a file with the amendments in its folder and those given; with `as_of`, those known on that day.
    Cached by name and content; raises `ContractError` with every finding."""
    program, findings = diagnose_file(path, as_of, amendments)
    if program is None:
        raise ContractError(findings)
    return program


def parse(source: SourceFile) -> ContractText:
    """The tree of a contract text, in either language, with comments and spans."""
    from rules_engine.syntax.parse import parse_contract

    tree, findings = parse_contract(source)
    if tree is None or _stops(findings):
        raise ContractError(findings)
    return tree


def format(source: SourceFile, language: str | None = None) -> str:  # noqa: A001 - the arrow's own name
    """The contract's text in the one layout, comments kept; with `language` ('en', 'zh') its keywords and built-in names translated."""
    from rules_engine.syntax.writing.format import format_contract

    return format_contract(parse(source), language)


def check(source: SourceFile) -> Program:
    """The program of a contract text; raises `ContractError` unless it is free of errors (warnings do not stop it)."""
    program, findings = diagnose(source)
    if program is None:
        raise ContractError(findings)
    return program


def diagnose(
    source: SourceFile,
    amendments: Sequence[SourceFile] = (),
    as_of: date | None = None,
    shared: Sequence[SourceFile] = (),
    template: SourceFile | None = None,
) -> tuple[Program | None, tuple[Diagnostic, ...]]:
    """The program, None where an error stops it, and every finding, warnings included, sorted by place. With `as_of`, amendments
    that were not known on that day are left out. `shared` are the files that the contract uses, named as if beside `source`,
    `template` the one it says it is made `from`."""
    return _diagnosed(source, tuple(amendments), as_of, tuple(shared), template)


def diagnose_file(
    path: Anywhere, as_of: date | None = None, amendments: Sequence[Anywhere] = ()
) -> tuple[Program | None, tuple[Diagnostic, ...]]:
    """`diagnose` for a contract file with its template, its amendments and the shared terms it uses."""
    return gather(path, amendments).diagnosed(as_of)


@dataclass(frozen=True, slots=True)
class Gathered:
    """Every file a contract is read from."""

    source: SourceFile
    template: SourceFile | None
    shared: tuple[SourceFile, ...]
    amendments: tuple[SourceFile, ...]

    @property
    def files(self) -> tuple[SourceFile, ...]:
        """The contract's own file first, then its template, shared terms and amendments."""
        return (self.source, *([self.template] if self.template else []), *self.shared, *self.amendments)

    def named(self, naming: Naming) -> Gathered:
        """The same files under other names."""
        source, *rest = (SourceFile(naming(each.name), each.text) for each in self.files)
        template = rest.pop(0) if self.template else None
        return Gathered(source, template, tuple(rest[: len(self.shared)]), tuple(rest[len(self.shared) :]))

    def diagnosed(self, as_of: date | None = None) -> tuple[Program | None, tuple[Diagnostic, ...]]:
        """The program as `as_of` knew it, None where an error stops it, and every finding."""
        return diagnose(self.source, self.amendments, as_of, self.shared, self.template)


def gather(path: Anywhere, amendments: Sequence[Anywhere] = ()) -> Gathered:
    """The files of a contract: its own, its template, the shared terms it uses, the amendments in its folder and those given."""
    source = read_source(path)
    template = _template(path, source)
    amending = _amendments(path, source, amendments)
    return Gathered(source, template, _shared(path, source, template), amending)


def load_many(
    template: Anywhere, parameters: Anywhere, as_of: date | None = None, amendments: Sequence[Anywhere] = (), named: Naming = str
) -> ManyContracts:
    """The contracts of a template and a parameter file with a row each, by id; each is made and checked when it is asked for.
    `named`: what messages call a file. Raises `ContractError` with every fault of the template and of the file."""
    from rules_engine.many import read_many

    source = read_source(template)
    shared = _shared(template, source, None)
    return read_many(source, _existing(parameters), shared, as_of, read_source, [read_source(each) for each in amendments], named)


def _template(path: Anywhere, source: SourceFile) -> SourceFile | None:
    """The template that a contract file says it is made from, found beside it."""
    from rules_engine.templates.find import template_beside, template_of

    return read_source(template_beside(_existing(path), source)) if template_of(source) else None


def _shared(path: Anywhere, source: SourceFile, template: SourceFile | None) -> tuple[SourceFile, ...]:
    """What a contract file and its template use, each file once."""
    from rules_engine.syntax.heads import USES

    if not any(USES.search(each.text) for each in (source, template) if each):
        return ()
    from rules_engine.shared import read_shared

    def read(place: Path, name: str) -> SourceFile:
        return SourceFile(name, read_source(place).text)

    used = [file for each in (source, template) if each for file in read_shared(_existing(path), each, read)]
    return tuple({each.name: each for each in used}.values())


def read_whole(path: Anywhere) -> tuple[SourceFile, ...]:
    """Everything a contract is read from: its own file first, then its template, shared terms and amendments."""
    return gather(path).files


def read_amendments(path: Anywhere, given: Sequence[Anywhere] = ()) -> tuple[SourceFile, ...]:
    """The amendments of a contract file: those in its folder, found by their first line, and those `given`, each once."""
    return _amendments(path, read_source(path), given)


def _amendments(path: Anywhere, source: SourceFile, given: Sequence[Anywhere]) -> tuple[SourceFile, ...]:
    from rules_engine.beside import beside

    found = [*(str(each) for each in beside(Path(path), source)), *given]
    once = {_existing(each).resolve(): each for each in reversed(found)}
    return tuple(read_source(each) for each in reversed(once.values()))


def notes(program: Program, facts: bool = False) -> tuple[Diagnostic, ...]:
    """What the contract's own numbers tell without any document, as notes sorted by place; with `facts` also break-even points."""
    from rules_engine.check.knowledge.questions import notes as told

    with uncollected():
        return told(program, facts)


def compile(program: Program) -> CompiledProgram:  # noqa: A001 - the arrow's own name; nobody here compiles Python
    """The evaluator of a program: generated functions, made once for one content."""
    from rules_engine.engine.printed.compiler import compile_program

    return compile_program(program)


def read_documents(paths: Anywhere | Sequence[Anywhere], program: Program) -> Documents:
    """The document lines of CSV, JSON Lines, XLSX or Parquet files or an SQL query, typed as the contract declares them."""
    from rules_engine.documents.read import read_documents as read

    several = [paths] if isinstance(paths, str | PathLike) else list(paths)
    return read([path if isinstance(path, str) and path.startswith("sql:") else _existing(path) for path in several], program)


def measure(program: Program, documents: Documents, period: str) -> tuple[ShownMeasure, ...]:
    """Every measure that has a single value for the whole contract and `period`: name, unit, value (None: not applicable)."""
    from rules_engine.settlement.measures import measured

    return measured(program, documents, period)


def settle(
    program: Program,
    documents: Documents,
    period: str,
    posted: Sequence[Posted] = (),
    as_of: date | None = None,
    book: str = "settled",
) -> Settlement:
    """What is due for `period` (`2026-03`, `2026-Q1`, …) after what the `posted` statements of earlier periods have settled.

    `as_of`: only what was known on that day counts. `book`: `settled`, or `accrual` for what is earned and not settled yet. The
    identities of totals and papers hold, or nothing is returned.
    """
    from rules_engine.settlement.settle import settle as settle_program

    return settle_program(program, documents, period, read_posted(posted, program), as_of, book=book)


def read_posted(posted: Sequence[Posted], program: Program) -> list[PostedStatement]:
    """Earlier statements: parsed ones, settlements, statement JSON as data, files of it, or folders with this contract's."""
    return [statement for item in posted for statement in _posted(item, program)]


@overload
def render(settlement: Settlement, format: TextFormat = "text", lang: str | None = None, view: str = "platform", colour: bool = False) -> str: ...
@overload
def render(settlement: Settlement, format: BinaryFormat, lang: str | None = None, view: str = "platform", colour: bool = False) -> bytes: ...
@overload
def render(settlement: Settlement, format: str, lang: str | None = None, view: str = "platform", colour: bool = False) -> str | bytes: ...
def render(
    settlement: Settlement,
    format: str = "text",  # noqa: A002 - the promised name of the argument
    lang: str | None = None,
    view: str = "platform",
    colour: bool = False,
) -> str | bytes:
    """The statement as `text`, `json`, `csv` or one self-contained `html` page, or the bytes of an `xlsx` workbook or a `pdf`, in
    the contract's language or in `lang`."""
    from rules_engine.statement.render import render as render_statement

    return render_statement(settlement, format=format, lang=lang, view=view, colour=colour)


def read_source(path: Anywhere) -> SourceFile:
    """The text of a contract file, as it is; UTF-8 with or without a byte order mark."""
    place = Path(path)
    try:
        status = os.stat(place)  # noqa: PTH116 - as the next lines, for the thousands of files of a batch
        if not stat.S_ISREG(status.st_mode):
            raise OSError("it is not a regular file")
        if status.st_size > FILE_LIMIT:
            raise ContractError([_file_finding("SE0108", place, f"{status.st_size:,} bytes", SPLIT)])
        data = place.read_bytes()
    except (OSError, ValueError) as error:
        _existing(path)
        raise ContractError([_file_finding("SE0801", place, getattr(error, "strerror", "") or str(error))]) from error
    try:
        return SourceFile(str(path), data.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        at = f"byte {error.start + 1} is {data[error.start]:#04x}"
        raise ContractError([_file_finding("SE0810", place, at, RESAVE)]) from error


def _diagnosed(
    source: SourceFile,
    amendments: tuple[SourceFile, ...],
    as_of: date | None,
    shared: tuple[SourceFile, ...],
    template: SourceFile | None,
) -> tuple[Program | None, tuple[Diagnostic, ...]]:
    if not amendments:
        return _built(source, (), shared, template)
    from rules_engine.bundle import known_amendments
    from rules_engine.whole import whole_text

    whole = whole_text(source, shared, template)
    if whole.text is None or _stops(whole.findings):
        return None, _sorted(whole.findings)
    known, about = known_amendments(whole.text, amendments, as_of)
    if _stops(about):
        return None, _sorted((*whole.findings, *about))
    program, more = _built(source, tuple(each.source for each in known), shared, template)
    return program, _sorted((*about, *more))


@lru_cache(maxsize=512)
def _built(
    source: SourceFile, amendments: tuple[SourceFile, ...], shared: tuple[SourceFile, ...], template: SourceFile | None
) -> tuple[Program | None, tuple[Diagnostic, ...]]:
    """One content, one program, whatever day it was asked for."""
    from rules_engine.whole import built

    with uncollected():
        return built(source, amendments, shared, template)


def _posted(item: Posted, program: Program) -> list[PostedStatement]:
    from rules_engine.settlement.model import Settlement
    from rules_engine.settlement.past.posted import PostedStatement, as_posted, parse_posted

    match item:
        case PostedStatement():
            return [item]
        case Settlement():
            return [as_posted(item)]
        case Mapping():
            return [parse_posted(item)]
    place = _existing(item)
    if not place.is_dir():
        return [parse_posted(_statement_json(place))]
    found = [_statement_json(path) for path in sorted(place.rglob("*.json"))]
    return [parse_posted(data) for data in found if _is_of(data, program)]


def _is_of(data: Any, program: Program) -> bool:
    contract = data.get("contract") if isinstance(data, dict) else None
    return isinstance(contract, dict) and contract.get("id") in (program.header.id, program.header.renews or None)


def _statement_json(path: Path) -> Any:
    import json

    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ContractError([_file_finding("SE0801", path, error.strerror or str(error))]) from error
    except (ValueError, RecursionError) as error:
        raise ContractError([_file_finding("SE0807", path, "it is not JSON", REWRITE)]) from error


def _existing(path: Anywhere) -> Path:
    place = Path(path)
    try:
        exists = place.exists()
    except (OSError, ValueError) as error:
        raise ContractError([_file_finding("SE0801", place, str(error))]) from error
    if not exists:
        raise ContractError([_file_finding("SE0802", place, "there is no such file", _nearest(place))])
    return place


def _nearest(place: Path) -> str:
    from difflib import get_close_matches

    try:
        beside = [other.name for other in place.parent.iterdir()]
    except OSError:
        return f"the folder {place.parent} does not exist either"
    near = get_close_matches(place.name, beside, n=1)
    return f"did you mean `{place.parent / near[0]}`?" if near else ""


def _file_finding(code: str, path: Path, detail: str, fix: str = "") -> Diagnostic:
    why = f"{path}: {detail}"
    return diagnostic(code, "en", why=(why, why), fix=(fix, fix))


def _stops(findings: Sequence[Diagnostic]) -> bool:
    return any(finding.severity is Severity.ERROR for finding in findings)


def _sorted(findings: Sequence[Diagnostic]) -> tuple[Diagnostic, ...]:
    return tuple(sorted(dict.fromkeys(findings), key=lambda finding: finding.order))
