# SPDX-License-Identifier: Apache-2.0
"""Text into text without its secrets, line for line. Pure; a kind that nobody wrote a redactor for is refused."""
