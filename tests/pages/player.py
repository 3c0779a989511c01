"""Plays a page from top to bottom: each block does what its first word says, in a temporary folder."""

from __future__ import annotations

import contextlib
import io
import json
import os
import subprocess
import sys
import tomllib
from dataclasses import dataclass, field
from pathlib import Path

from rules_engine.api import notes, settle
from rules_engine.settlement.model import Settlement
from tests.pages import contracts
from tests.pages.blocks import Block
from tests.pages.contracts import Checked

ROOT = Path(__file__).parents[2]
EXPECTATIONS = {"error", "lines", "notes", "text"}
PLAIN = {"text", "diff", "mermaid"}


@dataclass(slots=True)
class Player:
    """What a page has brought on so far, and what its expectations should say instead (`rewrites`)."""

    folder: Path
    checked: Checked | None = None
    contract: str = ""
    documents: str = ""
    output: str | None = None
    provoked: list[set[str]] = field(default_factory=list)
    posted: list[Settlement] = field(default_factory=list)
    names: dict[str, object] = field(default_factory=lambda: {"__name__": "__page__"})
    faults: list[str] = field(default_factory=list)
    rewrites: list[tuple[Block, str]] = field(default_factory=list)

    def play(self, block: Block, after: Block | None) -> None:
        """One block; `after` is the next one, which may hold what this one must give."""
        expected = after.kind if after else ""
        match block.kind:
            case "contract":
                self._contract(block, contracts.check_whole(block.body, block.name or "page.contract"), expected)
            case "clause":
                language = "zh" if "zh" in block.words else "en"
                self._contract(block, contracts.check_clause(block.body, language, block.name or "page.contract"), expected)
            case "documents":
                self._documents(block, expected)
            case "error":
                self._error(block)
            case "notes":
                self._notes(block)
            case "lines":
                self._lines(block)
            case "python":
                self._python(block)
            case "sh":
                self._shell(block, expected)
            case "text" if self.output is not None:
                self._compare(block, self.output, self.output == contracts.trimmed(block.body))
            case "toml":
                self._data(block, tomllib.loads)
            case "json":
                self._data(block, json.loads)
            case kind if kind not in PLAIN:
                self.faults.append(f"{block.place}: no block is called `{kind}`")
        if block.kind not in {"sh", "python"}:
            self.output = None

    def _contract(self, block: Block, checked: Checked, expected: str) -> None:
        self.checked, self.contract, self.posted = checked, block.name or "page.contract", []
        base = "" if block.kind == "contract" else next(iter(list(checked.sources.values())[1:])).text
        (self.folder / self.contract).write_text(base + block.body, encoding="utf-8")
        if expected != "error" and checked.findings:
            self.faults.append(f"{block.place}: the contract is not clean:\n{checked.shown}")

    def _documents(self, block: Block, expected: str) -> None:
        self.documents = block.name or "documents.csv"
        (self.folder / self.documents).write_text(block.body, encoding="utf-8")
        if self.checked is None or self.checked.program is None or expected == "error":
            return
        findings = contracts.findings_of_reading(self.folder, self.documents, self.checked.program)
        if findings:
            self.faults.append(f"{block.place}: {contracts.shown_findings(findings, {}, self.folder)}")

    def _error(self, block: Block) -> None:
        assert self.checked is not None, f"{block.place}: no contract stands above"
        shown, codes = self._findings(block)
        self.provoked.append(set(codes))
        self._compare(block, shown, shown == contracts.trimmed(block.body))

    def _notes(self, block: Block) -> None:
        program = self.checked.program if self.checked else None
        if self.checked is None or program is None:
            self.faults.append(f"{block.place}: no clean contract stands above")
            return
        told = [item for item in notes(program, facts=bool(block.words)) if not block.words or item.code in block.words]
        shown = contracts.shown_findings(self.checked.counted(told), self.checked.sources, self.folder)
        if told:
            self.provoked.append({item.code for item in told})
        self._compare(block, shown, shown == contracts.trimmed(block.body))

    def _findings(self, block: Block) -> tuple[str, list[str]]:
        assert self.checked is not None
        program = self.checked.program
        if program is None or not self.documents:
            return self.checked.shown, [item.code for item in self.checked.findings]
        period = next(iter(block.words), "")
        if period:
            documents = contracts.read(self.folder, self.documents, program)
            findings = contracts.findings_of_settling(program, documents, period)
        else:
            findings = contracts.findings_of_reading(self.folder, self.documents, program)
        shown = contracts.shown_findings(self.checked.counted(findings), self.checked.sources, self.folder)
        return shown, [item.code for item in findings]

    def _lines(self, block: Block) -> None:
        program = self.checked.program if self.checked else None
        if program is None:
            self.faults.append(f"{block.place}: no clean contract stands above")
            return
        documents = contracts.read(self.folder, self.documents, program)
        settlement = settle(program, documents, block.words[0], self.posted)
        self.posted.append(settlement)
        table = contracts.lines_table(settlement)
        self._compare(block, table, contracts.same_table(table, block.body))

    def _python(self, block: Block) -> None:
        said = io.StringIO()
        code = compile("\n" * block.first + block.body, str(block.page), "exec")
        with contextlib.redirect_stdout(said), contextlib.chdir(self.folder):
            exec(code, self.names)
        self.output = self._redacted(said.getvalue())

    def _shell(self, block: Block, expected: str) -> None:
        done = subprocess.run(
            ["bash", "-c", block.body], cwd=self.folder, env=self._environment(), text=True, timeout=120, check=False,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )  # fmt: skip
        self.output = self._redacted(done.stdout)
        if expected != "text" and done.returncode:
            self.faults.append(f"{block.place}: exit {done.returncode}\n{self.output}")

    def _environment(self) -> dict[str, str]:
        programs = self.folder / ".bin"
        programs.mkdir(exist_ok=True)
        settle_script = programs / "settle"
        settle_script.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m rules_engine "$@"\n', encoding="utf-8")
        settle_script.chmod(0o755)
        path = f"{programs}{os.pathsep}{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
        quick = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"
        return {**os.environ, "PATH": path, "PYTHONPATH": str(ROOT), "NO_COLOR": "1", "COLUMNS": "120", "JAVA_TOOL_OPTIONS": quick}

    def _data(self, block: Block, parse: object) -> None:
        assert callable(parse)
        try:
            parse(block.body)
        except ValueError as error:
            self.faults.append(f"{block.place}: {error}")
        if block.name:
            target = self.folder / block.name
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(block.body, encoding="utf-8")

    def _compare(self, block: Block, given: str, same: bool) -> None:
        if not same:
            self.faults.append(f"{block.place}: given\n{given}")
            self.rewrites.append((block, given))

    def _redacted(self, text: str) -> str:
        return contracts.trimmed(text.replace(f"{self.folder}/", "").replace(str(self.folder), "."))
