"""A mail server of the test's own, which can keep those who come waiting at the door."""

import socketserver
import threading
from contextlib import contextmanager


class PostOffice(socketserver.ThreadingTCPServer):
    allow_reuse_address = daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), _Counter)
        self.letters: list[str] = []
        self.somebody_waits = threading.Event()
        self.is_open = threading.Event()

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.server_address[1]}"


class _Counter(socketserver.StreamRequestHandler):
    """As much of SMTP (RFC 5321) as Django's client speaks."""

    def handle(self):
        office = self.server
        office.somebody_waits.set()
        office.is_open.wait(30)
        self._say("220 open")
        while words := self.rfile.readline().decode().upper().split():
            if words[0] == "DATA":
                self._say("354 go on")
                office.letters.append(b"".join(iter(self.rfile.readline, b".\r\n")).decode())
            self._say("221 bye" if words[0] == "QUIT" else "250 yes")

    def _say(self, answer: str):
        self.wfile.write(f"{answer}\r\n".encode())


@contextmanager
def post_office():
    office = PostOffice()
    thread = threading.Thread(target=office.serve_forever)
    thread.start()
    try:
        yield office
    finally:
        office.is_open.set()
        office.shutdown()
        thread.join()
        office.server_close()
