#!/usr/bin/env python3
"""webhook_server.py FOLDER [CERTIFICATE KEY]: a server on the loopback for the tests of webhooks. It writes its
port into FOLDER/port, the body of each POST into FOLDER/1.json and so on, and answers by the path: /ok 204,
/twice 503 before the third call, /gone 404, /moved a redirection to /ok. It ends when it hasn't been called for
two minutes."""
import http.server, pathlib, ssl, sys

folder = pathlib.Path(sys.argv[1])
calls = 0


class Answers(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        global calls
        calls += 1
        body = self.rfile.read(int(self.headers["Content-Length"]))
        (folder / f"{calls}.json").write_bytes(body)
        (folder / f"{calls}.type").write_text(self.headers["Content-Type"])
        status = {"/ok": 204, "/twice": 204 if calls > 2 else 503, "/moved": 307}.get(self.path.split("?")[0], 404)
        self.send_response(status)
        if status == 307:
            self.send_header("Location", "/ok")
        self.end_headers()

    def log_message(self, *words):
        pass


server = http.server.HTTPServer(("127.0.0.1", 0), Answers)
server.timeout = 120
idle = False
if len(sys.argv) > 2:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(sys.argv[2], sys.argv[3])
    server.socket = context.wrap_socket(server.socket, server_side=True)


def end():
    global idle
    idle = True


server.handle_timeout = end
(folder / "port.new").write_text(str(server.server_port))
(folder / "port.new").rename(folder / "port")
while not idle:
    server.handle_request()
