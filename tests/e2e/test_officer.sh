#!/usr/bin/env bash
# SPDX-License-Identifier: EUPL-1.2
# test_officer.sh - skarva against two real servers: what an officer does in a quarter, and what goes wrong.
set -uo pipefail
cd "$(dirname "$0")/../.." || exit 1
. tests/e2e/lib.sh
. tests/e2e/collection.sh

CATALOGUE=catalogues/operation-norrsken.json
e2e_scratch work officer
collection_setup "$work/run" || exit 1

# counts FILE NS01 NS02: finished counts where the rest follows from these two.
write_counts() {
    cat >"$1" <<END
cell;value
NS01;$2
NS01.TYP.PLA;$2
NS01.TYP.KON;0
NS01.TYP.AKU;0
NS01.TYP.UPP;0
NS01.SAMT.BLA;$2
NS01.SAMT.MUN;0
NS01.SAMT.AVI;0
NS01.KAT.MVK;$2
NS01.KAT.HED;0
NS01.KAT.SAMK;0
NS01.KAT.KVM;0
NS01.KAT.PM;0
NS01.KON.K;$2
NS01.KON.M;0
NS01.KON.X;0
NS01.FORM.PSY;$2
NS01.FORM.FYS;0
NS01.FORM.SEX;0
NS01.FORM.MAT;0
NS01.FORM.EKO;0
NS01.FORM.LAT;0
NS01.FORM.FOR;0
NS02;$3
NS02.KON.K;$3
NS02.KON.M;0
NS02.KON.X;0
NS02.ALD.A18;$3
NS02.ALD.A25;0
NS02.ALD.A45;0
NS02.ALD.A65;0
NS05;$2
NS05.RISK.LAG;$2
NS05.RISK.MED;0
NS05.RISK.HOG;0
NS05.RISK.EJ;0
END
}
newest() { find "$COLLECTION_DIR/contributors/$1/submissions" -name "$2-*" | sort -V | tail -n 1; }
report_of() { tail -c +4 "$1" | sha256sum; } # what is behind version, state and error

COLLECTION_NAME=norrsken
for code in 2303 2305 2309 2380; do collection_join "$code" "Kommun $code" || exit 1; done
collection_join 9999 "Utanför" && mv "$COLLECTION_DIR/cards/9999.txt" "$work/outside.txt"

# --- a folder and its keys
home=$COLLECTION_DIR/contributors/2380
expect "init does not overwrite" 7 "nothing is overwritten" "$BIN/skarva" init --home "$home" --code 2380 --name X \
    --leader "$LEADER_URL" --trust "$TRUST_FILE" --lang en
expect "init says what is missing" 2 "--trust is missing" "$BIN/skarva" init --home "$work/new" --code 1 --name X \
    --leader "$LEADER_URL" --lang en
expect "init wants a code" 2 "--code: a code has" "$BIN/skarva" init --home "$work/new" --code "å" --name X \
    --leader "$LEADER_URL" --trust "$TRUST_FILE" --lang en
e2e_check "a refused init leaves no folder" test ! -e "$work/new"
e2e_check "the folder is private" test "$(stat -c %a "$home")" = 700
e2e_check "the key is private" test "$(stat -c %a "$home/signing.key")" = 600
expect "an unknown command" 2 "is no command" "$BIN/skarva" sum --lang en
expect "options that all take may come first" 2 "give --period" "$BIN/skarva" --lang en --home "$home" check
expect "an option of another command" 2 "--yes is no option here" officer 2380 tally --yes --period 2025Q2
expect "a period that is none" 2 "--period is 2025" officer 2380 tally --period 2025Q9 x.csv
expect "a folder without init" 7 "start with skarva init" "$BIN/skarva" check --home "$work/nowhere" --period 2025Q2 --lang en

# --- without a server
write_counts "$work/a.csv" 12 9
expect "the leader is not there" 4 "cannot be reached" officer 2380 tally --period 2025Q2 --counts-from "$work/a.csv"
expect "a catalogue file needs no server" 0 "Nothing has been sent" officer 2380 tally --period 2025Q2 \
    --counts-from "$work/a.csv" --catalogue $CATALOGUE
