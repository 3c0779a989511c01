"""The measure plan as DuckDB's SQL: one query for all contracts of equal needs.

The closed list of what a query may do: read, compare, join on equality, `coalesce`, `CASE`, `sum`, `count`, products of two whole
numbers widened to HUGEINT. No division, no rounding, no floating number; a sum beyond 38 digits raises.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from rules_engine.bulk.measures.linear import Product
from rules_engine.bulk.measures.needs import Needs
from rules_engine.bulk.storage.canonical import column_of
from rules_engine.bulk.storage.store import CODED, TWICE, Store, own_column
from rules_engine.bulk.storage.typing_sql import AMOUNT_PLACES, RATE_PLACES, kind_of, literal, quoted
from rules_engine.core.builtin import BUILTIN_TYPES, COLUMN_NAMES
from rules_engine.diagnostics.suggest import nearest
from rules_engine.engine.reading.records import ORIGINALS, RETURN_TYPES

EARLIEST = date(1900, 1, 1)
MINE = "mine"
"""The table of this query's contracts: id, code, number, shard."""
DAYS = "days"
"""The table of days: day, bucket."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What is asked of a store for contracts of equal needs; `only` is the contract that rows without one belong to."""

    store: Store
    needs: Needs
    only: str = ""

    def key(self, name: str) -> str | None:
        """The store's column of a key; None where no file has it."""
        return quoted(name) if name in self.store.columns else own_column(self.store, name)

    @property
    def doubtful(self) -> list[str]:
        """What lines are in doubt: those of files that lack a column, or in which one may hide behind a header nobody knows. The
        strict reader tells."""
        known = [{column_of(header) or header.strip() for header in headers} | {header.strip().lower() for header in headers} for headers in self.store.headers]
        hidden = [file for file, headers in enumerate(self.store.headers) if _hidden(headers, [name for name in self.needs.read if name not in known[file]])]
        lacking: dict[tuple[int, ...], list[str]] = {}
        for kind in self.needs.types:
            names = [name for of, name in self.needs.demanded if of == kind]
            files = tuple(file for file, has in enumerate(known) if not has.issuperset(names))
            lacking.setdefault(files, []).append(kind)
        found = [f"(l.type IN ({self.types(kinds)}) AND l.file IN ({_listed(files)}))" for files, kinds in lacking.items() if files]
        return [*found, *([f"l.file IN ({_listed(hidden)})"] if hidden else [])]

    @property
    def known(self) -> str:
        """Whether a line was known."""
        by = f"DATE {literal(self.needs.by.isoformat())}"
        if not self.has("known_on"):
            return f"l.date <= {by}" if self.needs.as_of else "TRUE"
        return f"coalesce(l.known_on, l.date) <= {by}" if self.needs.as_of else f"(l.known_on IS NULL OR l.known_on <= {by})"

    @property
    def joined(self) -> str:
        """The store's lines with their contract's number and shard."""
        contract = f"coalesce(l.contract, (SELECT max(code) FROM {MINE}))" if self.only else "l.contract"
        return f"{self.store.lines} l JOIN {MINE} m ON {contract} = m.code"

    def types(self, names: Iterable[str]) -> str:
        """The numbers of some types, as SQL lists them."""
        return ", ".join(str(self.store.type_code(name)) for name in names) or "-1"

    def has(self, name: str) -> bool:
        """Whether any file has the column."""
        return name in self.store.columns


def _hidden(headers: Sequence[str], lacking: Sequence[str]) -> bool:
    """Whether a column may be meant by a header that nobody knows."""
    strange = [header for header in headers if header.strip() and column_of(header) is None] if lacking else []
    spelt = [spelling for spelling, name in (*COLUMN_NAMES.items(), *((name, name) for name in lacking)) if name in lacking] if strange else []
    return any(nearest(header.strip(), spelt) for header in strange)


def _listed(numbers: Iterable[int]) -> str:
    return ", ".join(map(str, numbers))


