# SPDX-License-Identifier: Apache-2.0
"""An example sees what a client would see that does the same; one that says anything else fails where it does so."""

from dataclasses import dataclass

from hypothesis import given, settings
from hypothesis import strategies as st

from mimic_rules.compiler import compile_model
from mimic_rules.engine import link
from mimic_rules.engine.examples import run_example
from mimic_rules.language.load import Source, load
from tests.driver import DESK, Cloud, program, world_of

RULES = (
    DESK
    + """\
resource ticket in world { id sequence  title text 1..9  status lifecycle }
lifecycle of ticket.status {
  state NEW  state OPEN  state CLOSED
  start NEW
  NEW -> OPEN after 10s
  OPEN -> CLOSED after 1m
  CLOSED -> OPEN on reopen
}
view ticket.full { id  status }
operation create ticket POST /tickets body { title: text 1..9 } { create ticket { title: body.title }  answer 201 }
operation show ticket GET /tickets/{id} { answer 200 self as full }
operation reopen ticket POST /tickets/{id}/reopen { answer 202 }
operation delete ticket DELETE /tickets/{id} { delete ticket  answer 204 }
for desk.ticket
rule flaky on delete only 2 times then respond 503 "try again"
rule stuck when title == 'stuck' then status stays OPEN
rule lost on create when title == 'lost' then status becomes CLOSED after 5s
"""
)
ENGINE = link(program(RULES))


@dataclass(frozen=True)
class Create:
    title: str


@dataclass(frozen=True)
class Touch:
    verb: str
    id: int


@dataclass(frozen=True)
class Wait:
    seconds: int


Act = Create | Touch | Wait
acts: st.SearchStrategy[list[Act]] = st.lists(
    st.one_of(
        st.builds(Create, st.sampled_from(["a", "stuck", "lost", "", "much too long"])),
        st.builds(Touch, st.sampled_from(["show", "reopen", "delete"]), st.integers(1, 4)),
        st.builds(Wait, st.sampled_from([0, 1, 5, 10, 60, 3600])),
    ),
    max_size=12,
)


def seen(desk: Cloud, act: Act) -> tuple[int, str | None] | None:
    """The status and the state that a client sees."""
    if isinstance(act, Wait):
        desk.advance(act.seconds)
        return None
    if isinstance(act, Create):
        return desk.request("POST", "/desk/tickets", {"title": act.title}).status, None
    method, end = {"show": ("GET", ""), "reopen": ("POST", "/reopen"), "delete": ("DELETE", "")}[act.verb]
    response = desk.request(method, f"/desk/tickets/{act.id}{end}")
    return response.status, response.body["status"] if response.status == 200 else None


def written(act: Act, told: tuple[int, str | None] | None, off: int = 0) -> str:
    """The steps of an example that does the same, with a status that is off by so many."""
    if isinstance(act, Wait) or told is None:
        return f"after {act.seconds if isinstance(act, Wait) else 0}s"
    status, state = told
    asked = f"create ticket {{ title: '{act.title}' }}" if isinstance(act, Create) else f"{act.verb} ticket"
    at = f" at {{ id: {act.id} }}" if isinstance(act, Touch) else ""
    text = f"{asked}{at} -> {status + off}"
    return text if state is None else f"{text} expect answer.body.status == '{state}'"


def failing_line(steps: list[str]) -> int | None:
    """Which of the steps fails; None where none does."""
    text = "for desk\nexample 'it' {\n" + "\n".join(steps) + "\n}\n"
    loaded = load([Source("0.rules", RULES), Source("1.rules", text)])
    assert loaded.diagnostics == ()
    (plan,) = compile_model(loaded.model).examples
    failure = run_example(ENGINE, plan).failure
    assert run_example(ENGINE, plan).failure == failure
    return None if failure is None else failure.span.line - 3


@settings(max_examples=40)
@given(acts, st.data())
def test_an_example_sees_what_a_client_sees(done: list[Act], data: st.DataObject) -> None:
    desk = world_of(ENGINE)
    told = [seen(desk, act) for act in done]
    assert failing_line([written(*pair) for pair in zip(done, told, strict=True)]) is None
    asked = [at for at, one in enumerate(told) if one is not None]
    if asked:
        wrong = data.draw(st.sampled_from(asked))
        off = [written(act, one, int(at == wrong)) for at, (act, one) in enumerate(zip(done, told, strict=True))]
        assert failing_line(off) == wrong
