# SPDX-License-Identifier: Apache-2.0
"""What IOS and ASA configurations share: lines and blocks, addresses, ports, object groups, access lists."""
