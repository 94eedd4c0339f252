"""The site behind a Daphne whose Twisted has given other names to what is its own: its transport is without them."""

from functools import partial

from cdoforum.asgi import application as site
from lib.sockets import OF_TRANSPORT

PUBLIC = {"write", "abortConnection"}  # of Twisted's interfaces


class Without:
    """Another object, without some of its names."""

    def __init__(self, of, *names: str, **others):
        self.of, self.names, self.others = of, names, others

    def __getattr__(self, name: str):
        if name in self.names:
            raise AttributeError(name)
        return self.others[name] if name in self.others else getattr(self.of, name)


async def application(scope, receive, send):
    """As cdoforum.asgi has it, with another object in the place of Daphne's protocol."""
    if scope["type"] == "websocket":
        protocol, own_send = send.args[0], send
        transport = Without(protocol.transport, *set(OF_TRANSPORT) - PUBLIC)
        send = partial(lambda _, message: own_send(message), Without(protocol, transport=transport))
    await site(scope, receive, send)
