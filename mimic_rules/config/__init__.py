# SPDX-License-Identifier: Apache-2.0
"""The configuration: `mimic.yaml`, the environment and flags, read with a place for every value.

It stands on diagnostics only. The tools load it before anything else, and bind the settings once the rules are read.
"""

from mimic_rules.config.config import (
    ClockMode,
    ClockSettings,
    Config,
    Limits,
    LoadResult,
    LogFormat,
    LogLevel,
    Origin,
    OriginKind,
)
from mimic_rules.config.describe import describe
from mimic_rules.config.load import load_config
from mimic_rules.config.located import KeyPath, Located, Scalar, Value
from mimic_rules.config.quantities import format_duration, parse_duration, parse_size
from mimic_rules.config.settings import SettingCheck, bind_settings, setting_origin

__all__ = [
    "ClockMode",
    "ClockSettings",
    "Config",
    "KeyPath",
    "Limits",
    "LoadResult",
    "Located",
    "LogFormat",
    "LogLevel",
    "Origin",
    "OriginKind",
    "Scalar",
    "SettingCheck",
    "Value",
    "bind_settings",
    "describe",
    "format_duration",
    "load_config",
    "parse_duration",
    "parse_size",
    "setting_origin",
]
