#!/usr/bin/env bash
# SPDX-License-Identifier: EUPL-1.2
# test_processes.sh - skarvad as its surroundings see it: what its processes hold, whom TLS lets in,
# what becomes of hostile requests, of a bad configuration, of a killed process.
set -u
. tests/e2e/lib.sh
e2e_setup || { echo "not ok - set-up"; exit 1; }

TASK=$(printf 'A%.0s' $(seq 43))
UPLOAD="Content-Type: application/ppm-dap;message=upload-req"
JOB="Content-Type: application/ppm-dap;message=aggregation-job-init-req"
TLS=$E2E_DIR/tls
BODY=$E2E_DIR/answer

# The HTTP status of a request, 000 if the connection failed; the body is in $BODY.
status_of() { curl -s --max-time 20 --cacert "$CA_FILE" -o "$BODY" -w '%{http_code}' "$@"; }

# e2e_is NAME WANT GOT
e2e_is() { if [ "$2" = "$3" ]; then e2e_ok "$1"; else e2e_not_ok "$1" "want $2, got $3"; fi; }

# Bytes to the leader over TLS as they are, standard input to standard output.
raw() { timeout 20 openssl s_client -quiet -connect "127.0.0.1:$LEADER_PORT" -CAfile "$CA_FILE" 2>/dev/null; }

# The processes: a front has a listening socket, the aggregator the database. FRONT is one of FRONTS.
N_FRONTS=3
find_processes() {
    FRONT=; FRONTS=(); AGGREGATOR=
    local pid
    for pid in $(e2e_pids "$1"); do
        [ "$pid" = "$1" ] && continue
        if [ -n "$(internet_sockets "$pid")" ]; then FRONT=$pid; FRONTS+=("$pid"); else AGGREGATOR=$pid; fi
    done
}

# Sockets of a process that the system lists as TCP or UDP.
internet_sockets() {
    local inode
    for inode in $(find "/proc/$1/fd" -lname 'socket:*' -printf '%l\n' 2>/dev/null | tr -dc '0-9\n'); do
        awk -v i="$inode" '$10 == i {print i}' /proc/net/{tcp,tcp6,udp,udp6} 2>/dev/null
    done
}

descriptors() { find "/proc/$1/fd" -type l -printf '%l\n' 2>/dev/null; }

# --- configuration ---------------------------------------------------------------------------------

# config_fault NAME TEXT LINE...: the leader's configuration with these lines added is refused.
config_fault() {
    local name=$1 text=$2 output status; shift 2
    cp "$LEADER_CONFIG" "$E2E_DIR/bad.conf"
    local line
    for line in "$@"; do
        grep -v "^${line%% *} = " "$E2E_DIR/bad.conf" > "$E2E_DIR/bad.new"
        echo "$line" >> "$E2E_DIR/bad.new"; mv "$E2E_DIR/bad.new" "$E2E_DIR/bad.conf"
    done
    output=$("$BIN/skarvad" --check-config "$E2E_DIR/bad.conf" --lang en 2>&1); status=$?
    if [ $status -eq 2 ] && [[ $output == *"$E2E_DIR/bad.conf"*"$text"* ]]; then
        e2e_ok "configuration: $name is refused, naming file and line"
    else
        e2e_not_ok "configuration: $name is refused" "status $status" "$output"
    fi
}

test_configuration() {
    e2e_check "configuration: a good one is accepted" \
        "$BIN/skarvad" --check-config "$LEADER_CONFIG"
    config_fault "an unknown key" ': unknown name "colour"' "colour = red"
    config_fault "an impossible value" ": upload_max: the number is outside" "upload_max = 12"
    config_fault "an impossible combination" ": retry_max_ms: is less" "retry_max_ms = 1"
    config_fault "a missing file" ": peer_ca: " "peer_ca = $E2E_DIR/absent"
    cp "$TLS/leader.key" "$E2E_DIR/open.key"; chmod 644 "$E2E_DIR/open.key"
    config_fault "a TLS key readable by others" "others can read" "tls_key = $E2E_DIR/open.key"
    cp "$E2E_DIR/leader/keys/signing.key" "$E2E_DIR/open.key"; chmod 640 "$E2E_DIR/open.key"
    config_fault "a signing key readable by the group" "others can read" \
        "signing_key = $E2E_DIR/open.key"
    "$BIN/skarvad" --print-config "$LEADER_CONFIG" > "$E2E_DIR/printed.conf" 2>/dev/null
    e2e_check "configuration: what is printed is accepted" \
        "$BIN/skarvad" --check-config "$E2E_DIR/printed.conf"
    "$BIN/skarvad" --config "$E2E_DIR/absent.conf" 2>/dev/null
    e2e_is "configuration: an absent file ends with status 2" 2 $?
    "$BIN/skarvad" --colour 2>/dev/null
    e2e_is "command line: an unknown option ends with status 2" 2 $?
    "$BIN/skarvad" --new-keys "$E2E_DIR/leader/keys" >/dev/null 2>&1
    e2e_is "command line: keys are not written over" 2 $?
    e2e_is "keys are for their owner only" "600 600" \
        "$(stat -c %a "$E2E_DIR"/leader/keys/{signing,hpke}.key | paste -sd ' ')"
}

