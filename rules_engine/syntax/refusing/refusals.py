"""Findings about single words and numbers that cannot stand as written."""

from __future__ import annotations

from rules_engine.diagnostics.build import NOTHING, Words
from rules_engine.diagnostics.model import Diagnostic
from rules_engine.syntax.actions.given import EXPECTED
from rules_engine.syntax.keywords import Keywords
from rules_engine.syntax.lexemes import Refusal
from rules_engine.syntax.refusing.findings import finding
from rules_engine.syntax.tree import Number

_FIXED: dict[str, tuple[Words, Words]] = {
    "SE0106": (
        ('a text begins and ends with `"` on one line', '文字的首尾都要有引号 `"`，且在同一行'),
        ('close it with `"`', '在末尾补上 `"`'),
    ),
    "SE0109": (
        ("brackets and indented rows may stand at most 64 deep", "括号与缩进最多 64 层"),
        ("name the inner part as a measure", "请将内层写成单独的口径"),
    ),
    "SE0110": (
        (
            (
                "the word includes the number in law, yet is often meant without it. At 1% from 1,000,000.00, a base of exactly 1,000,000.00\n"
                "earns 10,000.00 with the number in and nothing with it out: 10,000.00 between the two"
            ),
            (
                "该词依民法典第 1259 条包含本数，但常被当作不包含。满 1,000,000.00 返 1%、基数恰为 1,000,000.00 时，\n"
                "含本数得 10,000.00，不含则为零：相差 10,000.00"
            ),
        ),
        (
            "write `自` or `不超过` where the number belongs to the band, `超过` or `不满` where it does not",
            "含本数请写 `自` 或 `不超过`，不含本数请写 `超过` 或 `不满`",
        ),
    ),
    "SE0112": (
        ("every `(` needs its `)` before the next field", "每个 `(` 都要在下一项之前有对应的 `)`"),
        ("add or delete a bracket", "补上或删去一个括号"),
    ),
    "SE0114": (
        ("a name may have 128 characters", "名称最多 128 个字符"),
        ("shorten it; a title in quotes may be longer", "请缩短；引号中的标题可以更长"),
    ),
    "SE0115": (("a quoted text may have 4 KiB", "引号内文字最多 4 KiB"), ("shorten it", "请缩短")),
    "SE0119": (
        (
            "after the first comma of `for` come bare names such as `for rice, oil`",
            "`限` 之后的逗号后只能写名称，如 `限 大米, 食用油`",
        ),
        ("write one condition, with `or` or `in (…)`", "请写成一个条件，用 `或` 或 `属于 (…)`"),
    ),
    "SE0121": (
        ("one line may have 200 operators, 5,000 words and 500 cells", "一行最多 200 个运算、5,000 个词、500 个单元格"),
        ("name parts of it as measures", "请将其中部分写成口径"),
    ),
    "SE0123": (
        ("a table row begins and ends with `|`", "表格行以 `|` 开头并以 `|` 结束"),
        ("close it with `|`", "在行末补上 `|`"),
    ),
    "SE0125": (("a ladder may have 1,000 tiers", "阶梯最多 1,000 档"), ("use `sliding` or a formula", "请改用 `插值` 或公式")),
}


def refused(fault: Refusal, words: Keywords) -> Diagnostic:
    """The finding for a word, number or text that was refused."""
    why, fix = _FIXED.get(fault.code) or _worded(fault)
    return finding(fault.code, words.language, fault.span, why, fix)


