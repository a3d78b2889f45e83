# SPDX-License-Identifier: Apache-2.0
"""What would be different: two judgements of the same evidence, told as named views and compared key by key.

A view is a name and a mapping from what it is about to a comparable value. Whoever has more to compare (what firewalls
let through, say) adds a mapping under a name of its own to both sides before :func:`compare`.
"""

from __future__ import annotations

from plantproof.core.whatif.compare import REACH, Change, Views, compare, is_worse
from plantproof.core.whatif.suppose import Verdicts, overruled, rehoused
from plantproof.core.whatif.views import views_of

__all__ = ["REACH", "Change", "Verdicts", "Views", "compare", "is_worse", "overruled", "rehoused", "views_of"]
