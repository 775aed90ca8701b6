#!/usr/bin/env bash
# SPDX-License-Identifier: EUPL-1.2
# test_swedish.sh - with --lang sv no program says a failure in English: the faults of docs/faults.md that a user of the programs
# can meet, one after the other, and every output searched for the English sentences of the sources and of the system.
set -uo pipefail
cd "$(dirname "$0")/../.." || exit 1
. tests/e2e/lib.sh
. tests/e2e/collection.sh

CATALOGUE=catalogues/operation-norrsken.json
e2e_scratch work swedish
collection_setup "$work/run" || exit 1
export SENTENCES=$work/sentences # what swedish_sentences.py looks for, found once

# the table itself
while read -r line; do
    case $line in
    "ok - "*) e2e_ok "${line#ok - }" ;;
    *) e2e_not_ok "${line#not ok - }" ;;
    esac
done < <(tests/e2e/swedish_sentences.py | sed '/^    #/d')

# sv NAME COMMAND...: it fails, says something, and nothing of that is English. SHOW=1 shows what it says.
sv() {
    local name=$1 found
    shift
    "$@" --lang sv >"$work/said" 2>&1 </dev/null
    local status=$?
    [ "${SHOW:-}" != 1 ] || head -c 400 "$work/said"
    if [ $status -eq 0 ]; then
        e2e_not_ok "$name: fails" "$*"
    elif [ ! -s "$work/said" ]; then
        e2e_not_ok "$name: says something" "$*"
    elif found=$(tests/e2e/swedish_sentences.py "$work/said"); then
        e2e_ok "$name: in Swedish"
    else
        e2e_not_ok "$name: in Swedish" "$found" "$(head -c 600 "$work/said")"
    fi
}
skarva() { "$BIN/skarva" "$@" --home "$home"; }
skarva_publish() { "$BIN/skarva-publish" "$@" --home "$PUBLISHER_HOME"; }
audit() { "$BIN/skarva-audit" "$@"; }
skarvad() { "$BIN/skarvad" "$@"; }

# The search itself: a program that speaks English is found out.
home=$work/none
skarva check --period 2025Q2 --lang en >"$work/said" 2>&1
if tests/e2e/swedish_sentences.py "$work/said" >"$work/found"; then e2e_not_ok "English is found"; else e2e_ok "English is found"; fi

COLLECTION_NAME=norrsken
for code in 2303 2305 2309; do collection_join "$code" "Kommun $code" || exit 1; done
home=$COLLECTION_DIR/contributors/2303

# --- skarva without a server
for words in "sum" "check" "check --perod 1" "check --period" "check --period 2025Q9" "submit --yes=1 --period 2025Q2" \
    "check a.csv --period 2025Q2" "submit --period 2025Q2 --wait x" "init" "init --code å" "tally --period 2025Q2" \
    "tally --period 2025Q2 x.csv --catalogue $CATALOGUE" "check --period 2025Q2 --catalogue $work/none.json" \
    "check --period 2025Q2 --catalogue $CATALOGUE" "receipt --period 2025Q2" "receipt --period 2025Q2 --check $work/none"; do
    # shellcheck disable=SC2086 # words
    sv "skarva $words" skarva $words
