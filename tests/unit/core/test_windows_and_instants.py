# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plantproof.core.instants import add_seconds, instant_text, parse_instant
from plantproof.core.windows import Window
from plantproof.errors import ContentError, UsageError


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=UTC)  # the 23rd is a Monday


@pytest.mark.parametrize(
    ("text", "moment", "inside"),
    [
        ("mon-fri 08:00-16:00", at(23, 8), True),
        ("mon-fri 08:00-16:00", at(23, 16), False),
        ("mon-fri 08:00-16:00", at(28, 9), False),
        ("08:00-16:00", at(28, 9), True),
        ("sat 22:00-04:00", at(28, 23), True),
        ("sat 22:00-04:00", at(29, 3, 59), True),
        ("sat 22:00-04:00", at(29, 4), False),
        ("sat 22:00-04:00", at(28, 3), False),
        ("fri-mon 10:00-11:00", at(29, 10), True),
        ("fri-mon 10:00-11:00", at(25, 10), False),
        ("SUN 00:00-00:00", at(29, 0), True),
    ],
)
def test_a_window_holds_what_lies_in_it(text: str, moment: datetime, *, inside: bool) -> None:
    assert Window.parse(text).holds(moment) is inside


@pytest.mark.parametrize(
    "text", ["", "always", "mon 8-16", "mon-xyz 08:00-16:00", "mon 25:00-26:00", "mon 08:00 16:00"]
)
def test_what_is_no_window_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(ContentError, match="maintenance window") as caught:
        Window.parse(text)
    assert "mon-fri 08:00-16:00" in caught.value.hint


@given(st.datetimes(min_value=datetime(1980, 1, 1), max_value=datetime(2100, 1, 1)), st.integers(-12, 14))
def test_instants_sort_as_time_does_and_read_back(moment: datetime, hours: int) -> None:
    local = moment.replace(tzinfo=timezone(timedelta(hours=hours)))
    text = instant_text(local)
    assert parse_instant(text) == local.replace(microsecond=0)
    assert add_seconds(text, 1) > text


def test_a_date_alone_is_midnight_utc() -> None:
    assert instant_text(parse_instant("2026-11-23")) == "2026-11-23T00:00:00Z"


def test_what_is_no_instant_is_refused() -> None:
    with pytest.raises(UsageError, match="yesterday"):
        parse_instant("yesterday")
