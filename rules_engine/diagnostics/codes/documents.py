"""SE06xx: documents."""

CODES: dict[str, tuple[str, str]] = {
    "SE0601": ("value cannot be read", "数值无法读取"),
    "SE0602": ("column is missing", "缺少列"),
    "SE0603": ("column is not known", "列名未知"),
    "SE0604": ("same document number, different content", "单据编号相同而内容不同"),
    "SE0605": ("document type is not known", "单据类型未知"),
    "SE0606": ("text encoding cannot be read", "文件编码无法识别"),
}
