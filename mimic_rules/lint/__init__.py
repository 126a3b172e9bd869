# SPDX-License-Identifier: Apache-2.0
"""What an author is told beyond the language's own checks, and what an author may wave through with a reason.

On the way of a rule: the language has reported what is wrong; here its diagnostics come in with the texts that they are
about, and go out without those that a comment in the text accounts for. The tools render what is left.
"""

from mimic_rules.lint.suppressions import IGNORABLE, in_order, suppress

__all__ = ["IGNORABLE", "in_order", "suppress"]
