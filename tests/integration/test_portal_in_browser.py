# SPDX-License-Identifier: Apache-2.0
"""The built portal in a real browser: what escaping and layout are worth is decided there."""

from __future__ import annotations

import subprocess
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from fakes.assessments import AT
from fakes.chromium import Chromium, chromium_path
from fakes.html_reading import Page
from fakes.portal_views import make_view
from plantproof.adapters.portal import build_portal
from plantproof.render import long_tables
from plantproof.render.site import site_pages
from plantproof.render.view import PortalView

pytestmark = [
    pytest.mark.integration,
    pytest.mark.slow,
    pytest.mark.skipif(not chromium_path(), reason="no Chromium on this machine: install the package chromium"),
]

PAGES = (
    "index",
    "zones/index",
    "zones/zone-1",
    "conduits/c1",
    "risk",
    "roadmap",
    "controls/index",
    "controls/sr-1.1",
    "checks/index",
    "checks/clock",
    "findings",
    "evidence",
    "not-collected",
    "verify",
)


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name that the base class gives it
        pass


def built(view: PortalView, folder: Path) -> Path:
    results = folder / "results.json"
    results.write_text("{}\n", encoding="utf-8")
    build_portal(site_pages(view), {"assessment-results.json": results}, folder / "site", name=view.plant.name, at=AT)
    return folder / "site"


@pytest.fixture(scope="module")
def hostile_site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return built(make_view(5, 3, hostile=True), tmp_path_factory.mktemp("hostile"))


@pytest.fixture(scope="module")
def address(hostile_site: Path) -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(hostile_site)))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chromium]:
    with Chromium(tmp_path_factory.mktemp("chromium") / "profile") as one:
        yield one


@pytest.fixture
def fresh(browser: Chromium) -> Chromium:
    browser.requests.clear()
    browser.complaints.clear()
    browser.view(1400, 1000)
    return browser


def test_no_page_asks_another_machine_or_runs_what_a_name_says(fresh: Chromium, address: str) -> None:
    for page in PAGES:
        fresh.open(f"{address}/{page}.html")
        assert fresh.value("document.title") != "owned", page
        assert fresh.value("document.querySelectorAll('img, [onclick], [onerror], iframe').length") == 0, page
        links = fresh.value("[...document.links].map(a => a.href)")
        assert isinstance(links, list)
        assert all(str(href).startswith(address) for href in links), page
    assert fresh.requests
    assert [url for url in fresh.requests if not url.startswith((address, "data:", "blob:"))] == []
    assert fresh.complaints == []


def test_a_hostile_name_is_read_as_it_was_written(fresh: Chromium, address: str) -> None:
    fresh.open(f"{address}/zones/zone-0.html")
    heading = "document.querySelector('h1').firstChild.textContent"
    assert fresh.value(heading) == "<script>document.title='owned'</script>"
    assert fresh.value("document.title.startsWith(\"<script>document.title='owned'</script>\")") is True


def test_searching_shows_hostile_titles_as_text(fresh: Chromium, address: str) -> None:
    fresh.open(f"{address}/index.html")
    found = fresh.value(
        """new Promise((done) => {
          const results = document.querySelector(".md-search-result__list");
          new MutationObserver(() => {
            if (results.querySelector("a")) done(results.innerHTML);
          }).observe(results, { childList: true, subtree: true });
          document.querySelector("label[for=__search]").click();
          const input = document.querySelector(".md-search__input");
          input.focus();
          input.value = "zone";
          input.dispatchEvent(new KeyboardEvent("keyup", { bubbles: true, key: "e" }));
          input.dispatchEvent(new Event("input", { bubbles: true }));
        })"""
    )
    page = Page(str(found))
    assert "Title of" in page.text or "Zone" in page.text
    assert not {"script", "img", "iframe"} & set(page.tags)
    assert page.handlers == []
    assert fresh.value("document.title") != "owned"
    assert fresh.complaints == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_page_scrolls_sideways_on_a_phone(fresh: Chromium, address: str, scheme: str) -> None:
    fresh.view(390, 844, scheme=scheme)
    for page in PAGES:
        fresh.open(f"{address}/{page}.html")
        assert fresh.value("document.documentElement.scrollWidth") == 390, page
        assert fresh.value("innerWidth") == 390, page
    fresh.open(f"{address}/index.html")
    outside = "[...document.querySelectorAll('.pp-cell')].filter(e => e.getBoundingClientRect().right > 390).length"
    assert fresh.value(outside) == 0, "a cell of the heat map is cut off"


