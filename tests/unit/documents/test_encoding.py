from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, strategies as st

from rules_engine.documents.encoding import Undecodable, detect
from tests.unit.documents.samples import SALE, codes, csv_text, faults, read

CHINESE = "单据编号,单据类型,日期,类目,实付\nX-1,销售单,2026-03-05,大米,70.00\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk", "gb2312"])
def test_a_chinese_file_reads_alike_in_every_encoding(tmp_path: Path, encoding: str) -> None:
    target = tmp_path / "documents.csv"
    target.write_bytes(CHINESE.encode(encoding))
    (line,) = read(target).lines
    assert (line.type, line.id, line.values["category"]) == ("sale", "X-1", "大米")


@pytest.mark.parametrize(
    ("data", "offset"),
    {
        "utf-16": (CHINESE.encode("utf-16"), 0),
        "utf-16 without a mark": ("type\n".encode("utf-16-le"), 1),
        "zero byte": (b"type,paid\nsale,7\x000\n", 16),
        "big5": ("單據編號,單據類型,日期\n1,銷售單,2026-03-05\n".encode("big5"), 0),
        "big5 in one cell": ("type,category\nsale,金龍\n".encode("big5"), 19),
        "mixed, first UTF-8": (b"category\n" + "大米\n".encode() + "食用油\n".encode("gbk"), 18),
        "mixed, first GB18030": (b"category\n" + "食用油\n".encode("gbk") + "大米油\n".encode(), 11),
        "cut in UTF-8": ("category\n大米".encode()[:-1], 12),
        "cut in GB18030": ("category\n大米".encode("gbk")[:-1], 11),
        "latin 1": ("category\ncaf\xe9 x\n".encode("latin-1"), 12),
        "marked UTF-8, but not": (b"\xef\xbb\xbfcategory\n\xff\n", 12),
    }.values(),
)
def test_what_is_not_certain_is_refused_with_its_byte(data: bytes, offset: int) -> None:
    found = detect(data)
    assert isinstance(found, Undecodable)
    assert found.offset == offset


def test_the_message_names_byte_and_remedy(tmp_path: Path) -> None:
    target = tmp_path / "documents.csv"
    target.write_bytes(b"type\nsale\xff\n")
    (fault,) = faults(target, "zh")
    assert fault.code == "SE0606"
    assert "第 9 字节" in fault.places[0].text
    assert "UTF-8" in fault.fix


def test_json_lines_are_utf8(tmp_path: Path) -> None:
    target = tmp_path / "documents.jsonl"
    target.write_bytes('{"type": "销售单"}\n'.encode("gbk"))
    assert codes(target) == ["SE0606"]


@given(st.text(alphabet="大米食用油的一是在不了有和人这中国上海北京确认日期去前", min_size=2, max_size=30))
def test_everyday_chinese_in_gb18030_is_never_taken_for_something_else(text: str) -> None:
    assert detect(f"category\n{text}\n".encode("gb18030")) != "utf-8"
    assert detect(f"单据类型,category\n销售单,{text}\n".encode("gb18030")) == "gb18030"


TRADITIONAL = "為國會時們個說學對發經與點開產這還後業電進實過現體數問題種東樣關長門當動應機處來讓車馬錢"


@given(st.lists(st.sampled_from(TRADITIONAL), min_size=18, max_size=40, unique=True))
def test_traditional_chinese_of_a_sentence_in_big5_is_never_mangled(characters: list[str]) -> None:
    text = "".join(characters)
    assert isinstance(detect(f"category\n{text}\n".encode("big5")), Undecodable)


@given(st.binary(max_size=60))
def test_any_bytes_get_an_answer(data: bytes) -> None:
    found = detect(data)
    if not isinstance(found, Undecodable):
        data.decode(found)


@pytest.mark.parametrize("text", ["café", "naïve Müller", "Привет, мир", "大米", "😀"])
def test_other_scripts_in_utf8_stay_utf8(text: str) -> None:
    assert detect(f"category\n{text}\n".encode()) == "utf-8"


def test_chinese_that_is_valid_utf8_by_chance_is_refused() -> None:
    assert isinstance(detect("category\n联通\n".encode("gbk")), str)
    assert isinstance(detect("category\n一一\n".encode("gbk")), Undecodable)
    assert isinstance(detect("category\nελληνικά\n".encode()), Undecodable)
    assert detect("category\nελληνικά\n".encode("utf-8-sig")) == "utf-8-sig"


def test_plain_ascii_is_utf8() -> None:
    assert detect(csv_text([SALE]).encode()) == "utf-8"
