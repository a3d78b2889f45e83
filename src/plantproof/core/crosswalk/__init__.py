# SPDX-License-Identifier: Apache-2.0
"""Crosswalks between standards: what a row says, what a chain of rows is worth, what is covered. Pure, no files."""