# A key of another certificate, garbage for a certificate: found before anything is served.
test_unusable_files() {
    local output status
    cp "$LEADER_CONFIG" "$E2E_DIR/saved.conf"
    e2e_config leader tls_key "$TLS/helper.key"
    output=$(timeout 20 "$BIN/skarvad" --config "$LEADER_CONFIG" --lang en 2>&1); status=$?
    e2e_is "start: a key of another certificate ends with status 2" 2 $status
    [[ $output == *tls_key* ]] && e2e_ok "start: the wrong key is named" ||
        e2e_not_ok "start: the wrong key is named" "$output"
    cp "$E2E_DIR/saved.conf" "$LEADER_CONFIG"
    e2e_config leader peer_ca "$TLS/leader.key"
    timeout 20 "$BIN/skarvad" --config "$LEADER_CONFIG" >/dev/null 2>&1
    e2e_is "start: a key for a CA ends with status 2" 2 $?
    cp "$E2E_DIR/saved.conf" "$LEADER_CONFIG"
    e2e_config leader listen_address 192.0.2.1
    timeout 20 "$BIN/skarvad" --config "$LEADER_CONFIG" >/dev/null 2>&1
    e2e_is "start: an address that is not ours ends with status 2" 2 $?
    cp "$E2E_DIR/saved.conf" "$LEADER_CONFIG"
}

# --- what the processes hold -----------------------------------------------------------------------

