# SPDX-License-Identifier: Apache-2.0
"""OpenStack's own suite of tests, Tempest, against this cloud: `tox -e tempest`, or `python -m tests.conformance`.

Lists of names of tests come in, a running cloud is configured for Tempest, and what came of each test goes out: to the
terminal, and into docs/conformance.md.
"""
