# SPDX-License-Identifier: Apache-2.0
"""The domain: values and pure functions. No file, clock, network, randomness or third-party package."""
