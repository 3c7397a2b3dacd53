"""Tell why a server refused a request: what is wrong with the request, the abstract or the model. Pure functions.

Servers have no common code for these. The texts are those of llama.cpp, transformers serve, vLLM, Ollama and OpenAI; a
text that matches none only means that the status alone decides.
"""

import re
from enum import Enum

#: Characters of a body that are read; an error of a server has some hundreds.
MOST_READ = 4096

_TOO_LONG = re.compile(
    r"exceed_context_size|context_length_exceeded|maximum context length|available context size|context window"
    r"|prompt is too long|input length .{0,40}exceeds",
    re.IGNORECASE,
)
_OTHER_MODEL = re.compile(
    r"server is pinned to|model_not_found|the model .{0,200}does not exist|model .{0,200}not found", re.IGNORECASE
)
#: llama.cpp's answer if the text that its model wrote cannot be parsed as the schema says, because it was cut off.
_BAD_FORM = re.compile(r"output that does not match the expected", re.IGNORECASE)


class Refusal(Enum):
    """Why a server refused a request."""

    #: The abstract and its answer do not fit into the model's context.
    TOO_LONG = "too long"
    #: The server has no such model.
    OTHER_MODEL = "other model"
    #: The model does not keep to the form of the schema, and would not the next time.
    BAD_FORM = "bad form"
    UNKNOWN = "unknown"


_WORDS = ((_TOO_LONG, Refusal.TOO_LONG), (_OTHER_MODEL, Refusal.OTHER_MODEL), (_BAD_FORM, Refusal.BAD_FORM))


def why_refused(body: bytes) -> Refusal:
    """Return why a server refused a request, by the text of its answer."""
    said = body[:MOST_READ].decode("utf-8", "replace")
    meant = (found for pattern, found in _WORDS if pattern.search(said))
    return next(meant, Refusal.UNKNOWN)
