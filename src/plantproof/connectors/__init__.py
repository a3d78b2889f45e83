# SPDX-License-Identifier: Apache-2.0
"""Formats of other tools, as text in and out: no file is opened here."""
