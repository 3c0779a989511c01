"""SE06xx: documents."""

CODES: dict[str, tuple[str, str]] = {
    "SE0601": ("value cannot be read", "数值无法读取"),
    "SE0602": ("column is missing", "缺少列"),
    "SE0603": ("column is probably misspelt", "列名可能写错"),
    "SE0604": ("same document number, different content", "单据编号相同而内容不同"),
    "SE0605": ("document type is not known", "单据类型未知"),
    "SE0606": ("text encoding cannot be read", "文件编码无法识别"),
    "SE0607": ("required cell is blank", "必填单元格为空"),
    "SE0608": ("value is outside its range", "数值超出允许范围"),
    "SE0609": ("two columns mean the same", "两列含义相同"),
    "SE0610": ("row does not fit the header", "行与表头不符"),
    "SE0611": ("documents cannot be opened", "单据文件无法打开"),
    "SE0612": ("file is damaged", "文件已损坏"),
    "SE0613": ("file goes beyond a limit", "文件超出上限"),
    "SE0614": ("number is not exact", "数字不精确"),
    "SE0615": ("text holds invisible characters", "文本含有不可见字符"),
    "SE0616": ("document is in another currency", "单据币种与合同不符"),
    "SE0617": ("query cannot be run", "查询无法执行"),
    "SE0618": ("more faults than are printed", "错误过多，未全部列出"),
    "SE0619": ("library for this format is not installed", "缺少读取该格式的库"),
}
