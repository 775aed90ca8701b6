#!/usr/bin/env bash
# SPDX-License-Identifier: EUPL-1.2
# test_watch.sh - skarva watch and skarva-audit watch against a log that a plain web server serves: followed as it grows, and each
# lie told in words, by exit status and by a program, in both languages. All lies one by one are tests/unit/watch/.
set -uo pipefail
cd "$(dirname "$0")/../.." || exit 1
. tests/e2e/lib.sh
e2e_scratch work watch
trap '[ -z "${pid:-}" ] || kill "$pid" 2>/dev/null; [ -z "${watcher:-}" ] || kill "$watcher" 2>/dev/null; e2e_cleanup' EXIT
command -v python3 >/dev/null || { e2e_skip test_watch "python3 is not installed"; exit 0; }
tool=$BIN/tests/e2e/tool_log
export no_proxy='*'

mkdir "$work/served"
"$tool" policy >"$work/policy"
# Bundles come compressed, as logs may send them without being asked.
cat >"$work/serve.py" <<'END'
import functools, gzip, http.server, os, sys

class Log(http.server.SimpleHTTPRequestHandler):
    def do_GET(self):
        path = self.translate_path(self.path)
        if "/entries/" not in path or not os.path.isfile(path):
            return super().do_GET()
        with open(path, "rb") as f:
            body = gzip.compress(f.read())
        self.send_response(200)
        self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Log, directory=sys.argv[1]))
print(server.server_port, flush=True)
server.serve_forever()
END
python3 -u "$work/serve.py" "$work/served" >"$work/port" 2>/dev/null &
pid=$!
for _ in $(seq 100); do [ -s "$work/port" ] && break; sleep 0.05; done
url=http://127.0.0.1:$(cat "$work/port")/log

# serve SIZE WITNESSES AGE [WORD COMMON]: what the log is from now on.
serve() { rm -rf "$work/served/log"; "$tool" write "$work/served/log" "$@"; }
# says PROGRAM STATUS TEXT WORDS...: one look ends with that status and says that text.
says() {
    local program=$1 want=$2 text=$3 output status
    shift 3
    output=$("$BIN/$program" watch --log "$url" --policy "$work/policy" --copy "$work/$program" --lang en "$@" 2>&1)
    status=$?
    [ "$status" = "$want" ] && grep -qF -- "$text" <<<"$output" || { echo "status $status: $output"; return 1; }
}
both() {
    local name=$1
    shift
    e2e_check "skarva watch: $name" says skarva "$@"
    e2e_check "skarva-audit watch: $name" says skarva-audit "$@"
}
cat >"$work/alarm" <<END
#!/bin/sh
printf '%s|%s|%s\n' "\$@" >>"$work/alarms"
END
chmod +x "$work/alarm"

serve 10 2 0
both "a log is copied" 0 "10 entries, 10 of them new; nothing wrong"
serve 300 3 0
both "it grows" 0 "300 entries, 290 of them new; nothing wrong"
e2e_check "the copy is the log, byte for byte" diff -r "$work/served/log" "$work/skarva" -x lock -x recheck -x state
serve 300 3 90000
both "stale" 1 "ALARM stale: no checkpoint that enough witnesses cosigned in the last 24 hours"
both "unless a longer age is allowed" 0 "nothing wrong" --max-age 100000
serve 350 1 0
both "quorum" 1 "ALARM quorum: too few"
serve 300 3 0 other 100
both "fork" 1 "ALARM fork: the log has forked: its checkpoint of 300 entries" --alarm "$work/alarm"
e2e_check "the program is told" grep -qF "fork|the log has forked: its checkpoint of 300 entries does not go on from the one of 300 that we have, and it signed both|$work/skarva-audit" "$work/alarms"
e2e_check "the signed evidence is kept" cmp "$work/served/log/checkpoint" "$work"/skarva-audit/alarms/*-fork
serve 500 3 0 other 100
both "a larger fork" 1 "ALARM fork:"
serve 200 3 0
both "rollback" 1 "ALARM rollback: the log went back: its checkpoint covers 200"
serve 300 3 0
printf X | dd of="$work/served/log/tile/entries/000" bs=1 seek=30 conv=notrunc 2>/dev/null
both "a changed entry" 1 "ALARM changed: entry 3 is no longer what it was"
serve 400 3 0
truncate -s -1 "$work/served/log/tile/entries/001.p/144"
both "a truncated bundle" 1 "ALARM content: tile/entries/001.p/144"
rm "$work/served/log/tile/entries/001.p/144"
both "a bundle that is gone" 1 "ALARM missing: tile/entries/001.p/144"
rm "$work/served/log/checkpoint"
both "no checkpoint" 1 "ALARM unsigned:"
rm -rf "$work/served/log"
serve 400 3 0
both "the log takes it all back" 0 "400 entries, 100 of them new; nothing wrong"

"$BIN/skarva-audit" watch --log "$url" --policy "$work/policy" --copy "$work/loop" --every 1 --lang sv >"$work/out" 2>"$work/err" &
watcher=$!
wait_for() { for _ in $(seq 100); do grep -q "$1" "$2" && return 0; sleep 0.1; done; return 1; }
e2e_check "again and again: the first look" wait_for "400 poster, varav 400 nya; inget fel" "$work/out"
used() { [[ $("$BIN/skarva" watch --log "$url" --policy "$work/policy" --copy "$work/loop" --lang en 2>&1) == *"in use by another program"* ]]; }
e2e_check "one process at a time has a copy" used
serve 500 3 0 other 399
e2e_check "again and again: the alarm" wait_for "LARM fork: loggen är delad" "$work/err"
kill -TERM $watcher
wait $watcher
status=$?
watcher=
e2e_check "SIGTERM ends it, with the alarm's status" test $status = 1

mkdir "$work/empty"
none() { [[ $("$BIN/skarva" watch --home "$work/empty" --lang "$1" 2>&1) == *"skarva init"* ]]; }
e2e_check "without --log and home folder: how to make one" none en
e2e_check "in Swedish" none sv

kill "$pid" && wait "$pid" 2>/dev/null
pid=
both "no answer is not an alarm" 3 "cannot be reached"
echo nonsense >"$work/policy"
both "a policy that is none" 5 "$work/policy:"
both "an option that is unknown" 2 "--help shows how" --nonsense
e2e_finish
