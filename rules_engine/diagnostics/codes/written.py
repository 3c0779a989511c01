"""SE05xx: what a contract must write because money depends on it (each with both readings and the money between them)."""

CODES: dict[str, tuple[str, str]] = {
    "SE0501": ("tier reading must be written", "必须写明阶梯算法"),
    "SE0503": ("coupon basis of the revenue must be written", "必须写明收入是含券还是券后"),
    "SE0504": ("tax basis of prices must be written", "必须写明价格含税或不含税"),
    "SE0505": ("group of the guarantee must be written", "必须写明毛保的核算范围"),
    "SE0506": ("change inside a window must be decided", "必须写明期间内变更的处理"),
    "SE0507": ("window of the bound must be written", "必须写明上下限的期间"),
    "SE0508": ("a deposit larger than the first settlement must be decided", "必须写明质保金大于首期结算时的处理"),
    "SE0509": ("a negative base must be decided", "必须写明基数为负时的处理"),
    "SE0510": ("a negative net must be decided", "必须写明净额为负时的处理"),
    "SE0511": ("late documents must be decided", "必须写明迟到单据的处理"),
    "SE0512": ("period of returns must be written", "必须写明退货计入的期间"),
    "SE0513": ("a baseline that may be missing must be decided", "必须写明基准缺失时的处理"),
    "SE0514": ("unused credit must be decided", "必须写明未用双计额度的处理"),
    "SE0515": ("place of rounding must be written", "必须写明在何处取整"),
    "SE0516": ("a cut window must be decided", "必须写明期间不完整时是否折算"),
    "SE0518": ("period of the clause must be written", "必须写明条款的核算期间"),
    "SE0519": ("what a month after the 31st is must be written", "必须写明月末加月如何处理"),
}
