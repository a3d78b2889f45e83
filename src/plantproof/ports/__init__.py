# SPDX-License-Identifier: Apache-2.0
"""The protocols through which stages reach the world. Adapters implement them; tests have fakes of them."""
