"""What is to be said once everything is read: unknown headers, other contracts' rows, repeats, columns nobody brought."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rules_engine.core.builtin import BUILTIN_COLUMNS, CORE_AMOUNTS
from rules_engine.core.program import ColumnType
from rules_engine.diagnostics.model import Severity
from rules_engine.diagnostics.suggest import nearest
from rules_engine.documents.faults import Faults, place, several
from rules_engine.documents.intake import Intake
from rules_engine.documents.plan import Headers

SHOWN = 5


def review(intake: Intake, *, complete: bool) -> None:
    """Add the findings about whole files. `complete`: the files are all there is, so a needed column must be in them."""
    told: set[tuple[str, str]] = set()
    misspelt = {lost for (file, _), headers in intake.seen_headers.items() for lost in _unknown(intake, file, headers, told)}
    _foreign(intake)
    _ignored(intake)
    _repeats(intake)
    if complete:
        _absent(intake, misspelt)


def _unknown(intake: Intake, file: str, headers: Headers, told: set[tuple[str, str]]) -> Iterator[str]:
    """Tell of unknown headers; yields the columns the contract reads that hide behind one."""
    read = {name for kind, name in intake.schema.reads if kind in intake.present}
    known = list(dict.fromkeys([*intake.schema.column_names, *intake.schema.column_names.values()]))
    for written, position in headers.unknown:
        if (file, written) in told:
            continue
        told.add((file, written))
        near = nearest(written, known)
        meant = [intake.schema.column_names.get(name, name) for name in near]
        lost = next((name for name in meant if name in read and name not in headers.position), None)
        if lost:
            _misspelt(intake.faults, file, written, lost, position)
            yield lost
            continue
        hint = (f"; did you mean `{near[0]}`?", f"；是否想写 `{near[0]}`？") if near else ("", "")
        text = (f"`{written}` is not read" + hint[0], f"“{written}”列不会被读取" + hint[1])
        fix = (
            "declare it in the contract (`documents` … `column`) if a clause should read it",
            "若条款需要读取该列，请在合同中声明",
        )
        intake.faults.add("SW0691", file, text, position=position, fix=fix)


def _misspelt(faults: Faults, file: str, written: str, meant: str, position: int) -> None:
    text = (f"`{written}` is not known; the contract reads `{meant}`", f"“{written}”未知；合同读取的是 `{meant}`")
    why = ("its amounts would be left out of the settlement", "否则该列金额不会计入结算")
    faults.add(
        "SE0603", file, text, position=position, why=why, fix=(f"name the column `{meant}`", f"请将该列命名为 `{meant}`")
    )


def _foreign(intake: Intake) -> None:
    for file, counted in intake.foreign.items():
        names = [f"`{name}` {count:,}" for name, count in counted.most_common(SHOWN)]
        listed = ", ".join(names) + (" …" if len(counted) > SHOWN else "")
        text = (f"{several(counted.total(), 'row')} left out: {listed}", f"未计入 {counted.total():,} 行：{listed}")
        ours = intake.schema.contract
        why = (
            f"this is contract {ours}; a row without a contract counts as its own",
            f"本合同为 {ours}；未写合同号的行视为本合同的行",
        )
        intake.faults.add("SW0692", file, text, why=why, severity=Severity.NOTE)


def _ignored(intake: Intake) -> None:
    for (file, kind, name), count in intake.ignored.items():
        text = (
            f"not read: {several(count, 'cell')} of `{name}` in rows of type `{kind}`",
            f"“{kind}”类单据中有 {count:,} 格 `{name}` 未读取",
        )
        why = (f"`{kind}` has no column `{name}`, or the contract computes it", f"`{kind}` 没有 `{name}` 列，或由合同计算得出")
        intake.faults.add("SW0695", file, text, why=why, severity=Severity.WARNING)


def _repeats(intake: Intake) -> None:
    if not intake.duplicates:
        return
    places = [(document.place.rpartition(":"), document) for document in intake.duplicates[:SHOWN]]
    spans = [(place(file, int(row)), (f"{item.type} {item.id}", f"{item.type} {item.id}")) for (file, _, row), item in places]
    (span, _), *also = spans
    total = len(intake.duplicates)
    text = (f"set aside: {several(total, 'row')} equal to a document read before", f"有 {total:,} 行与已读入的单据相同，已搁置")
    why = ("a document is settled once, however often it is delivered", "同一单据无论提交几次，只结算一次")
    intake.faults.add("SW0693", span.file, text, row=span.line, why=why, also=also)


def _absent(intake: Intake, misspelt: set[str]) -> None:
    files = sorted({file for file, _ in intake.seen_headers})
    for kind, name in sorted(intake.schema.reads):
        column = intake.schema.columns(kind).get(name) if kind in intake.present else None
        if column is None or column.formula is not None or name in intake.present[kind] or name in misspelt | _ALWAYS:
            continue
        _say_absent(intake.faults, files, kind, name, needed=demanded(column))


def demanded(column: ColumnType) -> bool:
    """Whether lines are refused where no file has the column; else it counts as blank."""
    return column.name in CORE_AMOUNTS or (column.name not in BUILTIN_COLUMNS and column.kind != "text")


_ALWAYS = {"date", "doc_id", "line_no"}


def _say_absent(faults: Faults, files: Sequence[str], kind: str, name: str, *, needed: bool) -> None:
    text = (f"no file has `{name}` for `{kind}`", f"没有文件含有 `{kind}` 的 `{name}` 列")
    why = ("the contract reads it; without it every such cell counts as blank", "合同需要读取该列；缺少时按空白处理")
    fix = (f"add the column `{name}`; leave cells blank where there is nothing", f"请增加 `{name}` 列，没有内容的单元格留空")
    faults.add("SE0602" if needed else "SW0694", files[0], text, why=why, fix=fix)