e2e_check "counts are private" test "$(stat -c %a "$home/counts/2025Q2.csv")" = 600

e2e_start helper && e2e_start leader || exit 1
collection_new norrsken $CATALOGUE || exit 1
expect "a period that nobody opened" 8 "has no collection norrsken for 2025Q2 yet" officer 2380 tally --period 2025Q2 \
    --counts-from "$work/a.csv"
collection_open 2025Q2 || exit 1

# --- counts
expect "counts made with the signed catalogue" 0 "Nothing has been sent" officer 2380 tally --period 2025Q2 \
    --counts-from "$work/a.csv"
expect "good counts pass" 0 "limits hold" officer 2380 check --period 2025Q2
{ cat "$work/a.csv" && printf 'NS07;130\nNS07.PART.POL;130\n' && printf 'NS07.PART.%s;0\n' REG KOM KVJ BOJ OVR; } >"$work/contacts.csv"
expect "a rule between files is told without its flags" 1 "at most ten for each case (NS01 = 12, NS07 = 130)" officer 2380 check \
    --period 2025Q2 --counts "$work/contacts.csv"
write_counts "$work/broken.csv" 12 13
expect "a broken rule is named" 1 "Different persons are at most the cases with consent (NS01.SAMT.BLA = 12, NS01.SAMT.MUN = 0, NS02 = 13)" \
    officer 2380 check --period 2025Q2 --counts "$work/broken.csv"
expect "broken counts are not sent" 1 "Nothing was sent" officer 2380 submit --period 2025Q2 --yes --counts "$work/broken.csv"
sed -i 's/NS01.KON.K;12/NS01.KON.K;11/' "$work/broken.csv"
expect "every broken rule is named" 1 "the sum over sex equals the total" \
    officer 2380 check --period 2025Q2 --counts "$work/broken.csv"
sed 's/^NS02;9/NS02;9,5/' "$work/a.csv" >"$work/decimal.csv"
expect "decimals are refused" 3 "row 25, NS02: 9,5 is a decimal number" officer 2380 check --period 2025Q2 \
    --counts "$work/decimal.csv"
sed 's/# catalogue operation-norrsken 2024-08 ...../# catalogue operation-norrsken 2024-08 00000/' \
    "$home/counts/2025Q2.csv" >"$work/other.csv"
expect "counts of another catalogue are refused" 3 "made with another catalogue" officer 2380 submit --period 2025Q2 --yes \
    --counts "$work/other.csv"
expect "nothing is there before the first submission" 0 "nothing has been submitted from here" officer 2380 status --period 2025Q2
expect "sending wants a yes" 2 "give --yes" officer 2380 submit --period 2025Q2

# --- submissions
# at_keyboard ANSWER: submit with a terminal, as an officer does.
at_keyboard() {
    echo "$1" | script -qec "$BIN/skarva submit --home $home --period 2025Q2 --lang sv" /dev/null
}
expect "at the keyboard the table and a question come first" 0 "Skicka för 2380 Kommun 2380, 2025Q2? [j/N]" at_keyboard n
expect "a no sends nothing" 0 "nothing has been submitted from here" officer 2380 status --period 2025Q2
expect "who never handed in sees the whole roster" 0 "Kommun 2380  (vi)" at_keyboard n
e2e_check "a no is not remembered" test ! -e "$home/terms/norrsken"
expect "a submission is accepted with a receipt" 0 "Submission 1 for 2025Q2 is accepted" officer 2380 submit --period 2025Q2 --yes
e2e_check "the receipt is kept" test -s "$home/receipts/2025Q2-1.receipt"
e2e_check "the prepared report is private" test "$(stat -c %a "$(newest 2380 2025Q2)")" = 600
expect "the same counts are not sent twice" 0 "nothing is sent" officer 2380 submit --period 2025Q2 --yes
write_counts "$work/b.csv" 13 9
expect "other counts get the next number" 0 "Submission 2 for 2025Q2 is accepted" officer 2380 submit --period 2025Q2 --yes \
    --counts "$work/b.csv"
expect "the same counts again, on request" 0 "Submission 3 for 2025Q2 is accepted" officer 2380 submit --period 2025Q2 --yes \
    --counts "$work/b.csv" --again
