# SPDX-License-Identifier: Apache-2.0
"""What services hand out to whoever makes a world: worked out for it, merged by name."""

from mimic_rules.engine.handouts import hand_out
from tests.driver import BASE, cloud

TWO = """
service desk "Desk" {
  mount /desk
  hands out "urls" = { desk: service.url, regions: regions, both: { desk: 1, same: 'desk' } }
  hands out "motto" = setting.motto
  hands out "list" = [s.service for s in services]
}
service phone "Phone" {
  mount /phone
  hands out "urls" = { phone: service.url, both: { phone: 2, same: 'phone' } }
  hands out "motto" = "of the phone"
  hands out "list" = { no: 'list' }
  hands out "nothing" = first([s for s in services if s.service == 'nobody'])
}
setting motto text = "of the desk" "what it says"
"""


def test_documents_have_the_url_of_their_world() -> None:
    of = cloud('service desk "Desk" { mount /desk  hands out "url" = service.url }')
    assert hand_out(of.engine.linked, of.world, f"{BASE}/w/x") == {"url": f"{BASE}/w/x/desk"}
    assert hand_out(of.engine.linked, of.world, BASE) == {"url": f"{BASE}/desk"}


def test_maps_of_one_name_are_merged_and_of_other_values_the_first_stays() -> None:
    of = cloud(TWO, regions=["north", "south"], settings={"motto": "ours"})
    found = hand_out(of.engine.linked, of.world, BASE)
    assert found["urls"] == {
        "desk": f"{BASE}/desk",
        "phone": f"{BASE}/phone",
        "regions": ["north", "south"],
        "both": {"desk": 1, "phone": 2, "same": "desk"},
    }
    assert found["motto"] == "ours"
    assert "nothing" not in found
    assert found["list"] == ["desk", "desk", "phone", "phone"]


def test_handing_out_changes_nothing() -> None:
    of = cloud(TWO)
    before = of.snapshot()
    hand_out(of.engine.linked, of.world, BASE)
    assert of.snapshot() == before
