"""SW09xx: warnings; they never stop a run."""

CODES: dict[str, tuple[str, str]] = {
    "SW0902": ("payment term exceeds the legal limit", "账期超过法定上限"),
    "SW0903": ("a guarantee by month costs more than one by year", "按月毛保比按年毛保成本更高"),
    "SW0904": ("the same spend counts twice", "同一推广费用于两处"),
    "SW0905": ("a refunded coupon is recovered twice", "已退还的券又在毛保中收回"),
    "SW0906": ("fee for what may not be charged", "可能属于禁止收取的费用"),
    "SW0915": ("a commission passes through more than two levels", "佣金层级超过两级"),
    "SW0910": ("name holds letters that pass for others", "名称中含有形似的其他字母"),
}
