# SPDX-License-Identifier: Apache-2.0
"""One module per verb, in terms of ports. Nothing judges while it collects, nor collects while it judges."""
