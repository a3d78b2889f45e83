# SPDX-License-Identifier: Apache-2.0
"""Pages from view models: Markdown, HTML tables and pictures as text. Computes nothing about compliance."""