def buckets(cuts: Sequence[date]) -> tuple[date, ...]:
    """The first day of every stretch between cuts."""
    return (EARLIEST, *cuts)


def days_sql(needs: Needs, first: date) -> str:
    """The days on which lines may be dated or known, with the number of their stretch."""
    starts = ", ".join(f"(DATE {literal(day.isoformat())}, {place})" for place, day in enumerate(buckets(needs.cuts)))
    last = max(needs.limit - timedelta(days=1), needs.by)
    span = f"range(DATE {literal(first.isoformat())}, DATE {literal(last.isoformat())} + INTERVAL 1 DAY, INTERVAL 1 DAY)"
    return (
        f"CREATE OR REPLACE TEMP TABLE {DAYS} AS SELECT d.day, c.bucket FROM (SELECT unnest({span})::DATE AS day) d "
        f"ASOF JOIN (SELECT * FROM (VALUES {starts}) v(day, bucket)) c ON d.day >= c.day"
    )


def about_sql(plan: Plan) -> str:
    """Per contract: lines known of what is added up, whether one is not to be added up, and whether there are others."""
    needs = plan.needs
    returns = plan.types(RETURN_TYPES)
    refer = f"l.ref_doc_id IS NOT NULL AND l.type IN ({plan.types(needs.types)}) AND l.type NOT IN ({returns})"
    odd = ["l.odd", f"(l.currency IS NOT NULL AND l.currency <> {literal(needs.currency)})", f"({refer})"]
    odd += ["l.known_on IS NOT NULL"] if needs.strict else []
    odd += plan.doubtful
    odd += [f"(l.type NOT IN ({plan.types(BUILTIN_TYPES)}) AND l.ref_doc_id IS NOT NULL)"]
    return (
        f"SELECT m.number, m.shard, count(*) FILTER (WHERE {plan.known} AND l.type IN ({plan.types(needs.types)})) AS read, "
        f"bool_or(coalesce({' OR '.join(odd)}, FALSE)) AS odd, bool_or(coalesce(l.type NOT IN ({plan.types(needs.types)}), TRUE)) AS other "
        f"FROM {plan.joined} GROUP BY ALL"
    )


def noted_twice_sql(plan: Plan) -> str | None:
    """The same as `twice_sql` where the store noted it when documents were put into it; None where that does not do."""
    if plan.only or TWICE not in plan.store.hashes:
        return None
    return f"SELECT m.number FROM read_parquet({literal(str(plan.store.folder / TWICE))}) t JOIN {MINE} m ON t.contract = m.code"


def twice_sql(plan: Plan) -> str:
    """The contracts in which a document may stand twice: by hash, so some in which none does."""
    key = "hash(m.number, l.type, l.doc_id, coalesce(l.line_no, ''))"
    return (
        f"SELECT DISTINCT number FROM (SELECT any_value(m.number) AS number FROM {plan.joined} "
        f"GROUP BY {key} HAVING count(*) > 1)"
    )


def cells_sql(plan: Plan, *, linked: bool) -> str:
    """The cells: contract, type, stretches, keys, own and original's, and the sums. `linked`: some line refers to another."""
    linked = linked and bool(plan.needs.returns)
    base = f"WITH b AS {'MATERIALIZED ' if linked else ''}({_base(plan, linked=linked)}) "
    read = f"b.type IN ({plan.types(plan.needs.types)})"
    if linked:
        read += f" AND NOT coalesce(b.ref_doc_id IS NOT NULL AND b.type IN ({plan.types(plan.needs.returns)}), FALSE)"
    plain = _cells(plan, f"b WHERE {read}", _Kin([f"b.{name}" for name in _names("k", plan)]), "b")
    if not linked:
        return base + plain
    keys = _inherited(plan)
    theirs = [f"coalesce(x.q{place}, {key})" for place, key in enumerate(keys)]
    joined = _cells(plan, "x", _Kin(keys, theirs, "x.obucket", "x.ovat"), "x")
    return f"{base.rstrip()}, x AS ({_linked(plan)}) {plain} UNION ALL {joined}"


