"""What people write, as HTML that is safe to show (R3, R4). Rendered once, when written."""

from community.markdown.imported import sanitise_html
from community.markdown.language import language_of
from community.markdown.readable import readable
from community.markdown.rendering import render
from community.markdown.result import Rendered

__all__ = ["Rendered", "language_of", "readable", "render", "sanitise_html"]
