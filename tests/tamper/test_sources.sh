#!/usr/bin/env bash
# SPDX-License-Identifier: EUPL-1.2
# test_sources.sh - a bundle from a file, a pipe, an unpacked folder and an address is the same bundle; what is too much, too little or
# not there is told. A small server of ours leads on, cuts short, never ends, and has a certificate that nobody signed.
set -uo pipefail
cd "$(dirname "$0")/../.." || exit 1
. tests/e2e/lib.sh
e2e_scratch work sources
audit=$BIN/skarva-audit
export LC_ALL=C no_proxy='*' NO_PROXY='*'

env -u CK_TAP_LOG_FILE_NAME "$BIN/tests/tamper/tool_bundle" "$work" >/dev/null || { e2e_not_ok "a bundle is made"; e2e_finish; }
bundle=$work/small.bundle trust=$work/trust
hash=$(sha256sum "$bundle" | cut -d' ' -f1)

# says NAME STATUS PATTERN PLACE [OPTION...]: what skarva-audit verify says of a place.
says() {
    local name=$1 want=$2 pattern=$3 got
    shift 3
    timeout 60 "$audit" verify "$@" --trust "$trust" --lang en >"$work/out" 2>&1
    got=$?
    if [ "$got" -eq "$want" ] && grep -qE -- "$pattern" "$work/out"; then e2e_ok "$name"; else
        e2e_not_ok "$name" "status $got, want $want; $pattern" "$(tail -n 3 "$work/out")"
    fi
}
is_it="SHA-256 $hash"

says "a file" 0 "$is_it" "$bundle"
says "the standard input" 0 "$is_it" - <"$bundle"
says "a pipe" 0 "$is_it" <(cat "$bundle")

# --- one form: whoever packs these files, wherever, gets these bytes
mkdir "$work/un"
tar xf "$bundle" -C "$work/un"
says "an unpacked folder" 0 "$is_it" "$work/un"
(cd "$work/un" && find . -type f -exec touch -d 2001-01-01 {} + && chmod -R u+rwx,go-rwx .)
says "whatever times and modes its files have" 0 "$is_it" "$work/un/"
if tar --version 2>/dev/null | grep -q GNU; then
    tar tf "$bundle" >"$work/names"
    tar --create --format=ustar --blocking-factor=1 --mtime=@0 --owner=0 --group=0 --numeric-owner --mode=0644 --no-recursion \
        -C "$work/un" --verbatim-files-from --files-from="$work/names" --file="$work/gnu.tar"
    # GNU tar writes the owner's fields as we do, and no names.
    e2e_check "GNU tar packs the same files into the same bytes" cmp "$work/gnu.tar" "$bundle"
else
    e2e_skip "GNU tar packs the same bytes" "no GNU tar"
fi
cp -r "$work/un" "$work/more"
echo x >"$work/more/notes"
says "a file too many in the folder" 1 '^FAIL +bundle-form' "$work/more"
rm "$work/more/notes" "$work/more/table.csv"
says "a file too few" 1 '^FAIL +bundle-form' "$work/more"
ln -s "$work/un/table.csv" "$work/more/table.csv"
says "a link in it is not followed" 3 'table.csv' "$work/more"
mkdir "$work/empty"
says "a folder that is no bundle" 3 'the file bundle is missing' "$work/empty"
TMPDIR=/nowhere says "no room for a temporary file" 3 'no temporary file can be made in /nowhere' - <"$bundle"

# --- addresses
cat >"$work/server.py" <<'END'
import http.server, ssl, sys, threading, time
folder, bundle = sys.argv[1], open(sys.argv[2], "rb").read()
class Handler(http.server.BaseHTTPRequestHandler):
    def log_message(self, *arguments): pass
    def lead(self, to):
        self.send_response(302); self.send_header("Location", to); self.send_header("Content-Length", "0"); self.end_headers()
    def do_GET(self):
        if self.path in ("/b.tar", "/b.tar?x=/y"):
            self.send_response(200); self.send_header("Content-Length", str(len(bundle))); self.end_headers(); self.wfile.write(bundle)
        elif self.path == "/lead": self.lead("/b.tar")
        elif self.path == "/round": self.lead("/round")
        elif self.path == "/file": self.lead("file://" + sys.argv[2])
        elif self.path == "/plain": self.lead("http://127.0.0.1:%d/b.tar" % ports[0])
        elif self.path == "/cut":
            self.send_response(200); self.send_header("Content-Length", str(len(bundle))); self.end_headers(); self.wfile.write(bundle[:9000])
            self.wfile.flush(); self.close_connection = True
        elif self.path == "/huge": self.send_response(200); self.send_header("Content-Length", str(5 << 30)); self.end_headers(); self.wfile.write(b"x")
        elif self.path == "/busy": self.send_error(503)
        else: self.send_error(404)
