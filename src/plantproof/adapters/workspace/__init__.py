# SPDX-License-Identifier: Apache-2.0
"""The plant as code: a folder of text files, read into the core's values with every defect named in plant terms."""

from plantproof.adapters.workspace.inventory import Known
from plantproof.adapters.workspace.load import Paths, Workspace, load_settings, load_workspace
from plantproof.adapters.workspace.settings import Settings, Signing

__all__ = ["Known", "Paths", "Settings", "Signing", "Workspace", "load_settings", "load_workspace"]
