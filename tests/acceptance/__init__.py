# SPDX-License-Identifier: Apache-2.0
"""The acceptance suite of the autoscaler in examples/: what its testers ask of a cloud, each failure on demand.

On the way of a test: `python -m tests.acceptance` runs it alone and measures how long it would take in a real cloud.
"""