rm -rf "$home/submissions"
expect "a lost memory is recovered from the server" 0 "Submission 4 for 2025Q2 is accepted" officer 2380 submit --period 2025Q2 \
    --yes --counts "$work/b.csv"
rm "$home"/receipts/*
expect "status lists the submissions" 0 "submission 4: accepted" officer 2380 status --period 2025Q2
e2e_check "status fetches lost receipts" test -s "$home/receipts/2025Q2-4.receipt"

# --- receipts
expect "the newest receipt is shown" 0 "submission       number 4" officer 2380 receipt --period 2025Q2
printf '\377' | dd of="$home/receipts/2025Q2-4.receipt" bs=1 seek=60 conv=notrunc 2>/dev/null
expect "a changed receipt is found out" 6 "signature does not hold" officer 2380 receipt --period 2025Q2
expect "a receipt of another period" 6 "the receipt is for 2025Q2" officer 2380 receipt --period 2025Q3 \
    --check "$home/receipts/2025Q2-1.receipt"
expect "no receipt" 7 "no receipt for 2024Q1" officer 2380 receipt --period 2024Q1

# --- servers that are away
write_counts "$work/c.csv" 14 9
expect "a first submission meets the helper" 0 "Submission 1 for" officer 2303 submit --period 2025Q2 --yes --counts "$work/a.csv"
e2e_stop helper
expect "who never met the helper encrypts to it all the same" 5 "sent but not accepted yet" officer 2309 submit \
    --period 2025Q2 --yes --counts "$work/a.csv" --wait 1
expect "without the helper the submission waits" 5 "sent but not accepted yet" officer 2303 submit --period 2025Q2 --yes \
    --counts "$work/b.csv" --wait 1
before=$(newest 2303 2025Q2)
hash=$(report_of "$before")
expect "asking again sends nothing new" 5 "sent but not accepted yet" officer 2303 submit --period 2025Q2 --yes \
    --counts "$work/b.csv" --no-wait
e2e_check "there is no third submission" test "$(newest 2303 2025Q2)" = "$before"
officer 2303 submit --period 2025Q2 --yes --counts "$work/b.csv" --wait 20 >/dev/null 2>&1 &
waiting=$!
sleep 1
expect "two at once do not get in each other's way" 7 "another skarva is at work" officer 2303 submit --period 2025Q2 --yes \
    --counts "$work/c.csv" --wait 0
e2e_start helper || exit 1
wait $waiting
e2e_check "who waits gets the answer when the helper is back" test $? -eq 0
expect "and the receipt" 0 "submission       number 2" officer 2303 receipt --period 2025Q2
e2e_check "it was the same report all the time" test "$(report_of "$before")" = "$hash"

# --- a leader that takes nothing: the report is prepared, and the same bytes go when it does
officer 2305 tally --period 2025Q2 --counts-from "$work/a.csv" >/dev/null
e2e_config leader upload_max 1024
e2e_stop leader
expect "no leader, nothing prepared" 4 "cannot be reached" officer 2305 submit --period 2025Q2 --yes
e2e_start leader || exit 1
expect "a leader that refuses the upload" 4 "413" officer 2305 submit --period 2025Q2 --yes
before=$(newest 2305 2025Q2)
hash=$(report_of "$before")
e2e_config leader upload_max 1048576
e2e_stop leader
e2e_start leader || exit 1
expect "and then it works" 0 "Submission 1 for 2025Q2 is accepted" officer 2305 submit --period 2025Q2 --yes
e2e_check "with the bytes that were prepared" test "$(report_of "$before")" = "$hash"

# --- published only together with others'
expect "what cannot be marked" 2 '"NS99" is no indicator that can be marked' officer 2305 submit --period 2025Q2 --yes \
    --only-with-others NS01,NS99
e2e_check "is not remembered" test ! -e "$COLLECTION_DIR/contributors/2305/marks"
expect "a mark is told before it is sent" 0 "To be published only together with others': NS01, NS05" officer 2305 submit \
    --period 2025Q2 --yes --only-with-others NS01,NS05
expect "it is kept" 0 "nothing is sent" officer 2305 submit --period 2025Q2 --yes
expect "the table shows it" 0 "12  only together with others'" officer 2305 tally --period 2025Q2 --counts-from "$work/a.csv"
expect "it can be taken back" 0 "Submission 3 for 2025Q2 is accepted" officer 2305 submit --period 2025Q2 --yes --also-alone NS05
e2e_check "the other one is kept" test "$(cat "$COLLECTION_DIR/contributors/2305/marks/2025Q2")" = NS01
expect "that nothing is left marked is said" 0 "Nothing is marked to be published only together" officer 2380 submit --period 2025Q2 --yes \
    --also-alone NS01
e2e_check "marks are private" test "$(stat -c %a "$COLLECTION_DIR/contributors/2305/marks/2025Q2")" = 600

# --- who is not who
mkdir -p "$work/theft" && cp -r "$COLLECTION_DIR/contributors/2309/." "$work/theft"
cp "$COLLECTION_DIR/contributors/9999/signing.key" "$work/theft/signing.key"
expect "another key than the roster's" 6 "another key than ours" "$BIN/skarva" submit --home "$work/theft" --period 2025Q2 --yes \
    --counts "$work/a.csv" --lang en
expect "not on the roster" 6 "not on the period's roster" officer 9999 submit --period 2025Q2 --yes --counts "$work/a.csv"
chmod 640 "$work/theft/signing.key"
expect "a key that others can read" 7 "others can read" "$BIN/skarva" submit --home "$work/theft" --period 2025Q2 --yes \
    --counts "$work/a.csv" --lang en
sed "s/^helper .*/helper $LEADER_KEY/" "$TRUST_FILE" >"$work/theft/trust.txt"
expect "keys that we do not trust" 6 "the helper's key in the period's parameters" "$BIN/skarva" tally --home "$work/theft" \
    --period 2025Q2 --counts-from "$work/a.csv" --lang en
