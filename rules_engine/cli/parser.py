"""The words of the command line: commands, their options, and what to say when they do not fit."""

from __future__ import annotations

import argparse
import os
import sys

from rules_engine.version import __version__

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import date
    from typing import Any, NoReturn

    from _typeshed import SupportsWrite

SUMMARY = "Turns a supplier contract and its documents into an itemised, explained settlement statement."
EPILOG = """exit codes: 0 done · 1 findings (diagnostics, failed scenarios) · 2 usage or environment
start here: settle demo        documentation: docs/"""
FORMATS = ("text", "json", "csv", "html", "xlsx", "pdf")


class Formatter(argparse.RawDescriptionHelpFormatter):
    """Help as wide as the terminal, without the import that argparse makes to find that out."""

    def __init__(self, prog: str, **options: Any) -> None:
        super().__init__(prog, **{**options, "width": min(_columns(), 128) - 2})


class Parser(argparse.ArgumentParser):
    """A parser whose complaint is one line with the nearest right word."""

    def error(self, message: str) -> NoReturn:
        """Say what does not fit and where the help is; exit code 2."""
        self.exit(2, f"{self.prog}: {message}\n{self.prog}: see `{self.prog} --help`\n")

    def _print_message(self, message: str, file: SupportsWrite[str] | None = None) -> None:
        """Print, and let a full disk or a closed pipe be noticed."""
        if message:
            (file or sys.stderr).write(message)


def parse_words(words: Sequence[str]) -> argparse.Namespace | int:
    """The options of one command line, or the exit code when there is nothing left to do (help, version, a wrong word)."""
    unknown = _unknown_command(words)
    if unknown:
        print(unknown, file=sys.stderr)
        return 2
    parser = build_parser()
    try:
        options = parser.parse_args(_id_apart(list(words)))
    except SystemExit as ended:
        return ended.code if isinstance(ended.code, int) else 2
    if options.command is None:
        parser.print_help()
        return 0
    return options


def _id_apart(words: list[str]) -> list[str]:
    """`explain … --posted FILES LINE_ID`: a list of files would swallow an id that stands last, so it is moved before the options."""
    if words[:1] != ["explain"] or "--help" in words or "-h" in words:
        return words
    loose = [place for place in range(1, len(words)) if not words[place].startswith("-")]
    alone = next((place for place in range(1, len(words)) if words[place].startswith("-")), len(words))
    if alone >= 3 or not loose or loose[-1] != len(words) - 1 or not _in_list(words):
        return words
    return [*words[:2], words[-1], *words[2:-1]] if alone == 2 else words


def _in_list(words: list[str]) -> bool:
    """Whether the last word follows at least one other in a list of paths."""
    options = [place for place, word in enumerate(words) if word.startswith("-")]
    return bool(options) and words[options[-1]] in LISTS and len(words) - options[-1] > 2


LISTS = ("--documents", "--posted", "--amendment")


def build_parser() -> Parser:
    """The whole grammar of the command line."""
    parser = Parser(prog="settle", description=SUMMARY, epilog=EPILOG, formatter_class=Formatter)
    parser.add_argument("--version", action="version", version=f"settlewright {__version__}")
    _no_input(parser, default=False)
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", title="commands")
    for name, (summary, fill) in COMMANDS.items():
        command = commands.add_parser(name, help=summary, description=summary, allow_abbrev=False, formatter_class=Formatter)
        _no_input(command, default=argparse.SUPPRESS)
        fill(command)
    return parser


def _columns() -> int:
    try:
        return int(os.environ.get("COLUMNS") or os.get_terminal_size().columns or 80)
    except (OSError, ValueError):
        return 80


def _unknown_command(words: Sequence[str]) -> str:
    first = next((word for word in words if not word.startswith("-")), "")
    if not first or first in COMMANDS:
        return ""
    from difflib import get_close_matches

    near = get_close_matches(first, COMMANDS, n=1, cutoff=0.5)
    hint = f"did you mean `settle {near[0]}`?" if near else f"commands: {', '.join(COMMANDS)}"
    return f"settle: there is no command `{first}`; {hint}"


def _day(text: str) -> date:
    from datetime import date

    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"`{text}` is not a day like 2026-03-31") from error


def _no_input(parser: argparse.ArgumentParser, default: object) -> None:
    parser.add_argument("--no-input", action="store_true", default=default, help="never ask anything (nothing is asked today)")


def _language(parser: argparse.ArgumentParser, meaning: str) -> None:
    parser.add_argument("--lang", choices=("en", "zh"), help=meaning)


