"""Contracts out of one archive: what a folder of them gives, and nothing outside the work folder."""

from __future__ import annotations

import io
import json
import shutil
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from rules_engine.api import ContractError
from rules_engine.bulk.model import ContractSource
from rules_engine.cli import archive
from rules_engine.cli.archive import Unpacked, unpack, unpacked
from rules_engine.cli.main import main
from tests.unit.bulk.shop import SMALL, contents, rows, small

pytestmark = pytest.mark.bulk
TERMS = 'terms "Shared"\n\nmeasure turnover\n  sum of paid over sales\n'
TEMPLATE = SMALL.format(id="").replace('contract  "Small"', "template tea(rate percent)").replace("10%  for tea", "rate  for tea")
TABLES = ("lines", "totals", "trace", "posted", "carried", "exceptions", "control")


@pytest.fixture
def packed(tmp_path: Path) -> tuple[Path, Path]:
    """A folder of contracts (two files that use shared terms, two rows of a template) and the documents of all."""
    place = tmp_path / "in"
    _, documents = small(place, 4)
    folder = tmp_path / "contracts"
    (folder / "north/rates").mkdir(parents=True)
    (folder / "tea").mkdir()
    (folder / "north/rates/shared.terms").write_text(TERMS, encoding="utf-8")
    for number in (0, 1):
        text = (place / f"{number}.contract").read_text(encoding="utf-8").replace("sum of paid over sales less customer_returns", "turnover")
        (folder / f"north/{number}.contract").write_text(text.replace("goods sold", 'use "rates/shared.terms"\n\ngoods sold'), encoding="utf-8")
    (folder / "tea/tea.template").write_text(TEMPLATE, encoding="utf-8")
    (folder / "tea/tea.csv").write_text("contract,rate\nGO-0002,9%\nGO-0003,8%\n", encoding="utf-8")
    return folder, documents


def zipped(folder: Path, target: Path) -> Path:
    with zipfile.ZipFile(target, "w") as stream:
        for path in sorted(folder.rglob("*")):
            stream.write(path, path.relative_to(folder))
    return target


def tarred(folder: Path, target: Path) -> Path:
    with tarfile.open(target, "w:gz") as stream:
        stream.add(folder, ".")
    return target


def settled(contracts: object, documents: Path, out: Path, *more: str) -> int:
    return main(["batch", "--contracts", str(contracts), "--documents", str(documents), "--period", "2026-02", "--workers", "1", "--out", str(out), *more])


@pytest.mark.parametrize(("pack", "name"), [(zipped, "contracts.zip"), (tarred, "contracts.tar.gz")])
def test_an_archive_settles_as_its_folder_does(tmp_path: Path, packed: tuple[Path, Path], pack: Callable[[Path, Path], Path], name: str) -> None:
    folder, documents = packed
    target = pack(folder, tmp_path / name)
    assert settled(folder, documents, tmp_path / "folder") == 0
    assert settled(target, documents, tmp_path / "archive") == 0
    one, other = contents(tmp_path / "archive"), contents(tmp_path / "folder")
    assert [one[f"{table}.parquet"] == other[f"{table}.parquet"] for table in TABLES] == [True] * len(TABLES)
    about = json.loads(one["manifest.json"])["inputs"]
    assert [Path(item["path"]) for item in about["contracts"]] == [target / place for place in ("north/0.contract", "north/1.contract", "tea/tea.template", "tea/tea.template")]
    assert about["archives"] == [{"path": str(target), "sha256": archive_hash(target)}]
    assert sorted(path.name for path in tmp_path.iterdir() if path.name.startswith(".")) == []
    for contract in ("GO-0001", "GO-0003"):
        assert main(["statement", str(tmp_path / "archive"), contract, "-o", str(tmp_path / f"{contract}.json")]) == 0
    shutil.rmtree(folder)
    assert settled(target, documents, tmp_path / "archive") == 0
    target.write_bytes(target.read_bytes() + b"\0")
    assert main(["statement", str(tmp_path / "archive"), "GO-0001"]) == 1


def archive_hash(path: Path) -> str:
    from hashlib import sha256

    return sha256(path.read_bytes()).hexdigest()


def test_findings_speak_of_places_in_the_archive(tmp_path: Path, packed: tuple[Path, Path]) -> None:
    folder, documents = packed
    (folder / "north/0.contract").write_text('contract GO-0000 "Wrong"\n  platform "P"\n', encoding="utf-8")
    target = zipped(folder, tmp_path / "contracts.zip")
    assert settled(target, documents, tmp_path / "out") == 1
    places = {row["place"].rsplit(":", 2)[0] for row in rows(tmp_path / "out", "exceptions") if row["contract"] == "GO-0000"}
    assert places == {f"{target}/north/0.contract"}