CONTRAST = """(() => {
  const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const over = (colour, ground) => {
    canvas.fillStyle = `rgb(${ground.join(",")})`; canvas.fillRect(0, 0, 1, 1);
    canvas.fillStyle = colour; canvas.fillRect(0, 0, 1, 1);
    return [...canvas.getImageData(0, 0, 1, 1).data].slice(0, 3);
  };
  const light = (rgb) => {
    const [r, g, b] = rgb.map((v) => (v /= 255) <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const ground = (element) => {
    const chain = [];
    for (let one = element; one; one = one.parentElement) chain.unshift(getComputedStyle(one).backgroundColor);
    return chain.reduce((below, colour) => over(colour, below), [255, 255, 255]);
  };
  const poor = [];
  const walker = document.createTreeWalker(document.querySelector(".md-container"), NodeFilter.SHOW_TEXT);
  for (let node; (node = walker.nextNode()); ) {
    const element = node.parentElement;
    if (!node.textContent.trim() || !element.checkVisibility() || element.closest("svg, .headerlink, [hidden]")) continue;
    if (getComputedStyle(element).fontSize === "0px") continue;
    const below = ground(element);
    let opacity = 1;
    for (let one = element; one; one = one.parentElement) opacity *= getComputedStyle(one).opacity;
    const full = over(getComputedStyle(element).color, below);
    const shown = full.map((v, i) => below[i] + (v - below[i]) * opacity);
    const [a, b] = [light(shown), light(below)].sort((x, y) => y - x);
    const ratio = (a + 0.05) / (b + 0.05);
    if (ratio < 4.5) poor.push(`${ratio.toFixed(2)} ${element.tagName}.${element.className}: ${node.textContent.trim().slice(0, 30)}`);
  }
  return [...new Set(poor)];
})()"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_all_text_stands_out_from_its_ground(fresh: Chromium, address: str, scheme: str) -> None:
    fresh.view(1400, 1000, scheme=scheme)
    fresh.open(f"{address}/index.html")
    fresh.value("localStorage.clear()")
    for page in PAGES:
        fresh.open(f"{address}/{page}.html")
        expected = {"light": "default", "dark": "slate"}[scheme]
        assert fresh.value("document.body.dataset.mdColorScheme") == expected
        assert fresh.value(CONTRAST) == [], page
        fresh.value("localStorage.clear()")


def test_the_filter_hides_rows_and_a_heading_sorts_them(fresh: Chromium, address: str) -> None:
    fresh.open(f"{address}/evidence.html")
    rows = "[...document.querySelectorAll('.pp-table tbody tr')].map(row => row.cells[1].innerText.split('\\n')[0])"
    assert len(_list(fresh.value(rows))) == 15
    fresh.value(
        "(() => { const box = document.querySelector('.pp-filter'); box.value = 'ZONE-1 simulated';"
        " box.dispatchEvent(new Event('input')); })()"
    )
    assert fresh.value(rows) == ["zone-1-1"]
    assert fresh.value("document.querySelector('.pp-bar .pp-fine').textContent") == "1 of 15"
    fresh.value(
        "(() => { const box = document.querySelector('.pp-filter'); box.value = '';"
        " box.dispatchEvent(new Event('input')); })()"
    )
    for order in (1, -1):
        fresh.value("document.querySelectorAll('.pp-sort')[1].click()")
        shown = _list(fresh.value(rows))
        assert shown == sorted(shown)[::order]
    assert fresh.value("document.querySelectorAll('[aria-sort]').length") == 1


def test_every_page_opens_from_disk(fresh: Chromium, hostile_site: Path) -> None:
    for page in PAGES:
        fresh.open((hostile_site / f"{page}.html").as_uri())
        assert fresh.value("document.querySelector('h1').checkVisibility()") is True
    fresh.open((hostile_site / "evidence.html").as_uri())
    assert fresh.value("document.querySelectorAll('.pp-filter').length") == 1
    assert [url for url in fresh.requests if not url.startswith(("file://", "data:", "blob:"))] == []
    assert fresh.complaints == []


def test_thousands_of_rows_load_as_data_even_from_disk(
    fresh: Chromium, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(long_tables, "LONGEST", 500)
    site = built(make_view(3, 200, hostile=True), tmp_path)
    fresh.open((site / "evidence.html").as_uri())
    count = "document.querySelectorAll('.pp-table tbody tr').length"
    assert fresh.value(count) == 500
    assert fresh.value("document.querySelector('.pp-bar .pp-fine').textContent") == (
        "600 of 600, the first 500 are shown"
    )
    fresh.value(
        "(() => { const box = document.querySelector('.pp-filter'); box.value = 'zone-2-199';"
        " box.dispatchEvent(new Event('input')); })()"
    )
    assert fresh.value(count) == 1
    fresh.open((site / "checks" / "login.html").as_uri())
    assert fresh.value(count + " > 0") is True
    assert fresh.value("document.querySelectorAll('img, [onclick]').length") == 0
    assert fresh.value("document.title") != "owned"
    assert fresh.complaints == []


def test_the_dom_that_the_browser_makes_holds_no_foreign_element(hostile_site: Path, tmp_path: Path) -> None:
    said = subprocess.run(
        [
            chromium_path(),
            "--headless=new",
            "--no-sandbox",
            "--disable-gpu",
            "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1",
            f"--user-data-dir={tmp_path / 'profile'}",
            "--dump-dom",
            (hostile_site / "index.html").as_uri(),
        ],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    ).stdout
    page = Page(said)
    assert "document.title='owned'" in page.text
    assert page.handlers == []
    assert "img" not in page.tags


def _list(value: object) -> list[str]:
    assert isinstance(value, list)
    return [str(one) for one in value]
