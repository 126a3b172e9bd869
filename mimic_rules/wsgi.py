# SPDX-License-Identifier: Apache-2.0
"""`gunicorn mimic_rules.wsgi`: the application, made of the configuration that is found from the working folder upward.

At the top of the house, beside the command line. A WSGI process imports the application instead of calling for it, so
this is the one module that does something when it is imported.
"""

import logging
import os
import sys
from pathlib import Path
from typing import Final

from mimic_rules.config import load_config
from mimic_rules.diagnostics import DiagnosticError, render_text
from mimic_rules.web import logs
from mimic_rules.web.cloud import TOKEN_VARIABLE, open_cloud
from mimic_rules.web.control.endpoint import Application

CANT_LOAD: Final = 4
"""The code by which gunicorn's master learns that the application can't be loaded (`Arbiter.APP_LOAD_ERROR`).

A worker process that ended with any other code, 3 apart, would be started again and again.
"""


def _application() -> Application:
    """The application; with broken rules or configuration, every problem goes to stderr and the process ends."""
    texts: dict[str, str] = {}
    try:
        loaded = load_config(start=Path(), environ=os.environ, flags={})
        cloud = open_cloud(loaded, texts=texts, admin_token=os.environ.get(TOKEN_VARIABLE))
    except DiagnosticError as refused:
        print(render_text(refused.diagnostics, texts), end="", file=sys.stderr, flush=True)
        sys.exit(CANT_LOAD)
    print(render_text(cloud.warnings, texts), end="", file=sys.stderr, flush=True)
    # The log of the process itself is gunicorn's matter; what this application says is ours.
    logs.start(cloud.config, logging.getLogger("mimic_rules"))
    return cloud.app


application = _application()
