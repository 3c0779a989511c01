"""Templates: parameters, contracts made from them, and where findings point."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from rules_engine.api import (
    ContractError,
    SourceFile,
    diagnose,
    diagnose_file,
    format,  # noqa: A004 - the verb is called so
    load_many,
    parse,
    read_documents,
    settle,
)
from rules_engine.cli.main import main
from rules_engine.syntax.equal import same

TEMPLATE = """template standard(code text, rate_given percent, brand text = Own, brands texts = rice, cap money = 500, starts date = 2026-01-01, wait days = 60 days, judged period = year, steps number = 3, insured yes/no = no) "Standard"
  platform  "Northgate Retail Trading Co."
  supplier  code "Riverside Tea Co."
  term      starts to 2026-12-31
  currency  CNY
  prices    include VAT 13%
  settle    monthly
  pay       wait after statement
  payout    any amount, negative carried forward
  late documents  settle in the period they arrive
  returns   in their own period
  rounding  half up to 0.01 on each line

measure net_sales
  sum of supply_amount over sales where brand = brand

deduction points "Points"
  on    net_sales
  per   category
  rate
    5%          for brands
    rate_given  otherwise

rebate yearly "Rebate"
  on        net_sales
  period    judged, on account monthly
  rate      1%
  at most   cap in each year, proportionally by days

fee recent "Sales of late"
  on      net_sales
  period  month
  rate    1%
  at most 100 in any steps months
  when    insured
"""
OWN = """contract U-9 "Own"
  from  standard
    code        "S-9"
    rate_given  12%
    brands      tea, cocoa
    judged      quarter
    insured     yes
  pay   30 days after statement

rebate yearly "Rebate of this contract"
  on      net_sales
  period  month
  rate    2%
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "standard.template").write_text(TEMPLATE, encoding="utf-8")
    (tmp_path / "own.contract").write_text(OWN, encoding="utf-8")
    return tmp_path


def rows(folder: Path, text: str) -> Path:
    path = folder / "rows.csv"
    path.write_text(text, encoding="utf-8")
    return path


def refused(folder: Path, text: str) -> list[tuple[str, int, int]]:
    with pytest.raises(ContractError) as error:
        load_many(folder / "standard.template", rows(folder, text))
    return [(each.code, each.places[0].span.line, each.places[0].span.column) for each in error.value.diagnostics]


def test_a_contract_of_its_own_text(folder: Path) -> None:
    program, findings = diagnose_file(folder / "own.contract")
    assert program is not None, findings
    assert (program.header.id, program.header.supplier_id, program.header.pay.count) == ("U-9", "S-9", 30)
    assert program.clauses["yearly"].title == "Rebate of this contract"
    assert program.clauses["yearly"].text.startswith('rebate yearly "Rebate of this contract"')
    assert program.clauses["points"].text.startswith('deduction points "Points"')
    (folder / "d.csv").write_text(
        "type,doc_id,date,category,brand,supply_amount\nsale,A,2026-03-01,tea,Own,100\nsale,B,2026-03-01,oil,Own,100\n"
        "sale,C,2026-03-01,oil,Other,100\n", encoding="utf-8"
    )  # fmt: skip
    found = settle(program, read_documents(folder / "d.csv", program), "2026-03")
    assert [(line.clause, line.amount) for line in found.lines] == [
        ("points", Decimal("12.00")), ("points", Decimal("5.00")), ("yearly", Decimal("4.00")), ("recent", Decimal("2.00")),
    ]  # fmt: skip


def test_rows_are_contracts(folder: Path) -> None:
    many = load_many(
        folder / "standard.template",
        rows(
            folder,
            'contract,title,code,rate_given,brands,cap,starts,wait,steps\nU-1,One,S-1,12%,"tea, cocoa","1,000",,45,\nU-2,,S-2,0.1,,,2026-02-01,,6\n',
        ),
    )
    assert list(many) == ["U-1", "U-2"]
    one, two = many["U-1"], many["U-2"]
    assert (one.header.title, one.header.supplier_id, one.header.pay.count, one.header.start) == (
        "One",
        "S-1",
        45,
        date(2026, 1, 1),
    )
    assert (two.header.title, two.header.pay.count, two.header.start) == ("Standard", 60, date(2026, 2, 1))
    window = two.clauses["recent"].bounds[0].window
    assert window is not None
    assert (window.kind, window.count) == ("rolling", 6)
    assert one.header.sha256 != two.header.sha256 == many["U-2"].header.sha256