def _worded(fault: Refusal) -> tuple[Words, Words]:
    details = fault.details
    written = details.get("written", "")
    match fault.code:
        case "SE0102":
            return _character(details["character"])
        case "SE0104":
            return _NUMBER
        case "SE0105" if "parts" in details:
            year, month, day = details["parts"]
            plain = f"{year}-{int(month):02d}-{int(day):02d}"
            return (f"`{written}` is no date here", f"`{written}` 不是日期的写法"), (f"write `{plain}`", f"写成 `{plain}`")
        case "SE0105":
            return (f"there is no day {written}", f"没有 {written} 这一天"), (
                "write an existing day as year-month-day",
                "请写实际存在的日期，如 2026-03-31",
            )
        case "SE0107":
            return _indentation(details)
        case "SE0291":
            parameter, asked = details["parameter"], EXPECTED[details["parameter"].type]
            return (
                (f"`{parameter.name}` takes {asked[0]}", f"“{parameter.name}”应为{asked[1]}"),
                (f"write {asked[0]}", f"请写{asked[1]}"),
            )
        case "SE0116":
            return _arguments(fault)
        case "SE0117" if "most" in details:
            most = details["most"]
            return (
                f"{most} conditions stand there, so {written} of them can never hold",
                f"此处只有 {most} 项条件，不可能满足 {written} 项",
            ), (f"write a number up to {most}", f"请写不超过 {most} 的数")
        case "SE0117":
            return (f"{written} is not a whole number from 1", f"{written} 不是从 1 起的整数"), (
                "write a whole number",
                "请写整数",
            )
        case "SE0118":
            return (f"`{details['word']}` stands twice; which one counts is open", "同一项写了两次，以哪个为准不明确"), (
                "keep one of them",
                "只保留一个",
            )
        case "SE0126":
            return (
                (
                    f"the contract settles in {details['currency']}, and nothing says at which rate {details['written']} is changed",
                    f"合同以 {details['currency']} 结算，没有写明{details['written']}按什么汇率折算",
                ),
                (f"write the amount in {details['currency']}", f"按 {details['currency']} 写出金额"),
            )
        case _:
            return NOTHING, NOTHING


_NUMBER: tuple[Words, Words] = (
    (
        "a number has at most 28 digits and 10 decimals, commas only between thousands, no exponent and no `_`",
        "数字最多 28 位整数、10 位小数，逗号只用于千分位，不用指数和 `_`",
    ),
    ("write it like `1,200.50` or `1200.5`", "写成 `1,200.50` 或 `1200.5`"),
)


def _character(char: str) -> tuple[Words, Words]:
    if char == "%":
        return ("`%` follows a number", "`%` 要跟在数字之后"), ("write `12%`", "写成 `12%`")
    if char in ":：":
        return (f"`{char}` has no meaning in a contract", f"`{char}` 在合同中没有含义"), (
            "a blank parts a word from what it says: `on net_sales`",
            "词与内容之间用空格隔开：`基数 净销售额`",
        )
    if char in "¥￥$€£":
        return (f"`{char}` has no meaning in a contract", f"`{char}` 在合同中没有含义"), (
            "write the amount alone, or its currency behind it: `500 CNY`",
            "只写金额，或将币种写在后面：`500元`",
        )
    return (f"`{char}` has no meaning in a contract", f"`{char}` 在合同中没有含义"), (
        "delete it, or put the text in quotes",
        "请删除，或将文字放入引号",
    )


def _indentation(details: dict[str, object]) -> tuple[Words, Words]:
    if details.get("tab"):
        return ("a tab is as wide as each editor likes", "制表符的宽度因编辑器而异"), (
            "indent with blanks, two a level",
            "用空格缩进，每层两个",
        )
    return (
        ("it begins left of its neighbours and right of the line they belong to", "它比同级的行靠左，又比上级的行靠右"),
        ("begin it at the same column as its neighbours", "请与同级的行左对齐"),
    )


def _arguments(fault: Refusal) -> tuple[Words, Words]:
    function, arguments = fault.details["function"], fault.details["arguments"]
    first = arguments[0] if arguments else None
    if len(arguments) == 1 and isinstance(first, Number) and first.value >= 1000:
        plain = f"{first.value:,f}"
        return (
            (f"`{plain}` is one number: the comma parts its thousands", f"`{plain}` 是一个数：逗号是千分位"),
            (f"write `{function}({plain.replace(',', ', ')})` with a blank after the comma if two numbers are meant",
             f"若是两个数，请在逗号后加空格：`{function}({plain.replace(',', ', ')})`"),
        )  # fmt: skip
    return (
        (
            f"`{function}` of {len(arguments)}: `min` and `max` take two or more, `abs` takes one",
            f"`{function}` 有 {len(arguments)} 个数：最小、最大要两个以上，绝对值要一个",
        ),
        ("give the numbers, parted by `, `", "用 `, ` 分隔各数"),
    )
