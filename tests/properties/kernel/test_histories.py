"""The kernel's laws on generated histories."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

from hypothesis import assume, given, settings, strategies as st

from rules_engine.core.program import Program
from rules_engine.documents.model import Document, Documents
from rules_engine.settlement.past.posted import as_posted, parse_posted
from rules_engine.settlement.settle import settle
from rules_engine.statement.document import document as statement_of
from rules_engine.values.period import Period
from tests.properties.kernel.histories import END, MONTHS, balances_left, cuts, documents, programs, run, sums

D = Decimal


@given(programs(), documents(), cuts())
def test_splitting_runs_changes_no_cent(made: Program, lines: tuple[Document, ...], periods: tuple[Period, ...]) -> None:
    assume(all(line.known_on is None or line.known_on < END for line in lines))
    whole, split = run(made, lines, [Period(MONTHS[0].start, END)]), run(made, lines, periods)
    assert sums(whole) == sums(split)
    assert balances_left(whole) == balances_left(split)
    assert not any(done.unsettled for done in (*whole, *split))


@given(programs(), documents(), st.randoms(use_true_random=False))
def test_the_order_of_documents_changes_nothing(made: Program, lines: tuple[Document, ...], random: object) -> None:
    shuffled = list(lines)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert run(made, lines, MONTHS[:4]) == run(made, shuffled, MONTHS[:4])


@given(programs(), documents())
def test_late_documents_end_where_punctual_ones_do(made: Program, lines: tuple[Document, ...]) -> None:
    assume(all(line.known_on is None or line.known_on < END for line in lines))
    punctual = [replace(line, known_on=None) for line in lines]
    late, early = run(made, lines, MONTHS), run(made, punctual, MONTHS)
    assert sums(late) == sums(early)
    assert balances_left(late) == balances_left(early)


@given(programs(), documents(), st.integers(0, 4))
def test_a_rerun_posts_nothing(made: Program, lines: tuple[Document, ...], months: int) -> None:
    done = run(made, lines, MONTHS[: months + 1])
    again = settle(made, Documents(lines), MONTHS[months], [as_posted(item) for item in done], explain=False)
    assert not again.lines
    assert again.totals.net == 0


@given(programs(), documents())
def test_the_same_run_twice_is_the_same_settlement(made: Program, lines: tuple[Document, ...]) -> None:
    first, second = (settle(made, Documents(lines), MONTHS[2]) for _ in range(2))
    assert first == second
    assert statement_of(first, "en") == statement_of(second, "en")


@given(programs(), documents(), documents())
def test_cancel_and_rebook_leaves_nothing(made: Program, lines: tuple[Document, ...], mistaken: tuple[Document, ...]) -> None:
    """Every mistaken document is reversed by its mirror a month later, known only then."""
    made = replace(made, header=replace(made.header, returns="back_to_sale"))
    wrong = [replace(line, id=f"w{line.id}", known_on=None) for line in mistaken if line.type == "sale"]
    mirrors = [_mirror(line) for line in wrong]
    assume(all(line.known_on is None or line.known_on < END for line in lines))
    assert sums(run(made, lines, MONTHS)) == sums(run(made, [*lines, *wrong, *mirrors], MONTHS)) or _counts_twice(made)


def _mirror(line: Document) -> Document:
    values = {**line.values, "ref_doc_id": line.id}
    return replace(line, type="customer_return", id=f"m{line.id}", values=values, known_on=min(date(2026, 5, 30), END))


def _counts_twice(made: Program) -> bool:
    """Latches and highs remember; floors and lumps see a group that now exists."""
    plans = [item.on_account for item in made.clauses.values()]
    return (
        any(item.once_reached or item.bounds or item.per for item in made.clauses.values())
        or any(plan is not None and plan.taken_back != "always" for plan in plans)
        or bool(made.limits)
    )


@given(programs(), documents(), cuts())
def test_payouts_and_what_is_carried_conserve_every_net(
    made: Program, lines: tuple[Document, ...], periods: tuple[Period, ...]
) -> None:
    done = run(made, lines, periods)
    nets, payouts = (sum((getattr(item.totals, name) for item in done), D(0)) for name in ("net", "payout"))
    assert payouts + done[-1].totals.carried_out == nets
    for item in done:
        assert (
            sum((line.amount if line.direction == "payable" else -line.amount for line in item.lines), D(0)) == item.totals.net
        )
        assert all(line.amount for line in item.lines)


@given(programs(), documents(), cuts())
def test_net_and_vat_of_a_key_are_those_of_its_whole_amount(
    made: Program, lines: tuple[Document, ...], periods: tuple[Period, ...]
) -> None:
    one, many = run(made, lines, [Period(MONTHS[0].start, MONTHS[-1].end)]), run(made, lines, periods)
    assume(all(line.known_on is None or line.known_on < END for line in lines))
    nets = [{}, {}]  # type: list[dict[object, Decimal]]
    for found, history in zip(nets, (one, many), strict=True):
        for line in (line for item in history for line in item.lines):
            key = (line.clause, tuple(sorted(line.group.items())), line.window.start, line.payee, line.papers.vat_rate)
            found[key] = found.get(key, D(0)) + line.papers.net_of_vat
    assert {key: net for key, net in nets[0].items() if net} == {key: net for key, net in nets[1].items() if net}


@given(programs(), documents())
def test_a_statement_read_back_settles_the_next_period_alike(made: Program, lines: tuple[Document, ...]) -> None:
    first = run(made, lines, MONTHS[:1])
    read = parse_posted(statement_of(first[0], "en"))
    assert settle(made, Documents(lines), MONTHS[1], [read]) == settle(made, Documents(lines), MONTHS[1], [as_posted(first[0])])


@given(programs(), documents(), st.integers(0, 3))
def test_a_run_as_of_a_day_ignores_what_came_later(made: Program, lines: tuple[Document, ...], month: int) -> None:
    then = tuple(line for line in lines if line.known_on is None or line.known_on < MONTHS[month].end)
    assert run(made, lines, MONTHS[: month + 1]) == run(made, then, MONTHS[: month + 1])


@given(programs(), documents())
@settings(max_examples=15)
def test_both_evaluators_settle_the_same_lines(made: Program, lines: tuple[Document, ...]) -> None:
    compiled, reference = (settle(made, Documents(lines), MONTHS[3], evaluator=name) for name in ("compiled", "interpreter"))
    assert [(line.id, line.amount, line.unrounded) for line in compiled.lines] == [
        (line.id, line.amount, line.unrounded) for line in reference.lines
    ]
    assert compiled.totals == reference.totals


@given(programs(), documents(), st.integers(1, 4))
def test_carried_sums_settle_what_documents_do(made: Program, lines: tuple[Document, ...], month: int) -> None:
    """Only the documents of the period, and late ones, beside statements that carry the rest."""
    assume(all("ref_doc_id" not in line.values for line in lines))
    done = run(made, lines, MONTHS[:month])
    posted = [as_posted(item) for item in done]
    known = posted[-1].known_by
    fresh = tuple(
        line for line in lines if line.date >= MONTHS[month].start or (line.known_on is not None and line.known_on > known)
    )
    whole = settle(made, Documents(lines), MONTHS[month], posted, explain=False)
    try:
        short = settle(made, Documents(fresh), MONTHS[month], posted, explain=False)
    except Exception as error:  # noqa: BLE001 - a refusal is an answer too, a smaller number is not
        assert type(error).__name__ == "ContractError"  # noqa: PT017
        return
    assert sums([short]) == sums([whole])
    assert short.totals == whole.totals
