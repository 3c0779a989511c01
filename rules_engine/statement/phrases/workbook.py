"""Words of workbooks."""

PHRASES: dict[str, tuple[str, str]] = {
    "sheet.summary": ("Summary", "汇总"),
    "sheet.lines": ("Lines", "明细"),
    "sheet.beside": ("Beside the totals", "合计之外"),
    "sheet.steps": ("Calculation", "计算过程"),
    "sheet.left_out": ("Left out", "未结算与异常"),
    "sheet.step": ("step", "步骤"),
    "sheet.formula": ("formula", "算式"),
    "sheet.currency": ("Currency", "币种"),
    "sheet.agrees": ("agrees", "相符"),
    "sheet.differs": ("DIFFERS", "不符"),
    "sheet.values": (
        "A spreadsheet keeps 15 digits of a number; this statement needs more, or has no lines: its totals are values, not formulas.",
        "电子表格只保留 15 位有效数字；本结算单超出该位数或没有明细，合计为数值而非公式。",
    ),
}
