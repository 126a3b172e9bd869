# SPDX-License-Identifier: Apache-2.0
"""The tests, in folders that mirror the tree.

A package, so that a test can take its strategies from `tests.strategies` whatever else is installed.
"""
