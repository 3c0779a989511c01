"""The document types and columns every contract knows: units, kinds, sides, clocks and Chinese spellings, as data."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from rules_engine.core.program import ColumnType, DocumentType
from rules_engine.core.units import Unit

ZERO = Decimal(0)


def _texts(*names: str) -> dict[str, ColumnType]:
    return {name: ColumnType(name, Unit.TEXT, "text") for name in names}


def _dates(*names: str) -> dict[str, ColumnType]:
    return {name: ColumnType(name, Unit.DATE, "date") for name in names}


def _amounts(*names: str, low: Decimal | None = None) -> dict[str, ColumnType]:
    return {name: ColumnType(name, Unit.MONEY, "amount", low=low) for name in names}


def _quantity(low: Decimal | None = None) -> dict[str, ColumnType]:
    return {"quantity": ColumnType("quantity", Unit.QUANTITY, "quantity", low=low)}


IDENTITY = ("doc_id", "line_no", "type", "contract", "currency")
"""Columns that say what a row is; the contract's formulas may read `doc_id` and `line_no`."""

CLOCKS = ("date", "ordered_on", "delivered_on", "received_on", "returned_on", "posted_on", "known_on")
LINKS = ("order_id", "po_id", "batch_id", "ref_doc_id", "ref_line_no")
DIMENSIONS = ("sku", "category", "brand", "warehouse", "channel", "campaign", "party", "reason")
GOODS_AMOUNTS = (
    "supply_amount", "list_amount", "paid", "supplier_coupon", "platform_coupon", "government_coupon", "platform_discount"
)  # fmt: skip
CORE_AMOUNTS = ("quantity", "supply_amount", "list_amount", "paid", "amount")
"""Columns a file must have when the contract adds them up; coupons and discounts may be left out."""

VAT = ColumnType("vat", Unit.PERCENT, "percent", low=ZERO)

COMMON_COLUMNS: Mapping[str, ColumnType] = {
    **_texts("doc_id", "line_no"), **_dates(*CLOCKS), **_texts(*LINKS, *DIMENSIONS), "vat": VAT
}  # fmt: skip
"""What every document type has."""

OWN_TYPE_COLUMNS: Mapping[str, ColumnType] = {**COMMON_COLUMNS, **_quantity(), **_amounts("amount")}
"""What a contract's own type has before its own columns are added."""

# Goods move both ways by types of their own (a sale, its return), so their figures carry no sign.
_GOODS = {**COMMON_COLUMNS, **_quantity(ZERO), **_amounts(*GOODS_AMOUNTS, low=ZERO)}
_PURCHASE = {**COMMON_COLUMNS, **_quantity(ZERO), **_amounts("supply_amount", "list_amount", low=ZERO)}
_NOTE = dict(OWN_TYPE_COLUMNS)
_STOCK = {**COMMON_COLUMNS, **_quantity(), **_amounts("supply_amount", "list_amount")}
_INVOICE = {**COMMON_COLUMNS, **_texts("window"), **_amounts("amount")}
_CONFIRMATION = {**COMMON_COLUMNS, **_texts("line", "clause", "window", "by"), **_amounts("amount")}

_TYPES: tuple[tuple[str, str, str, Mapping[str, ColumnType]], ...] = (
    ("sale", "sales", "payable", _GOODS),
    ("customer_return", "customer_returns", "receivable", _GOODS),
    ("purchase_receipt", "purchase_receipts", "payable", _PURCHASE),
    ("purchase_batch", "purchase_batches", "payable", _PURCHASE),
    ("warehouse_return", "warehouse_returns", "receivable", _PURCHASE),
    ("after_sale_return", "after_sale_returns", "receivable", _GOODS),
    ("price_adjustment", "price_adjustments", "either", _NOTE),
    ("marketing_spend", "marketing_spend", "credit", _NOTE),
    ("fixed_fee", "fixed_fees", "receivable", _NOTE),
    ("promotion_note", "promotion_notes", "receivable", _NOTE),
    ("freight", "freight", "receivable", _NOTE),
    ("transshipment", "transshipments", "receivable", _NOTE),
    ("labelling", "labelling", "receivable", _NOTE),
    ("penalty", "penalties", "receivable", _NOTE),
    ("other_deduction", "other_deductions", "receivable", _NOTE),
    ("deposit_payment", "deposit_payments", "balance", _NOTE),
    ("prepayment", "prepayments", "balance", _NOTE),
    ("payment", "payments", "balance", _NOTE),
    ("stock", "stock", "input", _STOCK),
    ("confirmation", "confirmations", "input", _CONFIRMATION),
    ("dispute", "disputes", "input", _CONFIRMATION),
    ("adjustment", "adjustments", "input", _CONFIRMATION),
    ("invoice", "invoices", "input", _INVOICE),
)

