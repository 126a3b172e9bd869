# SPDX-License-Identifier: Apache-2.0
"""A test as its author writes it, with a fixture and a marker of the plugin: `mypy --strict` takes it, and so does the
run.
"""

from datetime import datetime, timedelta

import pytest

from mimic_rules.testing import Added, Expected, Hits, Request, World, start

GREEN = """\
service post "Post" { mount /post  errors { message }  fault else refused }
for post
resource letter in world { id sequence }
operation send letter POST /letters { create letter {}  answer 201 }
"""


def test_everything_is_typed() -> None:
    with start([GREEN], clock={"mode": "frozen"}) as cloud, cloud.world(seed=3, regions=["North"]) as world:
        drive(world)


def drive(world: World) -> None:
    before: datetime = world.clock.now
    after: datetime = world.clock.advance(timedelta(days=30)).now
    assert after - before == timedelta(days=30)
    added: Added
    with world.rules.add("for post\non send letter then respond 503", name="shut") as added:
        hits: list[Hits] = [rule.hits for rule in added.rules]
        assert [one.decided for one in hits] == [0]
    found: tuple[Request, ...] = world.journal.requests(operation="send letter", limit=3)
    assert found == ()
    expected: Expected = {"operation": "send letter", "times": {"at_most": 0}}
    assert world.verify(expected, never=[{"method": "POST"}]).passed
    with pytest.raises(AssertionError):
        world.assert_requested(operation="send letter", status=201, times=1)
