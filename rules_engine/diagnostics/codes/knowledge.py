"""SN10xx: notes on what a contract's own numbers tell without any document; they never stop a run."""

CODES: dict[str, tuple[str, str]] = {
    "SN1001": ("amount jumps at a bound", "金额在界限处跳升"),
    "SN1002": ("one more unit lowers the amount", "多一个单位反而减少金额"),
    "SN1003": ("tier changes nothing", "该档不起作用"),
    "SN1004": ("no document comes to this row", "没有单据会用到这一行"),
    "SN1005": ("clause never pays", "条款永远不产生金额"),
    "SN1006": ("cap lies below the floor", "上限低于下限"),
    "SN1007": ("cap is never reached", "上限永远达不到"),
    "SN1008": ("floor is always what is paid", "实际总是付下限"),
    "SN1010": ("where the guarantee breaks even", "毛保的盈亏平衡点"),
    "SN1011": ("where the two readings of a composite margin part", "综合毛保两种算法的分界点"),
    "SN1012": ("spend that the commitment needs", "投放承诺所需的投入"),
    "SN1013": ("rebate is due below its first target", "未达首个目标也要付返利"),
    "SN1014": ("fee is a share of sales", "费用按销售额比例收取"),
    "SN1015": ("clauses without their place in the paper", "条款未写明书面出处"),
    "SN1016": ("longest wait for payment", "最长的付款等待时间"),
}
