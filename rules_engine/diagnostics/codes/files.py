"""SE08xx: files, scenarios and environment."""

CODES: dict[str, tuple[str, str]] = {
    "SE0801": ("file cannot be read", "文件无法读取"),
    "SE0802": ("file does not exist", "文件不存在"),
    "SE0803": ("file cannot be written", "文件无法写入"),
    "SE0806": ("no contract found here", "此处没有合同文件"),
    "SE0807": ("earlier statement cannot be read", "以前的结算单无法读取"),
    "SE0808": ("case.toml is not understood", "case.toml 无法识别"),
    "SE0809": ("statement has no such line", "结算单没有该行"),
    "SE0810": ("file is not UTF-8 text", "文件不是 UTF-8 文本"),
    "SE0811": ("scenario gives another result", "情景结果与预期不符"),
    "SE0812": ("case gives another statement", "案例结算单与预期不符"),
    "SE0813": ("twin contract gives another statement", "双语合同的结算结果不一致"),
    "SE0815": ("shared file is refused", "不接受该共用文件"),
    "SE0816": ("a shared file cannot hold this", "共用文件不能包含此内容"),
    "SE0814": ("statement has no such format", "结算单没有该格式"),
}
