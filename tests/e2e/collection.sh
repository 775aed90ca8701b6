# SPDX-License-Identifier: EUPL-1.2
# collection.sh - one collection with its contributors and publisher through the real programs, for demo/run and the
# end-to-end scripts. Needs lib.sh.
#
#   collection_setup DIR                          publisher's and second signer's keys, servers' folders (e2e_setup)
#   collection_join CODE NAME                     a contributor's keys and card: DIR/contributors/CODE
#   collection_new NAME CATALOGUE [OPTION...]     the collection, from all cards
#   collection_open PERIOD
#   collection_submit PERIOD CODE FILE...         tally, check and submit one contributor's records
#   collection_submit_all PERIOD JOBS COMMAND     the same for all; COMMAND CODE prints the files of a contributor, none for one
#                                                 who does not answer
#   collection_close PERIOD                       close and collect
#   collection_population FILE SOURCE DATE
#   collection_sign PERIOD                        the second person checks the draft and signs it
#   collection_publish PERIOD...                  draft, second signature, release, one period after the other
#   collection_audit PERIOD FOLDER                download the bundle over HTTPS into FOLDER and verify it there
#   collection_run_period PERIOD JOBS COMMAND DIR open, submit all, close, collect; the totals go to DIR/collected/PERIOD.csv
#   collection_finish OUT DIR PERIOD...           publish and audit all, stop the servers; bundles and trust go to OUT/bundles, the
#                                                 published tables to DIR/tables/PERIOD.csv. Fails unless every audit passed
#
#   publisher COMMAND...                          skarva-publish as the publisher, what it says and its exit code as they are
#   second COMMAND...                             likewise as the second person
#   officer CODE COMMAND...                       skarva in that contributor's folder
#
# Every collection_ step appends what the programs say to DIR/log; a failing step prints the end of it. With COLLECTION_PROGRESS
# set, collection_publish says when a period is published.

collection_setup() {
    mkdir -p "$1"
    COLLECTION_DIR=$(cd "$1" && pwd)
    COLLECTION_LOG=$COLLECTION_DIR/log
    : >"$COLLECTION_LOG"
    mkdir -p "$COLLECTION_DIR/cards" "$COLLECTION_DIR/contributors"
    PUBLISHER_HOME=$COLLECTION_DIR/publisher-home
    PUBLISHER_KEY=$("$BIN/skarva-publish" init --home "$PUBLISHER_HOME" --lang en 2>>"$COLLECTION_LOG" |
        tee -a "$COLLECTION_LOG" | grep -oE 'publisher [A-Za-z0-9_-]{43}' | head -n 1 | cut -d' ' -f2)
    [ -n "$PUBLISHER_KEY" ] || { collection_failed "skarva-publish init"; return 1; }
    SECOND_HOME=$COLLECTION_DIR/second-home
    SECOND_KEY=$("$BIN/skarva-publish" init --second --home "$SECOND_HOME" --lang en 2>>"$COLLECTION_LOG" |
        tee -a "$COLLECTION_LOG" | grep -oE 'second [A-Za-z0-9_-]{43}' | head -n 1 | cut -d' ' -f2)
    [ -n "$SECOND_KEY" ] || { collection_failed "skarva-publish init --second"; return 1; }
    e2e_setup "$COLLECTION_DIR"
}

collection_failed() {
    echo "FAILED: $1" >&2
    tail -n 15 "$COLLECTION_LOG" >&2
    return 1
}

# Run a command with its output in the log.
collection_run() {
    echo "\$ $*" >>"$COLLECTION_LOG"
    "$@" >>"$COLLECTION_LOG" 2>&1 </dev/null || collection_failed "$*"
}

publish() {
    local command=$1
    shift
    collection_run "$BIN/skarva-publish" "$command" --home "$PUBLISHER_HOME" --lang en "$@"
}

publisher() { "$BIN/skarva-publish" "$@" --home "$PUBLISHER_HOME" --lang en; }
second() { "$BIN/skarva-publish" "$@" --home "$SECOND_HOME" --trust "$TRUST_FILE" --lang en; }
officer() {
    local home=$COLLECTION_DIR/contributors/$1 command=$2
    shift 2
    "$BIN/skarva" "$command" --home "$home" --lang en "$@"
}

collection_join() {
    local home=$COLLECTION_DIR/contributors/$1
    collection_run "$BIN/skarva" init --home "$home" --code "$1" --name "$2" --leader "$LEADER_URL" --ca "$CA_FILE" \
        --trust "$TRUST_FILE" --collection "${COLLECTION_NAME:-county}" --lang en &&
        cp "$home/key-card.txt" "$COLLECTION_DIR/cards/$1.txt"
}

collection_new() {
    COLLECTION_NAME=$1
    local catalogue=$2
    shift 2
    publish new --name "$COLLECTION_NAME" --catalogue "$catalogue" --cards "$COLLECTION_DIR/cards" --leader "$LEADER_URL" \
        --helper "$HELPER_URL" --trust "$TRUST_FILE" --ca "$CA_FILE" --site "$SITE_DIR" \
        ${LOG_POLICY:+--log-policy "$LOG_POLICY"} "$@"
}

