#!/usr/bin/env bash
# SPDX-License-Identifier: EUPL-1.2
# test_faults.sh - the programs together when something around them is wrong: files that cannot be tallied, certificates,
# disks. Each fault has its exit code and sentence; what was there before is there afterwards; and when the fault is gone,
# work goes on.
set -uo pipefail
cd "$(dirname "$0")/../.." || exit 1
. tests/e2e/lib.sh
. tests/e2e/collection.sh

CATALOGUE=catalogues/operation-norrsken.json
e2e_scratch work faults
collection_setup "$work/run" || exit 1

# state_of FOLDER: every file with its content, but for locks, which are empty and stay.
state_of() { (cd "$1" && find . -type f ! -name '.lock' ! -name lock ! -name 'last-run.log' -exec sha256sum {} + | sort -k 2); }

# unchanged NAME FOLDER COMMAND...: COMMAND leaves the folder as it was.
unchanged() {
    local name=$1 folder=$2 before
    shift 2
    before=$(state_of "$folder")
    "$@"
    if [ "$before" = "$(state_of "$folder")" ]; then e2e_ok "$name"; else
        e2e_not_ok "$name" "$(diff <(echo "$before") <(state_of "$folder"))"; fi
}

COLLECTION_NAME=norrsken
for code in 2303 2305 2309; do collection_join "$code" "Kommun $code" || exit 1; done

# --- spreadsheets: refused with 3, and the counts made before are still those -------------------------------------------
home=$COLLECTION_DIR/contributors/2303
files=$work/files
mkdir -p "$files" "$work/bad"
"$BIN/demo/synthetic" $CATALOGUE 2025Q2 2303 60000 1 "$files" || exit 1
tally() { officer 2303 tally --period 2025Q2 --catalogue $CATALOGUE "$@"; }