done
sv "skarva without a folder" "$BIN/skarva" check --period 2025Q2 --home "$work/nowhere"
sv "skarva with a file for a folder" "$BIN/skarva" check --period 2025Q2 --home "$CATALOGUE"
sv "the leader is away" skarva status --period 2025Q2
mkdir -p "$work/files" "$work/bad"
"$BIN/demo/synthetic" $CATALOGUE 2025Q2 2303 60000 1 "$work/files" >/dev/null || e2e_not_ok "records"
records() { # NAME FILE
    sv "tally: $1" skarva tally --period 2025Q2 --catalogue $CATALOGUE "$2"
}
damaged() { # NAME KIND SED-PROGRAM
    LC_ALL=C sed "$3" "$work/files/$2-synthetic.csv" >"$work/bad/$2.csv"
    records "$1" "$work/bad/$2.csv"
}
damaged "a column missing" samrad '1s/^[^;]*;/nummer;/'
damaged "decimal comma" deltagande '3s/;[0-9]*\r*$/;1,5\r/'
damaged "negative" deltagande '3s/;[0-9]*\r*$/;-1\r/'
damaged "too large" deltagande '3s/;[0-9]*\r*$/;99999999\r/'
damaged "no number" deltagande '3s/;[0-9]*\r*$/;ett\r/'
damaged "duplicate" samrad '2{p;}'
damaged "unknown category" samrad '2s/;[^;]*;/;okänt slag;/'
damaged "too few fields" samrad '3s/;.*/\r/'
damaged "quotes" samrad '3s/;/;"/'
damaged "a second column of one name" samrad '1s/^\([^;]*\);[^;]*;/\1;\1;/'
printf 'namn;datum;summa\nx;2025-04-01;7\n' >"$work/bad/a.csv" && records "other columns" "$work/bad/a.csv"
: >"$work/bad/a.csv" && records "empty" "$work/bad/a.csv"
printf 'namn|datum\nx|2025-04-01\n' >"$work/bad/a.csv" && records "another separator" "$work/bad/a.csv"
printf '\377\376a\0' >"$work/bad/a.csv" && records "UTF-16" "$work/bad/a.csv"
printf 'PK\003\004rest' >"$work/bad/a.csv" && records "a workbook" "$work/bad/a.csv"
truncate -s 200000000 "$work/bad/a.csv" && records "200 MB" "$work/bad/a.csv"
rm "$work/bad/a.csv" && mkdir "$work/bad/a.csv" && records "a folder" "$work/bad/a.csv"
damage() { # NAME FILE CONTENT COMMAND...: the home's file with other content
    local name=$1 file=$home/$2
    cp -p "$file" "$work/saved"
    printf '%b' "$3" >"$file"
    shift 3
    sv "$name" "$@"
    cp -p "$work/saved" "$file"
}
damage "skarva.conf without sense" skarva.conf 'nonsense\n' skarva status --period 2025Q2
damage "skarva.conf with an unknown setting" skarva.conf 'colour = red\n' skarva status --period 2025Q2
damage "skarva.conf without a name" skarva.conf 'code = 1\n' skarva status --period 2025Q2
damage "skarva.conf with another address" skarva.conf 'code = 1\nname = x\nleader = http://x\n' skarva status --period 2025Q2
damage "trust.txt without sense" trust.txt 'nonsense\n' skarva status --period 2025Q2
damage "trust.txt that is empty" trust.txt '' skarva status --period 2025Q2
damage "trust.txt that is large" trust.txt "$(head -c 5000 /dev/zero | tr '\0' '#')" skarva status --period 2025Q2
for json in '' '[]' '{' '{"skarva_catalogue": 2}' '{"skarva_catalogue": 1, "colour": 1}' '{"skarva_catalogue": 1, "id": "å"}'; do
    printf '%s' "$json" >"$work/bad.json"
    sv "catalogue $json" skarva check --period 2025Q2 --catalogue "$work/bad.json"
done
for change in 's/"quarter"/"fortnight"/' 's/"bound": [0-9]*/"bound": -1/' 's/"records": "[a-z]*"/"records": "x"/' \
    's/"equality"/"equalty"/' 's/"kind": "id"/"kind": "number"/' 's/"dimension": "[A-Z]*"/"dimension": "X"/'; do
    sed "$change" $CATALOGUE >"$work/bad.json"
    cmp -s "$work/bad.json" $CATALOGUE || sv "catalogue changed by $change" skarva check --period 2025Q2 --catalogue "$work/bad.json"
done
sv "a period the catalogue has nothing for" skarva check --period 2025-07 --catalogue $CATALOGUE

# --- skarvad
config=$E2E_DIR/leader/skarvad.conf
for line in 'colour = red' 'nonsense' 'role = x' 'listen_port = x' 'listen_port = 99999' 'own_url = http://x' 'peer_key = x' \
    'log_level = x' 'tls_key = /nowhere' 'database = /nowhere/x' 'signing_key = /nowhere' 'site = /nowhere'; do
    { grep -v "^${line%% =*} =" "$config"; echo "$line"; } >"$work/bad.conf"
    chmod 600 "$work/bad.conf"
    sv "skarvad: $line" skarvad --check-config "$work/bad.conf"