test_confinement() {
    find_processes "$LEADER_PID"
    if [ -z "$FRONT" ] || [ -z "$AGGREGATOR" ]; then
        e2e_skip confinement "this user cannot look into /proc/PID/fd of the server"
        return
    fi
    local name pid
    e2e_is "there are as many fronts as front_processes says" $N_FRONTS ${#FRONTS[@]}
    for pid in "${FRONTS[@]}" "$AGGREGATOR"; do
        name=front; [ "$pid" != "$AGGREGATOR" ] || name=aggregator
        if tail -n 50 "$LEADER_LOG" | grep -q not_confined; then
            e2e_skip "$name: seccomp" "a sanitizer build"
        else
            e2e_is "$name: seccomp filter is on" 2 "$(awk '/^Seccomp:/ {print $2}' "/proc/$pid/status")"
            e2e_is "$name: no core dumps" 0 "$(awk '/^Max core file size/ {print $5}' "/proc/$pid/limits")"
        fi
        e2e_is "$name: no-new-privileges is on" 1 "$(awk '/^NoNewPrivs:/ {print $2}' "/proc/$pid/status")"
    done
    for pid in "${FRONTS[@]}"; do
        e2e_is "front: has no descriptor of the database or a key" "" \
            "$(descriptors "$pid" | grep -E "database|\.key|$E2E_DIR/leader/[^l]")"
    done
    descriptors "$AGGREGATOR" | grep -q "$E2E_DIR/leader/database" &&
        e2e_ok "aggregator: has the database (so the test above can see one)" ||
        e2e_not_ok "aggregator: has the database" "$(descriptors "$AGGREGATOR")"
    e2e_is "aggregator: has no internet socket" "" "$(internet_sockets "$AGGREGATOR")"
    [ -n "$(internet_sockets "$FRONT")" ] &&
        e2e_ok "front: has internet sockets (so the test above can see one)" ||
        e2e_not_ok "front: has internet sockets"
    e2e_is "aggregator: holds one socket for each front, its pair's" $N_FRONTS \
        "$(descriptors "$AGGREGATOR" | grep -c '^socket:')"
    e2e_is "the supervisor holds no socket" 0 "$(descriptors "$LEADER_PID" | grep -c '^socket:')"
}

# --- TLS -------------------------------------------------------------------------------------------

tls_with() { echo | timeout 20 openssl s_client -connect "127.0.0.1:$LEADER_PORT" -CAfile "$CA_FILE" -verify_return_error "$@" 2>&1; }

test_tls() {
    tls_with -tls1_3 | grep -q 'Verify return code: 0' && e2e_ok "TLS 1.3 is spoken" ||
        e2e_not_ok "TLS 1.3 is spoken" "$(tls_with -tls1_3 | tail -n 5)"
    tls_with -tls1_2 >/dev/null && e2e_not_ok "TLS 1.2 is refused" || e2e_ok "TLS 1.2 is refused"
    tls_with -tls1_3 -alpn h2 >/dev/null && e2e_not_ok "a caller that only speaks h2 is refused" ||
        e2e_ok "a caller that only speaks h2 is refused"
    tls_with -tls1_3 | grep -q 'New Session Ticket' && e2e_not_ok "no session tickets are given" ||
        e2e_ok "no session tickets are given"

    e2e_make_ca "$TLS" foreign
    e2e_make_certificate "$TLS" foreign stranger DNS:leader.test
    e2e_make_certificate "$TLS" ca other DNS:other.test
    e2e_make_certificate "$TLS" ca wild 'DNS:*.test'
    e2e_make_certificate "$TLS" ca expired DNS:leader.test 20200101000000Z 20200201000000Z
    e2e_make_certificate "$TLS" ca future DNS:leader.test 20900101000000Z 20900201000000Z
    local url=${HELPER_URL}tasks/$TASK/aggregation_jobs name
    for name in stranger expired future; do
        [ -s "$TLS/$name.pem" ] || e2e_not_ok "certificate: $name was made"
        e2e_is "certificate: $name is refused in the handshake" 000 \
            "$(status_of --cert "$TLS/$name.pem" --key "$TLS/$name.key" -H "$JOB" -d x "$url")"
    done
    for name in other wild helper; do
        e2e_is "certificate: the name of $name is not the peer's" 403 \
            "$(status_of --cert "$TLS/$name.pem" --key "$TLS/$name.key" -H "$JOB" -d x "$url")"
    done
    e2e_is "certificate: none is not the peer's" 403 "$(status_of -H "$JOB" -d x "$url")"
    local got
    got=$(status_of --cert "$TLS/leader.pem" --key "$TLS/leader.key" -H "$JOB" -d x "$url")
    [ "$got" != 403 ] && [ "$got" != 000 ] && e2e_ok "certificate: the peer's is let in ($got)" ||
        e2e_not_ok "certificate: the peer's is let in" "got $got"
    e2e_is "certificate: any caller of the right CA may read" 200 \
        "$(status_of --cert "$TLS/other.pem" --key "$TLS/other.key" "${HELPER_URL}hpke_config")"
}

# --- requests --------------------------------------------------------------------------------------

# The first line of the answer to raw bytes.
first_line() { raw | head -n 1 | tr -d '\r'; }

test_requests() {
    local reports=${LEADER_URL}tasks/$TASK/reports
    e2e_is "a known resource is served" 200 "$(status_of "${LEADER_URL}hpke_config")"
    e2e_is "an unknown task is not found" 404 "$(status_of -H "$UPLOAD" --data-binary x "$reports")"
    grep -q unrecognizedTask "$BODY" && e2e_ok "the problem document says so" ||
        e2e_not_ok "the problem document says so" "$(cat "$BODY")"
    e2e_is "another media type is refused" 415 "$(status_of -d x "$reports")"
    e2e_is "another method is refused" 405 "$(status_of -X PUT -d x "$reports")"
    e2e_is "a body of unknown length is refused" 411 \
        "$(status_of -H "$UPLOAD" -H 'Transfer-Encoding: chunked' -d x "$reports")"
    head -c 1048576 /dev/zero > "$E2E_DIR/largest"
    head -c 1048577 /dev/zero > "$E2E_DIR/larger"
    e2e_is "the longest body is read" 404 \
        "$(status_of -H "$UPLOAD" --data-binary "@$E2E_DIR/largest" "$reports")"
    e2e_is "one byte more is refused" 413 \
        "$(status_of -H "$UPLOAD" --data-binary "@$E2E_DIR/larger" "$reports")"
    e2e_is "200 MB are refused without being read" 413 "$(
        printf 'POST /tasks/%s/reports HTTP/1.1\r\nHost: a\r\n%s\r\nContent-Length: 200000000\r\n\r\n' \
            "$TASK" "$UPLOAD" | first_line | cut -d ' ' -f 2)"
    e2e_is "Content-Length beside Transfer-Encoding is refused" 400 "$(
        printf 'POST /tasks/%s/reports HTTP/1.1\r\nHost: a\r\n%s\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\nx' \
            "$TASK" "$UPLOAD" | first_line | cut -d ' ' -f 2)"
    e2e_is "an endless head is refused" 431 "$(
        { printf 'GET / HTTP/1.1\r\nHost: a\r\nX: '; head -c 30000 /dev/zero | tr '\0' a; } |
            first_line | cut -d ' ' -f 2)"
    e2e_is "two requests on one connection are answered" 2 "$(
        { printf 'GET /hpke_config HTTP/1.1\r\nHost: a\r\n\r\nGET /hpke_config HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n'
          sleep 1; } | raw | grep -ao 'HTTP/1.1 200 OK' | wc -l)"
    printf 'GET /hpke_config HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n' | raw | tr -d '\r' > "$BODY"
    local header
    for header in 'Strict-Transport-Security: max-age=' 'X-Content-Type-Options: nosniff' \
        "Content-Security-Policy: default-src 'none'"; do
        grep -aq "^$header" "$BODY" && e2e_ok "answers have ${header%%:*}" ||
            e2e_not_ok "answers have ${header%%:*}" "$(head -c 600 "$BODY")"
    done
}

