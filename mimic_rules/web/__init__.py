# SPDX-License-Identifier: Apache-2.0
"""The web layer: from HTTP to the engine and back.

On the way of a request: the first and the last stage.
"""
