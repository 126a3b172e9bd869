# SPDX-License-Identifier: Apache-2.0
"""What the roots mean in a request."""

from mimic_rules.engine import MISSING
from tests.driver import ANN, BASE, BOB, DESK, START, TEAMS, cloud

ASK = """
setting shelf text = 'top' "where things are"
resource probe in world { id sequence }
"""


def test_the_request_the_world_and_the_service() -> None:
    made = cloud(
        DESK.replace("mount /desk", 'type "support" name "help" mount /desk')
        + ASK
        + """operation ask probe GET /probe/{key} public {
          answer 200 {
            id: request.id, method: request.method, path: request.path, url: request.url,
            base, region, regions, now, key: path.key, query: query.n, agent: headers["x-agent"], none: headers.nothing,
            shelf: setting.shelf, tenant: tenant.id, version, service, services, caller: caller.id,
          }
        }""",
        regions=("north", "south"),
    )
    answer = made.request("GET", "/desk/probe/k%20k?n=1&n=2", headers={"X-Agent": "ann"})
    url = {"service": "desk", "type": "support", "name": "help", "title": "Help desk"}
    assert answer.body == {
        "id": answer.request_id,
        "method": "GET",
        "path": "/desk/probe/k k",
        "url": f"{BASE}/desk/probe/k%20k?n=1&n=2",
        "base": BASE,
        "region": "north",
        "regions": ["north", "south"],
        "now": START,
        "key": "k k",
        "query": "2",
        "agent": "ann",
        "shelf": "top",
        "tenant": "",
        "service": {**url, "region": "north", "url": f"{BASE}/desk"},
        "services": [
            {**url, "region": "north", "url": f"{BASE}/desk"},
            {**url, "region": "south", "url": f"{BASE}/region/south/desk"},
        ],
    }


def test_the_tenant_is_its_record_where_there_is_one() -> None:
    rules = """
    resource team in world is tenant { id text  color text }
    seed team for each t in ['red'] { id: t, color: 'crimson' }
    resource probe in world { id sequence }
    operation ask probe GET /probe { answer 200 { id: tenant.id, color: tenant.color, url: service.url } }
    """
    made = cloud(TEAMS + rules)
    assert made.request("GET", "/desk/probe", headers=ANN).body == {
        "id": "red",
        "color": "crimson",
        "url": f"{BASE}/desk",
    }
    assert made.request("GET", "/desk/blue/probe", headers=BOB).body == {"id": "blue", "url": f"{BASE}/desk/blue"}


def test_definitions_are_worked_out_where_they_are_used() -> None:
    made = cloud(
        DESK
        + """
        let loud = upper(title)
        let louder = "{loud}!"
        let asked = query.q default 'nothing'
        resource ticket in world { id sequence  title text }
        seed ticket for each t in ['a', 'b'] { title: t }
        view ticket.full { louder  asked }
        operation show ticket GET /tickets/{id} { answer 200 { one: louder, all: [t as full for t in ticket] } }
        """
    )
    answer = made.request("GET", "/desk/tickets/2?q=x")
    assert answer.body == {"one": "B!", "all": [{"louder": "A!", "asked": "x"}, {"louder": "B!", "asked": "x"}]}


def test_a_local_hides_a_field_and_a_field_hides_a_definition() -> None:
    made = cloud(
        DESK
        + """
        let title = 'definition'
        resource ticket in world { id sequence  title text }
        seed ticket for each t in ['field'] { title: t }
        operation show ticket GET /tickets/{id} {
          let id = 'local'
          answer 200 { id, title, own: self.id, among: [t.id for t in ticket if t.title == title] }
        }
        operation list ticket GET /tickets { answer 200 { title } }
        """
    )
    assert made.request("GET", "/desk/tickets/1").body == {"id": "local", "title": "field", "own": 1, "among": [1]}
    assert made.request("GET", "/desk/tickets").body == {"title": "definition"}


def test_children_in_sight_are_those_of_the_parent_at_hand() -> None:
    made = cloud(
        DESK
        + """
        resource folder in world { id text }
        seed folder for each f in ['a', 'b'] { id: f }
        resource page in folder { id sequence  said text }
        operation create page POST /folders/{folder}/pages {
          create page { said: body.said }
          answer 200 { mine: (page where said != 'x').said, parent: page.folder, followed: page.folder.id }
        }
        operation miss folder GET /missed {
          find folder as f where id == 'z'
          answer 200 { said: f.pages.said, count: count(f.pages) }
        }
        operation show folder GET /folders/{id} {
          answer 200 { inside: count(page), said: self.pages.said, above: [p.folder.id for p in page] }
        }
        """
    )
    made.request("POST", "/desk/folders/a/pages", {"said": "one"})
    made.request("POST", "/desk/folders/b/pages", {"said": "two"})
    assert made.request("POST", "/desk/folders/a/pages", {"said": "three"}).body == {
        "mine": ["one", "three"],
        "parent": "a",
        "followed": "a",
    }
    assert made.request("GET", "/desk/missed").body == {"said": [], "count": 0}
    assert made.request("GET", "/desk/folders/b").body == {"inside": 1, "said": ["two"], "above": ["b"]}


def test_what_is_missing_says_so() -> None:
    assert (repr(MISSING), bool(MISSING), MISSING.get("x")) == ("missing", False, MISSING)


def test_the_url_is_the_one_that_was_asked() -> None:
    made = cloud(
        'service desk "Help desk" { mount /desk }\nfor desk\nresource probe in world { id uuid }\n'
        "operation ask probe GET /probe { answer 200 { url: request.url, path: request.path } }"
    )
    assert made.request("GET", "/desk/probe").body == {"url": "http://cloud.test/desk/probe", "path": "/desk/probe"}
    asked = "/desk/probe?b=1&a=x+y&b=2"
    assert made.request("GET", asked).body["url"] == "http://cloud.test/desk/probe?b=1&b=2&a=x+y"


def test_headers_are_a_map() -> None:
    made = cloud(
        'service desk "Help desk" { mount /desk }\nfor desk\nresource probe in world { id uuid }\n'
        "operation ask probe GET /probe { answer 200 {\n"
        "  there: ['x-shelf' in headers, 'x-none' in headers], said: headers['x-shelf'],\n"
        "  known: contains(keys(headers), 'x-shelf'), all: headers,\n"
        "} }"
    )
    answer = made.request("GET", "/desk/probe", headers={"X-Shelf": "top"})
    assert answer.body["there"] == [True, False]
    assert answer.body["said"] == "top"
    assert answer.body["known"] is True
    assert answer.body["all"]["x-shelf"] == "top"