@dataclass(frozen=True, slots=True)
class _Kin:
    """What lines of a kind say of the lines they reverse: own keys and, if they reverse any, its keys, stretch and VAT rate."""

    keys: Sequence[str]
    theirs: Sequence[str] = ()
    bucket: str = ""
    vat: str = ""


def _base(plan: Plan, *, linked: bool) -> str:
    needs = plan.needs
    keys = [f"l.{plan.key(name)} AS k{place}" if plan.key(name) else f"NULL::VARCHAR AS k{place}" for place, name in enumerate(needs.keys)]
    columns = sorted({name for product in needs.sums for name in product if plan.has(name)})
    figures = [f"l.{quoted(name)} AS {quoted('v_' + name)}" for name in columns]
    fields = ["m.number", "l.type", "d.bucket", "l.vat", *(["h.bucket AS heard"] if plan.has("known_on") else [])]
    fields += ["l.date", "l.doc_id", "l.line_no", "l.ref_doc_id", "l.ref_line_no", "l.sku", "l.file", "l.row"] if linked else []
    types = {*needs.types, *(name for kind in needs.returns for name in ORIGINALS[kind] if linked)}
    heard = f"LEFT JOIN {DAYS} h ON l.known_on = h.day " if plan.has("known_on") else ""
    return (
        f"SELECT {', '.join([*fields, *keys, *figures])} FROM {plan.joined} JOIN {DAYS} d ON l.date = d.day "
        f"{heard}WHERE l.date < DATE {literal(needs.limit.isoformat())} AND l.type IN ({plan.types(sorted(types))}) AND {plan.known}"
    )


def _linked(plan: Plan) -> str:
    """Every line that refers to another with the line it reverses: of the same article if there is one, then the first."""
    pairs = " OR ".join(f"(r.type = {plan.types((kind,))} AND o.type IN ({plan.types(ORIGINALS[kind])}))" for kind in plan.needs.returns)
    theirs = ", ".join(["o.bucket AS obucket", "o.vat AS ovat", *(f"o.{name} AS q{place}" for place, name in enumerate(_names("k", plan)))])
    originals = sorted({name for kind in plan.needs.returns for name in ORIGINALS[kind]})
    ranked = " ".join(f"WHEN {plan.types((name,))} THEN {place}" for place, name in enumerate(originals))
    first = f"(CASE WHEN r.sku IS NULL OR o.sku = r.sku THEN 0 ELSE 1 END), o.date, o.doc_id, coalesce(o.line_no, ''), CASE o.type {ranked} END"
    match = f"o.number = r.number AND o.doc_id = r.ref_doc_id AND (r.ref_line_no IS NULL OR o.line_no = r.ref_line_no) AND ({pairs})"
    return (
        f"SELECT * FROM (SELECT r.*, {theirs}, row_number() OVER (PARTITION BY r.number, r.file, r.row ORDER BY {first}) AS choice "
        f"FROM b r LEFT JOIN b o ON {match} WHERE r.ref_doc_id IS NOT NULL AND r.type IN ({plan.types(plan.needs.returns)})) c WHERE choice = 1"
    )


def _inherited(plan: Plan) -> list[str]:
    """A return's own keys, blank texts filled from its original."""
    found = []
    for place, name in enumerate(plan.needs.keys):
        found.append(f"coalesce(x.k{place}, x.q{place})" if name in plan.needs.inherited else f"x.k{place}")
    return found


def _cells(plan: Plan, source: str, kin: _Kin, of: str) -> str:
    """Numbers are grouped by; texts, shards and what no line says are put beside the few cells afterwards."""
    return _told(plan, _grouped(plan, source, kin, of), kin)


def _told(plan: Plan, grouped: str, kin: _Kin) -> str:
    return f"SELECT {', '.join(_shown(plan, kin))} FROM ({grouped}) i JOIN {MINE} m ON i.number = m.number{_texts_of(plan, kin)}"


