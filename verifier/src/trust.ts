// SPDX-License-Identifier: EUPL-1.2
// trust.ts - the trust file: four public keys, the roots of an audit (docs/protocol.md, section 19).
import { decodeUtf8, demand, fromBase64url, toHex } from "./bytes";
import { type Parties } from "./parameters";

const NAMES = ["publisher", "second", "leader", "helper"] as const;

/** Throws FormError, saying what is wrong. */
export function readTrust(data: Uint8Array): Parties {
    const text = decodeUtf8(data);
    demand(text !== null, "the trust file is no text");
    const found: Partial<Parties> = {};
    for (const raw of text.split("\n")) {
        const line = raw.replace(/\r$/, "");
        if (line === "" || line.startsWith("#")) continue;
        const [name, key, ...rest] = line.split(" ");
        const who = NAMES.find((n) => n === name);
        const bytes = fromBase64url(key ?? "", 32);
        demand(who !== undefined && bytes !== null && rest.length === 0, `not understood in the trust file: ${line}`);
        demand(found[who] === undefined, `the trust file names ${who} twice`);
        found[who] = bytes;
    }
    for (const name of NAMES) demand(found[name] !== undefined, `the trust file lacks ${name}`);
    const keys = found as Parties;
    demand(new Set(NAMES.map((n) => toHex(keys[n]))).size === 4, "the trust file gives two parties one key");
    return keys;
}