e2e_make_ca "$work" foreign
cp "$work/foreign.pem" "$work/theft/ca.pem"
expect "a server that another authority vouches for" 4 "valid certificate" "$BIN/skarva" tally --home "$work/theft" \
    --period 2025Q2 --counts-from "$work/a.csv" --lang en

# --- the end of the quarter
expect "another contributor" 0 "accepted" officer 2309 submit --period 2025Q2 --yes --counts "$work/a.csv"
collection_close 2025Q2 || e2e_not_ok "the period closes"
expect "a closed period takes nothing" 8 "" officer 2309 submit --period 2025Q2 --yes --counts "$work/b.csv"
expect "status says closed" 0 "closed and collected" officer 2309 status --period 2025Q2

# --- what was marked is not published, and nobody sees by whom
table=$SITE_DIR/2025Q2.csv
collection_publish 2025Q2 || e2e_not_ok "the period is published"
for line in ",NS01,total,.*,marked$" ",NS01.KON.K,category,.*,marked$" ",NS01.marked,mark,.*,\.\.,marked$" \
    ",NS01.answered,answered,.*,4,$" ",NS05,total,.*,complement$" ",NS05.marked,mark,.*,0,$" ",NS02,total,.*,36,$"; do
    e2e_check "the table has $line" grep -q -- "$line" "$table"
done
e2e_check "the page says why" grep -q "publiceras bara tillsammans med andras" "$SITE_DIR/2025Q2.html"
e2e_check "the audit passes" collection_audit 2025Q2 "$work/audit"

# --- a wrong clock: told with the difference, before it is blamed on the server
cat >"$work/clock.c" <<'END'
#include <time.h>
time_t time(time_t *out)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    now.tv_sec += 2 * 3600 + 5 * 60 + 30;
    if (out != NULL)
        *out = now.tv_sec;
    return now.tv_sec;
}
END
if "${CC:-cc}" -shared -fPIC -o "$work/clock.so" "$work/clock.c"; then
    # A sanitizer wants to be the first library, unless told that another may be.
    late() { ASAN_OPTIONS=${ASAN_OPTIONS:+$ASAN_OPTIONS:}verify_asan_link_order=0 LD_PRELOAD=$work/clock.so officer 2309 "$@"; }
    expect "a clock that is ahead" 8 "is 0 d 2 h 5 min ahead of the server's" late status --period 2025Q2
    expect "and what to do" 8 "Set this computer's clock and run again" late status --period 2025Q2