def test_every_fault_of_the_file_at_once(folder: Path) -> None:
    text = "contract,code,rate_given,wait,judged\nU-1,S-1,12,45.5,\nU 2,,10%,,fortnight\n"
    assert refused(folder, text) == [
        ("SE0601", 2, 9), ("SE0601", 2, 12), ("SE0832", 3, 1), ("SE0292", 3, 5), ("SE0291", 3, 11),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("contract,code\nU-1,S-1\n", ["SE0832"]),
        ("contract,code,rate_given,rate_given\nU-1,S-1,1%,1%\n", ["SE0832"]),
        ("contract,code,rate_given,colour\nU-1,S-1,1%,red\n", ["SE0832"]),
        ("contract,code,rate_given\nU-1,S-1,1%\nU-1,S-1,2%\n", ["SE0833"]),
        ("contract,code,rate_given\n", ["SE0832"]),
        ("contract,code,rate_given\nU-1,S-1,-1%\n", ["SE0291"]),
        ("contract,code,rate_given,steps\nU-1,S-1,1%,1e3\n", ["SE0601"]),
    ],
)
def test_files_that_are_refused(folder: Path, text: str, codes: list[str]) -> None:
    assert [code for code, _, _ in refused(folder, text)] == codes


def test_a_finding_points_into_template_and_row(folder: Path) -> None:
    many = load_many(folder / "standard.template", rows(folder, "contract,code,rate_given,steps\nU-1,S-1,1%,2.5\n"))
    with pytest.raises(ContractError) as error:
        many["U-1"]
    (finding,) = error.value.diagnostics
    assert finding.code == "SE0117"
    assert [Path(place.span.file).name for place in finding.places] == ["standard.template", "rows.csv"]
    assert (finding.places[1].span.line, finding.places[1].span.column) == (2, 12)


def test_amendments_go_with_a_row(folder: Path) -> None:
    (folder / "1.amendment").write_text(
        'amendment U-1/1 "Less" effective 2026-03-01\n\nfee labelling "Labelling"\n  on    sum of quantity over labelling\n  rate  0.05 per unit\n',
        encoding="utf-8",
    )
    path = rows(folder, "contract,code,rate_given\nU-1,S-1,1%\nU-2,S-2,1%\n")
    many = load_many(folder / "standard.template", path)
    assert "labelling" in many["U-1"].clauses
    assert "labelling" not in many["U-2"].clauses
    assert "labelling" not in load_many(folder / "standard.template", path, as_of=date(2026, 2, 28))["U-1"].clauses


def test_a_template_is_translated_and_comes_back(folder: Path) -> None:
    source = SourceFile("standard.template", TEMPLATE)
    english, chinese = format(source), format(source, "zh")
    assert same(parse(SourceFile("zh", chinese)), parse(source))
    assert format(SourceFile("zh", chinese), "en") == english == format(SourceFile("en", english))
    own = SourceFile("own.contract", OWN)
    assert same(parse(SourceFile("zh", format(own, "zh"))), parse(own))


def test_a_finding_that_rows_share_is_told_once(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "standard.template").write_text(TEMPLATE.replace("on    net_sales", "on    net_sale", 1), encoding="utf-8")
    path = rows(folder, "contract,code,rate_given\nU-1,S-1,1%\nU-2,S-2,2%\nU-3,S-3,3%\n")
    assert main(["check", str(folder / "standard.template"), "--parameters", str(path)]) == 1
    told = capsys.readouterr().out
    assert told.count("error[") == 1
    assert "The same holds for 2 more contracts: U-2, U-3." in told


