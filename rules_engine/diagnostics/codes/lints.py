"""SW09xx: warnings; they never stop a run."""

CODES: dict[str, tuple[str, str]] = {
    "SW0901": ("month and year are both plausible", "按月与按年都说得通"),
    "SW0902": ("payment term exceeds the legal limit", "账期超过法定上限"),
    "SW0903": ("guarantee by month has no yearly true-up", "按月毛保没有年度清算"),
    "SW0904": ("coupons may be recovered twice", "优惠券可能被重复收取"),
    "SW0905": ("marketing spend counts in two places", "推广费在两处计入"),
    "SW0961": ("column is not known", "列名未知"),
    "SW0962": ("rows of another contract", "属于其他合同的行"),
    "SW0963": ("documents delivered twice", "重复提交的单据"),
    "SW0964": ("no file has a column the contract reads", "合同读取的列在文件中不存在"),
    "SW0965": ("cells that this document type does not have", "该单据类型没有的单元格"),
}