else
    e2e_skip "a wrong clock" "no compiler"
fi

# --- the next period, for which the publisher put another member into the roster
sneaky=$work/sneaky
cp -r "$PUBLISHER_HOME" "$sneaky" && rm -rf "$sneaky/collections/norrsken"
cp "$work/outside.txt" "$COLLECTION_DIR/cards/9999.txt" && rm "$COLLECTION_DIR/cards/2305.txt"
PUBLISHER_HOME=$sneaky collection_new norrsken $CATALOGUE --threshold 3 && PUBLISHER_HOME=$sneaky collection_open 2025Q3 ||
    e2e_not_ok "the publisher opens the next period"
officer 2309 tally --period 2025Q3 --counts-from "$work/a.csv" >/dev/null
write_counts "$work/large.csv" 40 30
for period in 2024Q4 2025Q1; do
    officer 2309 tally --period $period --counts-from "$work/a.csv" --catalogue $CATALOGUE >/dev/null
done
for text in "NS02 Different persons in consultation: our 30 is 83 % of the last published total, 36 (2025Q2)" \
    "NS01 Cases in consultation: our 40 is more than 3 times the usual (12 is the median of 2 periods)"; do
    expect "a figure that dominates: ${text:0:4}" 0 "$text" officer 2309 tally --period 2025Q3 --counts-from "$work/large.csv" \
        --out "$work/large.counts"
done
expect "check tells it too" 0 "our 30 is 83 %" officer 2309 check --period 2025Q3 --counts "$work/large.counts"
echo "dominance_share = 90" >>"$COLLECTION_DIR/contributors/2309/skarva.conf"
dominates() { officer 2309 check --period 2025Q3 --counts "$work/large.counts" | grep -q "last published total"; }
e2e_check "the limit is the officer's" eval '! dominates'
sed -i '/^dominance_share/d' "$COLLECTION_DIR/contributors/2309/skarva.conf"
cp "$table" "$work/table.csv" && echo "<html>" >"$table"
expect "a table that is none is a note" 0 "could not be fetched (the answer is no table)" officer 2309 check --period 2025Q3 \
    --counts "$work/large.counts"
cp "$work/table.csv" "$table"
expect "status tells who is new" 0 "new contributor: 9999 Utanför" officer 2309 status --period 2025Q3
for text in "new contributor: 9999 Utanför" "no longer there: 2305 Kommun 2305" "small values: 3, before 5" \
    "run again with --accept-roster"; do
    expect "a changed roster stops the submission: $text" 6 "$text" officer 2309 submit --period 2025Q3 --yes
done
expect "nothing was sent" 0 "nothing has been submitted from here" officer 2309 status --period 2025Q3
at_keyboard_2309() {
    printf '%s\n' "$@" | script -qec "$BIN/skarva submit --home $COLLECTION_DIR/contributors/2309 --period 2025Q3 --lang sv" /dev/null
}
expect "at the keyboard it is a question of its own" 0 "Godta detta? [j/N]" at_keyboard_2309 n n
expect "a no sends nothing of this either" 0 "nothing has been submitted from here" officer 2309 status --period 2025Q3
expect "who accepts the roster hands in" 0 "Submission 1 for 2025Q3 is accepted" officer 2309 submit --period 2025Q3 --yes \
    --accept-roster
write_counts "$work/d.csv" 15 9
expect "and is not asked again" 0 "Submission 2 for 2025Q3 is accepted" officer 2309 submit --period 2025Q3 --yes \
    --counts "$work/d.csv"
PUBLISHER_HOME=$sneaky collection_new other $CATALOGUE && PUBLISHER_HOME=$sneaky publish open 2025Q3 --name other ||
    e2e_not_ok "the publisher opens a second collection"
expect "the same figures for a second collection want a yes" 6 "never handed in here before" officer 2309 submit \
    --period 2025Q3 --collection other --yes --counts "$work/d.csv"
expect "Swedish where it is asked for" 0 "stängd och hämtad" "$BIN/skarva" status --home "$home" --period 2025Q2 --lang sv
e2e_finish