done
sed 's#^signing_key.*#signing_key = '"$work/key"'#' "$config" >"$work/bad.conf"
cp "$E2E_DIR/leader/keys/signing.key" "$work/key" && chmod 644 "$work/key"
sv "skarvad: a key that others can read" skarvad --check-config "$work/bad.conf"
sv "skarvad: the same when it starts" skarvad --config "$work/bad.conf"
chmod 600 "$work/key" && echo nonsense >"$work/key"
sv "skarvad: a file that is no key" skarvad --config "$work/bad.conf"
sv "skarvad: no configuration" skarvad --check-config "$work/none"
sv "skarvad: a folder" skarvad --check-config "$work"
sv "skarvad: keys that are there" skarvad --new-keys "$E2E_DIR/leader/keys"
sv "skarvad: keys below a file" skarvad --new-keys "$CATALOGUE/keys"
sv "skarvad: an unknown option" skarvad --colour
sv "skarvad: no option" skarvad

"$BIN/skarvad" --new-keys "$work/keys" >/dev/null || e2e_not_ok "keys"
for policy in nonsense 'quorum none' "log x.example/log+00000000+AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEB" 'witness x y' 'group g any x' ''; do
    echo "$policy" >"$work/policy"
    { cat "$config"; printf 'log_key = %s\nlog_policy = %s\nlog = %s\n' "$work/keys/log.key" "$work/policy" "$work"; } >"$work/bad.conf"
    chmod 600 "$work/bad.conf"
    sv "skarvad: the policy $policy" skarvad --check-config "$work/bad.conf"
    sv "skarvad: the same when it starts" skarvad --config "$work/bad.conf"
done
sv "skarvad: no log_key" skarvad --log-key "$config"
for option in tls_certificate tls_key peer_ca; do
    sed "s#^$option =.*#$option = $CATALOGUE#" "$config" >"$work/bad.conf"
    chmod 600 "$work/bad.conf"
    [ $option = tls_key ] && cp "$CATALOGUE" "$work/secret" && chmod 600 "$work/secret" && sed -i "s#^tls_key =.*#tls_key = $work/secret#" "$work/bad.conf"
    sv "skarvad: $option that is none" skarvad --check-config "$work/bad.conf"
done
sed "s#^tls_certificate =.*#tls_certificate = $E2E_DIR/tls/helper.pem#" "$config" >"$work/bad.conf" && chmod 600 "$work/bad.conf"
sv "skarvad: another's certificate" skarvad --check-config "$work/bad.conf"
sed "s#^database =.*#database = $work/secret#" "$config" >"$work/bad.conf" && chmod 600 "$work/bad.conf"
sv "skarvad: a database that is none" skarvad --config "$work/bad.conf"

# --- watch and witness
for words in "" "--log x" "--log https://x/ --policy $work/none --copy $work/copy" "--log ftp://x/ --policy $work/policy --copy $work/copy" \
    "--log https://127.0.0.1:1/ --policy $work/policy --copy $CATALOGUE"; do
    # shellcheck disable=SC2086 # words
    sv "skarva-audit watch $words" audit watch $words
done
sv "skarva watch without a policy" skarva watch
printf 'name = w\nlisten_port = 0\nkey = %s\nstate = %s\nlog = x\n' "$work/w.key" "$work/w.state" >"$work/witness"
sv "witness: a log that is none" audit witness --config "$work/witness"
sed -i '$d' "$work/witness"
sv "witness: no log" audit witness --config "$work/witness"
sv "witness: no configuration" audit witness
echo "log = x.example/log+$(printf '%08x' 1)+AQEB" >>"$work/witness"
sv "witness: a key cut" audit witness --config "$work/witness" --init
echo "colour = red" >"$work/witness"
sv "witness: an unknown name" audit witness --config "$work/witness" --check-config

# --- skarva-publish without a server
# new NAME CATALOGUE CARDS LEADER TRUST [OPTION...]
new() { skarva_publish new --name "$1" --catalogue "$2" --cards "$3" --leader "$4" --helper "$HELPER_URL" --trust "$5" \
    --ca "$CA_FILE" --site "$SITE_DIR" "${@:6}"; }
cards=$COLLECTION_DIR/cards
for words in "" "sum" "open" "open x" "open 2025Q2" "new" "close 2025Q2 --wait x" "publish" "collect" "export" "new --threshold x" \
    "open 2025Q2 --colour" "status 2025Q2" "preview" "sign" "sign 2025Q2 --draft $CATALOGUE" "ledger" "release" \
    "init --second"; do
    # shellcheck disable=SC2086 # words
    sv "skarva-publish $words" skarva_publish $words
