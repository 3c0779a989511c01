"""A slip in a good contract: the finding points at the slip, with a code and something to write."""

from __future__ import annotations

import random
import re
from dataclasses import dataclass
from pathlib import Path

from rules_engine.diagnostics.model import Severity
from rules_engine.source import SourceFile
from rules_engine.syntax.parse import parse_contract

ROOT = Path(__file__).parents[3]
GALLERY = sorted(ROOT.glob("contracts/**/*.contract"))
TOKEN = re.compile(r'"[^"]*"|[^\s"#]+')
COUNT = 1_500


@dataclass
class Mutant:
    """A text with one word deleted, doubled or exchanged with the next; `at` counts words on line `line`."""

    text: str
    line: int
    at: int


def mutant(chance: random.Random) -> Mutant:
    lines = chance.choice(GALLERY).read_text(encoding="utf-8").split("\n")
    usable = [number for number, line in enumerate(lines) if line.strip() and not line.strip().startswith(("#", "|"))]
    number = chance.choice(usable)
    line = lines[number].split("#")[0]
    words = list(TOKEN.finditer(line))
    at = chance.randrange(len(words))
    word, after = words[at], words[at + 1] if at + 1 < len(words) else None
    if chance.random() < 0.4:
        changed = line[: word.start()] + line[word.end() :]
    elif after is None or chance.random() < 0.5:
        changed = f"{line[: word.end()]} {word.group()}{line[word.end() :]}"
    else:
        changed = line[: word.start()] + after.group() + line[word.end() : after.start()] + word.group() + line[after.end() :]
    return Mutant("\n".join([*lines[:number], changed, *lines[number + 1 :]]), number + 1, at)


def distance(found: Mutant, line: int, column: int) -> int:
    """Words between the slip and the place of the finding."""
    if line != found.line:
        return 0 if found.at == 0 and abs(line - found.line) == 1 else 9
    changed = found.text.split("\n")[line - 1]
    at = sum(1 for word in TOKEN.finditer(changed) if word.start() < column) - 1
    return min(abs(at - found.at), abs(at - found.at - 1))


def test_findings_point_within_a_word_of_the_slip() -> None:
    chance = random.Random(5)
    near = faults = 0
    for found in (mutant(chance) for _ in range(COUNT)):
        _, findings = parse_contract(SourceFile("x.contract", found.text))
        errors = [finding for finding in findings if finding.severity is Severity.ERROR]
        if errors:
            faults += 1
            span = errors[0].places[0].span
            near += distance(found, span.line, span.column) <= 1
            assert all(error.code.startswith("SE01") and error.why for error in errors)
    assert faults > COUNT * 0.8, "most slips are refused outright"
    assert near >= faults * 0.95, f"{near} of {faults}"