def test_a_template_and_its_parameters_are_named_in_the_archive(tmp_path: Path, packed: tuple[Path, Path], capsys: pytest.CaptureFixture[str]) -> None:
    folder, documents = packed
    (folder / "tea/tea.csv").rename(folder / "tea/suppliers.csv")
    target = zipped(folder, tmp_path / "contracts.zip")
    outcomes = [settled(target, documents, tmp_path / str(number), "--parameters", name) for number, name in enumerate(("suppliers.csv", f"{target}/tea/suppliers.csv"))]
    assert outcomes == [0, 0]
    said = capsys.readouterr().out
    assert said.count("2 of 2 contracts settled") == 2
    (folder / "other.template").write_text(TEMPLATE.replace("tea(", "other("), encoding="utf-8")
    assert settled(zipped(folder, target), documents, tmp_path / "several", "--parameters", "suppliers.csv") == 1
    assert "holds 2 templates" in capsys.readouterr().err


def evil(name: str, data: bytes = b"x", mode: int = 0) -> Callable[[Path], Path]:
    def made(folder: Path) -> Path:
        item = zipfile.ZipInfo(name)
        item.external_attr = mode << 16
        with zipfile.ZipFile(folder / "evil.zip", "w", zipfile.ZIP_DEFLATED) as stream:
            stream.writestr(item, data)
        return folder / "evil.zip"

    return made


def evil_tar(**fields: object) -> Callable[[Path], Path]:
    def made(folder: Path) -> Path:
        item = tarfile.TarInfo("a.contract")
        for name, value in fields.items():
            setattr(item, name, value)
        with tarfile.open(folder / "evil.tar.gz", "w:gz") as stream:
            stream.addfile(item, io.BytesIO(b""))
        return folder / "evil.tar.gz"

    return made


def twice(folder: Path) -> Path:
    with zipfile.ZipFile(folder / "evil.zip", "w") as stream:
        stream.writestr("a.contract", "1")
        with pytest.warns(UserWarning, match="Duplicate name"):
            stream.writestr("a.contract", "2")
    return folder / "evil.zip"


def broken(name: str) -> Callable[[Path], Path]:
    def made(folder: Path) -> Path:
        (folder / name).write_bytes(b"no archive at all")
        return folder / name

    return made


@pytest.mark.parametrize(
    ("made", "said"),
    [
        (evil("../out.contract"), "no place inside"), (evil("a/../../out.contract"), "no place inside"), (evil("/etc/out.contract"), "no place inside"),
        (evil("..\\out.contract"), "no place inside"), (evil("C:/out.contract"), "no place inside"), (evil("a\nb.contract"), "no place inside"),
        (evil("link.contract", b"/etc/passwd", 0o120777), "no regular file"), (evil("large.csv", b"0" * 5000), "more than"), (twice, "twice"),
        (evil_tar(type=tarfile.SYMTYPE, linkname="/etc/passwd"), "no regular file"), (evil_tar(type=tarfile.LNKTYPE, linkname="b"), "no regular file"),
        (evil_tar(type=tarfile.FIFOTYPE), "no regular file"), (evil_tar(name="../out.contract"), "no place inside"), (broken("evil.zip"), "cannot be read"), (broken("evil.tar.gz"), "cannot be read"),
    ],
)  # fmt: skip
def test_what_leads_out_or_swells_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, made: Callable[[Path], Path], said: str) -> None:
    monkeypatch.setattr(archive, "FILE_BYTES", 4000)
    target = made(tmp_path)
    before = sorted(tmp_path.iterdir())
    with pytest.raises(ContractError) as raised, unpacked([str(target)], tmp_path / ".work"):
        raise AssertionError("it was unpacked")
    (found,) = raised.value.diagnostics
    assert (found.code, said in found.why) == ("SE0886", True), found.why
    assert sorted(tmp_path.iterdir()) == before


def test_the_limits_of_all_files_together_hold(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = tmp_path / "many.zip"
    with zipfile.ZipFile(target, "w") as stream:
        for number in range(3):
            stream.writestr(f"{number}.contract", "12345")
    for name, limit in (("BYTES", 14), ("FILES", 2)):
        with monkeypatch.context() as patch:
            patch.setattr(archive, name, limit)
            with pytest.raises(ContractError, match="SE0886"):
                unpack(target, tmp_path / name)
    unpack(target, tmp_path / "whole")
    assert len(list((tmp_path / "whole").iterdir())) == 3


@pytest.mark.parametrize("coding", ["utf-8", "gb18030"])
def test_chinese_names_of_old_archives_are_read_as_they_were_meant(tmp_path: Path, coding: str) -> None:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as stream:
        stream.writestr("0" * len("费率.terms".encode(coding)), "x")
    name = "费率.terms".encode(coding)
    (tmp_path / "old.zip").write_bytes(data.getvalue().replace(b"0" * len(name), name))
    unpack(tmp_path / "old.zip", tmp_path / "out")
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["费率.terms"]


def test_names_go_there_and_back() -> None:
    places = Unpacked((("a.zip", "/work/0"), ("b.zip", "/work/1")))
    for name, real in (("a.zip/x.contract", "/work/0/x.contract"), ("b.zip", "/work/1"), ("a.zipped/x", "a.zipped/x"), ("./a.zip/x", "/work/0/x")):
        assert places.real(name) == real
    assert places.shown("/work/1/y") == "b.zip/y"
    assert ContractSource("A", places.shown("/work/0/x"), "").path == "a.zip/x"
