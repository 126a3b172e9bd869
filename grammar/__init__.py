# SPDX-License-Identifier: Apache-2.0
"""The grammar of the rule language, and nothing but grammar.

Installed as `mimic_rules.grammar`: the language's syntax module reads `rules.lark` from here, and editors take their
own description of the syntax from the same folder.
"""
