# SPDX-License-Identifier: Apache-2.0
"""Run by another Python, with Pydantic 1: load the catalogs and profiles of a folder with oscal-pydantic (OSCAL 1.0.4).

It takes web addresses only for the namespace of a prop, where OSCAL takes any URI: ours is put as one.
"""

import json
import sys
from pathlib import Path

from oscal_pydantic import catalog, profile  # type: ignore[import-not-found]  # another environment's

MODELS = {"catalog": catalog.Model, "profile": profile.Model}
count = 0
for path in sorted(Path(sys.argv[1]).glob("*.json")):
    text = path.read_text(encoding="utf-8").replace('"urn:plantproof:oscal"', '"https://plantproof.invalid/oscal"')
    document = json.loads(text)
    kind = next(iter(document))
    if kind in MODELS:
        MODELS[kind].parse_obj(document)
        count += 1
print(count)