collection_open() { publish open "$1"; }

collection_submit() {
    local period=$1 code=$2 home
    shift 2
    home=$COLLECTION_DIR/contributors/$code
    {
        "$BIN/skarva" tally --home "$home" --period "$period" --lang en "$@" &&
            "$BIN/skarva" check --home "$home" --period "$period" --lang en &&
            "$BIN/skarva" submit --home "$home" --period "$period" --yes --lang en
    } >"$home/last-run.log" 2>&1 </dev/null || {
        { echo "submission of $code for $period:"; cat "$home/last-run.log"; } >>"$COLLECTION_LOG"
        return 1
    }
}

# Whoever fails is written down, and only submissions are waited for, each by its own number: a wait for "the next one" may be
# given another command's child, and the period would be closed while somebody still submits, or wait for a server, which does not end.
collection_submit_all() {
    local period=$1 jobs=$2 files=$3 code found pid pids=() left failed=$COLLECTION_DIR/failed
    rm -f "$failed"
    for home in "$COLLECTION_DIR"/contributors/*/; do
        code=$(basename "$home")
        found=$($files "$code")
        [ -n "$found" ] || continue
        while [ "${#pids[@]}" -ge "$jobs" ]; do
            wait -n "${pids[@]}"
            left=()
            for pid in "${pids[@]}"; do ! kill -0 "$pid" 2>/dev/null || left+=("$pid"); done
            pids=("${left[@]}")
        done
        # shellcheck disable=SC2086 # one file per word
        { collection_submit "$period" "$code" $found || echo "$code" >>"$failed"; } &
        pids+=($!)
    done
    for pid in "${pids[@]}"; do wait "$pid"; done
    [ ! -e "$failed" ] || collection_failed "a submission for $period"
}

collection_close() { publish close "$1" --wait && publish collect "$1"; }

collection_population() { publish population "$1" --source "$2" --date "$3"; }

collection_draft() { echo "$PUBLISHER_HOME/collections/$COLLECTION_NAME/periods/$1/draft"; }

# A draft is audited with the bundles that are published: what it corrects, or is the sum of a year with, is among them.
collection_sign() {
    local earlier=()
    [ ! -d "$SITE_DIR/bundles" ] || earlier=(--earlier "$SITE_DIR/bundles")
    collection_run "$BIN/skarva-publish" sign "$1" --home "$SECOND_HOME" --trust "$TRUST_FILE" --draft "$(collection_draft "$1")" \
        "${earlier[@]}" ${LOG_POLICY:+--log-policy "$LOG_POLICY"} --yes --lang en
}

# What is released already is only written to the site again.
collection_publish() {
    local period pages
    for period in "$@"; do
        pages=--no-pages
        [ "$period" != "${!#}" ] || pages=
        publish publish "$period" $pages || return 1
        [ ! -e "$(dirname "$(collection_draft "$period")")/released" ] || continue
        # shellcheck disable=SC2086 # none or one word
        collection_sign "$period" && publish publish "$period" $pages || return 1
        [ -z "${COLLECTION_PROGRESS:-}" ] || echo "$period: signed twice and published"
    done
}

collection_bundle_name() { echo "bundles/$COLLECTION_NAME-$1.tar"; }

collection_audit() {
    local name folder=$2
    name=$(collection_bundle_name "$1")
    mkdir -p "$folder"
    curl --silent --show-error --fail --cacert "$CA_FILE" --noproxy '*' --output "$folder/$1.tar" "$LEADER_URL$name" 2>>"$COLLECTION_LOG" &&
        cp "$TRUST_FILE" "$folder/trust.txt" &&
        (cd "$folder" && "$BIN_ABSOLUTE/skarva-audit" verify "$1.tar" --trust trust.txt ${LOG_POLICY:+--policy "$LOG_POLICY"} --lang en >"$1.audit.txt" 2>&1) ||
        { tail -n 20 "$folder/$1.audit.txt" >>"$COLLECTION_LOG"; collection_failed "the audit of $1"; }
}
BIN_ABSOLUTE=$(cd "$BIN" && pwd)

collection_run_period() {
    mkdir -p "$4/collected"
    collection_open "$1" &&
        collection_submit_all "$1" "$2" "$3" &&
        collection_close "$1" &&
        publish export "$1" --collected "$4/collected/$1.csv"
}

collection_finish() {
    local out=$1 dir=$2 period failed=0
    shift 2
    mkdir -p "$out/bundles" "$dir/tables"
    collection_publish "$@" || return 1
    for period in "$@"; do
        if collection_audit "$period" "$dir/audit"; then
            cp "$dir/audit/$period.tar" "$out/bundles/$period.tar"
            tar -xOf "$dir/audit/$period.tar" table.csv >"$dir/tables/$period.csv"
        else
            failed=1
        fi
    done
    cp "$TRUST_FILE" "$out/bundles/trust.txt"
    [ "$failed" -eq 0 ] || { echo "Not every audit passed." >&2; return 1; }
    e2e_formats || return 1
    e2e_stop leader && e2e_stop helper || { echo "a server did not end cleanly" >&2; return 1; }
}