def test_a_batch_gives_what_single_runs_give(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("duckdb")
    pytest.importorskip("pyarrow")
    path = rows(folder, "contract,code,rate_given\nU-1,S-1,1%\nU-2,S-2,2%\n")
    (folder / "d.csv").write_text(
        "contract,type,doc_id,date,category,brand,supply_amount\nU-1,sale,A,2026-03-01,tea,Own,100\nU-2,sale,B,2026-03-01,tea,Own,50\n",
        encoding="utf-8",
    )
    given = ["--parameters", str(path), "--documents", str(folder / "d.csv"), "--period", "2026-03"]
    template, out = str(folder / "standard.template"), str(folder / "batch")
    assert main(["batch", "--contracts", template, *given, "--out", out, "--workers", "1"]) == 0
    assert main(["run", template, *given, "--format", "json", "-o", str(folder / "single")]) == 0
    capsys.readouterr()
    assert main(["statement", out, "U-2", "--format", "json"]) == 0
    assert capsys.readouterr().out == (folder / "single" / "U-2.json").read_text(encoding="utf-8")


def test_the_command_line(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = rows(folder, "contract,code,rate_given\nU-1,S-1,1%\nU-2,S-2,200%\n")
    template = str(folder / "standard.template")
    assert main(["check", template, "--parameters", str(path)]) == 0
    assert main(["check", template]) == 1
    (folder / "d.csv").write_text(
        "contract,type,doc_id,date,category,brand,supply_amount\nU-1,sale,A,2026-03-01,tea,Own,100\n", encoding="utf-8"
    )
    run = ["run", template, "--parameters", str(path), "--documents", str(folder / "d.csv"), "--period", "2026-03"]
    assert main([*run, "-o", str(folder / "out")]) == 0
    assert sorted(each.name for each in (folder / "out").iterdir()) == ["U-1.json", "U-2.json"]
    assert main([*run, "--format", "json"]) == 1
    assert main([*run, "--contract", "U-3"]) == 1
    assert main([*run, "--contract", "U-1", "--format", "csv"]) == 0
    assert "points-tea-2026-03" in capsys.readouterr().out


LADDERS = TEMPLATE.replace("insured yes/no = no)", 'insured yes/no = no, steep bands, flat bands = "below 100 none; from 100 1%")') + """
rebate stepped
  on      net_sales
  period  month
  tiers   marginal
    bands steep

rebate whole_of_it
  on      net_sales
  period  month
  tiers   whole
    bands flat
    from 1,000  3%
"""
WRITTEN = (
    "\nrebate stepped\n  on net_sales\n  period month\n  tiers marginal\n    up to 1,000 none\n    over 1,000 2%\n"
    "\nrebate whole_of_it\n  on net_sales\n  period month\n  tiers whole\n    below 100 none\n    from 100 1%\n    from 1,000  3%\n"
)


def test_bands_given_are_the_bands_written(tmp_path: Path) -> None:
    (tmp_path / "a.template").write_text(LADDERS, encoding="utf-8")
    (tmp_path / "b.template").write_text(TEMPLATE + WRITTEN, encoding="utf-8")
    rows = "contract,code,rate_given,brands{}\nT-1,S-1,12%,tea{}\n"
    sold = "type,doc_id,date,category,brand,supply_amount\nsale,A,2026-03-05,tea,Own,1500.00\nsale,B,2026-04-05,tea,Own,99.99\n"
    (tmp_path / "d.csv").write_text(sold, encoding="utf-8")
    found = []
    for name, head, cell in (("a", ",steep", ',"up to 1,000 none; over 1,000 2%"'), ("a", ",steep", ',"不超过 1,000 无；超过 1,000 2%"'), ("b", "", "")):
        (tmp_path / "p.csv").write_text(rows.format(head, cell), encoding="utf-8")
        program = load_many(tmp_path / f"{name}.template", tmp_path / "p.csv")["T-1"]
        lines = settle(program, read_documents(tmp_path / "d.csv", program), "2026-04").lines
        found.append([(line.clause, line.window, line.amount) for line in lines])
    assert found[0] == found[1] == found[2]
    assert Decimal("10.00") in [amount for name, _, amount in found[0] if name == "stepped"]


@pytest.mark.parametrize("cell", ["abc", "over 5 rate", "up to 5 1%; value x", "bands steep", "  ;"])
def test_what_are_no_bands_is_refused(tmp_path: Path, cell: str) -> None:
    (tmp_path / "a.template").write_text(LADDERS, encoding="utf-8")
    (tmp_path / "p.csv").write_text(f"contract,code,rate_given,brands,steep\nT-1,S-1,12%,tea,{cell}\n", encoding="utf-8")
    with pytest.raises(ContractError) as caught:
        load_many(tmp_path / "a.template", tmp_path / "p.csv")
    assert {item.code for item in caught.value.diagnostics} == {"SE0291"}


def test_bands_that_overlap_point_to_the_row(tmp_path: Path) -> None:
    (tmp_path / "a.template").write_text(LADDERS, encoding="utf-8")
    (tmp_path / "p.csv").write_text("contract,code,rate_given,brands,steep\nT-1,S-1,12%,tea,up to 9 1%; over 8 2%\n", encoding="utf-8")
    with pytest.raises(ContractError) as caught:
        load_many(tmp_path / "a.template", tmp_path / "p.csv")["T-1"]
    places = [place.span.file for item in caught.value.diagnostics for place in item.places]
    assert any(name.endswith("p.csv") for name in places)


def test_bands_of_nothing_in_a_contract() -> None:
    text = TEMPLATE.split("measure", maxsplit=1)[0].replace(TEMPLATE.splitlines()[0], 'contract C-1 "C"').replace("supplier  code", "supplier  S-1")
    text = text.replace("starts to", "2026-01-01 to").replace("pay       wait after", "pay       60 days after")
    text += "rebate r\n  on sum of paid over sales\n  period month\n  tiers whole\n    bands steps\n"
    assert [item.code for item in diagnose(SourceFile("c.contract", text))[1]] == ["SE0293"]
