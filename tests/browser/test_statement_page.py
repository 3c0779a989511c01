"""The statement page in real Chromium, offline: nothing runs, nothing is fetched, everyone can read it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from rules_engine.settlement.model import Settlement
from rules_engine.source import Span
from rules_engine.statement.render import render
from tests.browser.payloads import PAYLOADS
from tests.needs import CHROMIUM
from tests.unit.statement.samples import empty, settlement

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Dialog, Page

pytestmark = pytest.mark.browser

AT_A_TIME = 10


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


@dataclass
class Watched:
    """A page and everything it should never do."""

    page: Page
    requests: list[str] = field(default_factory=list)
    dialogs: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def dismiss(self, dialog: Dialog) -> None:
        """Remember a dialog and close it, so that the page goes on."""
        self.dialogs.append(dialog.message)
        dialog.dismiss()


def watched_page(context: BrowserContext) -> Watched:
    """An empty page, offline, watched from its first moment."""
    context.set_offline(True)
    watched = Watched(context.new_page())
    page = watched.page
    page.on("request", lambda request: watched.requests.append(request.url))
    page.on("dialog", watched.dismiss)
    page.on("console", lambda message: watched.errors.append(message.text))
    page.on("pageerror", lambda error: watched.errors.append(str(error)))
    return watched


def opened(context: BrowserContext, text: str, path: Path) -> Watched:
    """The page shown from a file."""
    watched = watched_page(context)
    path.write_text(text, encoding="utf-8")
    watched.page.goto(path.as_uri())
    return watched


def dirty(payload: str) -> Settlement:
    """A settlement with the payload in every text that comes from outside."""
    found = settlement()
    program = found.program
    header = replace(
        program.header,
        id=payload,
        title=payload,
        version=payload,
        platform=payload,
        supplier=payload,
        supplier_id=payload,
        currency=payload,
    )
    line = replace(
        found.lines[4], id=payload, title=payload, clause=payload, group={payload: payload}, source=payload, text=payload,
        corrects=(payload,), flags=(payload,), span=Span(payload, 1, 1, 1, 1), trace=replace(found.lines[4].trace, label=payload, documents=(payload,)),
    )  # fmt: skip
    return replace(
        found,
        program=replace(program, header=header),
        lines=(line,),
        pending=(replace(line, status="pending"),),
        measures_shown=(replace(found.measures_shown[0], name=payload, title=payload),),
        unsettled=(replace(found.unsettled[0], clause=payload, group={payload: payload}, reason=payload, missing=(payload,)),),
        nothing_due=(replace(found.nothing_due[0], clause=payload, reason=payload),),
        unused=(replace(found.unused[0], type=payload, id=payload, line=payload, reason=payload, place=payload),),
        duplicates=(replace(found.duplicates[0], type=payload, id=payload, reason=payload, place=payload),),
        balances=(replace(found.balances[1], name=payload),),
        notices=((payload, payload),),
        receipt=replace(
            found.receipt, contract_sha256=payload, engine=payload, calendar=payload, control_totals={payload: payload}
        ),
    )


@pytest.mark.parametrize("start", range(0, len(PAYLOADS), AT_A_TIME))
def test_no_payload_runs_or_leaves_its_text(chromium: Browser, tmp_path: Path, start: int) -> None:
    context = chromium.new_context()
    watched, shown = watched_page(context), []
    for number, payload in enumerate(PAYLOADS[start : start + AT_A_TIME]):
        file = tmp_path / f"{number}.html"
        file.write_text(render(dirty(payload), "html"), encoding="utf-8")
        shown.append(file.as_uri())
        watched.page.goto(file.as_uri())
        strange, ran, styles = watched.page.evaluate(_STRANGE)
        assert strange == [], payload
        assert not ran, payload
        assert styles == 1, payload
        assert watched.dialogs == [], payload
        assert watched.errors == [], payload
        assert watched.requests == shown, payload
    context.close()


_STRANGE = """() => {
  document.querySelectorAll('details').forEach(one => one.open = true);
  const forbidden = ['SCRIPT', 'IFRAME', 'OBJECT', 'EMBED', 'IMG', 'SVG', 'MATH', 'FORM', 'INPUT', 'BUTTON', 'VIDEO', 'BASE', 'LINK', 'TEMPLATE'];
  const strange = [...document.querySelectorAll('*')].filter(node => forbidden.includes(node.tagName.toUpperCase())
    || [...node.attributes].some(one => /^on/i.test(one.name) || /^\\s*(javascript|data):/i.test(one.value)));
  return [strange.map(node => node.outerHTML.slice(0, 80)), window.__ran !== undefined, document.querySelectorAll('style').length];
}"""


@pytest.mark.parametrize("width", [320, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("language", ["en", "zh"])
def test_everyone_can_read_it(chromium: Browser, tmp_path: Path, language: str, scheme: str, width: int) -> None:
    from axe_playwright_python.sync_playwright import Axe

    context = chromium.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)  # type: ignore[arg-type] # light or dark
    for found in (settlement(language), empty(language)):
        watched = opened(context, render(found, "html", view="supplier"), tmp_path / "page.html")
        page = watched.page
        page.locator("details").evaluate_all("all => all.forEach(one => one.open = true)")
        results = Axe().run(page)
        assert results.violations_count == 0, results.generate_report()
        assert watched.errors == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert page.evaluate(_CUT_OFF) == []
        page.close()
    context.close()


_CUT_OFF = """() => [...document.querySelectorAll('td, th, dd, dt, p, h1, h2, pre, li, summary')]
  .filter(node => node.getClientRects().length && !node.closest('.hidden') && getComputedStyle(node).clipPath === 'none'
    && !node.closest('thead') && node.getBoundingClientRect().right > document.documentElement.clientWidth + 1)
  .map(node => node.outerHTML.slice(0, 120))"""


def test_it_works_with_the_keyboard_alone(chromium: Browser, tmp_path: Path) -> None:
    context = chromium.new_context()
    page = opened(context, render(settlement(), "html"), tmp_path / "page.html").page
    seen = []
    for _ in range(len(settlement().lines) + 4):
        page.keyboard.press("Tab")
        seen.append(page.evaluate("document.activeElement.tagName"))
    assert seen.count("SUMMARY") >= len(settlement().lines)
    page.locator("summary").first.focus()
    page.keyboard.press("Enter")
    assert page.locator("details").first.evaluate("one => one.open")
    context.close()


def test_paper_shows_every_explanation(chromium: Browser, tmp_path: Path) -> None:
    context = chromium.new_context(color_scheme="dark")
    page = opened(context, render(settlement(), "html"), tmp_path / "page.html").page
    page.emulate_media(media="print", color_scheme="dark")
    shown = page.evaluate("[...document.querySelectorAll('.calculation')].map(one => one.getBoundingClientRect().height)")
    assert len(shown) == len(settlement().lines) + len(settlement().pending)
    assert min(shown) > 20
    assert page.evaluate("getComputedStyle(document.documentElement).backgroundColor") == "rgb(255, 255, 255)"
    assert page.pdf(prefer_css_page_size=True)[:5] == b"%PDF-"
    context.close()
