# SPDX-License-Identifier: Apache-2.0
"""Other standards in the portal: duties, the requirements that serve them, who says so."""

from __future__ import annotations

from dataclasses import replace

from fakes.html_reading import Page
from fakes.portal_views import HOSTILE, make_view
from plantproof.adapters.content import Content
from plantproof.adapters.library import Library
from plantproof.render.site import site_pages
from plantproof.render.view import Counterpart, Duty, PortalView, Standard
from plantproof.stages.publish import other_standards


def with_standard(view: PortalView, words: str = "Both keep copies.") -> PortalView:
    first, second = list(view.assessment.controls)[:2]

    def row(control: str, relation: str, *, official: bool = False) -> Counterpart:
        return Counterpart(
            control=control, relation=relation, authority="Someone", official=official, confidence="high", reason=words
        )

    duties = [
        Duty(id="a", label="Art. 1", title=words, counterparts=[row(first, "superset-of"), row("sr-9.9", "equal-to")]),
        Duty(id="b", label="Art. 2", title="Two", counterparts=[row(second, "intersects-with", official=True)]),
        Duty(id="c", label="Art. 3", title="Of another baseline", counterparts=[row("sr-9.9", "equal-to")]),
    ]
    return replace(view, standards=[Standard(key="nis2", title="The law", duties=duties, without=7)])


def test_a_duty_shows_its_requirements_and_where_they_stand() -> None:
    view = with_standard(make_view())
    pages = dict(site_pages(view))
    first, second = list(view.assessment.controls)[:2]
    page = pages["standards/nis2.md"]
    assert "7 of its controls have no row" in page
    assert page.count("<tr>") == 1 + 2  # a duty without a requirement of this baseline is left out
    assert "superset-of, Someone&#x27;s own judgement" in page
    assert "intersects-with, Someone<" in page
    assert f"../controls/{second}.html" in page
    assert "does not fulfil the duty" in page
    of_first = pages[f"controls/{first}.md"].partition("## In other standards")[2]
    assert "subset-of" in of_first  # the same row, seen from the requirement
    assert "superset-of" not in of_first
    assert "standards/nis2.html" in of_first
    assert "Someone" in pages["standards/index.md"]


def test_without_crosswalks_nothing_is_claimed() -> None:
    pages = dict(site_pages(make_view()))
    assert "No crosswalk leads from these requirements." in pages["standards/index.md"]
    assert not any("In other standards" in page for page in pages.values())


def test_words_of_a_crosswalk_stay_words() -> None:
    view = make_view()
    for hostile in HOSTILE:
        made = dict(site_pages(with_standard(view, hostile)))
        for path in ("standards/nis2.md", "standards/index.md", "controls/sr-1.1.md"):
            page = Page(made[path])
            assert page.handlers == []
            assert not {"script", "img", "iframe"} & set(page.tags)


def test_the_shipped_rows_are_gathered_from_the_other_side() -> None:
    library = Library(Content())
    found = {one.key: one for one in other_standards(library.catalogs, library.graph, "iec62443-3-3")}
    assert {"nis2", "nis2-2024-2690", "iso27001-2022", "nist-csf-2.0", "nerc-cip", "cis-v8"} <= set(found)
    assert "iec62443-3-3" not in found
    backup = next(duty for duty in found["nis2"].duties if duty.id == "art-21.2.c")
    assert "sr-7.3" in {one.control for one in backup.counterparts}
    assert not any(one.official for one in backup.counterparts)
    assert any(one.official for duty in found["anssi-ics"].duties for one in duty.counterparts)