def _demo(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--out", metavar="DIR", default="demo", help="folder for the statements (default: %(default)s)")
    _language(parser, "language of the statements")


def _init(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("folder", metavar="DIR", nargs="?", default=".", help="where to (default: here)")
    _language(parser, "language of the contract (default: en)")


def _amendments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--amendment",
        metavar="PATH",
        nargs="+",
        action="extend",
        default=[],
        help="amendments that are not in the contract's folder",
    )


def _parameters(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--parameters", metavar="FILE", help="PATH is a template; FILE has a row of its parameters a contract")
    parser.add_argument(
        "--contract", metavar="ID", nargs="+", action="extend", default=[], dest="ids", help="only these contracts of FILE"
    )


def _check(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("paths", metavar="PATH", nargs="+", help="contract files, or folders of them")
    parser.add_argument("--format", choices=("text", "json", "github", "sarif"), default="text", help="(default: %(default)s)")
    _amendments(parser)
    _parameters(parser)
    parser.add_argument("--strict", action="store_true", help="warnings count as findings")
    parser.add_argument("--facts", action="store_true", help="tell also break-even points, jumps and the like")


def _settling(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("contract", metavar="CONTRACT", help="the contract file, or a template with --parameters")
    _parameters(parser)
    parser.add_argument(
        "--documents", metavar="PATH", nargs="+", action="extend", required=True, help="csv, jsonl, xlsx, parquet"
    )
    parser.add_argument("--period", required=True, help="2026-03, 2026-Q1, 2026-H1, 2026, 2026-03-01..2026-03-31")
    parser.add_argument(
        "--posted", metavar="PATH", nargs="+", action="extend", default=[], help="statements (JSON) of earlier periods"
    )
    _amendments(parser)
    parser.add_argument("--as-of", metavar="DATE", type=_day, help="count only what was known on this day")
    parser.add_argument(
        "--book", choices=("settled", "accrual"), default="settled", help="accrual: what is earned and not settled (default: %(default)s)"
    )
    _language(parser, "language of the statement (default: the contract's)")


def _run(parser: argparse.ArgumentParser) -> None:
    _settling(parser)
    parser.add_argument("--view", choices=("platform", "supplier"), default="platform", help="(default: %(default)s)")
    parser.add_argument("--format", choices=FORMATS, help="(default: by the name of FILE, else text)")
    parser.add_argument("-o", "--output", metavar="FILE", help="write here instead of printing; a folder for several contracts")


def _explain(parser: argparse.ArgumentParser) -> None:
    _settling(parser)
    parser.add_argument("line", metavar="LINE_ID", help="the id of a statement line")


def _batch(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--contracts", metavar="PATH", nargs="+", action="extend", required=True, help="contract files, or folders or an archive (zip, tar.gz) of them"
    )
    parser.add_argument("--parameters", metavar="FILE", help="the one PATH is a template; FILE has a row of its parameters a contract")
    parser.add_argument(
        "--documents", metavar="PATH", nargs="+", action="extend", required=True, help="csv, jsonl, xlsx, parquet, folders, or tables of a lake"
    )
    parser.add_argument("--period", required=True, help="2026-03, 2026-Q1, 2026, …")
    parser.add_argument(
        "--posted", metavar="DIR", nargs="+", action="extend", default=[], help="earlier batches, or folders of statements (JSON)"
    )
    parser.add_argument("--as-of", metavar="DATE", type=_day, help="count only what was known on this day")
    parser.add_argument("--engine", choices=("duckdb", "rows", "spark"), default="duckdb", help="how documents are added up (default: %(default)s)")
    parser.add_argument("--master", metavar="URL", default="", help="with --engine spark: the cluster (default: where Spark was started, or here)")
    parser.add_argument("--workers", type=int, metavar="N", help="processes (default: as many as the machine has)")
    parser.add_argument("--out", metavar="DIR", default="batch", help="folder of the results (default: %(default)s)")
    parser.add_argument("--quiet", action="store_true", help="no progress on the terminal")
    parser.add_argument("--reuse", metavar="DIR", help="an earlier batch of the period whose unchanged contracts are not settled again (default: the one in --out)")


def _ingest(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--documents", metavar="PATH", nargs="+", action="extend", required=True, help="csv, jsonl, xlsx, parquet, folders, or tables of a lake"
    )
    parser.add_argument("--out", metavar="DIR", default="documents", help="folder of the store; files are added to one that is there (default: %(default)s)")
    parser.add_argument("--engine", choices=("duckdb", "spark"), default="duckdb", help="who reads: this machine, or the machines of Spark (default: %(default)s)")
    parser.add_argument("--master", metavar="URL", default="", help="with --engine spark: the cluster (default: where Spark was started, or here)")
    parser.add_argument("--replace", action="store_true", help="a file takes the place of the one of the same path")


def _statement(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("folder", metavar="DIR", help="what `settle batch` left")
    parser.add_argument("contract", metavar="CONTRACT", help="the contract's id")
    parser.add_argument("--line", metavar="LINE_ID", default="", help="explain one line of it down to its documents, as `settle explain` does")
    _language(parser, "language of the statement (default: the contract's)")
    parser.add_argument("--view", choices=("platform", "supplier"), default="platform", help="(default: %(default)s)")
    parser.add_argument("--format", choices=FORMATS, help="(default: by the name of FILE, else text)")
    parser.add_argument("-o", "--output", metavar="FILE", help="write here instead of printing")


def _fmt(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("paths", metavar="PATH", nargs="+", help="contract files, or folders of them; - reads stdin and prints")
    parser.add_argument(
        "--check", action="store_true", help="write nothing; list what is not formatted and exit 1 if anything is"
    )
    parser.add_argument("--diff", action="store_true", help="write nothing; show what would change")
    parser.add_argument("--to", choices=("en", "zh"), help="keywords and built-in names in this language")


def _test(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("paths", metavar="PATH", nargs="+", help="contract files, case folders, or folders of them")
    parser.add_argument("--update-goldens", action="store_true", help="write what comes out into the expected statements")


COMMANDS: dict[str, tuple[str, Callable[[argparse.ArgumentParser], None]]] = {
    "demo": ("settle the shipped example and show the statement", _demo),
    "init": ("write a project that runs at once", _init),
    "check": ("check contracts and show every finding", _check),
    "run": ("settle a period and give the statement", _run),
    "explain": ("explain one line of a statement down to its documents", _explain),
    "batch": ("settle a period of many contracts at once", _batch),
    "ingest": ("read documents once into a store that batches settle from", _ingest),
    "statement": ("give the statement of one contract of a batch", _statement),
    "fmt": ("put contracts into the one layout, or into the other language", _fmt),
    "test": ("run the scenarios and cases of contracts", _test),
}
