# SPDX-License-Identifier: Apache-2.0
"""`python -m tests.mutation [--sample N] [--seed N]`: change shipped rules, and say which changes nothing notices."""

import argparse
import random
from collections.abc import Sequence

from mimic_rules.compiler import compile_model
from mimic_rules.lint.reading import read_rules
from tests.mutation.mutants import mutants, survives


def main(arguments: Sequence[str] | None = None) -> int:
    """Print every change that survives, and how many were made; 1 if one survived."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.mutation", description="change rules, and run their examples"
    )
    parser.add_argument("--sample", type=int, metavar="N", help="only so many changes, drawn by the seed; default: all")
    parser.add_argument("--seed", type=int, default=0, metavar="N", help="what a sample is drawn by; default: 0")
    options = parser.parse_args(arguments)
    program = compile_model(read_rules([]).model)
    chosen = mutants(program)
    if options.sample is not None:
        chosen = random.Random(options.seed).sample(chosen, min(options.sample, len(chosen)))
    survived = [one for one in chosen if survives(one, program)]
    for one in survived:
        print(f"survived: {one}")
    print(f"{len(chosen) - len(survived)} killed, {len(survived)} survived")
    return 1 if survived else 0


if __name__ == "__main__":
    raise SystemExit(main())
