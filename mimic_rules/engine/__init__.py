# SPDX-License-Identifier: Apache-2.0
"""The engine: one request against tables, state and clock.

On the way of a request: `web` hands over a request, the engine answers with an outcome and why.
"""
