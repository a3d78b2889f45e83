# SPDX-License-Identifier: Apache-2.0
"""The road through all imports: each document is read once, each profile is resolved before it is imported.

Nothing is pruned on the way. What an inner profile left unreferenced may be referred to by an outer one, and the
specification warns against pruning before the final state is known.
"""

from __future__ import annotations

from plantproof.errors import ContentError
from plantproof.oscal.resolve.alters import alter_controls
from plantproof.oscal.resolve.backmatter import combine_resources, own_resources
from plantproof.oscal.resolve.hrefs import Fetch, acquire
from plantproof.oscal.resolve.merge import merge
from plantproof.oscal.resolve.parameters import set_parameters
from plantproof.oscal.resolve.select import Selector
from plantproof.oscal.resolve.shape import Json, Notes, Place, mapping, members, optional, refused, text
from plantproof.oscal.resolve.tree import Tree, load_tree


class Source:
    """A document as an importing profile sees it; shared by all that import it, so never changed.

    ``documents`` are the catalog or profile itself and all it imports, depth first; ``pinned`` are the parameter ids
    that some ``set-parameter`` names.
    """

    __slots__ = ("documents", "pinned", "resources", "tree")

    def __init__(
        self, tree: Tree, resources: list[Json], documents: list[Json], pinned: frozenset[str] = frozenset()
    ) -> None:
        self.tree = tree
        self.resources = resources
        self.documents = documents
        self.pinned = pinned


class Chain:
    """One resolution: the caller's fetch, and the documents met so far by canonical URI."""

    def __init__(self, fetch: Fetch, note: Notes) -> None:
        self.fetch = fetch
        self.note = note
        self._known: dict[str, Source] = {}

    def profile(self, profile: Json, uri: str, path: tuple[str, ...] = ()) -> Source:
        """Resolve a profile up to, but not including, the final phase.

        ``path`` holds the URIs of the profiles that are being resolved around this one.

        Raises:
            ContentError: of the codes ``content.circular-import``, ``content.import``, ``content.profile`` and
                ``content.schema``.
        """
        place = Place(uri) / "profile"
        path = (*path, uri)
        trees: list[Tree] = []
        sources: list[Source] = []
        for position, directive in enumerate(members(profile, "imports", place)):
            here = place / "imports" / position
            source_uri, source = self._imported(directive, profile, uri, path, here)
            selector = Selector(directive, here, with_parents=True)
            trees.append(selector.apply(source.tree))
            selector.require_known(source_uri)
            sources.append(source)
        tree = merge(trees, optional(profile, "merge", place), place / "merge", self.note)
        modify = optional(profile, "modify", place)
        named = set_parameters(tree, modify, place / "modify", self.note)
        alter_controls(tree, modify, place / "modify", self.note)
        return Source(
            tree=tree,
            resources=combine_resources([*(s.resources for s in sources), own_resources(profile, place)]),
            documents=[profile, *(document for s in sources for document in s.documents)],
            pinned=named.union(*(s.pinned for s in sources)),
        )

    def _imported(
        self, directive: Json, profile: Json, uri: str, path: tuple[str, ...], place: Place
    ) -> tuple[str, Source]:
        if "mapping" in directive:
            raise refused(
                place / "mapping",
                "ids cannot be mapped on import",
                "No released OSCAL schema has mapping; import the two catalogs through profiles of their own.",
            )
        href = text(directive, "href", place)
        found, document = acquire(href, profile, uri, place / "href", self.fetch)
        if found in path:
            circle = " -> ".join((*path[path.index(found) :], found))
            raise ContentError(
                f"circular import: {circle}",
                code="content.circular-import",
                hint="Let one of these profiles import the catalog instead.",
                where=(place / "href").location,
            )
        known = self._known.get(found)
        if known is None:
            known = self._known[found] = self._load(document, found, path, place / "href")
        return found, known

    def _load(self, document: Json, uri: str, path: tuple[str, ...], place: Place) -> Source:
        mapping(document, Place(uri))
        if document.get("profile") is not None:
            inner = mapping(document["profile"], Place(uri) / "profile")
            return self.profile(inner, uri, path)
        if document.get("catalog") is None:
            raise ContentError(
                f"{uri} holds neither a catalog nor a profile",
                code="content.import",
                hint="Import an OSCAL catalog or profile.",
                where=place.location,
            )
        here = Place(uri) / "catalog"
        catalog = mapping(document["catalog"], here)
        return Source(tree=load_tree(catalog, here), resources=own_resources(catalog, here), documents=[catalog])
