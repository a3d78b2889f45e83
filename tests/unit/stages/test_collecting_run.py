# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

import pytest

from fakes.collecting import (
    MONDAY_NINE,
    FakeClock,
    FakeRunner,
    HeardListener,
    Interrupted,
    make_asset,
    make_collector,
    make_intake,
    make_plant,
    marked,
    output,
)
from fakes.evidence import FakeLocker
from plantproof.core.facts import SectionState
from plantproof.core.plant import Plant
from plantproof.errors import CollectionError
from plantproof.ports.collecting import CollectionJob, Runner
from plantproof.stages.collect import CollectionReport, Intake, collect, take_in
from plantproof.stages.selecting import select_jobs

WHOLE = marked(("linux.host", "host"), ("linux.sshd", "port 22"))


def run(
    plant: Plant,
    runner: Runner,
    *,
    intake: Intake | None = None,
    locker: FakeLocker | None = None,
    clock: FakeClock | None = None,
    listener: HeardListener | None = None,
    ignore_windows: bool = False,
) -> CollectionReport:
    return collect(
        plant,
        select_jobs(plant),
        intake=intake or make_intake(),
        runner=runner,
        locker=locker or FakeLocker(),
        clock=clock or FakeClock(),
        listener=listener or HeardListener(),
        ignore_windows=ignore_windows,
    )


def reasons(report: CollectionReport) -> Mapping[tuple[str, str], str]:
    return {(item.asset, item.kind): item.reason for item in report.not_collected}


def test_a_run_is_one_commit_with_every_zone_in_it() -> None:
    plant = make_plant(make_asset("b"), make_asset("a", "office"), make_asset("c"), concurrency=4)
    runner, locker = FakeRunner(dict.fromkeys("abc", WHOLE)), FakeLocker()
    report = run(plant, runner, locker=locker)
    assert runner.calls == [(("b/linux_host", "c/linux_host"), 4), (("a/linux_host",), 4)]
    assert len(locker.runs) == 1
    assert sorted(locker.items()) == [
        f"{where}/{kind}.txt" for where in ("cell/b", "cell/c", "office/a") for kind in ("linux.host", "linux.sshd")
    ]
    assert report.not_collected == ()
    assert report.committed.added == 6


def test_an_item_carries_its_four_clocks_and_what_read_it() -> None:
    clock = FakeClock(step=10)
    plant = make_plant(make_asset("a", simulated=True))
    report = run(plant, FakeRunner({"a": WHOLE}), clock=clock, intake=make_intake(freshness={"linux.sshd": 60}))
    host, sshd = report.items
    assert host.clocks.observed == "2026-11-23T08:59:00Z"
    assert host.clocks.collected == "2026-11-23T08:59:58Z"
    assert host.clocks.received == "2026-11-23T09:00:20Z"
    assert host.clocks.valid_until == "2026-11-24T08:59:58Z"
    assert sshd.clocks.valid_until == "2026-11-23T09:00:58Z"
    assert host.collector.digest == "d" * 64
    assert host.simulated
    assert host.state is SectionState.COMPLETE
    assert host.run == report.run
    assert report.run.startswith("20261123T090010Z-")


@pytest.mark.parametrize("said", ["yesterday", "", "2026-13-01T00:00:00Z", "0001-01-01T00:00:00+23:59"])
def test_a_clock_that_is_none_is_not_believed(said: str) -> None:
    text = marked(("linux.host", "x"), ("linux.sshd", "y"), clock=said)
    assert run(make_plant(make_asset("a")), FakeRunner({"a": text})).items[0].clocks.observed is None


def test_a_dead_asset_costs_no_other_its_evidence() -> None:
    plant = make_plant(make_asset("a"), make_asset("b"), make_asset("c"))
    locker = FakeLocker()
    report = run(plant, FakeRunner({"a": WHOLE, "b": "!it refuses the connection", "c": WHOLE}), locker=locker)
    assert reasons(report) == {("b", "linux_host"): "it refuses the connection"}
    assert {item.asset for item in report.items} == {"a", "c"}
    manifest = locker.manifest()
    assert manifest is not None
    assert manifest.not_collected == tuple(replace(item, run=report.run) for item in report.not_collected)


