# SPDX-License-Identifier: Apache-2.0
"""Programs that are tested against clouds of this project, and don't know it."""
