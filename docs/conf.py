# SPDX-License-Identifier: Apache-2.0
"""How Sphinx builds the manual from the Markdown files beside this one.

`tox -e docs` comes in here; every page of this folder goes into the table of contents of `index.md` by itself.
"""

from typing import ClassVar

from pygments.lexer import RegexLexer
from pygments.token import Comment, Keyword, Number, Operator, Punctuation, String, Text
from sphinx.application import Sphinx

import mimic_rules

project = "mimic-rules"
author = "the mimic-rules authors"
copyright = f"2026, {author}"
version = release = mimic_rules.__version__

extensions = ["myst_parser"]
# headings down to the third level can be linked to as `page.md#heading`
myst_heading_anchors = 3
html_theme = "alabaster"
html_theme_options = {"description": "Mock clouds, written as rules", "fixed_sidebar": True}
html_show_sourcelink = False


class RulesLexer(RegexLexer):
    """Colours for examples of the rule language.

    It knows no keyword, so that it can't lag behind the grammar: a line's first word is what the line declares or says.
    """

    name = "mimic-rules"
    aliases = ("rules",)
    tokens: ClassVar[dict[str, list[tuple[str, object]]]] = {
        "root": [
            (r"#[^\n]*", Comment.Single),
            (r'"(\\.|[^"\\\n])*"|\'(\\.|[^\'\\\n])*\'', String),
            (r"^([ \t]*)([A-Za-z_]\w*)", Keyword),
            (r"\d+(\.\d+)*[a-z%]*", Number),
            (r"->|\.\.|[=!<>]=?|\?", Operator),
            (r"[{}()\[\],:;]", Punctuation),
            (r"\w+", Text),
            (r"\s+|.", Text),
        ]
    }


def setup(app: Sphinx) -> None:
    """Give the fence name `rules` its colours; without it each example would be a warning, hence an error."""
    app.add_lexer("rules", RulesLexer)
