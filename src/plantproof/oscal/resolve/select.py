# SPDX-License-Identifier: Apache-2.0
"""Import phase, "Including controls": which controls of a source a directive takes.

Serves both ``import`` and ``insert-controls``, which share their vocabulary. Exclusion wins over inclusion
whatever the order. It decides about controls only; nothing is merged or edited here.
"""

from __future__ import annotations

import fnmatch
import re

from plantproof.oscal.resolve.shape import Json, Place, kept_always, mapping, members, objects, refused, texts
from plantproof.oscal.resolve.tree import ControlNode, GroupNode, Tree


class _Criteria:
    """The ``with-ids`` and ``matching`` of all selectors of one list, as two look-ups."""

    __slots__ = ("_deep_globs", "_deep_ids", "_deep_pattern", "_globs", "_pattern", "ids")

    def __init__(self, owner: Json, key: str, place: Place) -> None:
        self.ids: dict[str, Place] = {}
        self._deep_ids: set[str] = set()
        self._globs: list[str] = []
        self._deep_globs: list[str] = []
        for position, selector in enumerate(members(owner, key, place)):
            self._take(selector, place / key / position)
        self._pattern = _one_pattern(self._globs)
        self._deep_pattern = _one_pattern(self._deep_globs)

    def _take(self, selector: Json, place: Place) -> None:
        deep = selector.get("with-child-controls") in ("yes", True)
        for position, name in enumerate(texts(selector, "with-ids", place)):
            self.ids.setdefault(name, place / "with-ids" / position)
            if deep:
                self._deep_ids.add(name)
        for match in members(selector, "matching", place):
            glob = match.get("pattern")
            if isinstance(glob, str) and glob:  # "no pattern" matches nothing, says the specification
                self._globs.append(glob)
                if deep:
                    self._deep_globs.append(glob)

    def hit(self, name: str) -> bool:
        """Tell whether a control of this id is meant."""
        return name in self.ids or (self._pattern is not None and self._pattern.match(name) is not None)

    def hit_deep(self, name: str) -> bool:
        """Tell whether all controls inside a control of this id are meant too."""
        if name in self._deep_ids:
            return True
        return self._deep_pattern is not None and self._deep_pattern.match(name) is not None


def _one_pattern(globs: list[str]) -> re.Pattern[str] | None:
    return re.compile("|".join(fnmatch.translate(glob) for glob in globs)) if globs else None


class Selector:
    """One directive, an ``import`` or an ``insert-controls``, ready to be applied to one tree."""

    __slots__ = (
        *("_everything", "_exclude", "_include", "_known"),
        *("_orphans", "_strays", "_top_only", "_with_parents"),
    )

    def __init__(self, directive: Json, place: Place, *, with_parents: bool) -> None:
        """Read the directive.

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
        self._everything = everything
        # Profiles of OSCAL 1.0 release candidates carry this; later schemas have an empty object.
        self._top_only = whole.get("with-child-controls") in ("no", False)
        self._include = _Criteria(directive, "include-controls", place)
        self._exclude = _Criteria(directive, "exclude-controls", place)
        self._with_parents = with_parents
        self._known: set[str] = set()
        self._strays: list[ControlNode] = []
        self._orphans: list[Json] = []

    def apply(self, tree: Tree) -> Tree:
        """Return a new tree of the selected controls; the source stays as it is."""
        controls = self._controls(tree.controls, taken=False, barred=False, top=True)
        groups = self._groups(tree.groups)
        return Tree(
            controls=controls,
            groups=groups,
            loose=[*tree.loose, *self._orphans],
            strays=[*(ControlNode(n.id, n.body) for n in tree.strays), *self._strays],
        )

    def unknown(self) -> list[tuple[str, Place]]:
        """Return the listed ids that the tree did not hold, with their places. Call after :meth:`apply`."""
        return [(name, place) for name, place in self._include.ids.items() if name not in self._known]

    def require_known(self, source: str) -> None:
        """Refuse ids that the source does not hold.

        The specification is silent on them. A baseline that quietly lacks a control that its author listed
        claims too much, so this resolver stops. An excluded unknown id is harmless and passes.

        Raises:
            ContentError: ``content.profile``, with the nearest spelling.
        """
        for name, place in self.unknown():
            import difflib  # only an error needs it, and starting up counts

            near = difflib.get_close_matches(name, sorted(self._known), n=1)
            hint = f"Did you mean {near[0]!r}?" if near else "Compare the id with those in the imported document."
            raise refused(place, f"control {name!r} is not in {source}", hint)

    def _controls(self, nodes: list[ControlNode], *, taken: bool, barred: bool, top: bool) -> list[ControlNode]:
        """Filter one level. ``taken`` and ``barred`` come down from with-child-controls."""
        result: list[ControlNode] = []
        for node in nodes:
            name = node.id
            self._known.add(name)
            wanted = taken or (self._everything and (top or not self._top_only)) or self._include.hit(name)
            excluded = barred or self._exclude.hit(name)
            children = node.children and self._controls(
                node.children,
                taken=taken or self._include.hit_deep(name),
                barred=barred or self._exclude.hit_deep(name),
                top=False,
            )
            if wanted and not excluded:
                result.append(ControlNode(name, node.body, children=list(children)))
            elif children and self._with_parents and not excluded:
                result.append(ControlNode(name, node.body, children=children, explicit=False))
            else:  # left out: what was selected inside it moves up to its place
                result.extend(children)
                self._strays.append(ControlNode(name, node.body))
        return result

    def _groups(self, groups: list[GroupNode]) -> list[GroupNode]:
        result = []
        for group in groups:
            inner = self._groups(group.groups)
            controls = self._controls(group.controls, taken=False, barred=False, top=True)
            childless = not group.groups and not group.controls
            if controls or inner or (childless and self._everything) or kept_always(group.body):
                result.append(GroupNode(group.id, group.body, controls=controls, groups=inner))
            else:
                self._orphans.extend(objects(group.body, "params"))
        return result