# What the fronts have in memory is as the file is, now.
test_kept_pages() {
    local answers i
    echo 'p {}' >"$SITE_DIR/kept.css"
    sleep 4 # then it may be kept
    answers=$(for i in $(seq 20); do curl -s -i --cacert "$CA_FILE" "${LEADER_URL}kept.css" "${LEADER_URL}kept.css" | grep -v '^Date:' | md5sum; done | sort -u | wc -l)
    e2e_is "site: all fronts answer alike, from the disk and from memory" 1 "$answers"
    e2e_is "site: a kept page's head alone" 0 \
        "$(curl -s --cacert "$CA_FILE" -I -o /dev/null -w '%{size_download}' "${LEADER_URL}kept.css")"
    touch -r "$SITE_DIR/kept.css" "$E2E_DIR/time"
    echo 'q {}' >"$SITE_DIR/kept.css"
    touch -r "$E2E_DIR/time" "$SITE_DIR/kept.css"
    answers=$(for i in $(seq 20); do curl -s --cacert "$CA_FILE" "${LEADER_URL}kept.css"; done | sort -u)
    e2e_is "site: a changed page is told at once" 'q {}' "$answers"
}

test_site() {
    echo '<!doctype html><title>x</title>' > "$SITE_DIR/index.html"
    mkdir -p "$SITE_DIR/2025Q2"
    echo 'body {}' > "$SITE_DIR/style.css"
    head -c 3000000 /dev/urandom > "$SITE_DIR/2025Q2/bundle.tar"
    echo secret > "$E2E_DIR/secret"
    ln -s "$E2E_DIR/secret" "$SITE_DIR/link"
    e2e_is "site: / is index.html" 200 "$(status_of "$LEADER_URL")"
    cmp -s "$BODY" "$SITE_DIR/index.html" && e2e_ok "site: byte for byte" || e2e_not_ok "site: byte for byte"
    e2e_is "site: a bundle is served" 200 "$(status_of "${LEADER_URL}2025Q2/bundle.tar")"
    cmp -s "$BODY" "$SITE_DIR/2025Q2/bundle.tar" && e2e_ok "site: a long file, byte for byte" ||
        e2e_not_ok "site: a long file, byte for byte"
    e2e_is "site: its type" application/x-tar \
        "$(curl -s --cacert "$CA_FILE" -I -o /dev/null -w '%{content_type}' "${LEADER_URL}2025Q2/bundle.tar")"
    e2e_is "site: a folder gets its slash" 301 "$(status_of "${LEADER_URL}2025Q2")"
    local etag
    etag=$(curl -s --cacert "$CA_FILE" -I "${LEADER_URL}style.css" | tr -d '\r' | awk '/^ETag:/ {print $2}')
    e2e_is "site: what is unchanged is not sent again" 304 \
        "$(status_of -H "If-None-Match: $etag" "${LEADER_URL}style.css")"
    local path
    for path in ../secret %2e%2e/secret ..%2fsecret 2025Q2/../../secret link .. absent \
        '%00' "/etc/passwd" "2025Q2/..%5c..%5csecret" "..;/secret"; do
        e2e_is "site: $path is not found" 404 "$(status_of --path-as-is "$LEADER_URL$path")"
        grep -q secret "$BODY" && e2e_not_ok "site: $path leaks"
    done
    mkdir -p "$SITE_DIR/check"
    echo '<!doctype html><title>x</title>' >"$SITE_DIR/check/x.html"
    e2e_is "site: only the page that checks bundles may fetch them" "0 1" "$(for path in index.html check/x.html; do
        curl -s -I --cacert "$CA_FILE" "$LEADER_URL$path" | grep -c "^Content-Security-Policy: default-src 'none';.*; connect-src 'self'"; done | xargs)"
    test_kept_pages
    e2e_is "site: pages cannot be written" 405 "$(status_of -X PUT -d x "${LEADER_URL}index.html")"
    e2e_is "site: the helper has none" 404 "$(status_of "$HELPER_URL")"
}

