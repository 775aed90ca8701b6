# SPDX-License-Identifier: EUPL-1.2
"""lying_front.py - an intruder in a server's front: it has the TLS key, passes everything on to the real server, and hands
out an encryption key of its own as long as the file LIE exists.

    tests/e2e/lying_front.py PORT REAL_PORT CERTIFICATE KEY LIE LOG

LIE holds the HpkeConfigList to answer with. A line "METHOD PATH" for each request is appended to LOG; "listening" is its first.
"""
import http.client
import http.server
import os
import ssl
import sys

port, real_port, certificate, key, lie, log = sys.argv[1:]
out = open(log, "a", buffering=1)
to_real = ssl.create_default_context()
to_real.check_hostname = False
to_real.verify_mode = ssl.CERT_NONE  # it stands on the same machine


class Front(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def answer(self, status, headers, body):
        self.send_response_only(status)
        for name, value in headers:
            if name.lower() not in ("content-length", "transfer-encoding", "connection"):
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def pass_on(self):
        out.write(self.command + " " + self.path + "\n")
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if self.path == "/hpke_config" and os.path.exists(lie):
            with open(lie, "rb") as f:
                self.answer(200, [("Content-Type", "application/ppm-dap;message=hpke-config-list")], f.read())
            return
        real = http.client.HTTPSConnection("127.0.0.1", int(real_port), context=to_real, timeout=60)
        headers = {k: v for k, v in self.headers.items() if k.lower() not in ("connection", "expect")}
        real.request(self.command, self.path, body or None, headers)
        got = real.getresponse()
        self.answer(got.status, got.getheaders(), got.read())
        real.close()

    do_GET = do_HEAD = do_POST = do_PUT = do_DELETE = pass_on

    def log_message(self, *_):
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", int(port)), Front)
tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
tls.minimum_version = ssl.TLSVersion.TLSv1_3
tls.load_cert_chain(certificate, key)
server.socket = tls.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
out.write("listening\n")
server.serve_forever()
