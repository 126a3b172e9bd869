# SPDX-License-Identifier: Apache-2.0
"""What the tests of loading share: load a text as `mimic.yaml`, and say what was found in one line for each problem."""

from collections.abc import Mapping
from pathlib import Path

from mimic_rules.config import Config, LoadResult, load_config
from mimic_rules.diagnostics import Diagnostic


def load(
    folder: Path,
    text: str | bytes | None = None,
    environ: Mapping[str, str] | None = None,
    flags: Mapping[str, object] | None = None,
) -> LoadResult:
    path = folder / "mimic.yaml"
    if text is None:
        # An empty file, lest one of a folder above be found.
        text = b""
    path.write_bytes(text if isinstance(text, bytes) else text.encode("utf-8", "surrogatepass"))
    return load_config(start=folder, environ=environ or {}, flags=flags or {})


def good(result: LoadResult) -> Config:
    assert result.diagnostics == ()
    assert result.config is not None
    return result.config


def summary(result: LoadResult) -> list[str]:
    """Each diagnostic as `CODE place-endcolumn message`."""
    return [told(one) for one in result.diagnostics]


def told(one: Diagnostic) -> str:
    assert one.span.line == one.span.end_line
    return f"{one.code} {one.span.place()}-{one.span.end_column} {one.message}"


def origins(config: Config) -> dict[str, str]:
    return {name: str(origin) for name, origin in config.origins.items()}
