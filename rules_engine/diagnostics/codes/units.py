"""SE04xx: units and types."""

CODES: dict[str, tuple[str, str]] = {
    "SE0401": ("units do not fit together", "单位不一致"),
    "SE0402": ("another unit is needed here", "此处需要其他单位"),
    "SE0403": ("money cannot be multiplied by money", "金额不能乘以金额"),
}
