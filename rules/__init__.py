# SPDX-License-Identifier: Apache-2.0
"""The rules that are shipped: one folder for each service, and no Python.

Installed as `mimic_rules.rules`: a cloud reads these files at its start, below those of a team.
"""
