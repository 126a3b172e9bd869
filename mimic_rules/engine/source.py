# SPDX-License-Identifier: Apache-2.0
"""Plans as Python: one expression for one plan, however deep, and functions made of them.

Between the tables and a request, behind `link`. What is written comes from plans alone: names are generated here, and
every value of a rule stands as a literal of its `repr`, so that no text of a rule is ever read as code.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final

from mimic_rules.compiler import expressions as pl
from mimic_rules.compiler import program as pr
from mimic_rules.engine import support
from mimic_rules.engine.functions import DRAWING, PURE
from mimic_rules.engine.patterns import compile_pattern
from mimic_rules.engine.sharing import shared_parts

_COMPARE: Final = {
    "==": "equal",
    "!=": "unequal",
    "<": "less",
    "<=": "less_or_equal",
    ">": "more",
    ">=": "more_or_equal",
    "in": "contains",
    "starts with": "starts_with",
}
_TRUTHS: Final = (
    pl.Negation,
    pl.AllOf,
    pl.AnyOf,
    pl.Comparison,
    pl.KindOf,
    pl.Match,
    pl.Presence,
)
_NEVER_TRUE: Final = (pl.Join, pl.Build, pl.Items, pl.Select, pl.Collect)
_THERE: Final = (*_TRUTHS, pl.Const, pl.Join, pl.Build, pl.Items, pl.Select, pl.Collect)


def function_of(plan: pl.Plan) -> Callable[[list[Any]], Any]:
    """The function of a frame that a plan is."""
    writer = Writer()
    return writer.make(f"def made(f):\n return {writer.write(plan)}\n")


def view_of(
    entries: tuple[pl.Pair, ...], sure: frozenset[str]
) -> Callable[[list[Any], dict[str, Any]], dict[str, Any]]:
    """The function of a frame and a record that a view is; the record need not be in the frame."""
    writer = Writer("r", sure)
    shared = writer.share(entries)
    lines = [" o = {" + ", ".join(_leading(entries, writer)) + "}"]
    for entry in entries[_leads(entries, writer) :]:
        lines += _line(entry, writer)
    return writer.make("\n".join(["def made(f, r):", *shared, *lines, " return o", ""]))


def maker_of(plan: pr.ResourcePlan) -> Callable[[list[Any], Any], None]:
    """The function of a frame, whose record in hand is empty, and of given values, that gives the record its fields."""
    writer = Writer("r")
    lines = ["def made(f, g):", f" r = f[{pl.SELF}]"]
    for field in plan.fields:
        # What has to be there and the engine makes is made for null, too: a key can't be null.
        needed = field.initial is None and field.generated is not None and not field.optional
        lines += [f" v = g.get({field.name!r}, M)", f" if v is M{' or v is None' if needed else ''}:"]
        if field.initial is not None:
            lines += [f"  v = {writer.write(field.initial)}"]
            lines += [] if writer.there(field.initial) else ["  if v is M:", "   v = None"]
        elif field.generated is not None and (field.generated == "sequence" or not field.optional):
            lines += [f"  v = f[0].generate({field.generated!r}, {plan.kind!r}, {field.name!r})"]
        else:
            lines += ["  v = None"]
        lines += [f" r[{field.name!r}] = v"]
    return writer.make("\n".join([*lines, ""]))


def _leads(entries: tuple[pl.Pair, ...], writer: "Writer") -> int:
    """How many entries at the beginning are always there, under fixed keys."""
    for number, entry in enumerate(entries):
        plain = isinstance(entry.key, pl.Const) and entry.window == pl.ALWAYS
        if not (plain and writer.there(entry.value)):
            return number
    return len(entries)


def _leading(entries: tuple[pl.Pair, ...], writer: "Writer") -> list[str]:
    leads = entries[: _leads(entries, writer)]
    return [f"{writer.key(one.key)}: {writer.write(one.value)}" for one in leads]


def _line(entry: pl.Pair, writer: "Writer") -> list[str]:
    """The statements of one entry of a view."""
    condition = writer.window(entry.window)
    lead = [] if condition is None else [f" if {condition}:"]
    key, value = writer.key(entry.key), writer.write(entry.value)
    if writer.there(entry.value):
        return [*lead, f"  o[{key}] = {value}"] if lead else [f" o[{key}] = {value}"]
    if lead:
        return [*lead, f"  v = {value}", "  if v is not M:", f"   o[{key}] = v"]
    return [f" v = {value}", " if v is not M:", f"  o[{key}] = v"]


class Writer:
    """Writes plans as expressions of `f`; `record` is how the record in hand is reached, `sure` the fields it has."""

    def __init__(self, record: str = f"f[{pl.SELF}]", sure: frozenset[str] = frozenset()) -> None:
        self.names: dict[str, Any] = dict(support.NAMES)
        self._record = record
        self._sure = sure
        self._bound: dict[int, str] = {}
        self._shared: dict[pl.Plan, str] = {}
        self._records: set[int] = set()
        self._used = 0
        # An assignment expression can't stand where a comprehension takes its items from.
        self._in_source = False

    def make(self, text: str) -> Callable[..., Any]:
        """The function that a text defines as `made`."""
        exec(compile(text, "<rules>", "exec"), self.names)
        made: Callable[..., Any] = self.names["made"]
        return made

    def write(self, plan: pl.Plan) -> str:
        """The expression of a plan."""
        return self._shared.get(plan) or _WRITERS[type(plan)](self, plan)

    def share(self, entries: tuple[pl.Pair, ...]) -> list[str]:
        """Statements for what several entries work out, so that it is worked out once; its use is by name from then on.

        To work out what is then not asked for does no harm: expressions are total and change nothing.
        """
        lines = []
        for plan in shared_parts(entries):
            text = self.write(plan)
            self._used += 1
            self._shared[plan] = f"p{self._used}"
            lines.append(f" p{self._used} = {text}")
        return lines

    def holds(self, plan: pl.Plan) -> str:
        """The expression of a condition: true where the plan is."""
        if isinstance(plan, pl.Const):
            # Python warns of a literal on a side of `is`.
            return repr(plan.value is True)
        if isinstance(plan, _NEVER_TRUE):
            return "False"
        text = self.write(plan)
        return text if isinstance(plan, _TRUTHS) else f"({text} is True)"

    def key(self, plan: pl.Plan) -> str:
        """The expression of a key."""
        return repr(str(plan.value)) if isinstance(plan, pl.Const) else f"to_text({self.write(plan)})"

    def window(self, window: pl.Window) -> str | None:
        """The expression of a window; None where it is always open."""
        parts = []
        if window.since is not None:
            parts.append(f"f[{pl.VERSION}] >= {window.since}")
        if window.until is not None:
            parts.append(f"f[{pl.VERSION}] <= {window.until}")
        if window.when is not None:
            parts.append(self.holds(window.when))
        return " and ".join(parts) or None

    def there(self, plan: pl.Plan) -> bool:
        """Whether a plan is never missing."""
        match plan:
            case pl.FieldOf(pl.Slot(pl.SELF), name):
                return name in self._sure
            case pl.Fallback(_, fallback):
                return self.there(fallback)
            case pl.Choice(_, yes, no):
                return self.there(yes) and self.there(no)
        return isinstance(plan, _THERE)

    def constant(self, value: Any) -> str:
        """A name for a value that has no literal."""
        self._used += 1
        self.names[f"c{self._used}"] = value
        return f"c{self._used}"

    def slot(self, plan: pl.Slot) -> str:
        if plan.index in self._bound:
            return self._bound[plan.index]
        return self._record if plan.index == pl.SELF else f"f[{plan.index}]"

    def field_of(self, plan: pl.FieldOf) -> str:
        # INVARIANT: the record in hand, the caller, and what comes out of a table are records or MISSING, which has a
        # `get` of its own.
        safe = isinstance(plan.record, pl.Slot) and (
            plan.record.index in (pl.SELF, pl.CALLER) or plan.record.index in self._records
        )
        if safe and self.there(plan):
            return f"{self.write(plan.record)}[{plan.name!r}]"
        if safe:
            return f"{self.write(plan.record)}.get({plan.name!r}, M)"
        return f"attribute({self.write(plan.record)}, {plan.name!r})"

    def records(self, plan: pl.Records) -> str:
        if plan.parent is None:
            return f"f[0].records({plan.kind!r})"
        return f"f[0].children({plan.kind!r}, {self.write(plan.parent)})"

    def invoke(self, plan: pl.Invoke) -> str:
        arguments = [self.write(argument) for argument in plan.arguments]
        if plan.function in DRAWING:
            return f"{self.constant(DRAWING[plan.function])}({', '.join(['f[0].draws', *arguments])})"
        return f"{self.constant(PURE[plan.function])}({', '.join(arguments)})"

    def join(self, plan: pl.Join) -> str:
        parts = [
            repr(part.value)
            if isinstance(part, pl.Const) and type(part.value) is str
            else f"to_text({self.write(part)})"
            for part in plan.parts
        ]
        return f"({' + '.join(parts)})" if parts else "''"

    def comparison(self, plan: pl.Comparison) -> str:
        left = self.write(plan.left)
        if plan.operator == "==" and isinstance(plan.right, pl.Const):
            if type(plan.right.value) is str:
                return f"({left} == {plan.right.value!r})"
            literal = isinstance(plan.left, pl.Const | pl.Join)
            if not literal and (plan.right.value is None or type(plan.right.value) is bool):
                return f"({left} is {plan.right.value!r})"
        if plan.operator == "in" and isinstance(plan.right, pl.Items) and plan.right.items:
            items = plan.right.items
            if all(isinstance(one, pl.Const) and type(one.value) is str for one in items):
                return f"({left} in ({', '.join(self.write(one) for one in items)},))"
        return f"{_COMPARE[plan.operator]}({left}, {self.write(plan.right)})"

    def kind_of(self, plan: pl.KindOf) -> str:
        return f"kind_of({self.write(plan.operand)}, {plan.kind!r})"

    def matches(self, plan: pl.Match) -> str:
        if isinstance(plan.pattern, pl.Plan):
            return f"matches_text({self.write(plan.pattern)}, {self.write(plan.operand)})"
        return f"matches({self.constant(compile_pattern(plan.pattern))}, {self.write(plan.operand)})"

    def fallback(self, plan: pl.Fallback) -> str:
        operand = self.write(plan.operand)
        if isinstance(plan.fallback, pl.Const | pl.Slot):
            return f"otherwise({operand}, {self.write(plan.fallback)})"
        if self._in_source:
            return f"otherwise_of({operand}, lambda: {self.write(plan.fallback)})"
        self._used += 1
        name = f"v{self._used}"
        return f"({name} if ({name} := {operand}) is not M and {name} is not None else {self.write(plan.fallback)})"

    def choice(self, plan: pl.Choice) -> str:
        return f"({self.write(plan.yes)} if {self.holds(plan.condition)} else {self.write(plan.no)})"

    def _source(self, plan: pl.Plan) -> str:
        before, self._in_source = self._in_source, True
        text = f"listed({self.write(plan)})"
        self._in_source = before
        return text

    def _bind(self, slot: int, source: pl.Plan) -> str:
        self._used += 1
        self._bound[slot] = f"s{self._used}"
        if isinstance(source, pl.Records) or (isinstance(source, pl.Select) and isinstance(source.source, pl.Records)):
            self._records.add(slot)
        return self._bound[slot]

    def select(self, plan: pl.Select) -> str:
        source = self._source(plan.source)
        name = self._bind(plan.slot, plan.source)
        return f"[{name} for {name} in {source} if {self.holds(plan.condition)}]"

    def collect(self, plan: pl.Collect) -> str:
        source = self._source(plan.source)
        name = self._bind(plan.slot, plan.source)
        condition = "" if plan.condition is None else f" if {self.holds(plan.condition)}"
        text = f"[{self.write(plan.item)} for {name} in {source}{condition}]"
        return text if self.there(plan.item) else f"those_there({text})"

    def items(self, plan: pl.Items) -> str:
        text = f"[{', '.join(self.write(item) for item in plan.items)}]"
        return text if all(self.there(item) for item in plan.items) else f"those_there({text})"

    def build(self, plan: pl.Build) -> str:
        fixed = [
            entry
            for entry in plan.entries
            if isinstance(entry, pl.Pair) and isinstance(entry.key, pl.Const) and entry.window == pl.ALWAYS
        ]
        if len(fixed) == len(plan.entries):
            text = ", ".join(f"{self.key(entry.key)}: {self.write(entry.value)}" for entry in fixed)
            return f"{{{text}}}" if all(self.there(entry.value) for entry in fixed) else f"entries_there({{{text}}})"
        return f"entries_of(({''.join(self._pairs(entry) for entry in plan.entries)}))"

    def _pairs(self, entry: pl.Pair | pl.Unpack) -> str:
        if isinstance(entry, pl.Unpack):
            return f"*shown_of({self.write(entry.value)}).items(), "
        pair = f"({self.key(entry.key)}, {self.write(entry.value)})"
        condition = self.window(entry.window)
        return f"{pair}, " if condition is None else f"*(({pair},) if {condition} else ()), "

    def show(self, plan: pl.Show) -> str:
        return f"show(f, {self.write(plan.operand)}, {plan.kind!r}, {plan.view!r})"


_REQUEST_ID: Final = pl.Get(pl.Root("request"), "id")

_WRITERS: Final[Mapping[type[pl.Plan], Callable[[Writer, Any], str]]] = {
    pl.Const: lambda writer, plan: repr(plan.value),
    pl.Slot: Writer.slot,
    pl.Root: lambda writer, plan: f"f[0].root({plan.name!r})",
    pl.Extra: lambda writer, plan: f"f[{pl.EXTRA}].get({plan.name!r}, M)",
    pl.FieldOf: Writer.field_of,
    # PERF: most answers say the id of their request, and hardly any its URL, which would be made with it.
    pl.Get: lambda writer, plan: (
        "f[0].request_id()" if plan == _REQUEST_ID else f"attribute({writer.write(plan.of)}, {plan.name!r})"
    ),
    pl.At: lambda writer, plan: f"item({writer.write(plan.of)}, {writer.write(plan.key)})",
    pl.Keyed: lambda writer, plan: (
        f"keyed({writer.write(plan.of)}, {plan.key_field!r}, {plan.value_field!r}, {writer.write(plan.key)})"
    ),
    pl.Follow: lambda writer, plan: f"f[0].follow({plan.kind!r}, {writer.write(plan.key)})",
    pl.Records: Writer.records,
    pl.Everyones: lambda writer, plan: f"f[0].everyones({plan.kind!r})",
    pl.Lookup: lambda writer, plan: f"f[0].lookup({plan.kind!r}, {writer.write(plan.key)})",
    pl.QuotaOf: lambda writer, plan: f"f[0].quota({plan.service!r}, {plan.name!r}, {plan.part!r})",
    pl.Invoke: Writer.invoke,
    pl.Join: Writer.join,
    pl.Negation: lambda writer, plan: f"(not {writer.holds(plan.operand)})",
    pl.Minus: lambda writer, plan: f"calculate('-', 0, {writer.write(plan.operand)})",
    pl.AllOf: lambda writer, plan: f"({' and '.join(writer.holds(one) for one in plan.operands)})",
    pl.AnyOf: lambda writer, plan: f"({' or '.join(writer.holds(one) for one in plan.operands)})",
    pl.Comparison: Writer.comparison,
    pl.KindOf: Writer.kind_of,
    pl.Match: Writer.matches,
    pl.Presence: lambda writer, plan: f"there({writer.write(plan.operand)})",
    pl.Calculation: lambda writer, plan: (
        f"calculate({plan.operator!r}, {writer.write(plan.left)}, {writer.write(plan.right)})"
    ),
    pl.Fallback: Writer.fallback,
    pl.Choice: Writer.choice,
    pl.Select: Writer.select,
    pl.Collect: Writer.collect,
    pl.Items: Writer.items,
    pl.Build: Writer.build,
    pl.Show: Writer.show,
}
