# SPDX-License-Identifier: Apache-2.0
"""The language: from the texts of rules files to a checked program.

The first part of the way of a rule: `syntax` reads a text, `expand` resolves templates, `check` finds what does not
fit. The compiler takes it from there.
"""
