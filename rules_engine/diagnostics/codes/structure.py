"""SE02xx: the structure of rows, tiers, dates and fields."""

CODES: dict[str, tuple[str, str]] = {
    "SE0201": ("field is missing", "缺少字段"),
    "SE0202": ("field does not belong here", "此处不能使用该字段"),
    "SE0203": ("field is written twice", "字段重复"),
    "SE0204": ("rows overlap", "条件行重叠"),
    "SE0205": ("rows leave a gap", "条件行有遗漏"),
    "SE0206": ("bands leave a gap", "阶梯有空档"),
    "SE0207": ("bands overlap", "阶梯重叠"),
    "SE0208": ("bands do not rise", "阶梯没有递增"),
    "SE0209": ("dates are in the wrong order", "日期先后颠倒"),
    "SE0210": ("date lies outside the term", "日期不在合同期限内"),
    "SE0211": ("bands mix two ways of writing bounds", "阶梯混用两种边界写法"),
    "SE0212": ("row can never apply", "该行永远不会适用"),
    "SE0213": ("floor lies above the cap", "下限高于上限"),
    "SE0214": ("windows do not nest", "期间不能相互嵌套"),
    "SE0215": ("shares do not add up", "份额合计不等于 100%"),
    "SE0217": ("amendments do not follow each other", "补充协议编号不连续"),
    "SE0218": ("an amendment cannot change this", "补充协议不能作此变更"),
    "SE0219": ("this file is no contract by itself", "该文件本身不是合同"),
    "SE0271": ("not every month has this day", "并非每个月都有这一天"),
    "SE0216": ("this reading is not available yet", "暂不支持这种写法"),
}
