# SPDX-License-Identifier: Apache-2.0
"""Between the core and OSCAL: catalogs, profiles and their resolution, components, results. Dicts in, dicts out."""
