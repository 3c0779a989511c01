"""SE03xx: names."""

CODES: dict[str, tuple[str, str]] = {
    "SE0301": ("name is not known", "名称未定义"),
    "SE0302": ("name is given twice", "名称重复定义"),
    "SE0303": ("names refer to each other in a circle", "名称循环引用"),
    "SE0304": ("documents lack this column", "单据没有该列"),
    "SE0305": ("document type is not known", "单据类型未定义"),
    "SE0307": ("clause is not known", "条款未定义"),
    "SE0308": ("party is not known", "参与方未定义"),
    "SE0309": ("the base cannot be split this way", "基数不能按此拆分"),
}