# The data interface over HTTP: figures of the site's tables, and every limit of its requests.
test_data_interface() {
    local api=${LEADER_URL}api/v1/en/jamtland/indicators/B query
    env -u CK_TAP_LOG_FILE_NAME "$BIN/tests/readers/tool_world" "$SITE_DIR" >/dev/null ||
        { e2e_not_ok "data: tables could not be made"; return; }
    e2e_is "data: a table's variables" 200 "$(status_of "$api")"
    grep -q '"values":\["B","B.answered"\]' "$BODY" && e2e_ok "data: its contents" || e2e_not_ok "data: its contents" "$(cat "$BODY")"
    query='{"query":[{"code":"time","selection":{"filter":"item","values":["2024Q2","2024Q3","2024Q4"]}}],"response":{"format":"json-stat2"}}'
    e2e_is "data: a query" 200 "$(status_of -d "$query" "$api")"
    grep -qF '"value":[115,null,null,8,null,null],"status":{"1":".","2":"..","4":".","5":".."}' "$BODY" &&
        e2e_ok "data: its figures" || e2e_not_ok "data: its figures" "$(cat "$BODY")"
    e2e_is "data: two queries on one connection" "200 200" "$(curl -s --cacert "$CA_FILE" -o /dev/null -o /dev/null \
        -w '%{http_code} ' -d "$query" "$api" "$api" | sed 's/ $//')"
    e2e_is "data: a wrong query" 400 "$(status_of -d '{' "$api")"
    e2e_is "data: no such table" 404 "$(status_of "${LEADER_URL}api/v1/en/jamtland/indicators/Q")"
    e2e_is "data: nothing outside of the tables" 404 "$(status_of --path-as-is "${LEADER_URL}api/v1/en/jamtland/../../../secret")"
    e2e_is "data: a query as long as may be" 400 "$(head -c 65536 /dev/zero | status_of --data-binary @- "$api")"
    e2e_is "data: one byte more" 413 "$(head -c 65537 /dev/zero | status_of --data-binary @- "$api")"
    e2e_is "data: a query without length" 411 "$(echo "$query" | status_of -H 'Transfer-Encoding: chunked' -d @- "$api")"
    e2e_is "data: nothing can be written" 405 "$(status_of -X PUT -d x "$api")"
    e2e_is "data: the helper has none" 404 "$(status_of "${HELPER_URL}api/v1/en/")"
    curl -s --cacert "$CA_FILE" -D "$BODY" -o /dev/null "$api"
    grep -qi '^access-control-allow-origin: \*' "$BODY" && e2e_ok "data: other sites' pages may ask" ||
        e2e_not_ok "data: other sites' pages may ask"
    # What a browser asks before it posts JSON from another site's page.
    e2e_is "data: a preflight" 204 "$(status_of -X OPTIONS "$api")"
    curl -s --cacert "$CA_FILE" -D "$BODY" -o /dev/null -X OPTIONS -H 'Access-Control-Request-Method: POST' "$api"
    grep -qi '^access-control-allow-headers: content-type' "$BODY" && e2e_ok "data: other sites' pages may post JSON" ||
        e2e_not_ok "data: other sites' pages may post JSON" "$(cat "$BODY")"
    # A page that asks wrongly is to read why.
    is_open() { curl -s --cacert "$CA_FILE" -D - -o /dev/null "$@" | grep -ci '^access-control-allow-origin: \*'; }
    e2e_is "data: refusals can be read by other sites' pages, once each" "1 1 1 1 1" "$(is_open -X PUT -d x "$api") $(
        head -c 65537 /dev/zero | is_open --data-binary @- "$api") $(
        echo x | is_open -H 'Transfer-Encoding: chunked' -d @- "$api") $(
        is_open -H 'Content-Encoding: gzip' -d x "$api") $(is_open -d '{' "$api")"
    e2e_is "site: refusals of pages cannot" "0 0" "$(is_open -X PUT -d x "${LEADER_URL}index.html") $(is_open "${LEADER_URL}nothing")"
    e2e_is "site: no preflight" 405 "$(status_of -X OPTIONS "${LEADER_URL}index.html")"
    e2e_is "data: the helper has no preflight" 404 "$(status_of -X OPTIONS "${HELPER_URL}api/v1/en/")"
    curl -s --cacert "$CA_FILE" -D "$BODY" -o /dev/null "${LEADER_URL}data/indicators/B.json"
    grep -qi '^last-modified: .* 00:00:00 GMT' "$BODY" && e2e_ok "site: a file tells its day, never the time" ||
        e2e_not_ok "site: a file tells its day, never the time" "$(cat "$BODY")"
}

