#!/usr/bin/env bash
# SPDX-License-Identifier: EUPL-1.2
# test_lying_front.sh - an intruder in the leader's front hands out an encryption key of its own: the leader does not sign
# parameters that name it, and officers, who take the keys from the signed parameters, never ask for one.
set -uo pipefail
cd "$(dirname "$0")/../.." || exit 1
. tests/e2e/lib.sh
. tests/e2e/collection.sh

if ! command -v python3 >/dev/null 2>&1; then
    echo "SKIP a lying front: python3 is not installed"
    exit 0
fi
e2e_scratch work lying
front=
cleanup() {
    [ -z "$front" ] || kill "$front" 2>/dev/null
    e2e_cleanup
}
collection_setup "$work/run" || exit 1
trap cleanup EXIT

cat >"$work/catalogue.json" <<'END'
{"skarva_catalogue": 1, "id": "small", "edition": "1", "title": {"sv": "Liten", "en": "Small"},
 "record_kinds": [{"code": "events", "label": {"sv": "Händelser", "en": "Events"},
   "columns": [{"code": "id", "kind": "id", "required": true}, {"code": "typ", "kind": "text", "required": true}]}],
 "indicators": [{"code": "A", "label": {"sv": "A", "en": "A"}, "unit": {"sv": "st", "en": "pcs"}, "origin": "derived",
   "cadence": "quarter", "sensitivity": "process", "bound": 100,
   "count": {"records": "events", "where": [{"column": "typ", "is": ["a"]}]}}]}
END
COLLECTION_NAME=small
for code in 01 02 03; do collection_join $code "Kommun $code" || exit 1; done

# The real leader listens elsewhere; the intruder has its name, its certificate and its port.
real_port=$(e2e_free_port)
e2e_config leader listen_port "$real_port"
e2e_start helper && e2e_start leader || exit 1
{ printf '\000\051\001\000\040\000\001\000\001\000\040'; head -c 32 /dev/urandom; } >"$work/forged" # number 1, like the real one
python3 tests/e2e/lying_front.py "$LEADER_PORT" "$real_port" "$E2E_DIR/tls/leader.pem" "$E2E_DIR/tls/leader.key" \
    "$work/lie" "$work/asked" 2>"$work/front.log" &
front=$!
for _ in $(seq 100); do
    grep -qs listening "$work/asked" && break
    sleep 0.05
done
collection_new small "$work/catalogue.json" || exit 1

get() { curl --silent --show-error --fail --noproxy '*' --cacert "$CA_FILE" "$1"; }
asked() { grep -c "GET /hpke_config" "$work/asked"; }

cp "$work/forged" "$work/lie"
e2e_check "the front hands out the forged key" cmp <(get "${LEADER_URL}hpke_config") "$work/forged"
said=$("$BIN/skarva-publish" open 2025Q2 --home "$PUBLISHER_HOME" --lang en 2>&1)
if [ $? -ne 0 ] && [[ $said == *"leader_hpke is not this server's HPKE configuration"* ]]; then
    e2e_ok "the leader does not sign parameters with another key than its own"
else
    e2e_not_ok "the leader does not sign parameters with another key than its own" "$said"
fi
e2e_check "neither server has a task" test "$(get "${LEADER_URL}skarva/tasks" | wc -c)" -eq 4

rm "$work/lie"
e2e_check "with the leader's own key the period opens" collection_open 2025Q2

cp "$work/forged" "$work/lie"
before=$(asked)
for code in 01 02 03; do
    printf 'id;typ\n%s-1;a\n%s-2;a\n' $code $code >"$work/$code.csv"
    e2e_check "contributor $code has a receipt: both servers could open its shares" collection_submit 2025Q2 $code "$work/$code.csv"
done
e2e_check "none of them asked for a key" test "$(asked)" -eq "$before"
e2e_check "their uploads went through the lying front" test "$(grep -c 'POST /tasks/.*/reports' "$work/asked")" -eq 3
e2e_check "the period closes and is collected" collection_close 2025Q2
e2e_check "it is published" collection_publish 2025Q2
e2e_check "the audit passes" collection_audit 2025Q2 "$work/audit"
e2e_finish
