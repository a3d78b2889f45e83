# SPDX-License-Identifier: Apache-2.0
"""The last net under the redactors: detect-secrets over what is about to be stored. It fails closed."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable
from typing import Final

__all__ = ["SecretScanner"]

_LOG: Final = logging.getLogger(__name__)
_OURS: Final = re.compile(r"<redacted:[a-z0-9-]{1,60}:[0-9a-f]{12}(?::default)?>")
_LONGEST: Final = 20_000
_PLUGINS: Final = (
    ("aws", "AWSKeyDetector"),
    ("azure_storage_key", "AzureStorageKeyDetector"),
    ("basic_auth", "BasicAuthDetector"),
    ("github_token", "GitHubTokenDetector"),
    ("gitlab_token", "GitLabTokenDetector"),
    ("jwt", "JwtTokenDetector"),
    ("private_key", "PrivateKeyDetector"),
    ("slack", "SlackDetector"),
    ("stripe", "StripeDetector"),
)


class SecretScanner:
    """Implements ports.redacting.SecretScan."""

    def __init__(self) -> None:
        self._detectors: list[Callable[[str], object]] | None = None

    def __call__(self, path: str, text: str) -> tuple[int, ...]:
        """1-based lines that look like a secret; every line if the scan itself failed."""
        try:
            return tuple(number for number, line in enumerate(text.split("\n"), 1) if self._suspicious(line))
        except Exception:  # noqa: BLE001 - a net that tears must not let anything through
            _LOG.warning("the secret scan failed on %s; nothing of it is stored", path)
            return tuple(range(1, text.count("\n") + 2))

    def _suspicious(self, line: str) -> bool:
        if self._detectors is None:
            self._detectors = _load()
        shown = _OURS.sub("", line)
        if "BEGIN" in shown and "PRIVATE KEY" in shown:
            # The key's own lines were replaced one by one; the frame says only that there was one.
            shown = "" if shown.strip().startswith("-----BEGIN") and shown.strip().endswith("-----") else shown
        if not shown.strip():
            return False
        if len(shown) > _LONGEST:
            return any(self._suspicious(shown[at : at + _LONGEST]) for at in range(0, len(shown), _LONGEST))
        return any(detector(shown) for detector in self._detectors)


def _load() -> list[Callable[[str], object]]:
    import importlib

    found: list[Callable[[str], object]] = []
    for module, name in _PLUGINS:
        plugin = getattr(importlib.import_module(f"detect_secrets.plugins.{module}"), name)()
        found.append(lambda line, plugin=plugin: any(True for _ in plugin.analyze_string(line)))  # type: ignore[misc]  # bound early
    return found
