# SPDX-License-Identifier: Apache-2.0
"""The compiler: from a checked program to immutable tables.

Between the language and the engine: syntax trees come in, a `Program` goes out; the engine sees no syntax tree.
"""
