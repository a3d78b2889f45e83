# SPDX-License-Identifier: Apache-2.0
"""Text of one platform into facts with line numbers: pure, versioned, never crashing or hanging on any input."""