def test_a_zone_whose_run_breaks_costs_no_other_zone() -> None:
    plant = make_plant(make_asset("a"), make_asset("b", "office"))
    report = run(plant, FakeRunner({"a": WHOLE, "b": WHOLE}, broken=frozenset({"office"})))
    assert reasons(report) == {("b", "linux_host"): "ansible is not there"}
    assert {item.asset for item in report.items} == {"a"}


def test_a_run_that_can_start_nowhere_is_an_error_and_stores_nothing() -> None:
    locker = FakeLocker()
    with pytest.raises(CollectionError) as caught:
        run(make_plant(make_asset("a")), FakeRunner({}, broken=frozenset({"cell"})), locker=locker)
    assert caught.value.code == "collection.runner"
    assert not locker.runs


def test_ctrl_c_passes_through_and_stores_nothing() -> None:
    locker = FakeLocker()
    with pytest.raises(KeyboardInterrupt):
        run(make_plant(make_asset("a")), Interrupted(), locker=locker)
    assert not locker.runs


def test_outside_its_windows_a_zone_is_not_touched() -> None:
    plant = make_plant(make_asset("a"), make_asset("b", "office"), windows={"cell": "sat 10:00-12:00"})
    runner, listener = FakeRunner({"a": WHOLE, "b": WHOLE}), HeardListener()
    report = run(plant, runner, listener=listener)
    assert [jobs for jobs, _ in runner.calls] == [("b/linux_host",)]
    why = "outside the maintenance windows of zone cell (sat 10:00-12:00); it is Mon 09:00 there"
    assert reasons(report) == {("a", "linux_host"): why}
    assert listener.heard[:2] == [("started", "2"), ("ended", "cell", "a", "linux_host", why)]


def test_windows_are_in_the_plants_own_time() -> None:
    plant = make_plant(make_asset("a"), windows={"cell": "mon 10:00-11:00"})
    assert run(plant, FakeRunner({"a": WHOLE})).items == ()
    assert run(plant, FakeRunner({"a": WHOLE}), clock=FakeClock(zone="Europe/Paris")).items
    assert run(plant, FakeRunner({"a": WHOLE}), clock=FakeClock(MONDAY_NINE + timedelta(hours=1))).items


def test_windows_may_be_ignored_but_probing_may_not() -> None:
    plant = make_plant(make_asset("a", collectors=("linux_host", "modbus")), windows={"cell": "sat 10:00-12:00"})
    intake = make_intake(make_collector(), make_collector("modbus", ("modbus.id",), impact="probe", protocol="modbus"))
    runner = FakeRunner({"a": WHOLE})
    report = run(plant, runner, intake=intake, ignore_windows=True)
    assert [jobs for jobs, _ in runner.calls] == [("a/linux_host",)]
    assert "does not allow probing by modbus" in reasons(report)["a", "modbus"]


def test_a_zone_that_names_the_protocol_may_be_probed() -> None:
    plant = make_plant(make_asset("a", "probed", collectors=("modbus",)))
    intake = make_intake(make_collector("modbus", ("modbus.id",), impact="probe", protocol="modbus", media="json"))
    report = run(plant, FakeRunner({"a": marked(("modbus.id", "{}"), collector="modbus")}), intake=intake)
    assert [item.path for item in report.items] == ["probed/a/modbus.id.json"]


def test_a_second_run_with_nothing_new_changes_the_manifest_alone() -> None:
    plant, locker = make_plant(make_asset("a")), FakeLocker()
    run(plant, FakeRunner({"a": WHOLE}), locker=locker)
    again = run(plant, FakeRunner({"a": WHOLE}), locker=locker, clock=FakeClock(MONDAY_NINE + timedelta(days=1)))
    assert (again.committed.added, again.committed.changed, again.committed.unchanged) == (0, 0, 2)


JOB = CollectionJob(asset=make_asset("a"), collector="linux_host")


def take(text: str, intake: Intake | None = None) -> tuple[Mapping[str, str], Mapping[str, str]]:
    taken = take_in(output(JOB, text), intake or make_intake(), run="r", received="2026-11-23T09:00:00Z")
    return (
        {item.envelope.kind: item.content.decode() for item in taken.items},
        {item.kind: item.reason for item in taken.missing},
    )


def test_secrets_are_taken_out_and_counted() -> None:
    items = take_in(
        output(JOB, marked(("linux.host", "a hunter2\nb hunter2"), ("linux.sshd", "x"))),
        make_intake(),
        run="r",
        received="2026-11-23T09:00:00Z",
    ).items
    host, sshd = items
    assert host.content == b"a <redacted>\nb <redacted>\n"
    assert (host.envelope.redactions, host.envelope.fingerprint_key, host.envelope.redactor) == (
        2,
        "abcdef01",
        "fake/1",
    )
    assert (sshd.envelope.redactions, sshd.envelope.fingerprint_key) == (0, "")


