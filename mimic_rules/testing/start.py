# SPDX-License-Identifier: Apache-2.0
"""Starting a cloud for the length of a block: in this process, or as a child.

On the way of a test: the first thing that it does, unless a cloud runs already.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from mimic_rules.testing.calls import token_of_environment
from mimic_rules.testing.cloud import Cloud
from mimic_rules.testing.folder import furnish
from mimic_rules.testing.rules import Text


@contextmanager
def start(
    rules: Sequence[Text] = (), *, services: Sequence[str] | None = None, child: bool = False, **config: Any
) -> Iterator[Cloud]:
    """A cloud for the length of a block.

    `rules` are texts, or paths of files and folders; `services` those of the shipped ones that it has, all by default;
    `config` any key of `mimic.yaml`. It answers in this process, or with `child` in one of its own. Its port is a free
    one unless `port` says otherwise. Where `host` is no loopback address, MIMIC_ADMIN_TOKEN has to be set: the calls of
    a test carry it, and the cloud asks for it. Raises StartError with all that is wrong.
    """
    token = token_of_environment()
    told = config if services is None else {**config, "services": list(services)}
    with TemporaryDirectory(prefix="mimic-rules-") as name:
        folder = Path(name)
        path = furnish(folder, rules, told)
        if child:
            from mimic_rules.testing.child import launch
            from mimic_rules.testing.keeper import own

            with own(folder):
                process = launch(folder, path)
                try:
                    yield Cloud(process.url, token, said=process.said)
                finally:
                    process.stop()
        else:
            # PERF: whoever starts a child, or finds a cloud, needn't load one.
            from mimic_rules.testing.inside import serving

            with serving(path, token) as url:
                yield Cloud(url, token)
