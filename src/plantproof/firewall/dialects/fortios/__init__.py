# SPDX-License-Identifier: Apache-2.0
"""FortiOS (FortiGate) as ``show`` prints it or a backup holds it: policies of one VDOM over its objects.

Order of a new packet: destination translation by virtual addresses, then the policies from top to bottom, then deny.
Packets of a session that exists pass. Source translation comes behind the policies and changes nothing here. What
inspection profiles, DoS policies and shapers do to packets that a policy accepts is not read.

Rests on the grammar and the documentation that the vendor and others publish; no device has been asked.
"""

from __future__ import annotations

from typing import Final

from plantproof.firewall.assembly import Assembly
from plantproof.firewall.dialects.fortios.interfaces import Interfaces
from plantproof.firewall.dialects.fortios.policies import Compiler, Policies
from plantproof.firewall.dialects.fortios.tree import EMPTY, Node, Tree, broken, read_tree
from plantproof.firewall.packets import ANY, Dim, State, interface
from plantproof.firewall.program import Act, Listing, Rule
from plantproof.firewall.ranges import Ranges

__all__ = ["read"]

_SPEAKING: Final = ("firewall ", "system interface", "system zone", "system sdwan", "router static")
_SESSION: Final = Ranges.only(State.ESTABLISHED, State.RELATED)
_STATES: Final = Ranges.only(State.NEW, State.ESTABLISHED, State.RELATED)
_OTHERS: Final = {
    "firewall security-policy": "policies of the policy-based mode",
    "firewall consolidated policy": "consolidated policies",
    "firewall policy46": "policies that translate IPv4 to IPv6",
    "firewall policy64": "policies that translate IPv6 to IPv4",
    "firewall acl": "an access list before the policies",
    "firewall acl6": "an access list before the policies",
    "firewall multicast-policy": "policies for multicast",
    "firewall interface-policy": "policies per interface",
}
"""Tables that may decide about packets and are not read."""


def read(text: str) -> Listing:
    """Read a configuration.

    Raises:
        ContentError: it ends too early, has no policies, or groups contain each other.
    """
    tree = read_tree(text)
    scopes = _scopes(tree.root)
    if not scopes:
        hint = "Give the whole configuration: 'show' or 'show full-configuration' at the top level, or a backup."
        raise broken(1, "has no 'config firewall policy'", hint)
    if len(scopes) > 1:
        return _several(tree, scopes)
    (vdom, scope), *_ = scopes.items()
    interfaces = Interfaces(scope, _global(tree.root), vdom)
    compiler = _compiled(tree, vdom, scope, interfaces)
    base: dict[Dim, Ranges] = {Dim.STATE: _STATES}
    if interfaces.names:
        base[Dim.IN] = base[Dim.OUT] = Ranges.of(span for name in interfaces.names for span in interface(name))
    translated = Ranges.of(
        span for vips in compiler.vips.values() for vip in vips.all.values() for span in vip.external
    )
    homes = {name: ranges - translated for name, ranges in interfaces.homes().items()}
    return Listing(
        dialect="fortios",
        rules=tuple(compiler.rules),
        program=compiler.assembly.build(base),
        lines=_lines(scope) + (_lines(_global(tree.root)) if vdom else 0),
        interfaces=tuple(sorted(interfaces.names)),
        incomplete=tuple(_incomplete(tree, scope)),
        homes={name: ranges for name, ranges in homes.items() if ranges},
    )


def _scopes(root: Node) -> dict[str, Node]:
    """The VDOMs that have policies; one without a name if the file knows no VDOMs."""
    found = {name: vdom for name, vdom in root.table("vdom").entries.items() if _tables(vdom)}
    return found or ({"": root} if _tables(root) else {})


def _tables(scope: Node) -> list[Policies]:
    found = []
    if "firewall policy" in scope.tables:
        found.append(Policies(scope.tables["firewall policy"], (False, True)))
    if "firewall policy6" in scope.tables:
        found.append(Policies(scope.tables["firewall policy6"], (True,), six=True))
    return found


def _global(root: Node) -> Node:
    return root.tables.get("global", EMPTY)


def _compiled(tree: Tree, vdom: str, scope: Node, interfaces: Interfaces) -> Compiler:
    place = f"{vdom}: firewall policy" if vdom else "firewall policy"
    compiler = Compiler(scope, interfaces, tree.version, place)
    compiler.assembly.add(Act.FORWARD, [{Dim.STATE: _SESSION}])
    central = scope.table("system settings").on("central-nat")
    compiler.compile(_tables(scope), central=central)
    return compiler


def _several(tree: Tree, scopes: dict[str, Node]) -> Listing:
    """Several VDOMs: through which of them a packet passes is not in the question, so nothing is certain."""
    rules: list[Rule] = []
    names: set[str] = set()
    for vdom, scope in scopes.items():
        interfaces = Interfaces(scope, _global(tree.root), vdom)
        names |= set(interfaces.names)
        rules += _compiled(tree, vdom, scope, interfaces).rules
    why = f"several VDOMs have policies ({', '.join(scopes)}): give the configuration of one of them"
    rules.append(Rule(line=tree.root.table("vdom").line, text="config vdom", action="", understood=False, why=why))
    assembly = Assembly()
    assembly.add(Act.ANYTHING, [ANY], rule=len(rules) - 1)
    return Listing(
        dialect="fortios",
        rules=tuple(rules),
        program=assembly.build(),
        lines=sum(_lines(scope) for scope in scopes.values()),
        interfaces=tuple(sorted(names)),
    )


def _lines(scope: Node) -> int:
    return sum(table.size() for path, table in scope.tables.items() if path.startswith(_SPEAKING))


def _incomplete(tree: Tree, scope: Node) -> list[Rule]:
    found = []
    settings = scope.table("system settings")
    if settings.value("ngfw-mode") == "policy-based":
        line = settings.settings["ngfw-mode"].line
        found.append(_gap(line, "set ngfw-mode policy-based", "security policies decide, which are not read"))
    for path, what in _OTHERS.items():
        table = scope.table(path)
        if table.entries and not (path == "firewall security-policy" and found):
            found.append(_gap(table.line, f"config {path}", f"{what}, which are not read"))
    found += [
        _gap(oddity.line, oddity.text, f"a command in '{oddity.path}' that is not carried out")
        for oddity in tree.oddities
        if any(part.startswith(_SPEAKING) for part in oddity.path.split(" / "))
    ]
    return found


def _gap(line: int, text: str, why: str) -> Rule:
    return Rule(line=line, text=text, action="", understood=False, why=why)
