# SPDX-License-Identifier: Apache-2.0
"""Running collectors through ansible-runner: a throw-away folder, a scrubbed environment, guarded processes."""

from plantproof.adapters.ansible.runner import AnsibleRunner

__all__ = ["AnsibleRunner"]
