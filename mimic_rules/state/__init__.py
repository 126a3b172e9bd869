# SPDX-License-Identifier: Apache-2.0
"""Worlds and what they hold: records, pending events, sequences, counters, a clock and a source of chance.

The engine comes in with a request, opens one transaction on one world and leaves with plain records. Nothing in here
knows what a rule is, and nothing outside of here reads the wall clock or draws at random.
"""
