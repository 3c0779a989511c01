"""SE04xx: units and types."""

CODES: dict[str, tuple[str, str]] = {
    "SE0401": ("units do not fit together", "单位不一致"),
    "SE0402": ("another unit is needed here", "此处需要其他单位"),
    "SE0403": ("these units cannot be multiplied or divided", "这些单位不能相乘或相除"),
    "SE0404": ("these units cannot be compared", "这些单位不能比较"),
    "SE0405": ("a percentage has nothing to multiply", "百分比没有可乘的基数"),
    "SE0406": ("a condition is needed here", "此处需要条件"),
    "SE0407": ("an amount of money is needed here", "此处需要金额"),
    "SE0408": ("a date is needed here", "此处需要日期"),
    "SE0409": ("a price per unit needs a base that counts", "按件计价需要计数的基数"),
    "SE0410": ("a rate has to multiply its base", "点位要乘以基数"),
    "SE0418": ("hours are counted between moments", "小时数须在两个时刻之间计算"),
}
