# SPDX-License-Identifier: Apache-2.0
"""What an author types.

At the top of the house: the command line.
"""
