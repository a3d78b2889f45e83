# SPDX-License-Identifier: Apache-2.0
"""Packet filters as text, read, and what they let through. Knows no file, no device and no plant."""
