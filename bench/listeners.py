"""A thousand tabs in a process of their own, which tell when a frame reached each of them.

Started with a port, a topic and a version; orders come as lines of JSON on standard input, and each is answered by one:

    {"open": [session, …]}   opens a live socket for each session, and watches the topic      → the number of tabs
    {"await": number}        waits for the frame with the post of this number                 → the time at each tab

Times are of the monotonic clock, which all processes share; none for a tab that did not get the frame. Written on epoll
and plain sockets: a thousand arrivals cost a few milliseconds here, so the times are the server's.
"""

import base64
import json
import os
import select
import socket
import struct
import sys
import time

PATIENCE_SECONDS = 10.0
TEXT, PING, PONG = 1, 9, 10  # kinds of frames


class Tab:
    def __init__(self, port: int, session: str):
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        key = base64.b64encode(os.urandom(16)).decode()
        self.socket.sendall(
            f"GET /live/ HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            f"Sec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\nOrigin: https://127.0.0.1\r\n"
            f"X-Forwarded-Proto: https\r\nCookie: sessionid={session}\r\n\r\n".encode()
        )
        self.received = bytearray()
        while b"\r\n\r\n" not in self.received:
            part = self.socket.recv(4096)
            if not part:
                raise ConnectionError("The server closed the connection.")
            self.received += part
        head, _, rest = bytes(self.received).partition(b"\r\n\r\n")
        if b" 101 " not in head.splitlines()[0]:
            raise ConnectionError(head.splitlines()[0].decode())
        self.received = bytearray(rest)
        self.frames: list[tuple[float, bytes]] = []

    def say(self, message: dict):
        self._send(TEXT, json.dumps(message).encode())

    def _send(self, kind: int, payload: bytes):
        mask = os.urandom(4)
        masked = bytes(byte ^ mask[n % 4] for n, byte in enumerate(payload))
        self.socket.sendall(struct.pack("!BB", 0x80 | kind, 0x80 | len(payload)) + mask + masked)

    def take(self, at: float):
        """Cuts what has arrived into frames; the server sends them unmasked and unbroken."""
        while len(self.received) >= 2:
            length, head = self.received[1] & 127, 2
            if length == 126:
                length, head = int.from_bytes(self.received[2:4], "big"), 4
            elif length == 127:
                length, head = int.from_bytes(self.received[2:10], "big"), 10
            if len(self.received) < head + length:
                return
            kind, payload = self.received[0] & 15, bytes(self.received[head : head + length])
            if kind == TEXT:
                self.frames.append((at, payload))
            elif kind == PING:  # who does not answer is taken for gone
                self._send(PONG, payload)
            del self.received[: head + length]


class Room:
    def __init__(self, port: int, topic: str, version: int):
        self.port, self.topic, self.version = port, topic, version
        self.tabs: dict[int, Tab] = {}
        self.epoll = select.epoll()

    def open(self, sessions: list[str]) -> int:
        for session in sessions:
            tab = Tab(self.port, session)
            tab.say({"watch": self.topic, "version": self.version})
            self.tabs[tab.socket.fileno()] = tab
            self.epoll.register(tab.socket, select.EPOLLIN)
            self.read(0)
        welcome = f'"to":"{self.topic}"'.encode()
        self.read_until(lambda: all(any(welcome in text for _, text in tab.frames) for tab in self.tabs.values()))
        self.forget()
        return len(self.tabs)

    def wait_for(self, number: int) -> list[float | None]:
        # Who looks for the post is kept waiting until everything has arrived, so that looking delays no arrival.
        self.read_until(lambda: sum(len(tab.frames) for tab in self.tabs.values()) >= len(self.tabs))
        self.read(0.2)
        sought = f'"number":{number},'.encode()
        times = [next((at for at, text in tab.frames if sought in text), None) for tab in self.tabs.values()]
        self.forget()
        return times

    def read_until(self, is_done):
        end = time.perf_counter() + PATIENCE_SECONDS
        while not is_done() and time.perf_counter() < end:
            self.read(0.1)

    def read(self, seconds: float):
        """Reads what arrives, in one go, and notes when."""
        arrived = []
        for number, _ in self.epoll.poll(seconds):
            if number == sys.stdin.fileno():
                continue
            tab = self.tabs[number]
            part = tab.socket.recv(65536)
            if not part:
                raise ConnectionError("The server closed a tab.")
            tab.received += part
            arrived.append((tab, time.perf_counter()))
        for tab, at in arrived:
            tab.take(at)

    def forget(self):
        for tab in self.tabs.values():
            tab.frames.clear()

    def obey(self):
        """Carries out orders until there are no more. In between tabs go on reading, as a browser does."""
        self.epoll.register(sys.stdin, select.EPOLLIN)
        orders = select.poll()
        orders.register(sys.stdin, select.POLLIN)
        while True:
            while not orders.poll(0):
                self.read(1.0)
            match json.loads(sys.stdin.readline() or "null"):
                case {"open": sessions}:
                    answer = self.open(sessions)
                case {"await": number}:
                    answer = self.wait_for(number)
                case _:
                    return
            print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    Room(int(sys.argv[1]), sys.argv[2], int(sys.argv[3])).obey()
