# SPDX-License-Identifier: Apache-2.0
"""Import phase, "Including controls": which controls of a source a directive takes.

Serves both ``import`` and ``insert-controls``, which share their vocabulary. Exclusion wins over inclusion
whatever the order. It decides about controls only; nothing is merged or edited here.
"""

from __future__ import annotations

import difflib
import fnmatch
import re
from dataclasses import dataclass, field

from plantproof.oscal.resolve.shape import Json, Place, kept_always, mapping, members, objects, refused, texts
from plantproof.oscal.resolve.tree import ControlNode, GroupNode, Tree


@dataclass(slots=True, kw_only=True)
class _Criteria:
    """The ``with-ids`` and ``matching`` of all selectors of one list, as two look-ups."""

    ids: dict[str, Place] = field(default_factory=dict)
    deep_ids: set[str] = field(default_factory=set)
    globs: list[str] = field(default_factory=list)
    deep_globs: list[str] = field(default_factory=list)
    pattern: re.Pattern[str] | None = None
    deep_pattern: re.Pattern[str] | None = None

    @classmethod
    def read(cls, owner: Json, key: str, place: Place) -> _Criteria:
        """Read ``include-controls`` or ``exclude-controls``."""
        found = cls()
        for position, selector in enumerate(members(owner, key, place)):
            found._take(selector, place / key / position)
        found.pattern = _one_pattern(found.globs)
        found.deep_pattern = _one_pattern(found.deep_globs)
        return found

    def _take(self, selector: Json, place: Place) -> None:
        deep = selector.get("with-child-controls") in {"yes", True}
        for position, name in enumerate(texts(selector, "with-ids", place)):
            self.ids.setdefault(name, place / "with-ids" / position)
            if deep:
                self.deep_ids.add(name)
        for match in members(selector, "matching", place):
            glob = match.get("pattern")
            if isinstance(glob, str) and glob:  # "no pattern" matches nothing, says the specification
                self.globs.append(glob)
                if deep:
                    self.deep_globs.append(glob)

    def hit(self, name: str) -> bool:
        """Tell whether a control of this id is meant."""
        return name in self.ids or (self.pattern is not None and self.pattern.match(name) is not None)

    def hit_deep(self, name: str) -> bool:
        """Tell whether all controls inside a control of this id are meant too."""
        if name in self.deep_ids:
            return True
        return self.deep_pattern is not None and self.deep_pattern.match(name) is not None


def _one_pattern(globs: list[str]) -> re.Pattern[str] | None:
    return re.compile("|".join(fnmatch.translate(glob) for glob in globs)) if globs else None


@dataclass(slots=True, kw_only=True)
class Selector:
    """One directive, ready to be applied to a tree."""

    everything: bool
    top_only: bool
    include: _Criteria
    exclude: _Criteria
    with_parents: bool
    place: Place
    known: set[str] = field(default_factory=set)
    strays: list[ControlNode] = field(default_factory=list)
    orphans: list[Json] = field(default_factory=list)

    @classmethod
    def read(cls, directive: Json, place: Place, *, with_parents: bool) -> Selector:
        """Read an ``import`` or ``insert-controls`` object.

        ``with_parents`` says whether a parent control comes along with a selected child, as the
        import phase has it ("Dealing with nested controls and groups") and NIST's published privacy baseline shows.

        Raises:
            ContentError: ``content.profile`` unless exactly one of include-all and include-controls is there.
        """
        everything = directive.get("include-all") is not None
        if everything == (directive.get("include-controls") is not None):
            raise refused(
                place,
                "an import needs either include-all or include-controls, and not both",
                'Write "include-all": {} to take every control, or list the ids under include-controls.',
            )
        whole = mapping(directive["include-all"], place / "include-all") if everything else {}
        return cls(
            everything=everything,
            # Profiles of OSCAL 1.0 release candidates carry this; later schemas have an empty object.
            top_only=whole.get("with-child-controls") in {"no", False},
            include=_Criteria.read(directive, "include-controls", place),
            exclude=_Criteria.read(directive, "exclude-controls", place),
            with_parents=with_parents,
            place=place,
        )

    def apply(self, tree: Tree) -> Tree:
        """Return a new tree of the selected controls; the source stays as it is."""
        controls = self._controls(tree.controls, taken=False, barred=False, top=True)
        groups = self._groups(tree.groups)
        return Tree(
            controls=controls,
            groups=groups,
            loose=[*tree.loose, *self.orphans],
            strays=[*(ControlNode(id=n.id, body=n.body) for n in tree.strays), *self.strays],
        )

    def unknown(self) -> list[tuple[str, Place]]:
        """Return the listed ids that the tree did not hold, with their places. Call after :meth:`apply`."""
        return [(name, place) for name, place in self.include.ids.items() if name not in self.known]

    def require_known(self, source: str) -> None:
        """Refuse ids that the source does not hold.

        The specification is silent on them. A baseline that quietly lacks a control that its author listed
        claims too much, so this resolver stops. An excluded unknown id is harmless and passes.

        Raises:
            ContentError: ``content.profile``, with the nearest spelling.
        """
        for name, place in self.unknown():
            near = difflib.get_close_matches(name, sorted(self.known), n=1)
            hint = f"Did you mean {near[0]!r}?" if near else "Compare the id with those in the imported document."
            raise refused(place, f"control {name!r} is not in {source}", hint)

    def _controls(self, nodes: list[ControlNode], *, taken: bool, barred: bool, top: bool) -> list[ControlNode]:
        """Filter one level. ``taken`` and ``barred`` come down from with-child-controls."""
        result: list[ControlNode] = []
        for node in nodes:
            name = node.id
            self.known.add(name)
            wanted = taken or (self.everything and (top or not self.top_only)) or self.include.hit(name)
            excluded = barred or self.exclude.hit(name)
            children = node.children and self._controls(
                node.children,
                taken=taken or self.include.hit_deep(name),
                barred=barred or self.exclude.hit_deep(name),
                top=False,
            )
            if wanted and not excluded:
                result.append(ControlNode(id=name, body=node.body, children=list(children)))
            elif children and self.with_parents and not excluded:
                result.append(ControlNode(id=name, body=node.body, children=children, explicit=False))
            else:  # left out: what was selected inside it moves up to its place
                result.extend(children)
                self.strays.append(ControlNode(id=name, body=node.body))
        return result

    def _groups(self, groups: list[GroupNode]) -> list[GroupNode]:
        result = []
        for group in groups:
            inner = self._groups(group.groups)
            controls = self._controls(group.controls, taken=False, barred=False, top=True)
            childless = not group.groups and not group.controls
            if controls or inner or (childless and self.everything) or kept_always(group.body):
                result.append(GroupNode(id=group.id, body=group.body, controls=controls, groups=inner))
            else:
                self.orphans.extend(objects(group.body, "params"))
        return result
