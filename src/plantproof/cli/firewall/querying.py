# SPDX-License-Identifier: Apache-2.0
"""``plantproof firewall query``: of a set of packets, are all forwarded, some, or none?"""

from __future__ import annotations

from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path

import click

from plantproof.cli.exits import OK
from plantproof.cli.firewall.reading import listing_arguments, read_file, rule_json
from plantproof.cli.output import json_option, print_json, print_table, talk, visible
from plantproof.core.services import ICMP, ICMPV6, PROTOCOLS
from plantproof.errors import UsageError
from plantproof.firewall.packets import PORTED, V4, V6, Box, Dim, State, interface, networks
from plantproof.firewall.program import Listing
from plantproof.firewall.query import Answer, Verdict, ask
from plantproof.firewall.ranges import Ranges

__all__ = ["query"]

_WORDS = {
    Verdict.ALL: "all of these packets are forwarded",
    Verdict.NONE: "none of these packets is forwarded",
    Verdict.SOME: "some of these packets are forwarded, others are not",
    Verdict.INCONCLUSIVE: "inconclusive: what is not understood, or not known of a packet, decides",
}


@click.command()
@click.option("--from", "source", required=True, metavar="CIDR", help="Source addresses, or any.")
@click.option(
    "--to", "target", required=True, metavar="CIDR", help="Destination addresses as the packet arrives, or any."
)
@click.option("--proto", help="Protocol: tcp, udp, icmp, esp, or a number.  [default: all]")
@click.option("--port", "ports", metavar="N[-M]", help="Destination port as the packet arrives; of ICMP the type.")
@click.option("--sport", "sports", metavar="N[-M]", help="Source port.")
@click.option("--in", "entering", metavar="IFACE", help="Interface by which the packet arrives.")
@click.option("--out", "leaving", metavar="IFACE", help="Interface by which it leaves.")
@click.option(
    "--state",
    "states",
    multiple=True,
    type=click.Choice([state.name.lower() for state in State]),
    help="State of its connection; may be repeated.  [default: new and established]",
)
@listing_arguments
@json_option
def query(
    *,
    dialect: str,
    file: Path,
    source: str,
    target: str,
    proto: str | None,
    ports: str | None,
    sports: str | None,
    entering: str | None,
    leaving: str | None,
    states: tuple[str, ...],
    as_json: bool,
) -> int:
    """Say of the packets in a set whether the device forwards all, some or none of them, and by which rules.

    Exact: every packet of the set is covered, none is sampled. Addresses and port are those with which a packet
    arrives, before any translation. What a filter decides by rate, time, length or a list that lives elsewhere is never
    all or none.

    Exit status 0 whatever the answer is.

    \b
    Example:
        plantproof firewall query --from 10.1.0.0/16 --to 10.2.0.5 --proto tcp --port 502 nftables-json fw.json
        plantproof firewall query --from any --to 10.2.0.0/24 --state new --in wan0 iptables-save rules.v4 --json
    """  # noqa: D301 - click reads \b
    box = packets(source, target, proto, ports, sports, entering, leaving, states)
    listing = read_file(dialect, file)
    box, assumed = led(listing, box)
    answer = ask(listing, box)
    if as_json:
        print_json(
            {
                "verdict": answer.verdict.value,
                "rules": [rule_json(rule) for rule in answer.rules],
                "not_understood": [rule_json(rule) for rule in answer.doubts],
                "assumed": assumed,
            }
        )
    else:
        _print(answer, assumed)
    return OK


def led(listing: Listing, box: Box) -> tuple[Box, dict[str, str]]:
    """Add the interfaces to which the configuration leads: the addresses all lie behind one of them."""
    found, assumed = dict(box), {}
    for dim, way, word in ((Dim.SRC, Dim.IN, "in"), (Dim.DST, Dim.OUT, "out")):
        if way in found or dim not in found:
            continue
        homes = [name for name, behind in listing.homes.items() if not found[dim] - behind]
        if len(homes) == 1:
            found[way] = interface(homes[0])
            assumed[word] = homes[0]
    return found, assumed


