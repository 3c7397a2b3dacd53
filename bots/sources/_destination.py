"""The address to which a request goes: a host that a person named must be on the public internet."""

from typing import Any

import httpx

from bots.domain.errors import SourceRefused
from bots.outbound.public_hosts import NotPublic, Resolve, public_address
from bots.sources._calls import Call
from bots.sources._failed_attempts import NoConnection
from bots.translation.speech import gettext_lazy


async def destination(call: Call, url: httpx.URL, sent: dict[str, Any], named: Resolve) -> dict[str, Any]:
    """Return the arguments of a request; one to a host that a person named goes to the address that was checked.

    Raises:
        SourceRefused: the host is not on the public internet.
        NoConnection: it has no address.
    """
    if not call.asked.reach.is_stranger(url.scheme, url.host, url.port):
        return {**sent, "url": url}
    try:
        address = await public_address(url.host, named)
    except NotPublic as error:
        raise SourceRefused(
            gettext_lazy("{source} is not on the public internet.", source=call.title),
            hint=gettext_lazy(
                "The operator can allow an address of your own network in the setting sources.feed_hosts."
            ),
        ) from error
    except OSError as error:
        raise NoConnection(gettext_lazy("its name has no address")) from error
    if not address:
        return {**sent, "url": url}
    # The certificate is checked for the name, not for the address. The connection is not kept: the library would use it
    # for another name with the same address, whose certificate was never seen.
    headers = {**sent["headers"], "Host": url.host, "Connection": "close"}
    return {
        **sent,
        "url": url.copy_with(host=address),
        "headers": headers,
        "extensions": {"sni_hostname": url.host},
    }
