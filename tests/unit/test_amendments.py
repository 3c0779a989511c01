"""Contracts over time: amendments replace, add and end clauses; a day knows what it knew, and closed statements stay."""

from __future__ import annotations

import json
import random
import shutil
from dataclasses import fields
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from rules_engine import ContractError, load, read_documents, render, settle
from rules_engine.api import SourceFile, format, read_source  # noqa: A004 - the verb's own name
from rules_engine.check.amended.versions import FIXED
from rules_engine.cli.files import contracts
from rules_engine.cli.main import main
from rules_engine.core.program import Clause
from rules_engine.settlement.model import Settlement
from rules_engine.settlement.settle import settle as settle_by

CASE = Path(__file__).parents[2] / "contracts" / "amendments"
HEADER = """contract A-1 "A contract"
  platform  "Northgate Retail Trading Co."
  supplier  S-1 "Riverside Tea Co."
  mode      self_operated
  signed    2025-12-22
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
BASE = "  on  sum of supply_amount over sales\n"
POINTS = f"{HEADER}deduction points\n{BASE}  rate  10%\n"


def written(folder: Path, contract: str, *amendments: str) -> Path:
    path = folder / "a.contract"
    path.write_text(contract, encoding="utf-8")
    for number, text in enumerate(amendments, 1):
        (folder / f"{number}.amendment").write_text(text, encoding="utf-8")
    return path


def codes(path: Path) -> list[str]:
    with pytest.raises(ContractError) as caught:
        load(path)
    return [item.code for item in caught.value.diagnostics]


def amount(path: Path, folder: Path, rows: str, period: str, clause: str = "points") -> Decimal:
    (folder / "d.csv").write_text("type,doc_id,line_no,date,category,supply_amount\n" + rows, encoding="utf-8")
    program = load(path)
    settled = settle(program, read_documents(folder / "d.csv", program), period)
    assert not settled.unsettled
    return sum((line.amount for line in settled.lines if line.clause == clause), Decimal(0))


def test_the_statement_of_then_is_the_same_byte_for_byte(tmp_path: Path) -> None:
    shutil.copy(CASE / "amendments.contract", tmp_path)
    then, now = (
        load(path, as_of=date(2026, 3, 31)) for path in (tmp_path / "amendments.contract", CASE / "amendments.contract")
    )
    documents = read_documents(CASE / "documents.csv", then)
    texts = {render(settle(program, documents, "2026-03", as_of=date(2026, 3, 31)), format="json") for program in (then, now)}
    assert len(texts) == 1


def test_what_is_posted_in_parts_is_what_is_settled_at_once() -> None:
    before, after = (load(CASE / "amendments.contract", as_of=day) for day in (date(2026, 3, 31), None))
    documents = read_documents(CASE / "documents.csv", after)
    march = settle(before, documents, "2026-03", as_of=date(2026, 3, 31))
    april = settle(after, documents, "2026-04", [march])
    once = settle(after, documents, "2026-04")
    assert march.totals.net + april.totals.net == once.totals.net
    assert {line.status for line in april.lines if line.window.end <= date(2026, 4, 1)} == {"correction"}


@pytest.mark.parametrize("period", ["2026-03", "2026-Q2", "2026-07"])
def test_both_evaluators_agree(period: str) -> None:
    program = load(CASE / "amendments.contract")
    documents = read_documents(CASE / "documents.csv", program)
    found = [settle_by(program, documents, period, evaluator=name) for name in ("compiled", "interpreter")]
    assert [line.amount for line in found[0].lines] == [line.amount for line in found[1].lines]


@pytest.mark.parametrize(
    ("how", "expected"),
    [("split", "180.00"), ("last day's", "160.00")],
)
def test_a_price_that_changes_inside_a_window(tmp_path: Path, how: str, expected: str) -> None:
    text = f"amendment A-1/1 effective 2026-03-11\ndeduction points\n{BASE}  rate 8%\n  changes {how}\n"
    path = written(tmp_path, POINTS, text)
    rows = "sale,S1,1,2026-03-10,tea,1000\nsale,S2,1,2026-03-11,tea,1000\n"
    assert amount(path, tmp_path, rows, "2026-03") == Decimal(expected)


def test_a_change_inside_a_window_must_be_written(tmp_path: Path) -> None:
    path = written(tmp_path, POINTS, f"amendment A-1/1 effective 2026-03-11\ndeduction points\n{BASE}  rate 8%\n")
    assert codes(path) == ["SE0506"]


def test_a_ladder_goes_on_counting(tmp_path: Path) -> None:
    tiers = "  period year, on account monthly\n  tiers marginal\n    up to 1,000  1%\n    over 1,000  {}%\n"
    contract = f"{HEADER}rebate points\n{BASE}{tiers.format(2)}"
    path = written(
        tmp_path, contract, f"amendment A-1/1 effective 2026-03-11\nrebate points\n{BASE}  changes continue\n{tiers.format(5)}"
    )
    rows = "sale,S1,1,2026-03-10,tea,800\nsale,S2,1,2026-03-11,tea,1000\n"
    assert amount(path, tmp_path, rows, "2026-03") == Decimal("50.00")  # 800 x 1% + 200 x 1% + 800 x 5%


def test_a_later_number_takes_over_from_its_own_day(tmp_path: Path) -> None:
    texts = [
        f"amendment A-1/{number} effective 2026-{month:02}-01\ndeduction points\n{BASE}  rate {rate}%\n"
        for number, month, rate in ((1, 6, 8), (2, 3, 7))
    ]
    path = written(tmp_path, POINTS, *texts)
    for month, expected in (("02", "10.00"), ("03", "7.00"), ("06", "7.00")):
        assert amount(path, tmp_path, f"sale,S1,1,2026-{month}-10,tea,100\n", f"2026-{month}") == Decimal(expected)


def test_a_bound_changes_on_the_first_day_of_its_window(tmp_path: Path) -> None:
    contract = f"{POINTS}  at most 50 in each quarter\n"
    text = f"amendment A-1/1 effective 2026-04-01\ndeduction points\n{BASE}  rate 10%\n  at most 70 in each quarter\n"
    path = written(tmp_path, contract, text)
    rows = "sale,S1,1,2026-03-10,tea,1000\nsale,S2,1,2026-04-11,tea,1000\n"
    assert [amount(path, tmp_path, rows, period) for period in ("2026-03", "2026-Q1", "2026-Q2")] == [50, 50, 120]


def test_every_part_of_a_clause_is_kept_or_joined() -> None:
    joined = {
        "id",
        "kind",
        "title",
        "earn",
        "bounds",
        "groups",
        "start",
        "end",
        "changes",
        "notices",
        "earlier",
        "recorded",
        "draws",
        "source",
        "text",
    }
    assert {part.name for part in fields(Clause)} == joined | {"span", "phrases", "reverses"} | set(FIXED)


ENDED = "end points\n"


def test_an_end_with_past_effect_gives_back_what_was_posted(tmp_path: Path) -> None:
    path = written(tmp_path, POINTS, f"amendment A-1/1 effective 2026-02-01 known 2026-03-20\n{ENDED}")
    (tmp_path / "d.csv").write_text(
        "type,doc_id,line_no,date,supply_amount\nsale,S1,1,2026-01-10,100\nsale,S2,1,2026-02-10,100\n", encoding="utf-8"
    )
    before, after = load(path, as_of=date(2026, 2, 28)), load(path)
    documents = read_documents(tmp_path / "d.csv", before)
    posted = [settle(before, documents, "2026-01")]
    posted.append(settle(before, documents, "2026-02", posted))
    march = settle(after, documents, "2026-03", posted)
    assert [(line.amount, line.window.start) for line in march.lines] == [(Decimal("-10.00"), date(2026, 2, 1))]


def test_a_clause_that_ends_on_the_first_day_never_was(tmp_path: Path) -> None:
    path = written(tmp_path, POINTS, f"amendment A-1/1 effective 2026-01-01\n{ENDED}")
    assert amount(path, tmp_path, "sale,S1,1,2026-01-10,tea,100\n", "2026-01") == 0


REFUSED = {
    "other group": (f"deduction points\n{BASE}  per category\n  rate 8%\n", "SE0218"),
    "other window": (f"deduction points\n{BASE}  period quarter\n  rate 8%\n", "SE0218"),
    "other base": ("deduction points\n  on sum of paid over sales\n  rate 8%\n", "SE0218"),
    "other payer": (f"deduction points paid by platform\n{BASE}  rate 8%\n", "SE0218"),
    "other papers": (f"deduction points\n{BASE}  rate 8%\n  invoice by platform\n", "SE0218"),
    "other kind": (f"rebate points\n{BASE}  rate 8%\n", "SE0218"),
    "a cap more": (f"deduction points\n{BASE}  rate 8%\n  at most 5 in each month\n", "SE0218"),
    "another first day": (f"deduction points\n{BASE}  rate 8%\n  from 2026-06-01\n", "SE0218"),
    "a limit": ("limit all\n  of points\n  at most 5 in each year\n", "SE0218"),
    "ended twice": ("end points\nend points\n", "SE0218"),
    "ended and changed": (f"end points\ndeduction points\n{BASE}  rate 8%\n", "SE0218"),
    "end of nothing": ("end point\n", "SE0307"),
    "a name that is taken": ("measure points\n  sum of paid over sales\n", "SE0302"),
    "an unknown name": ("deduction other\n  on nothing_known\n  rate 8%\n", "SE0301"),
}


@pytest.mark.parametrize(("text", "code"), REFUSED.values(), ids=REFUSED)
def test_refused_by_name_in_the_amendment(tmp_path: Path, text: str, code: str) -> None:
    path = written(tmp_path, POINTS, f"amendment A-1/1 effective 2026-04-11\n{text}")
    with pytest.raises(ContractError) as caught:
        load(path)
    assert [item.code for item in caught.value.diagnostics] == [code]
    assert caught.value.diagnostics[0].places[0].span.file.endswith("1.amendment")


PARTED = {
    "other group": f"deduction points\n{BASE}  per category\n  rate 8%\n",
    "other window": f"deduction points\n{BASE}  period quarter, on account monthly\n  rate 8%\n",
    "other base": "deduction points\n  on sum of supply_amount over sales where category = tea\n  rate 8%\n",
    "other payer": f"deduction points paid by platform\n{BASE}  rate 8%\n",
    "other papers": f"deduction points\n{BASE}  rate 8%\n  invoice by platform\n",
    "a cap more": f"deduction points\n{BASE}  rate 8%\n  at most 5 in each month\n",
}
SOLD = (
    "sale,S1,1,2026-03-31,tea,100\nsale,S2,1,2026-04-01,tea,30.05\nsale,S3,1,2026-04-01,cup,70.05\nsale,S4,1,2026-05-20,tea,9\n"
)


@pytest.mark.parametrize("text", PARTED.values(), ids=PARTED)
def test_from_the_first_day_of_a_window_it_is_an_end_and_another_clause(tmp_path: Path, text: str) -> None:
    (tmp_path / "d.csv").write_text(f"type,doc_id,line_no,date,category,supply_amount\n{SOLD}", encoding="utf-8")
    known = "amendment A-1/1 effective 2026-04-01 known 2026-05-02"
    found = []
    for number, amendment in enumerate((f"{known}\n{text}", f"{known}\nend points\n{text.replace('points', 'later', 1)}")):
        folder = tmp_path / str(number)
        folder.mkdir()
        path = written(folder, POINTS, amendment)
        posted: list[Settlement] = []
        for month, day in (("2026-03", 31), ("2026-04", 30), ("2026-05", 31)):
            program = load(path, as_of=date(2026, int(month[-2:]), day))
            posted.append(settle(program, read_documents(tmp_path / "d.csv", program), month, posted))
        lines = [line for settlement in posted for line in settlement.lines]
        later = {"later": "points.2"}
        found.append([(later.get(line.clause, line.clause), line.window, line.group, line.direction, line.amount) for line in lines])
    assert found[0] == found[1]
    assert {name for name, *_ in found[0]} == {"points", "points.2"}


def test_a_condition_changes_under_the_clauses_own_name(tmp_path: Path) -> None:
    gated = POINTS + "  when  (sum of supply_amount over sales) > 50\n"
    text = f"deduction points\n{BASE}  rate  10%\n  when  (sum of supply_amount over sales) > 90\n"
    rows = "sale,S1,1,2026-03-20,tea,80\nsale,S2,1,2026-04-20,tea,80\n"
    path = written(tmp_path, gated, f"amendment A-1/1 effective 2026-04-01\n{text}")
    assert amount(path, tmp_path, rows, "2026-04") == Decimal("8.00")  # March's alone; both would be 16.00
    folder = tmp_path / "inside"
    folder.mkdir()
    assert codes(written(folder, gated, f"amendment A-1/1 effective 2026-04-11\n{text}")) == ["SE0218"]
    last = written(folder, gated, f"amendment A-1/1 effective 2026-04-11\n{text}  changes last day's\n")
    assert amount(last, folder, rows, "2026-04") == Decimal("8.00")


READS = {
    "a result": "fee f\n  amount 10% * result of points\n  period month\n",
    "an exception": "except e over points\n  when (sum of supply_amount over sales) > 5\n  rate 1%\n",
    "a limit of another payer": "limit all\n  of points\n  at most 5 in each month\n",
}


@pytest.mark.parametrize("block", READS.values(), ids=READS)
def test_what_reads_a_parted_clause_is_refused(tmp_path: Path, block: str) -> None:
    text = f"deduction points paid by platform\n{BASE}  rate 8%\n"
    assert codes(written(tmp_path, f"{POINTS}\n{block}", f"amendment A-1/1 effective 2026-04-01\n{text}")) == ["SE0218"]


@pytest.mark.parametrize(
    ("numbers", "code"),
    [((2,), "SE0217"), ((1, 1), "SE0217"), ((1, 3), "SE0217"), (("x",), "SE0217"), (("9" * 5000,), "SE0217")],
)
def test_numbers_follow_each_other(tmp_path: Path, numbers: tuple[object, ...], code: str) -> None:
    path = written(tmp_path, POINTS, *(f"amendment A-1/{number} effective 2026-04-01\n" for number in numbers))
    assert codes(path) == [code]


@pytest.mark.parametrize("day", ["2025-12-31", "2027-01-01"])
def test_the_effective_day_lies_in_the_term(tmp_path: Path, day: str) -> None:
    assert codes(written(tmp_path, POINTS, f"amendment A-1/1 effective {day}\n")) == ["SE0210"]


def test_another_contracts_amendment_is_not_this_ones(tmp_path: Path) -> None:
    path = written(tmp_path, POINTS, "amendment A-2/1 effective 2026-04-01\nend points\n")
    assert load(path).header.version == "1"
    with pytest.raises(ContractError) as caught:
        load(path, amendments=[tmp_path / "1.amendment"])
    assert [item.code for item in caught.value.diagnostics] == ["SE0217"]


def test_an_amendment_elsewhere_is_given(tmp_path: Path) -> None:
    path = written(tmp_path, POINTS)
    (tmp_path / "away").mkdir()
    other = tmp_path / "away" / "x.amendment"
    other.write_text("补充协议 A-1/1 生效 2026-04-01\n\n终止 points\n", encoding="utf-8")
    assert load(path, amendments=[other]).clauses["points"].end == date(2026, 4, 1)
    assert load(path).clauses["points"].end == date(2027, 1, 1)


def test_an_amendment_may_end_in_contract_and_is_no_contract_of_the_folder(tmp_path: Path) -> None:
    path = written(tmp_path, POINTS)
    (tmp_path / "b.contract").write_text("amendment A-1/1 effective 2026-04-01\n\nend points\n", encoding="utf-8")
    assert load(path).clauses["points"].end == date(2026, 4, 1)
    assert contracts([str(tmp_path)]) == [path]
    with pytest.raises(ContractError) as caught:
        load(tmp_path / "b.contract")
    assert [item.code for item in caught.value.diagnostics] == ["SE0219"]


@pytest.mark.parametrize("number", [1, 2])
def test_an_amendment_is_formatted_in_both_languages(number: int) -> None:
    english, chinese = (read_source(CASE / f"{number}{ending}") for ending in (".amendment", ".zh.amendment"))
    assert format(english) == english.text
    assert format(chinese) == chinese.text
    assert format(SourceFile("a", format(english, "zh")), "en") == english.text


def test_of_two_languages_the_contracts_own_counts(tmp_path: Path) -> None:
    path = written(tmp_path, POINTS, "amendment A-1/1 effective 2026-04-01\n\nend points\n")
    (tmp_path / "1.zh.amendment").write_text("补充协议 A-1/1 生效 2026-05-01\n\n终止 points\n", encoding="utf-8")
    assert load(path).clauses["points"].end == date(2026, 4, 1)


@pytest.mark.parametrize("seed", range(25))
def test_random_amendments_split_or_whole_give_the_same_cents(tmp_path: Path, seed: int) -> None:
    """Months settled one by one, each knowing its own amendments, add up to the year settled at the end."""
    dice = random.Random(seed)
    amendments: list[str] = []
    how = dice.choice(["split", "last day's"])
    for number in range(1, dice.randint(2, 4)):
        effective = date(2026, dice.randint(1, 6), dice.randint(1, 28))
        known = date(2026, dice.randint(effective.month, 6), 28)
        body = f"deduction points\n{BASE}  rate {dice.randint(1, 20)}%\n  changes {how}\n"
        amendments.append(f"amendment A-1/{number} effective {effective} known {known}\n{body}")
    path = written(tmp_path, POINTS, *amendments)
    rows = "".join(
        f"sale,S{n},1,2026-{dice.randint(1, 6):02}-{dice.randint(1, 28):02},,{dice.randint(1, 99999)}.{dice.randint(10, 99)}\n"
        for n in range(dice.randint(1, 30))
    )
    (tmp_path / "d.csv").write_text("type,doc_id,line_no,date,category,supply_amount\n" + rows, encoding="utf-8")
    whole = load(path)
    documents = read_documents(tmp_path / "d.csv", whole)
    posted: list[Settlement] = []
    for month, last in ((1, 31), (2, 28), (3, 31), (4, 30), (5, 31), (6, 30)):
        program = load(path, as_of=date(2026, month, last))
        posted.append(settle(program, documents, f"2026-{month:02}", posted))
    assert sum(each.totals.net for each in posted) == settle(whole, documents, "2026-H1").totals.net


EXCEPTION = """amendment A-1/1 "Recalls" effective 2026-03-01

