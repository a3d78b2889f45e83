# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import pytest

from fakes.collecting import FakeClock, make_asset, make_collector, make_intake, marked
from fakes.evidence import FakeLocker
from plantproof.errors import CollectionError
from plantproof.stages.carried import add_carried
from plantproof.stages.collect import CollectionReport

ASSET = make_asset("hmi")
NOW = "2026-11-23T09:00:00Z"


def add(text: str, *, modified: str = "2026-11-22T10:00:00Z", locker: FakeLocker | None = None) -> CollectionReport:
    return add_carried(
        ASSET, text, modified=modified, intake=make_intake(), locker=locker or FakeLocker(), clock=FakeClock()
    )


def test_it_becomes_one_commit_whatever_its_nonce() -> None:
    locker = FakeLocker()
    report = add(marked(("linux.sshd", "port 22 hunter2"), nonce="byhand"), locker=locker)
    assert len(locker.runs) == 1
    assert [item.path for item in report.items] == ["cell/hmi/linux.sshd.txt"]
    assert locker.items()["cell/hmi/linux.sshd.txt"].item.content == b"port 22 <redacted>\n"
    assert [item.kind for item in report.not_collected] == ["linux.host"]


@pytest.mark.parametrize(
    ("clock", "modified", "collected"),
    [
        ("2026-11-20T08:00:00Z", "2026-11-22T10:00:00Z", "2026-11-20T08:00:00Z"),
        ("", "2026-11-22T10:00:00Z", "2026-11-22T10:00:00Z"),
        ("not-a-time", "2026-11-22T10:00:00Z", "2026-11-22T10:00:00Z"),
        ("2031-01-01T00:00:00Z", "2026-11-22T10:00:00Z", "2026-11-22T10:00:00Z"),
        ("2031-01-01T00:00:00Z", "2031-01-01T00:00:00Z", NOW),
        ("", "2031-01-01T00:00:00Z", NOW),
    ],
)
def test_it_was_collected_when_the_device_says_so_but_never_later_than_now(
    clock: str, modified: str, collected: str
) -> None:
    report = add(marked(("linux.sshd", "x"), clock=clock), modified=modified)
    assert report.items[0].clocks.collected == collected
    assert report.items[0].clocks.received == NOW
    assert report.items[0].clocks.valid_until[:10] > collected[:10]


@pytest.mark.parametrize(
    ("text", "code", "said"),
    [
        ("hello\n", "collection.format", "no header line"),
        ("", "collection.format", "no header line"),
        (marked(("x.y", "z"), collector="magic"), "collection.format", "collector 'magic' made it"),
        (marked(("linux.sshd", "overlooked")), "collection.incomplete", "nothing in it can be stored"),
        (marked(("x.y", "z")), "collection.incomplete", "nothing in it can be stored"),
    ],
)
def test_what_cannot_be_taken_leaves_the_locker_alone(text: str, code: str, said: str) -> None:
    locker = FakeLocker()
    with pytest.raises(CollectionError, match=said) as caught:
        add(text, locker=locker)
    assert caught.value.code == code
    assert not locker.runs


def test_the_reasons_come_along() -> None:
    with pytest.raises(CollectionError) as caught:
        add(marked(("linux.sshd", "overlooked")))
    assert any("linux.sshd: line 1 still looks like a secret" in str(error) for error in caught.value.also)


def test_another_collectors_output_is_read_by_its_own_header() -> None:
    intake = make_intake(make_collector(), make_collector("modbus", ("modbus.id",), media="json"))
    report = add_carried(
        ASSET,
        marked(("modbus.id", "{}"), collector="modbus"),
        modified=NOW,
        intake=intake,
        locker=FakeLocker(),
        clock=FakeClock(),
    )
    assert report.items[0].collector.name == "modbus"
