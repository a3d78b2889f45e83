# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import hashlib
import re
from dataclasses import replace
from pathlib import Path

import pytest

from fakes.assessments import AT
from fakes.html_reading import Page, broken_links
from fakes.portal_views import HOSTILE, make_view
from plantproof.adapters.portal import build, build_portal
from plantproof.errors import SetupError
from plantproof.render import long_tables
from plantproof.render.site import site_pages
from plantproof.render.view import PortalView

pytestmark = pytest.mark.slow


def built(view: PortalView, folder: Path, name: str = "") -> Path:
    results = folder / "results.json"
    folder.mkdir(parents=True, exist_ok=True)
    results.write_text("{}\n", encoding="utf-8")
    target = folder / "site"
    count = build_portal(
        site_pages(view), {"assessment-results.json": results}, target, name=name or view.plant.name, at=AT
    )
    assert count == sum(path.endswith(".md") for path, _ in site_pages(view))
    return target


def digests(site: Path) -> dict[str, str]:
    return {
        str(file.relative_to(site)): hashlib.sha256(file.read_bytes()).hexdigest()
        for file in site.rglob("*")
        if file.is_file()
    }


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return built(make_view(), tmp_path_factory.mktemp("tame"))


@pytest.fixture(scope="module")
def hostile_site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return built(make_view(hostile=True), tmp_path_factory.mktemp("hostile"))


@pytest.mark.parametrize("which", ["site", "hostile_site"])
def test_every_link_and_anchor_leads_somewhere_and_never_outside(which: str, request: pytest.FixtureRequest) -> None:
    assert broken_links(request.getfixturevalue(which)) == []


def test_no_address_of_another_machine_stands_in_any_page(site: Path) -> None:
    for file in site.rglob("*.html"):
        found = re.findall(r"(?:https?:)?//[a-z][\w.-]+", file.read_text(encoding="utf-8"))
        assert set(found) <= {"http://www.w3.org"}, file  # the name of SVG's namespace, which nobody fetches


def test_hostile_names_add_no_element_that_runs(site: Path, hostile_site: Path) -> None:
    for file in sorted(hostile_site.rglob("*.html")):
        tame = Page((site / file.relative_to(hostile_site)).read_text(encoding="utf-8"))
        page = Page(file.read_text(encoding="utf-8"))
        assert page.handlers == tame.handlers, file
        for tag in ("script", "img", "iframe", "h1", "object"):
            assert page.tags.count(tag) == tame.tags.count(tag), (file, tag)


def test_a_name_reads_in_the_heading_and_the_title_as_it_was_written(tmp_path: Path) -> None:
    view = make_view(1, 1)
    odd = 'Author\'s "works" <b> & {x} #1: a_b_c *d* SR-1.1 [e](f) {{ g }} `h` \\ %'
    zone = replace(view.plant.zones["zone-0"], title=odd)
    site = built(replace(view, plant=replace(view.plant, name=odd, zones={"zone-0": zone})), tmp_path)
    for file in ("index.html", "zones/zone-0.html"):
        source = (site / file).read_text(encoding="utf-8")
        heading = re.search(r"<h1[^>]*>(.*?)<a class=\"headerlink", source, re.DOTALL)
        title = re.search(r"<title>(.*?)</title>", source, re.DOTALL)
        assert heading
        assert title
        assert Page(heading[1]).text == odd
        assert odd in Page(title[1]).text


def test_two_builds_give_the_same_bytes(site: Path, tmp_path: Path) -> None:
    assert digests(built(make_view(), tmp_path)) == digests(site)


def test_data_of_long_tables_is_published_and_links_still_resolve(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(long_tables, "LONGEST", 3)
    site = built(make_view(hostile=True), tmp_path)
    assert (site / "data" / "evidence.js").is_file()
    assert broken_links(site) == []


def test_the_search_knows_requirements_and_no_evidence(site: Path, hostile_site: Path) -> None:
    index = (site / "search" / "search_index.json").read_text(encoding="utf-8")
    assert "Walk the plant." in index
    assert "linux.sshd.txt" not in index
    assert HOSTILE[0] not in (hostile_site / "search" / "search_index.json").read_text(encoding="utf-8")


def test_a_failed_build_says_why_and_leaves_the_old_site(tmp_path: Path) -> None:
    target = tmp_path / "site"
    target.mkdir()
    (target / "index.html").write_text("old", encoding="utf-8")
    with pytest.raises(SetupError, match=r"MkDocs could not build the portal: .*nowhere\.md") as caught:
        build_portal([("index.md", "# A\n\n[gone](nowhere.md)\n")], {}, target, name="A", at=AT)
    assert caught.value.hint
    assert (target / "index.html").read_text(encoding="utf-8") == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["site"]


def test_a_build_that_hangs_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(build, "_TIMEOUT", 0.01)
    with pytest.raises(SetupError, match=r"took more than 0\.01 s"):
        build_portal([("index.md", "# A\n")], {}, tmp_path / "site", name="A", at=AT)
    assert list(tmp_path.iterdir()) == []


def test_a_site_that_cannot_be_put_in_place_brings_the_old_one_back(tmp_path: Path) -> None:
    scratch, target = tmp_path / "scratch", tmp_path / "site"
    scratch.mkdir()
    target.mkdir()
    (target / "index.html").write_text("old", encoding="utf-8")
    with pytest.raises(FileNotFoundError):
        build._swap(scratch / "missing", target, scratch)
    assert (target / "index.html").read_text(encoding="utf-8") == "old"
    with pytest.raises(FileNotFoundError):
        build._swap(scratch / "missing", tmp_path / "never-was", scratch)


def test_the_build_sees_nothing_of_the_callers_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", str(tmp_path / "evil"))
    monkeypatch.setenv("SITE_URL", "http://example.invalid/")
    evil = tmp_path / "evil"
    evil.mkdir()
    (evil / "sitecustomize.py").write_text("raise SystemExit(3)\n", encoding="utf-8")
    assert built(make_view(1, 1), tmp_path / "out").is_dir()