def test_what_still_looks_like_a_secret_is_not_stored_and_only_that() -> None:
    stored, missing = take(marked(("linux.host", "fine\noverlooked"), ("linux.sshd", "x")))
    assert stored == {"linux.sshd": "x\n"}
    assert missing == {"linux.host": "line 2 still looks like a secret after redaction; nothing was stored"}


def test_a_kind_without_a_redactor_is_refused() -> None:
    stored, missing = take(marked(("odd.kind", "x")), make_intake(make_collector(kinds=("odd.kind",))))
    assert not stored
    assert missing == {"odd.kind": "odd.kind has no redactor"}


def test_a_kind_that_nobody_asked_for_is_not_stored() -> None:
    stored, missing = take(marked(("linux.host", "x"), ("linux.sshd", "x"), ("linux.else", "x")))
    assert set(stored) == {"linux.host", "linux.sshd"}
    assert missing == {"linux.else": "linux_host is not known to bring this from a; it was not stored"}


def test_what_is_missing_or_not_collected_is_named() -> None:
    stored, missing = take(marked(("linux.sshd", "", "not-collected needs root")))
    assert not stored
    assert missing == {"linux.host": "the collector's output does not hold it", "linux.sshd": "needs root"}


def test_a_missing_reason_is_said_to_be_missing() -> None:
    assert take(marked(("linux.sshd", "", "not-collected")))[1]["linux.sshd"] == "the collector gave no reason"


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("login with hunter2 failed", "login with <redacted> failed"),
        ("overlooked", "(not shown: it may hold a secret)"),
        ("x" * 900, "x" * 500),
    ],
)
def test_reasons_and_notes_hold_no_secret_either(said: str, kept: str) -> None:
    _, missing = take(marked(("linux.sshd", "", f"not-collected {said}")))
    assert missing["linux.sshd"] == kept
    text = marked(("linux.host", f"#plantproof 0123abcd note linux.host {said}\nx"))
    items = take_in(output(JOB, text), make_intake(), run="r", received="2026-11-23T09:00:00Z").items
    assert items[0].envelope.notes == (kept,)


def test_a_reason_of_a_kind_without_a_redactor_is_not_shown() -> None:
    intake = make_intake(make_collector(kinds=("odd.kind",)))
    assert take(marked(("odd.kind", "", "not-collected hunter2")), intake)[1] == {
        "odd.kind": "(not shown: it may hold a secret)"
    }


def test_output_with_another_runs_nonce_is_not_taken() -> None:
    stored, missing = take(marked(("linux.host", "x"), nonce="ffff"))
    assert not stored
    assert "no header line of a collector with this run's nonce" in missing["linux_host"]


def test_a_cut_section_is_stored_as_truncated() -> None:
    text = marked(("linux.host", "x"), ("linux.sshd", "port 22\nhalf")).partition("half")[0]
    taken = take_in(output(JOB, text), make_intake(), run="r", received="2026-11-23T09:00:00Z")
    items = taken.items
    assert not taken.missing
    assert taken.remarks == [
        "a linux_host: the collector did not finish: its last line is missing",
        "a linux_host: linux.sshd: the output breaks off inside this section",
    ]
    assert [item.envelope.state for item in items] == [SectionState.COMPLETE, SectionState.TRUNCATED]
    assert items[1].envelope.reason


def test_an_item_that_lost_more_than_half_is_remarked_upon() -> None:
    intake = make_intake(sizes={"cell/a/linux.host.txt": 9, "cell/a/linux.sshd.txt": 8})
    items = take_in(
        output(JOB, marked(("linux.host", "abc"), ("linux.sshd", "abc"))),
        intake,
        run="r",
        received="2026-11-23T09:00:00Z",
    ).items
    assert items[0].envelope.notes == ("shrank from 9 to 4 bytes since the run before",)
    assert items[1].envelope.notes == ()


def test_what_cannot_be_utf_8_is_stored_all_the_same() -> None:
    stored, _ = take(marked(("linux.host", "caf\udce9"), ("linux.sshd", "x")))
    assert stored["linux.host"] == "caf?\n"
