"""A plug-in whose library is not installed."""

import no_such_library  # type: ignore[import-not-found]  # what is broken about it

PLUGIN = no_such_library.PLUGIN
