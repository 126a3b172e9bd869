# SPDX-License-Identifier: Apache-2.0
"""`application`: a cloud whose answers leave as the query of a request says, for gunicorn and for wsgiref.

What rules make of requests is tested elsewhere; here is only what happens to an answer on its way:
`?delay=1&how=truncate&share=0.5&status=200`, with the body BODY. `/count` tells how many requests came before it.
"""

from itertools import count

from mimic_rules.engine.exchange import MISSING, Request, Response, Wire
from tests.fake_cloud import FakeCloud, FakeEngine

BODY = {"name": "ünïcode", "items": [1, 2.5, True, None]}

_asked = count()


def _answer(request: Request) -> Response:
    said = {name: values[0] for name, values in request.query.items()}
    before = next(_asked)
    if request.path == "/count":
        return Response(200, before)
    # the engine reads the bodies of what it models; of other requests they are left where they are
    if "read" in said:
        request.read_json()
    status = int(said.get("status", 200))
    return Response(
        status,
        MISSING if status == 204 else BODY,
        headers=[("X-Own", "kept")],
        delay=float(said.get("delay", 0)),
        wire=Wire(said["how"], float(said.get("share", 1))) if "how" in said else None,
    )


application = FakeCloud(FakeEngine(_answer)).app