def _grouped(plan: Plan, source: str, kin: _Kin, of: str) -> str:
    fields = [f"{of}.number", f"{of}.type", f"{of}.bucket", f"{of}.vat", f"{_blank(plan, of)} AS blank"]
    fields += [f"{of}.heard"] if plan.has("known_on") else []
    fields += [f"{kin.bucket} AS obucket", f"{kin.vat} AS ovat"] if kin.theirs or kin.bucket else []
    fields += [f"{key} AS k{place}" for place, key in enumerate(kin.keys)]
    fields += [f"{key} AS q{place}" for place, key in enumerate(kin.theirs)]
    sums = [f"{_sum(product, of)} AS s{place}" for place, product in _summed(plan)]
    return f"SELECT {', '.join([*fields, 'count(*) AS n', *sums])} FROM {source} GROUP BY ALL"


def _summed(plan: Plan) -> list[tuple[int, Product]]:
    """The products of columns that some file has, with their places."""
    return [(place, product) for place, product in enumerate(plan.needs.sums) if all(map(plan.has, product))]


def part_sql(plan: Plan) -> str:
    """The cells of lines that refer to no others, as numbers only; what `merged_sql` puts together."""
    read = f"b WHERE b.type IN ({plan.types(plan.needs.types)})"
    grouped = _grouped(plan, read, _Kin([f"b.{name}" for name in _names("k", plan)]), "b")
    sums = "".join(f", s{place}::DECIMAL(38, 0) AS s{place}" for place, _ in _summed(plan))
    return f"WITH b AS ({_base(plan, linked=False)}) SELECT {', '.join(_keys(plan))}, n{sums} FROM ({grouped})"


def merged_sql(plan: Plan, source: str) -> str:
    """The cells out of those of parts of the store, `source`: their numbers of contracts are the store's."""
    keys = [f"p.{name}" for name in _keys(plan) if name != "number"]
    sums = [f"coalesce(sum(p.s{place}::HUGEINT), 0) AS s{place}" for place, _ in _summed(plan)]
    fields = ["m.number", *keys, "sum(p.n)::BIGINT AS n", *sums]
    grouped = f"SELECT {', '.join(fields)} FROM {source} p JOIN {MINE} m ON p.number = m.code GROUP BY ALL"
    return _told(plan, grouped, _Kin([f"p.{name}" for name in _names("k", plan)]))


def _keys(plan: Plan) -> list[str]:
    """What plain cells are told apart by."""
    return ["number", "type", "bucket", "vat", "blank", *(["heard"] if plan.has("known_on") else []), *_names("k", plan)]


def _blank(plan: Plan, of: str) -> str:
    """A bit for every needed column that a line lacks."""
    found = [
        f"(CASE WHEN {of}.{quoted('v_' + name)} IS NULL THEN {1 << place} ELSE 0 END)" if plan.has(name) else str(1 << place)
        for place, name in enumerate(plan.needs.needed)
    ]
    return " + ".join(found) or "0"


def _shown(plan: Plan, kin: _Kin) -> list[str]:
    """The columns of a cell as they are read, in their order."""
    needs, linked = plan.needs, bool(kin.bucket)
    kinds = " ".join(f"WHEN {plan.store.type_code(name)} THEN {literal(name)}" for name in needs.types)
    fields = ["m.shard", "i.number", f"CASE i.type {kinds} END AS type", "i.bucket", "i.vat", "i.blank", f"{'TRUE' if linked else 'FALSE'} AS linked"]
    fields += ["i.obucket", "i.ovat"] if linked else ["NULL::INTEGER AS obucket", "NULL::BIGINT AS ovat"]
    fields += ["i.heard" if plan.has("known_on") else "NULL::INTEGER AS heard"]
    own = [f"kt{place}.text AS k{place}" if _coded(plan, name) else f"i.k{place}" for place, name in enumerate(needs.keys)]
    other = [f"qt{place}.text AS q{place}" if _coded(plan, name) else f"i.q{place}" for place, name in enumerate(needs.keys)]
    sums = [f"i.s{place}::DECIMAL(38, 0) AS s{place}" if all(map(plan.has, product)) else f"0::DECIMAL(38, 0) AS s{place}" for place, product in enumerate(needs.sums)]
    return [*fields, *own, *(other if linked else [f"NULL AS q{place}" for place in range(len(needs.keys))]), "i.n", *sums]


