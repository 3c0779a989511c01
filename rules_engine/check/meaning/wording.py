"""Words of a finding in the contract's own language: keywords, columns, document types, and the text that stands in the file."""

from __future__ import annotations

from decimal import Decimal

from rules_engine.check.meaning.environment import Both, Environment
from rules_engine.core.program import DocumentType
from rules_engine.source import Span
from rules_engine.syntax.keywords import built_in, keywords
from rules_engine.syntax.tree import Field, Number, Value
from rules_engine.values.period import WindowSpec

PLACES = 2


def word(key: str, language: str) -> str:
    """A keyword as it is spelled, given its canonical key (`on_account_monthly`)."""
    return keywords(language).spelling(key.upper()) or key.replace("_", " ")


def column(name: str, language: str) -> str:
    """A column as it is spelled; a contract's own column stays as it is."""
    table = keywords(language)
    return table.columns.get(name) or table.names.get(name) or name


def plural(kind: DocumentType, language: str) -> str:
    """Documents of a type as a formula calls them."""
    return keywords(language).types.get(built_in().types.get(kind.name, kind.plural), kind.plural)


def span_of_time(spec: WindowSpec, language: str) -> str:
    """A calendar window in words, `quarter` or `季度`."""
    return spec.name or word(spec.kind, language)


def written(span: Span, env: Environment) -> str:
    """What stands in the file at `span`, blanks made single; '' where it spans lines or stands elsewhere."""
    if not span.line or span.line != span.end_line or (span.file != env.source.name and span.file not in env.sources):
        return ""
    line = env.lines(span)[0]
    return " ".join(line[span.column - 1 : span.end_column - 1].split())


def added(span: Span, tail: Both, otherwise: Both, env: Environment) -> Both:
    """The line at `span` with `tail` behind it, ready to paste; `otherwise` where it cannot be quoted."""
    line = written(span, env)
    return (line + tail[0], line + tail[1]) if line else otherwise


def lump_written(field: Field | None) -> Decimal | None:
    """The single plain number of an `amount` line, to price an example with; None where it is anything else."""
    values = [item for item in field.items if isinstance(item, Value)] if field else []
    parts = values[0].parts if len(values) == 1 else ()
    amount = parts[0].amount if len(parts) == 1 else None
    return amount.value if isinstance(amount, Number) and amount.unit in ("", "money") and amount.value > 0 else None


def money(amount: Decimal) -> str:
    """`30,000.00`."""
    return f"{amount:,.{PLACES}f}"


def plain(number: Decimal) -> str:
    """A number without needless zeros, thousands set apart."""
    text = f"{number:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
