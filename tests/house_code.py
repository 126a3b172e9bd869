# SPDX-License-Identifier: Apache-2.0
"""What a module does that only some modules may do, read from its syntax tree: imports, real time, evaluation.

test_house.py hands in the text of a module and gets back what it found, as `LINE: WHAT`; lines count from 1.
"""

import ast
from collections.abc import Iterator

REAL = frozenset({"random", "secrets", "time", "uuid"})
WAITING = frozenset({"perf_counter", "sleep"})
TODAY = frozenset({"now", "today", "utcnow"})
ENTROPY = frozenset({"getrandom", "urandom"})

UNPICKLING = frozenset({"cPickle", "cloudpickle", "dill", "joblib", "marshal", "pickle", "shelve"})
EVALUATING = frozenset({"__import__", "compile", "eval", "exec"})


def imports(source: str) -> list[tuple[int, str]]:
    """(line, dotted name) of every module imported, `import_module("…")` included; `from a import b` is `a`."""
    found: list[tuple[int, str]] = []
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Import(names=names):
                found += [(node.lineno, alias.name) for alias in names]
            case ast.ImportFrom(module=str(module), level=0):
                found.append((node.lineno, module))
            case ast.Call(func=func, args=[ast.Constant(value=str(name)), *_]) if last(func) == "import_module":
                found.append((node.lineno, name))
    return found


def importing(source: str, package: str) -> list[str]:
    """Where `package`, or a module of it, is imported."""
    return [f"{line}: {name}" for line, name in imports(source) if name.split(".")[0] == package]


def real_time(source: str, *, may_wait: bool) -> list[str]:
    """Where the wall clock or randomness is read; `may_wait` permits `time.sleep` and `time.perf_counter` alone."""
    found = [(line, name) for line, name in imports(source) if name.split(".")[0] in REAL - {"time"}]
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Import(names=names) if not may_wait:
                found += [(node.lineno, "time") for alias in names if alias.name == "time"]
            case ast.Import(names=names):
                found += [(node.lineno, "time under another name") for a in names if a.name == "time" and a.asname]
            case ast.ImportFrom(module="time", names=names):
                taken = {alias.name for alias in names}
                found += [(node.lineno, f"time.{name}") for name in taken - (WAITING if may_wait else frozenset())]
            case ast.ImportFrom(module="os", names=names):
                found += [(node.lineno, f"os.{alias.name}") for alias in names if alias.name in ENTROPY]
            case ast.Attribute(value=ast.Name(id="time"), attr=attr) if may_wait and attr not in WAITING:
                found.append((node.lineno, f"time.{attr}"))
            case ast.Attribute(value=ast.Name(id="os"), attr=attr) if attr in ENTROPY:
                found.append((node.lineno, f"os.{attr}"))
            case ast.Attribute(value=value, attr=attr) if attr in TODAY and last(value) in {"date", "datetime"}:
                found.append((node.lineno, f"{last(value)}.{attr}"))
    return [f"{line}: {name}" for line, name in sorted(found)]


def evaluation(source: str) -> list[str]:
    """Where text becomes code or bytes become objects: unpickling, eval and its kin, unsafe loaders and caches."""
    tree = ast.parse(source)
    own = set(bound(tree))
    found = [(line, name) for line, name in imports(source) if name.split(".")[0] in UNPICKLING]
    for node in ast.walk(tree):
        match node:
            case ast.Call(func=ast.Name(id=name)) if name in EVALUATING - own:
                found.append((node.lineno, name))
            case ast.Attribute(value=ast.Name(id="builtins"), attr=name) if name in EVALUATING:
                found.append((node.lineno, f"builtins.{name}"))
            case ast.keyword(arg="typ", value=ast.Constant(value="unsafe")):
                found.append((node.value.lineno, "an unsafe YAML loader"))
            case ast.Call(func=func, keywords=keywords) if last(func) == "Lark":
                # lark unpickles a file of a predictable name in the temporary folder
                found += [(node.lineno, "lark's cache") for keyword in keywords if keyword.arg == "cache"]
    return [f"{line}: {name}" for line, name in sorted(found)]


def bound(tree: ast.Module) -> Iterator[str]:
    """Names that the module defines or imports by itself, so that a `compile` of its own isn't taken for Python's."""
    for node in ast.walk(tree):
        match node:
            case ast.FunctionDef(name=name) | ast.ClassDef(name=name):
                yield name
            case ast.ImportFrom(names=names):
                yield from (alias.asname or alias.name for alias in names)


def last(node: ast.expr) -> str:
    """The last name of a dotted expression: `b` of `a.b`; empty for anything else."""
    match node:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
    return ""
