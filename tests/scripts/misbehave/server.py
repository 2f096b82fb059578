"""A server on a raw socket that hands every request to a behaviour, which may answer it with any bytes.

It knows just enough HTTP to read a request. Every list under test has a server of its own, so that a behaviour may
also act before a request arrives.
"""

import json
import secrets
import socket
import struct
import threading
import urllib.parse

from providers import to_bytes


class Over(Exception):
    """The program under test has ended; nobody reads the rest."""


class ListServer:
    """One misbehaving list. It records what it received and what it delivered."""

    def __init__(self, provider, behaviour, on_accept=None):
        self.provider, self.behaviour, self.on_accept = provider, behaviour, on_accept
        self.requests = []
        self.sent = set()
        self.delivered = set()
        #: The page tokens by name, and the cookies. Like the key, they are secrets.
        self.tokens = {}
        self.cookies = []
        self.over = threading.Event()
        self.lock = threading.Lock()
        self.memory = {}
        self.socket = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.port = self.socket.getsockname()[1]
        threading.Thread(target=self.accept, daemon=True).start()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}"

    def accept(self):
        while True:
            try:
                connection, _ = self.socket.accept()
            except OSError:
                return
            threading.Thread(target=self.serve, args=(connection,), daemon=True).start()

    def serve(self, connection):
        try:
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            connection.settimeout(60)
            if self.on_accept and self.on_accept(Exchange(self, connection, None, None, {})):
                return
            buffer = b""
            while not self.over.is_set():
                while b"\r\n\r\n" not in buffer:
                    received = connection.recv(65536)
                    if not received:
                        return
                    buffer += received
                head, buffer = buffer.split(b"\r\n\r\n", 1)
                exchange = self.exchange(connection, head)
                self.behaviour(exchange)
                if exchange.closes:
                    return
        except (OSError, Over):
            pass
        finally:
            connection.close()

    def exchange(self, connection, head):
        first, *lines = head.decode("latin-1").split("\r\n")
        method, target, _ = first.split(" ", 2)
        headers = {}
        for line in lines:
            name, _, value = line.partition(":")
            headers[name.strip().lower()] = value.strip()
        with self.lock:
            number = len(self.requests)
            self.requests.append((method, target, headers))
        return Exchange(self, connection, number, target, headers)

    def stop(self):
        self.over.set()
        self.socket.close()


class Exchange:
    """One request, and the means to answer it well or badly."""

    def __init__(self, server, connection, number, target, headers):
        self.server, self.connection, self.number, self.headers = server, connection, number, headers
        self.provider = server.provider
        self.query = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(target or "").query, keep_blank_values=True))
        self.closes = False

    @property
    def key(self):
        """The key as the program sent it."""
        return self.headers.get("authorization", "").removeprefix("Bearer ")

    # Bytes.

    def raw(self, *parts):
        for part in parts:
            self.connection.sendall(part if isinstance(part, bytes) else part.encode())

    def close(self):
        self.closes = True

    def reset(self):
        """Ends the connection with RST."""
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.close()
        raise Over

    def sleep(self, seconds):
        if self.server.over.wait(seconds):
            raise Over

    def drip(self, data, gap, size=1):
        for start in range(0, len(data), size):
            self.raw(data[start : start + size])
            self.sleep(gap)

    # Responses.

    @staticmethod
    def head(body, status=200, headers=(), reason="Whatever", kind="application/json"):
        lines = [f"HTTP/1.1 {status} {reason}", f"content-type: {kind}", f"content-length: {len(body)}", *headers]
        return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")

    def send(self, body=b"", status=200, headers=(), **options):
        if not isinstance(body, bytes):
            body = to_bytes(body)
        self.raw(self.head(body, status, headers, **options) + body)

    def fail(self, status, message="no", headers=(), **options):
        self.send(self.provider.failure(message, status), status, headers, **options)

    # Lists.

    def deliver(self, page, headers=()):
        """Sends a page that a client must understand, and notes the ids that it must therefore list."""
        body = page if isinstance(page, bytes) else to_bytes(page)
        found = self.note(json.loads(body))
        self.server.delivered |= found
        self.send(body, headers=headers)

    def note(self, page):
        """Notes the ids of a page, delivered or not, so that no other id may be printed."""
        items = self.provider.items_of(page)
        found = {item[self.provider.id_field] for item in items if isinstance(item, dict)}
        self.server.sent |= found
        return found

    def page_bytes(self):
        """A whole good page as bytes, for those who break it."""
        page = self.provider.page([self.provider.item(1), self.provider.item(2)])
        self.note(page)
        return to_bytes(page)

    def token(self, name):
        """The page token of a name, which is the same for all requests of a list."""
        return self.server.tokens.setdefault(name, f"{name}-{secrets.token_hex(12)}")

    def cookie(self):
        """A header with a new cookie."""
        self.server.cookies.append(secrets.token_hex(12))
        return f"set-cookie: session={self.server.cookies[-1]}; Path=/; HttpOnly"

    def place(self):
        """Which page of a good list is asked for, from 0."""
        if self.provider.name == "memories-ai":
            return int(self.query.get("page", "1")) - 1
        token = self.query.get("page_token")
        return int(token.split("-")[0]) if token else 0

    def good(self):
        """Answers as a provider should: five sessions on three pages."""
        self.deliver(self.good_page(self.place()))

    def good_page(self, place):
        numbers = [[1, 2], [3, 4], [5]]
        items = [self.provider.item(number) for number in (numbers[place] if place < 3 else [])]
        if self.provider.name == "memories-ai":
            return self.provider.page(items, page=place + 1)
        return self.provider.page(items, self.token(place + 1) if place < 2 else None)
