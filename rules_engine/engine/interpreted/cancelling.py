"""Documents that come to zero together may still earn something one by one: rows price them apart, rounding reads them alone."""

from __future__ import annotations

from dataclasses import replace

from rules_engine.core.expressions import Ladder, Parts, Price, Rounding, Table

NOTHING = Parts(())
PROPORTIONAL = ("rate", "per")


def cancelled(price: Price, each: Rounding | None) -> Price | None:
    """The price as it pays documents whose sum is zero: lumps, floors and caps belong to a sum that is there. None where such
    documents earn nothing, whatever they are."""
    match price:
        case Parts():
            kept = tuple(part for part in price.parts if part.kind in PROPORTIONAL)
            return replace(price, parts=kept, floor=None, cap=None) if each is not None and kept else None
        case Table():
            return price
        case Ladder() if price.along:
            return price
        case Ladder():
            found = [cancelled(band.price, each) for band in price.bands]
            if not any(found):
                return None
            bands = (replace(band, price=own or NOTHING) for band, own in zip(price.bands, found, strict=True))
            return replace(price, bands=tuple(bands))