done
mkdir "$work/two" && cp "$cards"/230[35].txt "$work/two"
sv "two contributors" new x $CATALOGUE "$work/two" "$LEADER_URL" "$TRUST_FILE"
cp "$cards/2309.txt" "$work/two/again.txt" && cp "$cards/2309.txt" "$work/two/2309.txt"
sv "one card twice" new x $CATALOGUE "$work/two" "$LEADER_URL" "$TRUST_FILE"
rm "$work/two/again.txt"
sed -i 's/Kommun 2309/Kommun X/' "$work/two/2309.txt"
sv "an edited card" new x $CATALOGUE "$work/two" "$LEADER_URL" "$TRUST_FILE"
sed -n 1,3p "$cards/2309.txt" >"$work/two/2309.txt"
sv "half a card" new x $CATALOGUE "$work/two" "$LEADER_URL" "$TRUST_FILE"
echo nonsense >"$work/two/2309.txt"
sv "no card" new x $CATALOGUE "$work/two" "$LEADER_URL" "$TRUST_FILE"
sv "no folder of cards" new x $CATALOGUE "$work/none" "$LEADER_URL" "$TRUST_FILE"
sv "no catalogue" new x "$work/none.json" "$cards" "$LEADER_URL" "$TRUST_FILE"
sv "a bad catalogue" new x "$work/bad.json" "$cards" "$LEADER_URL" "$TRUST_FILE"
sv "a bad name" new å $CATALOGUE "$cards" "$LEADER_URL" "$TRUST_FILE"
sv "a bad address" new x $CATALOGUE "$cards" http://x "$TRUST_FILE"
sv "no trust file" new x $CATALOGUE "$cards" "$LEADER_URL" "$work/none"
sed "s/^publisher .*/publisher $LEADER_KEY/" "$TRUST_FILE" >"$work/trust"
sv "keys of another publisher" new x $CATALOGUE "$cards" "$LEADER_URL" "$work/trust"
sv "a threshold that hides nothing" new x $CATALOGUE "$cards" "$LEADER_URL" "$TRUST_FILE" --threshold 2
collection_new norrsken $CATALOGUE || exit 1
sv "a name that is taken" new norrsken $CATALOGUE "$cards" "$LEADER_URL" "$TRUST_FILE"
sv "the leader is away, publisher" skarva_publish open 2025Q2
sv "nothing is open" skarva_publish close 2025Q3
sv "nothing is collected" skarva_publish publish 2025Q2

# --- with servers
e2e_start helper && e2e_start leader || exit 1
sv "a period nobody opened" skarva status --period 2025Q4
collection_open 2025Q2 || exit 1
sv "no counts" skarva submit --period 2025Q2 --yes
for code in 2303 2305 2309; do
    "$BIN/skarva" tally --home "$COLLECTION_DIR/contributors/$code" --period 2025Q2 "$work/files"/samrad*.csv --zero kontakter --zero moten \
        --zero deltagande --zero enkat >/dev/null || e2e_not_ok "counts of $code"
done
sv "no keyboard" skarva submit --period 2025Q2
sed '/^NS01;/s/;.*/;1/' "$home/counts/2025Q2.csv" >"$work/broken.csv"
sv "a broken rule" skarva check --period 2025Q2 --counts "$work/broken.csv"
sv "too few to close over" skarva_publish collect 2025Q2
chmod 644 "$home/signing.key"
sv "a key that others can read" skarva submit --period 2025Q2 --yes
chmod 600 "$home/signing.key"
damage "a key that is none" signing.key 'nonsense\n' skarva submit --period 2025Q2 --yes
damage "another's key" signing.key "$(cat "$COLLECTION_DIR/contributors/2305/signing.key")\n" skarva submit --period 2025Q2 --yes
damage "another's trust" trust.txt "$(sed "s/^helper .*/helper $LEADER_KEY/" "$TRUST_FILE")\n" skarva submit --period 2025Q2 --yes
e2e_make_ca "$work" foreign
damage "another authority" ca.pem "$(cat "$work/foreign.pem")\n" skarva status --period 2025Q2
damage "no authority" ca.pem 'nonsense\n' skarva status --period 2025Q2
mkdir -p "$home/terms" && echo nonsense >"$home/terms/norrsken" && chmod 600 "$home/terms/norrsken"
sv "damaged terms" skarva submit --period 2025Q2 --yes
rm -r "$home/terms"
# Too few handed in: what the publisher can do, while the window lasts and after it.
{ skarva_publish close 2025Q2 --wait && skarva_publish open 2025Q3 --window-days 1 &&
    skarva_publish close 2025Q3 --wait; } >/dev/null 2>&1 || e2e_not_ok "two periods close"