BUILTIN_TYPES: Mapping[str, DocumentType] = {
    name: DocumentType(name, plural, side, "date", columns) for name, plural, side, columns in _TYPES
}
"""Name in files → type. Every built-in clock is the column `date`; `CLOCK_WORDS` says what day that is."""

GENERAL_NAMES = ("dispute", "adjustment", "invoice")
"""Types whose names a contract may take for a type of its own, which then stands in their place."""

PLURALS: Mapping[str, str] = {plural: name for name, plural, _, _ in _TYPES}
"""Name in contracts (after `over`) → name in files."""

BUILTIN_COLUMNS: Mapping[str, ColumnType] = {
    **_texts("type", "contract", "currency"), **_STOCK, **_GOODS, **_CONFIRMATION, **_INVOICE, **OWN_TYPE_COLUMNS
}  # fmt: skip
"""Every built-in column once, without the bounds a type may add."""

CLOCK_WORDS: Mapping[str, tuple[str, str]] = {
    "sale": ("delivered", "妥投"),
    "customer_return": ("restocked", "退货入库"),
    "purchase_receipt": ("received", "入库"),
    "purchase_batch": ("received", "入库"),
    "warehouse_return": ("left the warehouse", "出库"),
    "after_sale_return": ("received", "收货"),
    "deposit_payment": ("paid", "付款"),
    "prepayment": ("paid", "付款"),
    "payment": ("paid", "付款"),
    "stock": ("counted", "盘点"),
}
"""What happened on the day in `date` (English, Chinese); every other type was posted on that day."""

TYPES_ZH: Mapping[str, tuple[str, ...]] = {
    "sale": ("销售单",),
    "customer_return": ("客退单", "实销实结退货入库单"),
    "purchase_receipt": ("采购入库单",),
    "purchase_batch": ("采购批次单",),
    "warehouse_return": ("采购退货单", "新采购退货单", "库房退货单"),
    "after_sale_return": ("售后退货单",),
    "price_adjustment": ("调价单",),
    "marketing_spend": ("推广费",),
    "fixed_fee": ("定额费用",),
    "promotion_note": ("促销返利单",),
    "freight": ("TC运费",),
    "transshipment": ("转运费",),
    "labelling": ("贴码单", "贴码费"),
    "penalty": ("滞纳金", "罚款"),
    "other_deduction": ("其他扣款",),
    "deposit_payment": ("质保金收款",),
    "prepayment": ("预付款",),
    "payment": ("付款",),
    "stock": ("库存",),
    "confirmation": ("确认单",),
    "dispute": ("异议单",),
    "adjustment": ("调整单",),
    "invoice": ("发票",),
}
"""Name in files → Chinese spellings; the first is the one to print."""

COLUMNS_ZH: Mapping[str, tuple[str, ...]] = {
    "doc_id": ("单据编号",),
    "line_no": ("行号",),
    "type": ("单据类型",),
    "contract": ("合同号",),
    "currency": ("币种",),
    "date": ("日期",),
    "ordered_on": ("下单日期",),
    "delivered_on": ("妥投日期",),
    "received_on": ("入库日期", "收货日期"),
    "returned_on": ("退货日期",),
    "posted_on": ("入账日期",),
    "known_on": ("获知日期", "知悉日期"),
    "order_id": ("订单号",),
    "po_id": ("采购单号",),
    "batch_id": ("批次号",),
    "ref_doc_id": ("原单号",),
    "ref_line_no": ("原单行号", "原行号"),
    "sku": ("商品编码",),
    "category": ("类目",),
    "brand": ("品牌",),
    "warehouse": ("仓库",),
    "channel": ("渠道",),
    "campaign": ("活动",),
    "party": ("参与方",),
    "reason": ("原因",),
    "quantity": ("数量",),
    "supply_amount": ("供货金额",),
    "list_amount": ("标价金额",),
    "paid": ("实付", "实付金额"),
    "supplier_coupon": ("供应商券",),
    "platform_coupon": ("平台券",),
    "government_coupon": ("政府补贴",),
    "platform_discount": ("平台优惠",),
    "amount": ("金额",),
    "vat": ("税率",),
    "line": ("结算行",),
    "by": ("确认人", "认定人"),
    "window": ("所属期间",),
    "answer": ("结论",),
    "clause": ("条款",),
}
"""Column → Chinese headers; the first is the one to print."""

TYPE_NAMES: Mapping[str, str] = {
    **{name: name for name in BUILTIN_TYPES},
    **PLURALS,
    **{spelling: name for name, spellings in TYPES_ZH.items() for spelling in spellings},
}
"""Every accepted spelling of a built-in type → its name."""

COLUMN_NAMES: Mapping[str, str] = {
    **{name: name for name in BUILTIN_COLUMNS},
    **{spelling: name for name, spellings in COLUMNS_ZH.items() for spelling in spellings},
}
"""Every accepted spelling of a built-in column → its name."""
