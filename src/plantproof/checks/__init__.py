# SPDX-License-Identifier: Apache-2.0
"""Rules over facts: the expression language, the checks, their engine. Never touches a file or a device."""
