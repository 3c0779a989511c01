"""SE08xx: files and environment."""

CODES: dict[str, tuple[str, str]] = {
    "SE0801": ("file cannot be read", "文件无法读取"),
    "SE0802": ("file does not exist", "文件不存在"),
    "SE0803": ("file cannot be written", "文件无法写入"),
    "SE0804": ("file lies outside the contract's folder", "文件不在合同所在文件夹内"),
    "SE0805": ("optional package is not installed", "可选组件未安装"),
}
