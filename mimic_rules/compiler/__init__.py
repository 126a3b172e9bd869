# SPDX-License-Identifier: Apache-2.0
"""The compiler: from a checked model to immutable tables.

Between the language and the engine: syntax trees come in, a `Program` goes out; the engine sees no syntax tree.
"""

from mimic_rules.compiler.compile import compile_model
from mimic_rules.compiler.program import Program
from mimic_rules.compiler.show import show

__all__ = ["Program", "compile_model", "show"]
