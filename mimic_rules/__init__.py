# SPDX-License-Identifier: Apache-2.0
"""Clouds to test against: services and their misbehaviour are rules in text, and this package runs them.

Two ways lead through it. A rule's text goes down through `language` and `compiler` and becomes tables; a request comes
in through `web`, is answered by `engine` from those tables and the records in `state`, and leaves through `web` again.
"""

__version__ = "0.1.0"
