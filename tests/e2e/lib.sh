# SPDX-License-Identifier: EUPL-1.2
# lib.sh - what the end-to-end scripts share: a scratch folder with certificates, keys and
# configurations for a leader and a helper on 127.0.0.1, and starting and stopping them.
#
#   . tests/e2e/lib.sh
#   e2e_setup [DIR]            makes DIR (default: a temporary folder, removed at the end)
#   e2e_scratch VARIABLE NAME  another temporary folder, removed at the end too
#   e2e_log_setup              before e2e_start: the leader keeps a public log, which the helper and one outside witness cosign;
#                              the witness runs. Sets LOG_DIR LOG_POLICY WITNESS_PID WITNESS_LOG
#   e2e_log_published          waits until all entries that there are stand under a published checkpoint
#   e2e_witness_start, e2e_witness_stop
#   e2e_config WHO NAME VALUE  sets a line in the configuration of leader or helper
#   e2e_start WHO              starts it and waits until it listens; e2e_start_leader, _helper
#   e2e_stop WHO               SIGTERM, waits; its exit status is the function's; _leader, _helper
#   e2e_kill WHO               SIGKILL to all its processes
#   e2e_ok NAME, e2e_not_ok NAME [TEXT...], e2e_skip NAME REASON, e2e_check NAME COMMAND...
#   expect NAME CODE TEXT COMMAND...   the exit code, and TEXT somewhere in what was said
#   e2e_formats                whether every data file, the data interface and the audited tables say the same, figure by figure
#   e2e_finish                 exits with 0 if nothing failed
#
# Set by e2e_setup:  E2E_DIR LEADER_URL HELPER_URL LEADER_PORT HELPER_PORT CA_FILE PUBLISHER_KEY
#     SECOND_KEY LEADER_CONFIG HELPER_CONFIG LEADER_LOG HELPER_LOG LEADER_KEY HELPER_KEY SITE_DIR TRUST_FILE
# Set by e2e_start:  LEADER_PID HELPER_PID (the supervisors)
# Taken from the environment: KEEP (1: temporary folders stay, and are named at the end), BUILD
#     (release; the kind whose programs run, from BIN, build/$BUILD), SERVER_UNDER (a command the
#     servers run under, such as valgrind with options), PUBLISHER_KEY (public signing key; made by
#     e2e_setup in $E2E_DIR/publisher if not set), SECOND_KEY (likewise), LEADER_PORT and HELPER_PORT
#     (chosen if not set).
# Needs bash, openssl, curl. Run from the project's root.

BIN=${BIN:-build/${BUILD:-release}}
E2E_FAILED=0
E2E_CHECKS=0
E2E_REMOVE=()
E2E_MOUNTED=()
LEADER_PID=
HELPER_PID=
WITNESS_PID=

