"""Ask for one address over and over on a few connections, and count the answers.

Run as a process of its own, so that it never holds the server's lock. Plain sockets and epoll:
the dearest thing here is the kernel copying bytes.

    python -m bench.load PORT SECONDS CONNECTIONS < request
"""

import json
import resource
import selectors
import socket
import sys
import time


class Connection:
    """One keep-alive connection: it asks again as soon as an answer is whole."""

    def __init__(self, port: int, request: bytes) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.request = request
        self.head = b""
        self.missing = -1  # bytes of the body still to come; -1: the head is not whole

    def ask(self) -> None:
        self.head, self.missing = b"", -1
        self.socket.sendall(self.request)

    def read(self, buffer: bytearray) -> bool:
        """Take what has come; True when the answer is whole."""
        count = self.socket.recv_into(buffer)
        if not count:
            raise ConnectionError("The server closed a connection.")
        if self.missing < 0:
            self.head += bytes(buffer[:count])
            end = self.head.find(b"\r\n\r\n")
            if end < 0:
                return False
            self.missing = _length(self.head[:end]) - (len(self.head) - end - 4)
        else:
            self.missing -= count
        return self.missing == 0


def _length(head: bytes) -> int:
    first, *fields = head.lower().split(b"\r\n")
    if b" 200" not in first:
        raise ConnectionError(first.decode())
    for field in fields:
        name, _, value = field.partition(b":")
        if name == b"content-length":
            return int(value)
    raise ConnectionError("An answer without a length.")


def run(port: int, seconds: float, connections: int, request: bytes) -> dict[str, float]:
    selector, buffer = selectors.DefaultSelector(), bytearray(1 << 20)
    for _ in range(connections):
        connection = Connection(port, request)
        selector.register(connection.socket, selectors.EVENT_READ, connection)
        connection.ask()
    answers, started = 0, time.perf_counter()
    end = started + seconds
    while time.perf_counter() < end:
        for key, _ in selector.select(1):
            connection = key.data
            if connection.read(buffer):
                answers += 1
                connection.ask()
    elapsed = time.perf_counter() - started
    used = resource.getrusage(resource.RUSAGE_SELF)
    return {
        "rate": answers / elapsed,
        "answers": answers,
        "own_load": (used.ru_utime + used.ru_stime) / elapsed,
    }


if __name__ == "__main__":
    port, seconds, connections = sys.argv[1:4]
    found = run(int(port), float(seconds), int(connections), sys.stdin.buffer.read())
    json.dump(found, sys.stdout)