# With half a second for a head and for a body: whoever drips is cut off, whatever it drips.
test_slow_senders() {
    local started=$SECONDS answer
    answer=$({ printf 'GET /hpke_config HT'; sleep 4; } | first_line)
    e2e_is "slow: half a head is cut off" "HTTP/1.1 408 Request Timeout" "$answer"
    answer=$({ for c in $(seq 30); do printf 'G' || break; sleep 0.2; done; } 2>/dev/null | first_line)
    e2e_is "slow: a dripping head is cut off" "HTTP/1.1 408 Request Timeout" "$answer"
    answer=$({
        printf 'POST /tasks/%s/reports HTTP/1.1\r\nHost: a\r\n%s\r\nContent-Length: 1000\r\n\r\n' "$TASK" "$UPLOAD"
        for c in $(seq 30); do printf 'x' || break; sleep 0.2; done; } 2>/dev/null | first_line)
    e2e_is "slow: a dripping body is cut off" "HTTP/1.1 408 Request Timeout" "$answer"
    exec 4<>"/dev/tcp/127.0.0.1/$LEADER_PORT"
    timeout 5 cat <&4 >/dev/null
    e2e_is "slow: a handshake that never begins is cut off" 0 $?
    exec 4>&-
    [ $((SECONDS - started)) -lt 25 ] && e2e_ok "slow: none held on for long" ||
        e2e_not_ok "slow: none held on for long" "$((SECONDS - started)) s"
}

now_ms() { date +%s%3N; }

# Four connections at the most: idle ones give way, then those that have not asked anything for a second.
test_connection_limit() {
    local i pids= before
    for i in 1 2 3 4; do
        { printf 'GET /hpke_config HTTP/1.1\r\nHost: a\r\n\r\n'; sleep 8; } | raw >/dev/null &
        pids="$pids $!"
    done
    sleep 1
    e2e_is "connections: an idle one gives way to a new one" 200 "$(status_of "${LEADER_URL}hpke_config")"
    kill $pids 2>/dev/null; wait $pids 2>/dev/null
    for i in 1 2 3 4; do { sleep 8; } | raw >/dev/null & done
    sleep 0.3
    before=$(now_ms)
    e2e_is "connections: over the limit one waits for those that are cut off" 200 \
        "$(status_of "${LEADER_URL}hpke_config")"
    [ $(($(now_ms) - before)) -lt 4000 ] && e2e_ok "connections: silent ones give way before their time is up" ||
        e2e_not_ok "connections: silent ones give way before their time is up" "$(($(now_ms) - before)) ms"
    kill $(jobs -p | grep -vx -e "$LEADER_PID" -e "$HELPER_PID") 2>/dev/null
}

# --- ends ------------------------------------------------------------------------------------------

gone() {
    local pid tries
    for tries in $(seq 100); do
        local left=
        for pid in "$@"; do
            [ -d "/proc/$pid" ] && ! grep -q '^State:.Z' "/proc/$pid/status" 2>/dev/null && left=1
        done
        [ -z "$left" ] && return 0
        sleep 0.1
    done
    return 1
}

