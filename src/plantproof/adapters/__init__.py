# SPDX-License-Identifier: Apache-2.0
"""The world: git, Ansible, files, signing, MkDocs, the clock. Adapters implement the ports; nothing here decides."""
