# SPDX-License-Identifier: Apache-2.0
"""Traffic that somebody saw on the network, held against the conduits that the plant declares. Pure values."""
