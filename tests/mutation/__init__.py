# SPDX-License-Identifier: Apache-2.0
"""Whether the examples of shipped rules notice a change of what the rules answer: `python -m tests.mutation`.

A rule is changed in its table, one status, name, text, number or flag at a time, and the examples that prove it are
run. One that passes all the same proves less than it says.
"""
