"""SE07xx: settling."""

CODES: dict[str, tuple[str, str]] = {
    "SE0701": ("no row takes this document", "没有条件行适用于该单据"),
    "SE0702": ("two rows take this document", "两条条件行同时适用于该单据"),
    "SE0703": ("working days of this year are not known", "该年度的工作日历尚未公布"),
    "SE0704": ("period is not one of this contract", "结算期与合同不符"),
    "SE0705": ("earlier statements are missing", "缺少以前的结算单"),
    "SE0706": ("posted statement is of another contract", "已入账结算单属于其他合同"),
    "SE0707": ("this is not a settlement statement", "该文件不是结算单"),
    "SE0708": ("posted statement cannot be read", "已入账结算单无法读取"),
    "SE0709": ("posted statement was changed: its sums do not add up", "已入账结算单被改动：合计不符"),
    "SE0710": ("posted statements overlap", "已入账结算单期间重叠"),
    "SE0711": ("a later period is already posted", "更晚的期间已经入账"),
    "SE0712": ("documents of a settled period have changed", "已结算期间的单据有变动"),
    "SE0713": ("documents of an earlier period are needed", "需要以前期间的单据"),
    "SE0714": ("documents of a settled period are missing", "缺少已结算期间的单据"),
    "SE0715": ("an input is missing", "缺少数据"),
    "SE0716": ("division by zero", "除数为零"),
    "SE0717": ("no band holds this value", "没有阶梯档包含该数值"),
    "SE0718": ("a line could not be computed", "该行无法计算"),
    "SE0771": ("two exceptions hold at once", "两项例外同时成立"),
    "SE0719": ("statements between the posted ones are missing", "已入账结算单之间有缺期"),
}