test_ends() {
    local all
    e2e_stop leader
    e2e_is "SIGTERM ends with status 0" 0 $?
    local victim
    for victim in front "another front" aggregator; do
        e2e_start leader || { e2e_not_ok "start"; return; }
        find_processes "$LEADER_PID"
        [ -n "$FRONT" ] || { e2e_skip "kill $victim" "processes cannot be told apart"; e2e_stop leader; continue; }
        case $victim in
        front) kill -9 "${FRONTS[0]}" ;;
        "another front") kill -9 "$FRONT" ;;
        aggregator) kill -9 "$AGGREGATOR" ;;
        esac
        gone "${FRONTS[@]}" "$AGGREGATOR" "$LEADER_PID" && e2e_ok "kill -9 $victim: all processes end" ||
            e2e_not_ok "kill -9 $victim: all processes end"
        wait "$LEADER_PID"
        e2e_is "kill -9 $victim: the status is 1" 1 $?
    done
    e2e_start leader || { e2e_not_ok "start"; return; }
    all=$(e2e_pids "$LEADER_PID")
    kill -9 "$LEADER_PID"; wait "$LEADER_PID" 2>/dev/null
    gone $all && e2e_ok "kill -9 of the supervisor: all processes end" ||
        e2e_not_ok "kill -9 of the supervisor: all processes end"
    e2e_start leader && e2e_ok "it starts again" || e2e_not_ok "it starts again"
    timeout 20 "$BIN/skarvad" --config "$LEADER_CONFIG" >/dev/null 2>&1
    local second=$?
    [ $second -ne 0 ] && e2e_ok "a second server at the same port and database does not start" ||
        e2e_not_ok "a second server at the same port and database does not start"
    e2e_is "the first one goes on" 200 "$(status_of "${LEADER_URL}hpke_config")"
    e2e_stop leader
}

# Started as root, both processes become the configured user for good.
test_user() {
    if [ "$(id -u)" -ne 0 ]; then e2e_skip "user" "not root"; return; fi
    config_fault "a user that is not there" "user: there is no such user" "user = no-such-user"
    chmod 711 "$E2E_DIR"
    chown -R nobody "$E2E_DIR/leader" "$E2E_DIR/tls" "$E2E_DIR/site"
    e2e_config leader user nobody
    chown nobody "$LEADER_CONFIG"
    local path=$E2E_DIR
    while [ "$path" != / ]; do
        path=$(dirname "$path")
        [ $((0$(stat -c %a "$path") & 1)) -eq 1 ] || { e2e_skip user "nobody cannot enter $path"; return; }
    done
    e2e_start leader || { e2e_not_ok "user: the server starts"; return; }
    local pid name
    find_processes "$LEADER_PID"
    for pid in "${FRONTS[@]}" "$AGGREGATOR"; do
        name=front; [ "$pid" != "$AGGREGATOR" ] || name=aggregator
        e2e_is "user: $name is nobody in all four ways" "$(id -u nobody)" \
            "$(awk '/^Uid:/ {print $2; print $3; print $4; print $5}' "/proc/$pid/status" | sort -u)"
        e2e_is "user: $name has no capabilities" 0000000000000000 \
            "$(awk '/^CapEff:/ {print $2}' "/proc/$pid/status")"
        e2e_is "user: $name is in no other group" "" \
            "$(awk '/^Groups:/ {$1 = ""; print}' "/proc/$pid/status" | tr -d ' ')"
    done
    e2e_is "user: it serves" 200 "$(status_of "${LEADER_URL}hpke_config")"
    e2e_stop leader
    e2e_is "user: it ends with status 0" 0 $?
}

e2e_config leader front_processes $N_FRONTS
test_configuration
test_unusable_files
e2e_start_leader && e2e_start_helper || { e2e_not_ok "the servers start"; e2e_finish; }
test_confinement
test_tls
test_requests
test_site
test_data_interface
e2e_stop leader
e2e_config leader header_timeout_ms 500
e2e_config leader request_timeout_ms 500
e2e_start leader || { e2e_not_ok "the leader starts again"; e2e_finish; }
test_slow_senders
e2e_stop leader
e2e_config leader connections_max 4
e2e_config leader header_timeout_ms 7000
e2e_start leader || { e2e_not_ok "the leader starts again"; e2e_finish; }
test_connection_limit
test_ends
test_user
e2e_finish
