# SPDX-License-Identifier: Apache-2.0
"""The control API, a module for each subject: its calls as values, and what they do.

On the way of a request: beside the engine; `api` lists all calls and makes routes of them.
"""
