# SPDX-License-Identifier: Apache-2.0
"""No secret of a request comes back from the journal, an explanation or a verification, wherever else it stands."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from mimic_rules.engine.exchange import Request, Response
from mimic_rules.engine.trace import Verdict
from tests.fake_cloud import FakeCloud, FakeEngine
from tests.traced import rule, trace

PLAIN = st.text("abcdef/-_", min_size=0, max_size=6)
SECRET = st.text("ghijklmnopqrstuvwxyzGHIJKLMN0123456789-_", min_size=12, max_size=300)
NAMES = st.sampled_from(["password", "token", "apiKey", "adminPass", "client_secret", "credentials", "private-key"])
HEADERS = st.sampled_from(
    ["X-Auth-Token", "Authorization", "Cookie", "X-Subject-Token", "X-Api-Key", "X-Client-Secret"]
)


@st.composite
def bodies(draw: st.DrawFn, secret: str) -> Any:
    """A body with the secret below a secret key somewhere, and as it likes elsewhere."""
    inner = draw(st.sampled_from([secret, [secret], {"user": {"id": secret}}, {"user": [1, {"x": secret}]}]))
    body: Any = {draw(NAMES): inner, draw(PLAIN): draw(st.sampled_from([secret, f"a {secret} b", 1, None]))}
    for _ in range(draw(st.integers(0, 4))):
        body = draw(st.sampled_from([{"a": body}, [body, secret], {secret: body}]))
    return body


@st.composite
def planted(draw: st.DrawFn) -> tuple[str, dict[str, Any]]:
    """A secret, and a request with it in one place or more where secrets are, and in others."""
    secret = draw(SECRET)
    places = draw(st.sets(st.sampled_from(["header", "query", "body", "path"]), min_size=1))
    headers = {"X-Note": draw(st.sampled_from(["x", f"see {secret}"]))}
    query = {"note": draw(st.sampled_from(["x", secret]))}
    path = "/things"
    body: Any = None
    if "header" in places:
        headers[draw(HEADERS)] = draw(st.sampled_from([secret, f"Bearer {secret}", f"a=b; session={secret}"]))
    if "query" in places:
        query[draw(NAMES)] = secret
    if "body" in places:
        body = draw(bodies(secret))
    if "path" in places:
        path = f"/keys/{secret}"
    elif draw(st.booleans()):
        path = f"/things/{secret}/more"
    return secret, {"headers": headers, "params": query, "path": path, "json": body}


@given(planted(), st.booleans())
def test_no_secret_is_told(given: tuple[str, dict[str, Any]], modelled: bool) -> None:
    secret, asked = given
    path = asked.pop("path")
    at = rule("careful", 3)
    given_trace = trace(
        (at, "before checks", Verdict.CONDITION, (), {"condition": f"x == '{secret}'", "left": secret, "right": 1}),
        (
            at,
            "before checks",
            Verdict.CONDITION,
            (),
            {"condition": "body.password == 'pw'", "left": "pw", "right": "pw"},
        ),
        (at, "deliver", Verdict.DECIDED, ("answer",), {"did": ["x" * 180 + secret, {"password": "pw", secret: 1}]}),
    )

    def answer(request: Request) -> Response:
        told = "/keys/***" if path.startswith("/keys/") else ""
        return Response(
            200 if modelled else 501,
            {"secret": secret},
            request_id="r1",
            operation="open thing" if modelled else "",
            path=told,
            trace=given_trace,
        )

    cloud = FakeCloud(FakeEngine(answer))
    cloud.ask("POST", path, **asked)
    wish = {
        "path": path,
        "headers": asked["headers"],
        "query": asked["params"],
        **({} if asked["json"] is None else {"body": asked["json"]}),
    }
    other = {**wish, "path": f"/else{path}", "body": {"password": secret, "title": secret}}
    expected = {"requests": [wish, other, {"path": "/nowhere"}], "never": [wish], "in_order": True, "no_others": True}
    verified = cloud.ask("POST", "/_mimic/verify", json=expected)
    assert verified.status_code == 200
    assert verified.json["checks"][0]["result"] == "passed"
    told = [
        cloud.ask("GET", "/_mimic/journal").text,
        cloud.ask("GET", "/_mimic/explain/r1").text,
        cloud.ask("GET", "/_mimic/explain/r1", query_string="format=text").text,
        verified.text,
    ]
    for text in told:
        # Nor is half of it, where a long text is cut.
        assert secret[:10] not in text
        assert '"pw"' not in text