servers, ports = [], []
for secure in (False, True):
    s = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    if secure:
        c = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER); c.load_cert_chain(folder + "/cert.pem", folder + "/key.pem")
        s.socket = c.wrap_socket(s.socket, server_side=True)
    servers.append(s); ports.append(s.server_address[1])
    threading.Thread(target=s.serve_forever, daemon=True).start()
with open(folder + "/ports.new", "w") as f: f.write("%d %d\n" % tuple(ports))
import os; os.rename(folder + "/ports.new", folder + "/ports")
while os.getppid() == int(sys.argv[3]): time.sleep(0.5)
END
if ! command -v python3 >/dev/null; then
    e2e_skip "addresses" "python3 is not installed"
    e2e_finish
fi
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=localhost -addext 'subjectAltName=IP:127.0.0.1' \
    -keyout "$work/key.pem" -out "$work/cert.pem" 2>/dev/null
python3 "$work/server.py" "$work" "$bundle" $$ &
server=$!
for _ in $(seq 100); do [ -f "$work/ports" ] && break; sleep 0.1; done
read -r plain secure <"$work/ports"
http=http://127.0.0.1:$plain https=https://127.0.0.1:$secure

says "an address" 0 "$is_it" "$http/b.tar"
says "an address with a question" 0 "$is_it" "$http/b.tar?x=/y"
says "an address that leads on" 0 "$is_it" "$http/lead"
says "over TLS, by a certificate that is trusted" 0 "$is_it" "$https/b.tar" --ca "$work/cert.pem"
says "a certificate that nobody trusts" 3 'valid certificate' "$https/b.tar"
says "from TLS one is not led to plain HTTP" 3 'leads on' "$https/plain" --ca "$work/cert.pem"
says "nor to a file" 3 'leads on' "$http/file"
says "an address that leads round" 3 'leads on too many times' "$http/round"
says "nothing there" 3 "there is nothing at $http/nothing" "$http/nothing"
says "a server that is busy" 3 'status 503' "$http/busy"
says "an answer that is cut short" 3 'was not fetched' "$http/cut"
says "nobody there" 3 'cannot be fetched' "http://127.0.0.1:1/b.tar"
"$BIN/skarva-audit-fetch" --max 1000 --lang en "$http/b.tar" >"$work/part" 2>"$work/err"
if [ $? -eq 1 ] && grep -q 'is too large' "$work/err" && [ "$(stat -c %s "$work/part")" -le 1000 ]; then
    e2e_ok "no more is taken than allowed"
else
    e2e_not_ok "no more is taken than allowed" "$(cat "$work/err")"
fi
says "more than a bundle may be" 3 'is too large|was not fetched' "$http/huge"
timeout 60 "$audit" verify "$http/nothing" --trust "$trust" --lang sv >"$work/out" 2>&1
e2e_check "in Swedish" grep -q "finns inget" "$work/out"
e2e_check "the fetcher says how it is used" "$BIN/skarva-audit-fetch" --help
"$BIN/skarva-audit-fetch" --lang en file:///etc/passwd >"$work/out" 2>"$work/err"
if [ $? -eq 1 ] && [ ! -s "$work/out" ]; then e2e_ok "only http and https are fetched"; else e2e_not_ok "only http and https are fetched"; fi
e2e_check "verify-diff takes addresses and folders too" "$audit" verify-diff "$work/un" "$http/b.tar" --trust "$trust"
kill "$server"
wait "$server" 2>/dev/null
e2e_finish