sv "too few handed in" skarva_publish collect 2025Q2
e2e_check "and it says how to go on" grep -q "0 har lämnat och minst 3 krävs.*skarva-publish reopen 2025Q2" "$work/said"
cat >"$work/clock.c" <<'END'
#include <time.h>
time_t time(time_t *out)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    now.tv_sec += 2 * 86400;
    if (out != NULL)
        *out = now.tv_sec;
    return now.tv_sec;
}
END
if "${CC:-cc}" -shared -fPIC -o "$work/clock.so" "$work/clock.c"; then
    # A sanitizer wants to be the first library, unless told that another may be.
    later() { ASAN_OPTIONS=${ASAN_OPTIONS:+$ASAN_OPTIONS:}verify_asan_link_order=0 LD_PRELOAD=$work/clock.so skarva_publish "$@"; }
    sv "too few, and the window is over" later collect 2025Q3
    e2e_check "and it says that nobody can hand in" grep -q "fönstret slutade 20.*skarva-publish new" "$work/said"
    sv "reopened when the window is over" later reopen 2025Q3
else
    e2e_skip "the window is over" "no compiler"
fi
sv "a window that is over" skarva_publish open 2025Q4 --window-start 2025-01-01
sv "a period that is not over" skarva_publish open 2062Q1
skarva_publish reopen 2025Q2 >/dev/null 2>&1 || e2e_not_ok "it opens again"
for code in 2303 2305 2309; do
    "$BIN/skarva" submit --home "$COLLECTION_DIR/contributors/$code" --period 2025Q2 --yes >/dev/null 2>&1 ||
        e2e_not_ok "submission of $code"
done
e2e_stop helper
sv "the helper is away" skarva submit --period 2025Q2 --yes --again --wait 1
sv "a close that must wait" skarva_publish close 2025Q2
e2e_start helper
collection_close 2025Q2 || e2e_not_ok "the period closes"
sv "a closed period" skarva submit --period 2025Q2 --yes --again
sv "a second time" skarva_publish reopen 2025Q2
collection_publish 2025Q2 || e2e_not_ok "the period is published"
cp "$home/receipts"/2025Q2-*.receipt "$work/receipt" 2>/dev/null
printf '\377' | dd of="$work/receipt" bs=1 seek=60 conv=notrunc 2>/dev/null
sv "a changed receipt" skarva receipt --period 2025Q2 --check "$work/receipt"
truncate -s 30 "$work/receipt"
sv "half a receipt" skarva receipt --period 2025Q2 --check "$work/receipt"

# --- skarva-audit
bundle=$SITE_DIR/bundles/norrsken-2025Q2.tar
e2e_check "there is a bundle" test -s "$bundle"
for words in "" "sum" "verify" "verify $bundle" "verify $work/none --trust $TRUST_FILE" "verify $work --trust $TRUST_FILE" \
    "verify $bundle --trust $work/none" "verify $bundle --trust $CATALOGUE" "verify $bundle --trust $TRUST_FILE --jobs 0" \
    "verify $bundle --trust $work/trust" "verify $CATALOGUE --trust $TRUST_FILE" "--colour"; do
    # shellcheck disable=SC2086 # words
    sv "skarva-audit $words" audit $words
done
size=$(stat -c %s "$bundle")
for part in 1 3 5 7 9; do
    cp "$bundle" "$work/damaged.tar"
    printf '\377\376\375' | dd of="$work/damaged.tar" bs=1 seek=$((size * part / 10)) conv=notrunc 2>/dev/null
    sv "skarva-audit: damaged at $part/10" audit verify "$work/damaged.tar" --trust "$TRUST_FILE"
done
head -c $((size / 2)) "$bundle" >"$work/damaged.tar"
sv "skarva-audit: half a bundle" audit verify "$work/damaged.tar" --trust "$TRUST_FILE"
e2e_stop leader
e2e_stop helper
e2e_finish