# bad_file NAME TEXT KIND: the good files with $work/bad/KIND.csv in place of that kind's.
bad_file() {
    local name=$1 text=$2 kind=$3 file args=()
    for file in "$files"/*.csv; do
        [ "$file" = "$files/$kind-synthetic.csv" ] && file=$work/bad/$kind.csv
        args+=("$file")
    done
    unchanged "tally: $name: nothing changed" "$home" \
        expect "tally: $name" 3 "$text" tally "${args[@]}"
}
# damaged KIND SED-PROGRAM
damaged() { LC_ALL=C sed "$2" "$files/$1-synthetic.csv" >"$work/bad/$1.csv"; }

expect "tally: good files give counts" 0 "Nothing has been sent" tally "$files"/*.csv
e2e_check "tally: the counts are there" test -s "$home/counts/2025Q2.csv"
printf 'namn;datum;summa\nx;2025-04-01;7\n' >"$work/bad/samrad.csv"
bad_file "wrong columns" "are not those of the catalogue" samrad
damaged samrad '1s/^[^;]*;/nummer;/'
bad_file "a required column missing" "is missing" samrad
damaged deltagande '3s/;[0-9]*\r*$/;1,5\r/'
bad_file "decimal comma" "row 3, column antal deltagare: 1,5 is a decimal number" deltagande
damaged deltagande '3s/;[0-9]*\r*$/;-1\r/'
bad_file "negative" "row 3, column antal deltagare: -1 is negative" deltagande
damaged deltagande '3s/;[0-9]*\r*$/;99999999\r/'
bad_file "too large" "row 3, column antal deltagare: 99999999 is too large" deltagande
damaged samrad '2{p;}'
bad_file "duplicate case id" "the same value as in" samrad
{ head -n 1 "$files/samrad-synthetic.csv" | iconv -f WINDOWS-1252 -t UTF-8
  tail -n +2 "$files/samrad-synthetic.csv"; } >"$work/bad/samrad.csv"
bad_file "mixed encodings" "another character encoding" samrad
head -c -5 "$files/deltagande-synthetic.csv" | head -c 100 >"$work/bad/deltagande.csv"
printf '\nSYN-00001' >>"$work/bad/deltagande.csv"
bad_file "cut in a row" "fields where the header has" deltagande
truncate -s 200000000 "$work/bad/samrad.csv"
before=$SECONDS
bad_file "200 MB" "larger than 128 MiB" samrad
[ $((SECONDS - before)) -le 2 ] && e2e_ok "tally: 200 MB are refused at once" ||
    e2e_not_ok "tally: 200 MB are refused at once" "$((SECONDS - before)) s"
rm "$work/bad/samrad.csv"
sed 's/"edition": "[^"]*"/"edition": "other"/' $CATALOGUE >"$work/other.json"
unchanged "counts of another catalogue: nothing changed" "$home" expect "counts of another catalogue" 3 \
    "made with another catalogue" officer 2303 check --period 2025Q2 --catalogue "$work/other.json"

# --- certificates ------------------------------------------------------------------------------------------------------
e2e_start helper && e2e_start leader || exit 1
collection_new norrsken $CATALOGUE && collection_open 2025Q2 || exit 1
TLS=$E2E_DIR/tls
LOCAL="DNS:localhost,IP:127.0.0.1"
for who in leader helper; do
    e2e_make_certificate "$TLS" ca $who-expired "$LOCAL,DNS:$who.test" 20200101000000Z 20200201000000Z
    e2e_make_certificate "$TLS" ca $who-future "$LOCAL,DNS:$who.test" 20900101000000Z 20900201000000Z
    e2e_make_certificate "$TLS" ca $who-elsewhere DNS:elsewhere.test
    e2e_make_certificate "$TLS" ca $who-misnamed "$LOCAL,DNS:elsewhere.test" # for clients fine, for the peer not
done

# restart_with WHO CERTIFICATE
restart_with() {
    e2e_stop "$1"
    e2e_config "$1" tls_certificate "$TLS/$2.pem"
    e2e_config "$1" tls_key "$TLS/$2.key"
    e2e_start "$1"
}

for code in 2305 2309; do
    officer $code tally --period 2025Q2 --zero kontakter --zero moten --zero deltagande --zero enkat "$files"/samrad*.csv >/dev/null ||
        e2e_not_ok "counts of $code"
done
officer 2303 tally --period 2025Q2 "$files"/*.csv >/dev/null || e2e_not_ok "counts of 2303"
submit() { officer "$1" submit --period 2025Q2 --yes "${@:2}"; }
expect "all is well at first" 0 "Submission 1 for 2025Q2 is accepted" submit 2305
for certificate in leader-expired leader-future leader-elsewhere; do
    restart_with leader $certificate || exit 1
    unchanged "submit: $certificate: nothing is prepared" "$COLLECTION_DIR/contributors/2303" \
        expect "submit: $certificate" 4 "valid certificate" submit 2303
    unchanged "publisher: $certificate: nothing is kept" "$PUBLISHER_HOME" \
        expect "publisher: $certificate" 3 "valid certificate" "$BIN/skarva-publish" collect 2025Q2 --home "$PUBLISHER_HOME" --lang en
done
restart_with leader leader || exit 1

# An officer encrypts to the helper without meeting it; the leader's connection is what fails.
n=2
for certificate in helper-expired helper-future helper-elsewhere helper-misnamed; do
    restart_with helper $certificate || exit 1
    expect "submit: $certificate: sent, but waits" 5 "sent but not accepted yet" submit 2305 --again --wait 1
    restart_with helper helper || exit 1
    expect "submit: after $certificate the same submission is accepted" 0 "Submission $n for 2025Q2 is accepted" submit 2305
    n=$((n + 1))
done

# The helper does not take the leader for the leader: nothing is lost, and it goes on when the certificate is right.
restart_with leader leader-misnamed || exit 1
expect "submit: the helper refuses the leader's name" 5 "sent but not accepted yet" submit 2305 --again --wait 1
expect "status: it is neither accepted nor rejected" 0 "submission $n: " officer 2305 status --period 2025Q2
restart_with leader leader || exit 1
expect "submit: after leader-misnamed the same submission is accepted" 0 "Submission $n for 2025Q2 is accepted" submit 2305
n=$((n + 1))

# --- full disks --------------------------------------------------------------------------------------------------------
# to_full STATUS COMMAND...: what it prints goes to a full disk, and it says so.
to_full() {
    local want=$1 status
    shift
    "$@" --lang en >/dev/full 2>"$work/said"
    status=$?
    [ "$status" = "$want" ] && grep -qF 'the output could not be written' "$work/said" || { echo "status $status: $(cat "$work/said")"; return 1; }
}
e2e_check "skarva: output to a full disk" to_full 9 "$BIN/skarva" status --period 2025Q2 --home "$COLLECTION_DIR/contributors/2305"
e2e_check "skarva --help: the same" to_full 9 "$BIN/skarva" --help
e2e_check "skarva-publish: the same" to_full 5 "$BIN/skarva-publish" open --help
e2e_check "skarvad: the same" to_full 2 "$BIN/skarvad" --help
e2e_check "skarva-audit: the same" to_full 1 "$BIN/skarva-audit" list-checks

# small_disk PLACE SIZE: an own file system of that size, or status 1.
small_disk() {
    mkdir -p "$1"
    mount -t tmpfs -o "size=$2" none "$1" 2>/dev/null && E2E_MOUNTED+=("$1")
}
fill() { cat /dev/zero >"$1/filling" 2>/dev/null; sync "$1/filling" 2>/dev/null; }

if small_disk "$work/home" 1m; then
    cp -a "$COLLECTION_DIR/contributors/2303/." "$work/home"
    rm -rf "$work/home/last-run.log"
    fill "$work/home"
    unchanged "tally: disk full: the old counts are there" "$work/home" \
        expect "tally: disk full" 7 "No space left" "$BIN/skarva" tally --home "$work/home" --period 2025Q2 --lang en \
        --zero kontakter --zero moten --zero deltagande --zero enkat "$files"/samrad*.csv
    unchanged "submit: disk full: nothing is prepared" "$work/home" \
        expect "submit: disk full" 7 "No space left" "$BIN/skarva" submit --home "$work/home" --period 2025Q2 --yes --lang en
    rm "$work/home/filling"
    small_officer() { "$BIN/skarva" "$1" --home "$work/home" --period 2025Q2 --lang en "${@:2}"; }
    e2e_stop helper
    expect "submit: with room again it is the first submission" 5 "Submission 1 is sent but not accepted yet" \
        small_officer submit --yes --wait 0
    fill "$work/home"
    e2e_start helper || exit 1
    expect "receipt: the servers have accepted it meanwhile" 0 "Submission $n for 2025Q2 is accepted" submit 2305 --again
    n=$((n + 1))
    unchanged "receipt: disk full: what was known is known" "$work/home" \
        expect "receipt: disk full" 7 "receipts/2025Q2-1.receipt: cannot be written: No space left" small_officer submit --yes
    unchanged "status: disk full: what was known is known" "$work/home" \
        expect "status: disk full" 7 "receipts/2025Q2-1.receipt: cannot be written: No space left" small_officer status
    rm "$work/home/filling"
    expect "receipt: with room again it is kept" 0 "Submission 1 for 2025Q2 is accepted" small_officer submit --yes
    expect "receipt: and holds" 0 "submission       number 1" small_officer receipt
else
    e2e_skip "disk full, officer" "no file system can be mounted here"
    expect "another contributor" 0 "accepted" submit 2303
fi

# small_database WHO: the server's database moves to a disk of its own.
small_database() {
    local who=$1 place=$work/$1-disk
    e2e_stop "$who"
    small_disk "$place" 8m || { e2e_start "$who"; return 1; }
    cp -a "$E2E_DIR/$who"/database* "$place/"
    e2e_config "$who" database "$place/database"
    e2e_start "$who"
}
if small_database leader; then
    fill "$work/leader-disk"
    expect "upload: the leader's disk is full" 4 "The submission is kept" submit 2305 --again
    expect "upload: the leader has nothing of it" 0 "submission $((n - 1)): accepted" officer 2305 status --period 2025Q2
    rm "$work/leader-disk/filling"
    expect "upload: with room again the same submission is accepted" 0 "Submission $n for 2025Q2 is accepted" submit 2305
    n=$((n + 1))
    small_database helper || e2e_not_ok "a disk for the helper"
    fill "$work/helper-disk"
    expect "the helper's disk is full: the submission waits" 5 "sent but not accepted yet" submit 2305 --again --wait 1
    expect "the third contributor waits too" 5 "sent but not accepted yet" submit 2309 --wait 1
    rm "$work/helper-disk/filling"
    expect "with room again it is accepted" 0 "Submission $n for 2025Q2 is accepted" submit 2305
    expect "and the third one's" 0 "Submission 1 for 2025Q2 is accepted" submit 2309
else
    e2e_skip "disk full, servers" "no file system can be mounted here"
    expect "the third contributor" 0 "accepted" submit 2309
fi

# --- after all this, each contributor is counted once -------------------------------------------------------------------

# --- the publisher's disks -----------------------------------------------------------------------------------------------
settings=collections/norrsken/settings
if small_disk "$work/publisher-disk" 4m && small_disk "$work/site-disk" 4m; then
    cp -a "$PUBLISHER_HOME" "$work/publisher-disk/home"
    PUBLISHER_HOME=$work/publisher-disk/home
    fill "$work/publisher-disk"
    unchanged "close: disk full: nothing is kept" "$PUBLISHER_HOME" \
        expect "close: disk full" 5 "cannot be written: No space left" publisher close 2025Q2
    rm "$work/publisher-disk/filling"
    publish close 2025Q2 --wait || e2e_not_ok "with room again the period closes"
    fill "$work/publisher-disk"
    unchanged "collect: disk full: nothing is kept" "$PUBLISHER_HOME" \
        expect "collect: disk full" 5 "cannot be written: No space left" publisher collect 2025Q2
    rm "$work/publisher-disk/filling"
    publish collect 2025Q2 || e2e_not_ok "with room again it is collected"
    cp "$PUBLISHER_HOME/$settings" "$work/settings"
    sed -i "s#^site = .*#site = $work/site-disk#" "$PUBLISHER_HOME/$settings"
    e2e_check "the site is on the small disk" grep -q "^site = $work/site-disk" "$PUBLISHER_HOME/$settings"
    fill "$work/publisher-disk"
    unchanged "publish: the home's disk full: nothing is kept" "$PUBLISHER_HOME" \
        expect "publish: the home's disk full" 5 "cannot be written: No space left" publisher publish 2025Q2
    rm "$work/publisher-disk/filling"
    publisher publish 2025Q2 >/dev/null || e2e_not_ok "with room again there is a draft"
    collection_sign 2025Q2 || e2e_not_ok "the second person signs"
    fill "$work/publisher-disk"
    unchanged "release: the home's disk full: nothing is kept" "$PUBLISHER_HOME" \
        expect "release: the home's disk full" 5 "cannot be written: No space left" publisher publish 2025Q2
    e2e_check "release: the home's disk full: the site is empty" test ! -e "$work/site-disk/bundles"
    rm "$work/publisher-disk/filling"
    publisher publish 2025Q2 >/dev/null || e2e_not_ok "a site with room"
    printf x >"$work/site-disk/page-of-before"
    fill "$work/site-disk"
    unchanged "publish: disk full: the site is as before" "$work/site-disk" \
        expect "publish: disk full" 5 "cannot be written: No space left" publisher publish 2025Q2
    expect "publish: disk full: the file is named" 5 "$work/site-disk/" publisher publish 2025Q2
    rm "$work/site-disk/filling"
    cp "$work/settings" "$PUBLISHER_HOME/$settings"
else
    e2e_skip "disk full, publisher" "no file system can be mounted here"
    collection_close 2025Q2 || e2e_not_ok "the period closes"
fi
# Also where nothing can be mounted: a file that may not grow. The signal that comes with it is ignored.
unwritable() { (trap '' XFSZ; ulimit -f 0; "$@"); }
home=$COLLECTION_DIR/contributors/2305
unchanged "tally: a file that cannot grow: nothing changed" "$home" \
    expect "tally: a file that cannot grow" 7 "counts/2025Q2.csv: cannot be written: File too large" unwritable officer 2305 tally \
    --period 2025Q2 --zero kontakter --zero moten --zero deltagande --zero enkat --catalogue $CATALOGUE "$files"/samrad*.csv
unchanged "publish: a file that cannot grow: nothing changed" "$PUBLISHER_HOME" \
    expect "publish: a file that cannot grow" 5 "cannot be written: File too large" unwritable publisher publish 2025Q2

collected() { publish collect 2025Q2; } # again where it was done above: which is no fault
collected && collection_publish 2025Q2 && e2e_ok "the period closes and is published" ||
    e2e_not_ok "the period closes and is published"
collection_audit 2025Q2 "$work/audit" && e2e_ok "the audit passes" || e2e_not_ok "the audit passes"
e2e_stop leader
ended=$?
e2e_stop helper && [ $ended -eq 0 ] && e2e_ok "both servers end with status 0" || e2e_not_ok "both servers end with status 0"
e2e_finish
