# SPDX-License-Identifier: Apache-2.0
"""Whether the cloud is up, and what it is made of.

On the way of a request: a call of the control API.
"""

from __future__ import annotations

import json
from typing import Final

from mimic_rules import __version__
from mimic_rules.diagnostics import render_json
from mimic_rules.web.control.endpoint import Asked, Endpoint, Told
from mimic_rules.web.times import iso


def show(asked: Asked) -> Told:
    """200 and what the cloud is; `degraded` where its files were read again and could not be taken."""
    about = asked.control.about()
    return Told(
        200,
        {
            "status": "degraded" if about.problems else "ok",
            "version": __version__,
            "language": about.language,
            "services": about.services,
            "rules": dict(about.rules),
            "reloads": about.reloads,
            "problems": json.loads(render_json(about.problems)),
            "dropped": json.loads(render_json(about.dropped)),
            "worlds": len(asked.control.mounts.all()),
            "time": iso(asked.mount.world.clock.now()),
        },
    )


ENDPOINTS: Final = (
    Endpoint("GET", "/_mimic/health", "Whether the cloud is up, and what it is made of", show, {200: "it is up"}),
)
