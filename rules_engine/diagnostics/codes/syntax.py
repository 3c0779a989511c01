"""SE01xx: characters and syntax."""

CODES: dict[str, tuple[str, str]] = {
    "SE0101": ("this text is not understood here", "此处的文字无法识别"),
    "SE0102": ("character not allowed in a contract", "合同中不允许的字符"),
    "SE0103": ("invisible or direction-changing character", "含有不可见字符或改变文字方向的字符"),
    "SE0104": ("number is not written correctly", "数字写法不正确"),
    "SE0105": ("date does not exist", "日期不存在"),
    "SE0106": ("quoted text is not closed", "引号没有成对"),
    "SE0107": ("indentation does not match", "缩进不一致"),
    "SE0108": ("contract file is too large", "合同文件过大"),
    "SE0109": ("text is nested too deeply", "嵌套层数过多"),
}
