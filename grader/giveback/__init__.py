"""Reports given back: each student's page, as they may see it, where a platform looks for it.

`page` is what one student reads; `named` is what the page is called for a platform; a `Sink` writes
many pages, whole or not at all.
"""

from grader.giveback.naming import PLATFORMS, Named, Platform, named
from grader.giveback.page import page, shown
from grader.giveback.sinks import Sink, sink

__all__ = ["PLATFORMS", "Named", "Platform", "Sink", "named", "page", "shown", "sink"]
