# SPDX-License-Identifier: Apache-2.0
"""The small services in which the examples of the pages stand, so that each example is a whole file.

The modules of the codes put one before the lines that matter; a test reads each as a user would write it.
"""

from __future__ import annotations

from typing import Final

SHOP: Final = """\
service shop "Shop" { mount /shop }
for shop
"""
"""A service and nothing in it."""

BOX: Final = (
    SHOP
    + """\
resource box in world { id uuid  size int = 1  metadata map of text = {}  status lifecycle }
lifecycle of box.status { state BUILD  state ACTIVE  start BUILD  BUILD -> ACTIVE after 1s }
for shop.box
"""
)
"""A resource with a lifecycle; what follows is about it."""

VERSIONS: Final = """\
service shop "Shop" { mount /shop  version header "Version" 2.1 .. 2.9 default 2.1 }
for shop
resource thing in tenant { name text }
"""
"""A service with versions, and a resource."""

FAULTS: Final = """\
service shop "Shop" { mount /shop  fault 400 badRequest }
for shop
resource box in world { id uuid }
"""
"""A service that names its faults, and a resource."""