finding recall_open yes/no

except recall over points
  when    recall_open
  amount  0
"""


def test_an_amendment_brings_an_exception_that_holds_from_its_day(tmp_path: Path) -> None:
    path = written(tmp_path, POINTS, EXCEPTION)
    (tmp_path / "d.csv").write_text(
        "type,doc_id,date,supply_amount,answer,by\n"
        "sale,S-1,2026-02-10,1000,,\nsale,S-2,2026-03-10,1000,,\nrecall_open,F-1,2026-01-02,,yes,Li Wei\n",
        encoding="utf-8",
    )
    program = load(path)
    settled = settle(program, read_documents(tmp_path / "d.csv", program), "2026-03")
    assert [(str(line.window.start), line.amount) for line in settled.lines] == [("2026-02-01", Decimal("100.00"))]


def test_an_exception_of_an_amendment_begins_with_a_window(tmp_path: Path) -> None:
    assert codes(written(tmp_path, POINTS, EXCEPTION.replace("2026-03-01", "2026-03-02"))) == ["SE0574"]


LATER = f"amendment A-1/1 effective 2026-03-01 known 2026-04-05\ndeduction points\n{BASE}  rate 8%\n"
SALE = "type,doc_id,line_no,date,category,supply_amount\nsale,S1,1,2026-03-10,tea,100\n"


def test_the_command_reads_what_the_period_knew(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = written(tmp_path, POINTS, LATER)
    (tmp_path / "d.csv").write_text(SALE, encoding="utf-8")
    totals = {}
    for period, more in (("2026-03", []), ("2026-04", []), ("2026-03", ["--as-of", "2026-04-05"])):
        main(["run", str(path), "--documents", str(tmp_path / "d.csv"), "--period", period, "--format", "json", *more])
        totals[period, bool(more)] = json.loads(capsys.readouterr().out)["totals"]["net"]
    assert totals == {("2026-03", False): "-10.00", ("2026-04", False): "-8.00", ("2026-03", True): "-8.00"}


def test_a_program_that_knows_more_than_its_period_says_so(tmp_path: Path) -> None:
    path = written(tmp_path, POINTS, LATER)
    (tmp_path / "d.csv").write_text(SALE, encoding="utf-8")
    for as_of, told in ((None, True), (date(2026, 4, 5), False)):
        program = load(path)
        settled = settle(program, read_documents(tmp_path / "d.csv", program), "2026-03", as_of=as_of)
        assert ("known_later" in dict(settled.notices)) is told


COUNTED = """counter units
  sum of quantity over sales
  restarts every year

