# SPDX-License-Identifier: Apache-2.0
"""Rules over facts: the expression language, the checks and the engine that runs them. Never touches a file or a device."""
