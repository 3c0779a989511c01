"""SE07xx: settling."""

CODES: dict[str, tuple[str, str]] = {
    "SE0701": ("no row takes this document", "没有条件行适用于该单据"),
    "SE0702": ("two rows take this document", "两条条件行同时适用于该单据"),
    "SE0703": ("working days of this year are not known", "该年度的工作日历尚未公布"),
    "SE0704": ("period is not one of this contract", "结算期与合同不符"),
    "SE0705": ("earlier statements are missing", "缺少以前的结算单"),
}