charge steps paid by platform
  on     sum of paid over sales
{changes}  tiers  marginal along units
    up to {bound}  {low}%
    over  {bound}  {high}%
"""
TWO_SALES = "type,doc_id,date,paid,quantity\nsale,S1,2026-05-01,10000,200\nsale,S2,2026-05-20,60000,500\n"


def test_a_counter_goes_on_by_itself_when_its_ladder_is_amended(tmp_path: Path) -> None:
    """S1 takes 0 to 200 under the old text, S2 200 to 700 under the new one: 300 of its 500 units lie below 500."""
    steps = COUNTED.format(changes="  changes continue\n", bound=500, low=2, high=3).partition("charge ")
    path = written(
        tmp_path,
        HEADER + COUNTED.format(changes="", bound=100, low=0, high=1),
        f"amendment A-1/1 effective 2026-05-15\n{steps[1]}{steps[2]}",
    )
    (tmp_path / "d.csv").write_text(TWO_SALES, encoding="utf-8")
    program = load(path)
    settled = settle(program, read_documents(tmp_path / "d.csv", program), "2026-05")
    assert [line.amount for line in settled.lines] == [Decimal("50.00") + Decimal("720.00") + Decimal("720.00")]


@pytest.mark.parametrize(
    ("bound", "amount"),
    [
        ("4% of net_sales in each month", "400.00"),  # ten days of sales are measured: the cut is in them already
        ("620 in each month", "400.00"),  # 20 of 31 days
        ("620 in each month, in full", "620.00"),
    ],
)
def test_a_bound_measured_in_the_cut_window_is_not_cut_again(tmp_path: Path, bound: str, amount: str) -> None:
    path = written(
        tmp_path,
        HEADER + "measure net_sales\n  sum of paid over sales\n\n"
        f"charge share paid by platform\n  on       net_sales\n  rate     10%\n  period   month\n  at most  {bound}\n",
        "amendment A-1/1 effective 2026-08-20\n\nterminated 2026-08-20\n  proportionally by days\n",
    )
    (tmp_path / "d.csv").write_text("type,doc_id,date,paid\nsale,S1,2026-08-10,10000\n", encoding="utf-8")
    program = load(path)
    settled = settle(program, read_documents(tmp_path / "d.csv", program), "2026-08")
    assert [str(line.amount) for line in settled.lines] == [amount]


def test_an_amendment_stays_in_the_currency_of_the_contract(tmp_path: Path) -> None:
    fee = 'amendment A-1/1 "More" effective 2026-07-01\n\nfee listing\n  amount  {}\n  period  month\n'
    assert codes(written(tmp_path, POINTS, fee.format("75 USD"))) == ["SE0126"]
    assert "listing" in load(written(tmp_path, POINTS, fee.format("75 CNY"))).clauses
