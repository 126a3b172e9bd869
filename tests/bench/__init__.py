# SPDX-License-Identifier: Apache-2.0
"""What the program costs, as ratios measured in one run: `python -m tests.bench [--write]`, or `tox -e bench`.

Each module measures one thing and gives rows of a table; `page` puts them into docs/performance.md.
"""