def packets(  # noqa: PLR0917 - one argument per coordinate
    source: str,
    target: str,
    proto: str | None,
    ports: str | None,
    sports: str | None,
    entering: str | None,
    leaving: str | None,
    states: tuple[str, ...],
) -> Box:
    """The set of packets that the options describe.

    Raises:
        UsageError: one of them is no address, protocol or port, or they contradict one another.
    """
    box: dict[Dim, Ranges] = {Dim.SRC: _addresses(source, "--from"), Dim.DST: _addresses(target, "--to")}
    box[Dim.SRC], box[Dim.DST] = _one_family(box[Dim.SRC], box[Dim.DST])
    if proto is not None:
        box[Dim.PROTO] = Ranges.only(_protocol(proto))
    if ports is not None:
        icmp = box.get(Dim.PROTO) in {Ranges.only(ICMP), Ranges.only(ICMPV6)}
        box[Dim.DPORT] = _ports(ports, "--port", 255 if icmp else 65535)
        if icmp:
            box[Dim.DPORT] = Ranges.of((first * 256, last * 256 + 255) for first, last in box[Dim.DPORT])
    if sports is not None:
        box[Dim.SPORT] = _ports(sports, "--sport", 65535)
    if (ports is not None or sports is not None) and Dim.PROTO not in box:
        box[Dim.PROTO] = PORTED
    named = [State[state.upper()] for state in states] or [State.NEW, State.ESTABLISHED]
    box[Dim.STATE] = Ranges.only(*named)
    for dim, name in ((Dim.IN, entering), (Dim.OUT, leaving)):
        if name is not None:
            box[dim] = interface(name)
    return box


def _one_family(source: Ranges, target: Ranges) -> tuple[Ranges, Ranges]:
    """No packet goes from one family to the other."""
    for family in (V4, V6):
        if not (source & family and target & family):
            source, target = source - family, target - family
    if not source:
        hint = "Give two of IPv4, or two of IPv6."
        raise UsageError("--from and --to are of different families", code="usage.bad-argument", hint=hint)
    return source, target


def _addresses(text: str, option: str) -> Ranges:
    if text == "any":
        return V4 | V6
    try:
        network: IPv4Network | IPv6Network = ip_network(text, strict=False)
    except ValueError:
        hint = "Write 10.1.0.0/16, 10.1.0.5, fd00::/8 or any."
        raise UsageError(f"{option}: {text!r} is no address or network", code="usage.bad-argument", hint=hint) from None
    return networks(network)


def _protocol(text: str) -> int:
    number = PROTOCOLS.get(text.lower(), int(text) if text.isascii() and text.isdigit() else -1)
    if not 0 <= number <= 255:  # noqa: PLR2004 - one byte
        hint = "Write tcp, udp, icmp, icmpv6, esp, gre or a number from 0 to 255."
        raise UsageError(f"--proto: {text!r} is no protocol", code="usage.bad-argument", hint=hint)
    return number


def _ports(text: str, option: str, last: int) -> Ranges:
    first, _, second = text.partition("-")
    ends = [int(end) if end.isascii() and end.isdigit() and len(end) < 6 else -1 for end in (first, second or first)]  # noqa: PLR2004
    if not 0 <= ends[0] <= ends[1] <= last:
        raise UsageError(
            f"{option}: {text!r} is no port", code="usage.bad-argument", hint=f"Write 0 to {last}, or a range 1-2."
        )
    return Ranges.of([(ends[0], ends[1])])


def _print(answer: Answer, assumed: dict[str, str]) -> None:
    click.echo(f"{answer.verdict.value}: {_WORDS[answer.verdict].removeprefix('inconclusive: ')}")
    if answer.rules:
        rows = [[rule.line, visible(rule.place), rule.action, visible(rule.text)] for rule in answer.rules]
        print_table(["line", "place", "action", "rule that decides"], rows)
    if answer.doubts:
        rows = [[rule.line, visible(rule.text), visible(rule.why)] for rule in answer.doubts]
        print_table(["line", "leaves it open", "why"], rows)
    for word, name in assumed.items():
        talk(f"--{word} {name}: the configuration says that these addresses lie there")
