# SPDX-License-Identifier: Apache-2.0
"""Judging 10,000 assets by 100 checks: the engine, handwritten closures, and JMESPath, side by side.

Run ``python benchmarks/assess.py [assets] [pairs]``. It prints microseconds for context and ratios for claims:
the engine is meant to be at least 10 times faster than JMESPath and at most twice as slow as bare closures.
"""

from __future__ import annotations

import gc
import random
import statistics
import sys
import time
from collections.abc import Callable
from typing import Any

import jmespath

from plantproof.checks.compiled import CompiledCheck, compile_check
from plantproof.checks.engine import evaluate
from plantproof.checks.subjects import KindEvidence, Subject
from plantproof.core.checks import Assertion, Check
from plantproof.core.facts import Facts
from plantproof.core.plant import Asset

KIND = "bench.host"
SERVICES = ("telnet", "ssh", "http", "https", "snmp", "ftp", "opcua", "modbus")
SAMPLE = 500
Facts_ = dict[str, Any]
Shape = tuple[str, Callable[[Facts_], bool], str]


def shapes(k: int) -> list[Shape]:
    """Equality, comparison, membership, two fields, any over a list: our text, a closure, JMESPath's text."""
    service, limit, uid = SERVICES[k % 8], k % 8, k % 5
    return [
        (
            "host.sshd.root != 'yes' and host.fw.signed",
            lambda a: a["sshd"]["root"] != "yes" and a["fw"]["signed"],
            "sshd.root!='yes' && fw.signed",
        ),
        (
            f"host.sshd.tries <= {limit}",
            lambda a: a["sshd"]["tries"] <= limit,
            f"sshd.tries<=`{limit}`",
        ),
        (
            f"'{service}' not in host.services",
            lambda a: service not in a["services"],
            f"!contains(services,'{service}')",
        ),
        (
            f"host.vals.k{k} > {k * 4} and host.log.days >= 90",
            lambda a, key=f"k{k}", low=k * 4: a["vals"][key] > low and a["log"]["days"] >= 90,  # type: ignore[misc]
            f"vals.k{k}>`{k * 4}` && log.days>=`90`",
        ),
        (
            f"host.users | selectattr('uid', 'equalto', {uid}) | rejectattr('locked') | list | length == 0",
            lambda a: not any(u["uid"] == uid and not u["locked"] for u in a["users"]),
            f"length(users[?uid==`{uid}` && !locked])==`0`",
        ),
    ]


def host(rng: random.Random) -> Facts_:
    return {
        "fw": {"version": rng.randint(100, 999), "signed": rng.random() < 0.9},
        "sshd": {"root": rng.choice(["yes", "no", "prohibit-password"]), "tries": rng.randint(1, 8)},
        "services": rng.sample(SERVICES, 4),
        "users": [{"name": f"u{k}", "uid": k, "locked": rng.random() < 0.5} for k in range(5)],
        "vals": {f"k{k}": rng.randint(0, 100) for k in range(20)},
        "log": {"remote": rng.random() < 0.7, "days": rng.randint(0, 400)},
    }


def check(number: int, text: str) -> CompiledCheck:
    return compile_check(
        Check(
            id=f"bench-{number}",
            title="bench",
            kinds=(KIND,),
            when="",
            assertions=(Assertion(that=text, otherwise="not so"),),
            rationale="",
            remedy="",
            caution="",
        )
    )


def subject(number: int, data: Facts_) -> Subject:
    facts = Facts(kind=KIND, parser="bench/1", data=data)
    evidence = {KIND: KindEvidence(kind=KIND, facts=facts)}
    return Subject(asset=Asset(id=f"host-{number:05d}", zone="cell"), evidence=evidence)


def closures(functions: list[Callable[[Facts_], bool]], hosts: list[Facts_]) -> bytearray:
    out, place = bytearray(len(functions) * len(hosts)), 0
    for each in hosts:
        for function in functions:
            out[place] = function(each)
            place += 1
    return out


def timed(work: Callable[[], object]) -> tuple[float, Any]:
    gc.collect()
    start = time.perf_counter()
    result = work()
    return time.perf_counter() - start, result


def main() -> None:
    assets = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    pairs = int(sys.argv[2]) if len(sys.argv) > 2 else 5
    rng = random.Random(3)
    hosts = [host(rng) for _ in range(assets)]
    rules = [rule for k in range(20) for rule in shapes(k)]
    checks = [check(number, text) for number, (text, _, _) in enumerate(rules)]
    functions = [function for _, function, _ in rules]
    queries = [jmespath.compile(query) for _, _, query in rules]
    subjects = [subject(number, data) for number, data in enumerate(hosts)]
    sample = hosts[:SAMPLE]
    per = assets * len(rules)
    to_floor, to_peer, rates = [], [], []
    for _ in range(pairs):
        bare, expected = timed(lambda: closures(functions, hosts))
        ours, evaluation = timed(lambda: evaluate(checks, subjects, now="2026-11-23T00:00:00Z"))
        peer, found = timed(lambda: [[bool(query.search(each)) for query in queries] for each in sample])
        verify(evaluation.verdicts, expected, found, len(rules))
        rates.append((bare / per * 1e6, ours / per * 1e6, peer / (len(sample) * len(rules)) * 1e6))
        to_floor.append(rates[-1][1] / rates[-1][0])
        to_peer.append(rates[-1][2] / rates[-1][1])
    for label, column in (("closures", 0), ("plantproof", 1), ("jmespath", 2)):
        print(f"{label:12s} {statistics.median(rate[column] for rate in rates):8.3f} us per evaluation")
    print(f"{per:,} evaluations; plantproof / closures {statistics.median(to_floor):.2f} (goal <= 2)")
    print(f"jmespath / plantproof {statistics.median(to_peer):.1f} (goal >= 10)")


def verify(rows: tuple[bytearray, ...], expected: bytearray, found: list[list[bool]], rules: int) -> None:
    """All three say the same."""
    for number, row in enumerate(rows):
        assert all((verdict == 0) == bool(truth) for verdict, truth in zip(row, expected[number::rules], strict=True))
        assert all((row[index] == 0) == answers[number] for index, answers in enumerate(found))


if __name__ == "__main__":
    main()