def _coded(plan: Plan, name: str) -> bool:
    return name in CODED and plan.has(name)


def _texts_of(plan: Plan, kin: _Kin) -> str:
    """The texts of coded keys, joined to the cells."""
    joins = ""
    for letter in ("k", "q") if kin.bucket else ("k",):
        for place, name in enumerate(plan.needs.keys):
            if _coded(plan, name):
                joins += f" LEFT JOIN {plan.store.names(name)} {letter}t{place} ON i.{letter}{place} = {letter}t{place}.code"
    return joins


def _sum(product: Product, of: str) -> str:
    first, *rest = (f"{of}.{quoted('v_' + name)}" for name in product)
    factor = f"{first}::HUGEINT * {' * '.join(rest)}" if rest else first
    return f"coalesce(sum({factor}), 0)"


def rows_sql(plan: Plan, whole: str) -> str:
    """Single lines as texts: those of types that are not added up, and all of the contracts that the SQL `whole` names."""
    every = f"l.type NOT IN ({plan.types(plan.needs.types)})" if plan.needs.types else "TRUE"
    texts, joins = _spelt(plan)
    return f"SELECT m.shard, m.number, l.file, l.row, l.texts, {texts} FROM {plan.joined}{joins} WHERE coalesce({every}, TRUE) OR m.number IN ({whole})"


def some_sql(plan: Plan, contract: str, types: Iterable[str], columns: Mapping[str, str]) -> str:
    """Single lines of a contract as texts: those of some types that have these values in coded columns, and all odd ones."""
    texts, joins = _spelt(plan)

    def code(name: str, text: str) -> str:
        return f"l.{name} = (SELECT code FROM {plan.store.names(name)} WHERE text = {literal(text)})"

    tests = [code(name, value) for name, value in columns.items()]
    tests.append(f"l.type IN ({plan.types(types)})")
    return f"SELECT 0 AS number, l.file, l.row, l.texts, {texts} FROM {plan.store.lines} l{joins} WHERE {code('contract', contract)} AND ((l.texts IS NOT NULL) OR ({' AND '.join(tests)}))"


def _spelt(plan: Plan) -> tuple[str, str]:
    """The columns of lines as texts, and the joins that give texts for codes."""
    texts = [f"{_text(name)} AS {quoted(name)}" for name in plan.store.columns]
    texts += [f"coalesce(l.own{place}, '') AS own{place}" for place in range(len(plan.store.own))]
    return ", ".join(texts), "".join(f" LEFT JOIN {plan.store.names(name)} n_{name} ON l.{name} = n_{name}.code" for name in CODED if plan.has(name))


def _text(name: str) -> str:
    kind, column = kind_of(name), f"l.{quoted(name)}"
    if name in CODED:
        return f"coalesce(n_{name}.text, '')"
    if kind == "text":
        return f"coalesce({column}, '')"
    if kind == "date":
        return f"coalesce({column}::VARCHAR, '')"
    places = RATE_PLACES if kind == "percent" else AMOUNT_PLACES
    unit = "0." + "1".rjust(places, "0")
    return f"coalesce(rtrim(rtrim(({column}::DECIMAL(20, 0) * {unit}::DECIMAL({places}, {places}))::VARCHAR, '0'), '.'), '')"


def _names(letter: str, plan: Plan) -> list[str]:
    return [f"{letter}{place}" for place in range(len(plan.needs.keys))]
