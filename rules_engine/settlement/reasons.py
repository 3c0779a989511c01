"""Why nothing is due, why a line is unsettled, why a document was left out: machine words and what they say."""

from __future__ import annotations

NOT_CLOSED = "window_open"
NOT_MET = "condition_not_met"
NO_DOCUMENTS = "no_documents"
ZERO = "amount_zero"
CAPPED = "cap_used_up"
COVERED = "covered_by_a_balance"
SETTLED = "already_settled"
NOT_DUE = "not_yet_due"
NOT_COLLECTED = "not_collected"
UNREADABLE = "missing_input"
DIVIDED = "not_applicable"
FAULTY = "documents_at_fault"
NO_PROOF = "earlier_documents_missing"

AFTER_PERIOD = "after_period"
BEFORE_TERM = "before_term"
AFTER_TERM = "after_term"
FOREIGN = "foreign_contract"
LATE = "late"
NO_ORIGINAL = "unknown_link"
UNLINKED = "unlinked_return"
UNUSED = "no_clause"
DUPLICATE = "duplicate"

REASONS: dict[str, tuple[str, str]] = {
    NOT_CLOSED: ("the window is still open", "周期尚未结束"),
    NOT_MET: ("the condition does not hold", "条件不成立"),
    NO_DOCUMENTS: ("no documents", "没有单据"),
    ZERO: ("the amount is 0", "金额为 0"),
    CAPPED: ("the cap is used up", "上限已用完"),
    COVERED: ("a balance covers all of it", "已由余额全部抵用"),
    SETTLED: ("all of it is settled already", "已全部结算"),
    NOT_DUE: ("the due date has not come", "尚未到期"),
    NOT_COLLECTED: ("this settlement leaves nothing to take it from", "本期净额不足，留待以后扣收"),
    UNREADABLE: ("an input is missing", "缺少数据"),
    DIVIDED: ("a division by zero: the figure does not apply", "除数为零，指标不适用"),
    FAULTY: ("the documents do not fit the rows", "单据与条件行不符"),
    NO_PROOF: ("documents of an earlier period are missing", "缺少以前期间的单据"),
    AFTER_PERIOD: ("dated after the period", "日期在本期之后"),
    BEFORE_TERM: ("dated before the contract's term", "日期在合同期之前"),
    AFTER_TERM: ("dated after the contract's term", "日期在合同期之后"),
    FOREIGN: ("belongs to another contract", "属于其他合同"),
    LATE: ("arrived late, and the contract does not settle late documents", "迟到单据，合同约定不结算"),
    NO_ORIGINAL: ("the document it refers to is not there", "所引用的原单不存在"),
    UNLINKED: ("a return that no sale stands against", "退货没有对应的原单"),
    UNUSED: ("no clause reads it", "没有条款使用该单据"),
    DUPLICATE: ("the same document was given before", "重复单据"),
}
"""Machine word → (English, Chinese)."""
