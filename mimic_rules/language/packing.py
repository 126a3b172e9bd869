# SPDX-License-Identifier: Apache-2.0
"""The tables of the parser in little space: what lark writes as half a million characters, without what is said often.

Beside the way of a rule: `tables` packs what lark made of the grammar, `syntax` unpacks it where a process starts. Both
forms are plain data, JSON in the file; no lark here.
"""

from typing import Any, Final

Packed = dict[str, Any]
_SHIFT: Final = 0
_REDUCE: Final = 1


def pack(data: dict[str, Any], memo: dict[Any, Any]) -> Packed:
    """What `unpack` makes `data` and `memo` of, as lark's `memo_serialize` gave them; the same text each time."""
    table = data["parser"]["parser"]
    rules = sorted((one for one in memo.items() if one[1]["__type__"] == "Rule"), key=_rule_order)
    terminals = sorted((one for one in memo.items() if one[1]["__type__"] != "Rule"), key=_terminal_order)
    symbols = sorted({str(name) for name in table["tokens"].values()} | {_name(one["origin"]) for _, one in rules})
    numbers = {key: number for number, (key, _) in enumerate(rules)}
    numbers |= {key: number for number, (key, _) in enumerate(terminals)}
    at = {name: number for number, name in enumerate(symbols)}
    tokens = {key: at[name] for key, name in table["tokens"].items()}
    order = _in_order(table, tokens)
    groups: dict[tuple[int, ...], int] = {}
    states = [_pack_state(table["states"][state], tokens, numbers, order, groups) for state in order]
    conf = data["parser"]["lexer_conf"]
    return {
        "symbols": symbols,
        "rules": [_pack_rule(rule, at) for _, rule in rules],
        "terminals": [{name: value for name, value in one.items() if name != "__type__"} for _, one in terminals],
        "groups": [list(group) for group in groups],
        "states": states,
        "starts": {name: order[state] for name, state in sorted(table["start_states"].items())},
        "ends": {name: order[state] for name, state in sorted(table["end_states"].items())},
        "lexer": sorted(numbers[one["@"]] for one in conf["terminals"]),
        "ignore": sorted(conf["ignore"]),
        "options": data["options"],
    }


def unpack(packed: Packed) -> tuple[dict[str, Any], dict[int, Any]]:
    """(data, memo) as lark loads them; reduce actions that are alike are one object, which lark only reads."""
    symbols = packed["symbols"]
    memo: dict[int, Any] = {}
    for number, rule in enumerate(packed["rules"]):
        memo[number] = _unpack_rule(rule, symbols)
    first_terminal = len(memo)
    for number, terminal in enumerate(packed["terminals"]):
        memo[first_terminal + number] = {**terminal, "__type__": "TerminalDef"}
    reductions = [(_REDUCE, {"@": number}) for number in range(first_terminal)]
    states = {number: _unpack_state(row, packed["groups"], reductions) for number, row in enumerate(packed["states"])}
    rules = [{"@": number} for number in range(first_terminal)]
    lexer_conf = {
        "terminals": [{"@": first_terminal + number} for number in packed["lexer"]],
        "ignore": packed["ignore"],
        "g_regex_flags": 0,
        "use_bytes": False,
        "lexer_type": "contextual",
        "__type__": "LexerConf",
    }
    table = {
        "tokens": dict(enumerate(symbols)),
        "states": states,
        "start_states": packed["starts"],
        "end_states": packed["ends"],
    }
    conf = {"rules": rules, "start": list(packed["starts"]), "parser_type": "lalr", "__type__": "ParserConf"}
    parser = {"lexer_conf": lexer_conf, "parser_conf": conf, "parser": table, "__type__": "ParsingFrontend"}
    return {"parser": parser, "rules": rules, "options": packed["options"], "__type__": "Lark"}, memo


def _name(symbol: dict[str, Any]) -> str:
    return str(symbol["name"])


def _rule_order(entry: tuple[Any, dict[str, Any]]) -> tuple[str, list[str]]:
    return _name(entry[1]["origin"]), [_name(symbol) for symbol in entry[1]["expansion"]]


def _terminal_order(entry: tuple[Any, dict[str, Any]]) -> str:
    return str(entry[1]["name"])


def _in_order(table: dict[str, Any], tokens: dict[Any, int]) -> dict[Any, int]:
    """The states as one meets them from the starts on: lark numbers them as its sets happen to be ordered."""
    order: dict[Any, int] = {}
    waiting = [state for _, state in sorted(table["start_states"].items())]
    for state in waiting:
        if state not in order:
            order[state] = len(order)
            row = table["states"][state].items()
            waiting += [to for _, to in sorted((tokens[token], to) for token, (action, to) in row if action == _SHIFT)]
    return order


def _pack_rule(entry: dict[str, Any], at: dict[str, int]) -> list[Any]:
    # A symbol is twice its number, and one more for a terminal that the tree leaves out.
    expansion = [2 * at[_name(symbol)] + bool(symbol.get("filter_out")) for symbol in entry["expansion"]]
    options = entry["options"]
    return [
        at[_name(entry["origin"])],
        expansion,
        entry["order"],
        entry["alias"] or 0,
        int(options["keep_all_tokens"]),
        int(options["expand1"]),
        "".join("1" if empty else "0" for empty in options["empty_indices"]),
    ]


def _unpack_rule(rule: list[Any], symbols: list[str]) -> dict[str, Any]:
    origin, expansion, order, alias, keep_all_tokens, expand1, empty = rule
    return {
        "origin": {"name": symbols[origin], "__type__": "NonTerminal"},
        "expansion": [_symbol(symbols[number // 2], number % 2 == 1) for number in expansion],
        "order": order,
        "alias": alias or None,
        "options": {
            "keep_all_tokens": bool(keep_all_tokens),
            "expand1": bool(expand1),
            "priority": None,
            "template_source": None,
            "empty_indices": [digit == "1" for digit in empty],
            "__type__": "RuleOptions",
        },
        "__type__": "Rule",
    }


def _symbol(name: str, filter_out: bool) -> dict[str, Any]:
    # Lark's terminals are in capitals, `$END` among them; its rules are not.
    if name.isupper():
        return {"name": name, "filter_out": filter_out, "__type__": "Terminal"}
    return {"name": name, "__type__": "NonTerminal"}


def _pack_state(
    row: dict[Any, Any],
    tokens: dict[Any, int],
    numbers: dict[Any, int],
    order: dict[Any, int],
    groups: dict[tuple[int, ...], int],
) -> list[int]:
    # Shifts are (symbol, state), reductions (-1 - rule, group of symbols): one flat list of pairs.
    shifts: list[tuple[int, int]] = []
    reduced: dict[int, list[int]] = {}
    for token, (action, argument) in row.items():
        if action == _REDUCE:
            reduced.setdefault(numbers[argument["@"]], []).append(tokens[token])
        else:
            shifts.append((tokens[token], order[argument]))
    flat = [number for pair in sorted(shifts) for number in pair]
    for rule, symbols in sorted(reduced.items()):
        flat += [-1 - rule, groups.setdefault(tuple(sorted(symbols)), len(groups))]
    return flat


def _unpack_state(flat: list[int], groups: list[list[int]], reductions: list[tuple[int, Any]]) -> dict[int, Any]:
    row: dict[int, Any] = {}
    for first, second in zip(flat[::2], flat[1::2], strict=True):
        if first < 0:
            row.update(dict.fromkeys(groups[second], reductions[-1 - first]))
        else:
            row[first] = (_SHIFT, second)
    return row