e2e_ok() { E2E_CHECKS=$((E2E_CHECKS + 1)); echo "ok - $1"; }
e2e_not_ok() {
    E2E_CHECKS=$((E2E_CHECKS + 1)); E2E_FAILED=$((E2E_FAILED + 1))
    echo "not ok - $1"; shift
    [ $# -eq 0 ] || printf '%s\n' "$@" | sed 's/^/    # /'
}
e2e_skip() { echo "SKIP $1: $2"; }

# The command's success is the fact that the name states.
e2e_check() {
    local name=$1 output; shift
    if output=$("$@" 2>&1); then e2e_ok "$name"; else e2e_not_ok "$name" "$* failed" "$output"; fi
}

# expect NAME CODE TEXT COMMAND...: the exit code, and TEXT somewhere in what was said.
expect() {
    local name=$1 code=$2 text=$3 said got
    shift 3
    said=$("$@" 2>&1 </dev/null)
    got=$?
    if [ "$got" -eq "$code" ] && [[ $said == *"$text"* ]]; then
        e2e_ok "$name"
    else
        e2e_not_ok "$name" "exit $got, wanted $code with \"$text\"" "$said"
    fi
}

# BUNDLE TRUST [EARLIER]: the verifier in another language takes it too.
e2e_second() {
    local name="the second verifier takes ${1##*/}"
    if ! command -v python3 >/dev/null; then e2e_skip "$name" "python3 is not installed"; return; fi
    PYTHONDONTWRITEBYTECODE=1 e2e_check "$name" python3 tests/second/verify.py "$@"
}

# Every figure of the leader's site alike in every data file, in what the data interface answers and in the audited tables.
e2e_formats() {
    command -v python3 >/dev/null || { echo "the data files were not compared: python3 is not installed"; return 0; }
    local said
    said=$(NO_PROXY='*' PYTHONDONTWRITEBYTECODE=1 python3 tests/readers/formats.py "$SITE_DIR" "$LEADER_URL" "$CA_FILE" 2>&1) ||
        { grep -v '^ok' <<<"$said"; return 1; }
    tail -n 1 <<<"$said"
}

e2e_finish() {
    [ "$E2E_CHECKS" -gt 0 ] || { echo "not ok - no check was made"; exit 1; }
    [ "$E2E_FAILED" -eq 0 ] || exit 1
    exit 0
}

# Every process of a server: the supervisor and its children.
e2e_pids() {
    local pid=$1
    [ -n "$pid" ] && [ -d "/proc/$pid" ] || return 0
    echo "$pid"
    cat "/proc/$pid/task/$pid/children" 2>/dev/null || ps -o pid= --ppid "$pid"
}

e2e_cleanup() {
    local pid place
    for pid in $(e2e_pids "$LEADER_PID") $(e2e_pids "$HELPER_PID") $WITNESS_PID; do
        kill -9 "$pid" 2>/dev/null
    done
    # shellcheck disable=SC2086 # none, one or two words; collected here, the shell says nothing of them
    [ -z "$LEADER_PID$HELPER_PID$WITNESS_PID" ] || wait $LEADER_PID $HELPER_PID $WITNESS_PID 2>/dev/null
    for place in "${E2E_MOUNTED[@]}"; do umount "$place" 2>/dev/null; done
    for place in "${E2E_REMOVE[@]}"; do
        if [ "${KEEP:-}" = 1 ]; then echo "kept: $place"; else rm -rf "$place"; fi
    done
}

# e2e_scratch VARIABLE NAME: a folder whose name goes into the variable; it is removed at the end, however that comes,
# unless KEEP=1.
e2e_scratch() {
    local made
    made=$(mktemp -d "${TMPDIR:-/tmp}/skarva-$2.XXXXXX") || exit 1
    E2E_REMOVE+=("$made")
    printf -v "$1" %s "$made"
    trap e2e_cleanup EXIT
    trap 'exit 129' HUP INT TERM
}

# A port that nobody listens on, below the range the system chooses from.
e2e_free_port() {
    local port
    while :; do
        port=$((12000 + (RANDOM * 32768 + RANDOM) % 18000))
        [ "$port" = "${LEADER_PORT:-}" ] && continue
        (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null || { echo "$port"; return; }
    done
}

# e2e_make_ca DIR NAME: DIR/NAME.pem and its key.
e2e_make_ca() {
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 30 \
        -keyout "$1/$2.key" -out "$1/$2.pem" -subj "/CN=Skarva test CA $2" \
        -addext basicConstraints=critical,CA:TRUE -addext keyUsage=critical,keyCertSign 2>/dev/null
}

# e2e_make_certificate DIR CA NAME SAN [START END]: DIR/NAME.pem and DIR/NAME.key, signed by
# DIR/CA.pem; START and END as YYYYMMDDHHMMSSZ.
e2e_make_certificate() {
    local dir=$1 ca=$2 name=$3 san=$4 work dates=(-days 30)
    [ $# -lt 6 ] || dates=(-startdate "$5" -enddate "$6")
    work=$(mktemp -d "$dir/ca.XXXXXX")
    : > "$work/index"
    cat > "$work/ca.cnf" <<END
[ca]
default_ca = this
[this]
database = $work/index
new_certs_dir = $work
default_md = sha256
policy = any
rand_serial = yes
unique_subject = no
[any]
commonName = supplied
[leaf]
basicConstraints = critical,CA:FALSE
keyUsage = critical,digitalSignature
extendedKeyUsage = serverAuth,clientAuth
subjectAltName = $san
END
    openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout "$dir/$name.key" \
        -out "$work/request.pem" -subj "/CN=$name" 2>/dev/null &&
        openssl ca -batch -notext -config "$work/ca.cnf" -extensions leaf -in "$work/request.pem" \
            -out "$dir/$name.pem" -cert "$dir/$ca.pem" -keyfile "$dir/$ca.key" \
            "${dates[@]}" 2>"$work/log" ||
        { cat "$work/log" >&2; return 1; }
    chmod 600 "$dir/$name.key"
    rm -rf "$work"
}

e2e_write_config() {
    local who=$1 peer=$2 own_url=$3 peer_url=$4 port=$5 peer_key=$6
    mkdir -p "$E2E_DIR/$who"
    cat > "$E2E_DIR/$who/skarvad.conf" <<END
role = $who
own_url = $own_url
peer_url = $peer_url
listen_port = $port
tls_certificate = $E2E_DIR/tls/$who.pem
tls_key = $E2E_DIR/tls/$who.key
peer_ca = $E2E_DIR/tls/ca.pem
peer_name = $peer.test
database = $E2E_DIR/$who/database
signing_key = $E2E_DIR/$who/keys/signing.key
hpke_key = $E2E_DIR/$who/keys/hpke.key
peer_key = $peer_key
publisher_key = $PUBLISHER_KEY
second_key = $SECOND_KEY
END
}

e2e_setup() {
    umask 077
    if [ $# -gt 0 ]; then
        mkdir -p "$1"; E2E_DIR=$(cd "$1" && pwd)
    else
        e2e_scratch E2E_DIR e2e
    fi
    trap e2e_cleanup EXIT
    trap 'exit 129' HUP INT TERM
    LEADER_PORT=${LEADER_PORT:-$(e2e_free_port)}
    HELPER_PORT=${HELPER_PORT:-$(e2e_free_port)}
    LEADER_URL=https://127.0.0.1:$LEADER_PORT/
    HELPER_URL=https://127.0.0.1:$HELPER_PORT/
    SITE_DIR=$E2E_DIR/site
    mkdir -p "$E2E_DIR/tls" "$SITE_DIR"
    CA_FILE=$E2E_DIR/tls/ca.pem
    e2e_make_ca "$E2E_DIR/tls" ca || return 1
    local who
    for who in leader helper; do
        e2e_make_certificate "$E2E_DIR/tls" ca $who \
            "DNS:localhost,IP:127.0.0.1,DNS:$who.test" || return 1
    done
    LEADER_KEY=$("$BIN/skarvad" --new-keys "$E2E_DIR/leader/keys") || return 1
    HELPER_KEY=$("$BIN/skarvad" --new-keys "$E2E_DIR/helper/keys") || return 1
    PUBLISHER_KEY=${PUBLISHER_KEY:-$("$BIN/skarvad" --new-keys "$E2E_DIR/publisher")} || return 1
    SECOND_KEY=${SECOND_KEY:-$("$BIN/skarvad" --new-keys "$E2E_DIR/second")} || return 1
    TRUST_FILE=$E2E_DIR/trust.txt
    printf 'publisher %s\nsecond %s\nleader %s\nhelper %s\n' "$PUBLISHER_KEY" "$SECOND_KEY" "$LEADER_KEY" "$HELPER_KEY" \
        > "$TRUST_FILE"
    e2e_write_config leader helper "$LEADER_URL" "$HELPER_URL" "$LEADER_PORT" "$HELPER_KEY"
    e2e_write_config helper leader "$HELPER_URL" "$LEADER_URL" "$HELPER_PORT" "$LEADER_KEY"
    LEADER_CONFIG=$E2E_DIR/leader/skarvad.conf
    HELPER_CONFIG=$E2E_DIR/helper/skarvad.conf
    LEADER_LOG=$E2E_DIR/leader/log
    HELPER_LOG=$E2E_DIR/helper/log
    echo "site = $SITE_DIR" >> "$LEADER_CONFIG"
    echo "retry_min_ms = 50" >> "$LEADER_CONFIG"
    echo "retry_max_ms = 1000" >> "$LEADER_CONFIG"
}

e2e_log_setup() {
    local who log_key helper_key witness_key port
    LOG_DIR=$E2E_DIR/leader/public
    LOG_POLICY=$E2E_DIR/policy
    WITNESS_LOG=$E2E_DIR/witness/log
    mkdir -p "$LOG_DIR" "$E2E_DIR/witness"
    port=$(e2e_free_port)
    e2e_make_certificate "$E2E_DIR/tls" ca witness "IP:127.0.0.1" || return 1
    for who in leader helper; do
        e2e_config $who log_key "$E2E_DIR/$who/keys/log.key"
    done
    log_key=$("$BIN/skarvad" --log-key "$LEADER_CONFIG") && helper_key=$("$BIN/skarvad" --log-key "$HELPER_CONFIG") || return 1
    cat >"$E2E_DIR/witness/config" <<END
name = witness.example/tests
listen_port = $port
port_file = $E2E_DIR/witness/port
key = $E2E_DIR/witness/key
state = $E2E_DIR/witness/state
tls_certificate = $E2E_DIR/tls/witness.pem
tls_key = $E2E_DIR/tls/witness.key
log = $log_key
END
    witness_key=$("$BIN/skarva-audit" witness --config "$E2E_DIR/witness/config" --init) || return 1
    cat >"$LOG_POLICY" <<END
log $log_key
witness helper $helper_key
witness outside $witness_key https://127.0.0.1:$port/
group both all helper outside
quorum both
END
    e2e_config leader log "$LOG_DIR"
    e2e_config leader witness_ca "$CA_FILE"
    for who in leader helper; do
        e2e_config $who log_policy "$LOG_POLICY"
        e2e_config $who log_interval_s 1
    done
    e2e_witness_start
}

# What was logged last is published: the leader says so for each size that it cuts.
e2e_log_published() {
    local cut i
    sleep 1.2 # a cut may be due: log_interval_s
    for i in $(seq 200); do
        cut=$(sed -n 's/^info log_cut size=\([0-9]*\) .*/\1/p' "$LEADER_LOG" | tail -n 1)
        [ -n "$cut" ] && [ -f "$LOG_DIR/checkpoint" ] && [ "$(sed -n 2p "$LOG_DIR/checkpoint")" = "$cut" ] && return 0
        sleep 0.05
    done
    echo "e2e_log_published: nothing of size ${cut:-none}" >&2
    return 1
}

e2e_witness_start() {
    rm -f "$E2E_DIR/witness/port"
    "$BIN/skarva-audit" witness --config "$E2E_DIR/witness/config" 2>>"$WITNESS_LOG" &
    WITNESS_PID=$!
    for _ in $(seq 200); do [ -s "$E2E_DIR/witness/port" ] && return 0; sleep 0.02; done
    echo "e2e_witness_start: it does not listen" >&2
    return 1
}

e2e_witness_stop() {
    [ -n "$WITNESS_PID" ] || return 0
    kill -TERM "$WITNESS_PID" 2>/dev/null
    wait "$WITNESS_PID"
    local status=$?
    WITNESS_PID=
    return $status
}

e2e_config() {
    local file=$E2E_DIR/$1/skarvad.conf
    grep -v "^$2 = " "$file" > "$file.new"
    echo "$2 = $3" >> "$file.new"
    mv "$file.new" "$file"
}

e2e_start() {
    local who=$1 log=$E2E_DIR/$1/log pid before
    touch "$log"
    before=$(grep -c ' front_listening ' "$log")
    # shellcheck disable=SC2086 # none or several words
    ${SERVER_UNDER:-} "$BIN/skarvad" --config "$E2E_DIR/$who/skarvad.conf" --lang en 2>>"$log" &
    pid=$!
    if [ "$who" = leader ]; then LEADER_PID=$pid; else HELPER_PID=$pid; fi
    while [ "$(grep -c ' front_listening ' "$log")" -eq "$before" ]; do
        kill -0 "$pid" 2>/dev/null || { e2e_start_failed "$who"; return 1; }
        sleep 0.02
    done
    return 0
}

e2e_start_failed() {
    echo "e2e_start $1: does not listen" >&2
    tail -n 20 "$E2E_DIR/$1/log" >&2
}

e2e_stop() {
    local pid=$LEADER_PID
    [ "$1" = leader ] || pid=$HELPER_PID
    [ -n "$pid" ] || return 0
    kill -TERM "$pid" 2>/dev/null
    wait "$pid"
    local status=$?
    if [ "$1" = leader ]; then LEADER_PID=; else HELPER_PID=; fi
    return $status
}

e2e_kill() {
    local pid=$LEADER_PID each
    [ "$1" = leader ] || pid=$HELPER_PID
    for each in $(e2e_pids "$pid"); do kill -9 "$each" 2>/dev/null; done
    wait "$pid" 2>/dev/null
    if [ "$1" = leader ]; then LEADER_PID=; else HELPER_PID=; fi
    return 0
}

e2e_start_leader() { e2e_start leader; }
e2e_start_helper() { e2e_start helper; }
e2e_stop_leader() { e2e_stop leader; }
e2e_stop_helper() { e2e_stop helper; }
