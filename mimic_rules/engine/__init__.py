# SPDX-License-Identifier: Apache-2.0
"""The engine: one request against tables, state and clock.

On the way of a request: `web` hands over a request, the engine answers with a response and the rules that shaped it.
"""

from mimic_rules.engine.engine import Engine, link
from mimic_rules.engine.exchange import MISSING, BadBody, Request, Response
from mimic_rules.engine.settings import setting_checks

__all__ = ["MISSING", "BadBody", "Engine", "Request", "Response", "link", "setting_checks"]
