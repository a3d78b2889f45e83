# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import pytest

from fakes.collecting import make_asset, make_collector, make_plant
from plantproof.errors import UsageError
from plantproof.stages.selecting import kinds_of, plan, select_jobs

PLANT = make_plant(
    make_asset("rtu-2"),
    make_asset("rtu-1", collectors=("linux_host", "modbus")),
    make_asset("hmi", "office"),
    make_asset("bare", "office", collectors=()),
)


def names(zone: str = "", limit: str = "") -> list[str]:
    return [f"{job.asset.id}/{job.collector}" for job in select_jobs(PLANT, zone, limit)]


def test_all_jobs_come_in_the_order_of_asset_ids() -> None:
    assert names() == ["hmi/linux_host", "rtu-1/linux_host", "rtu-1/modbus", "rtu-2/linux_host"]


@pytest.mark.parametrize(
    ("zone", "limit", "expected"),
    [
        ("office", "", ["hmi/linux_host"]),
        ("", "rtu-*", ["rtu-1/linux_host", "rtu-1/modbus", "rtu-2/linux_host"]),
        ("", "hmi, rtu-2", ["hmi/linux_host", "rtu-2/linux_host"]),
        ("", " , ", ["hmi/linux_host", "rtu-1/linux_host", "rtu-1/modbus", "rtu-2/linux_host"]),
        ("office", "rtu-1", []),
        ("", "bare", []),
    ],
)
def test_zone_and_limit_narrow_the_choice(zone: str, limit: str, expected: list[str]) -> None:
    assert names(zone, limit) == expected


@pytest.mark.parametrize(
    ("zone", "limit", "hint"),
    [
        ("offfice", "", "Did you mean 'office'?"),
        ("x", "", "Known: cell, office."),
        ("", "rtu-11", "Did you mean 'rtu-1'?"),
        ("", "hmi,zzz*", "Known: bare, hmi, rtu-1, rtu-2."),
        ("", "RTU-*", "Did you mean"),
    ],
)
def test_what_is_not_there_is_usage_with_the_nearest(zone: str, limit: str, hint: str) -> None:
    with pytest.raises(UsageError) as caught:
        select_jobs(PLANT, zone, limit)
    assert caught.value.code == "usage.unknown-name"
    if limit != "RTU-*":
        assert hint in caught.value.hint


def test_an_empty_plant_says_none() -> None:
    with pytest.raises(UsageError) as caught:
        select_jobs(make_plant(), "x")
    assert caught.value.hint == "Known: none."


def test_a_device_brings_the_kinds_of_its_platform_alone() -> None:
    info = make_collector("cli_device", ("a.x", "b.x", "any.x"), platforms={"a.x": "a", "b.x": "b"})
    assert [kind.kind for kind in kinds_of(make_asset("sw", platform="a"), info)] == ["a.x", "any.x"]
    assert [kind.kind for kind in kinds_of(make_asset("sw"), info)] == ["any.x"]


def test_the_plan_holds_each_command_for_each_asset_and_kind() -> None:
    infos = {"linux_host": make_collector(), "modbus": make_collector("modbus", ("modbus.id",))}
    rows = [(p.zone, p.asset, p.collector, p.kind, p.command) for p in plan(select_jobs(PLANT, "cell"), infos)]
    assert len(rows) == 2 * 2 * 2 + 2
    assert rows[0] == ("cell", "rtu-1", "linux_host", "linux.host", "read linux.host")
    assert ("cell", "rtu-1", "modbus", "modbus.id", "look at modbus.id") in rows
