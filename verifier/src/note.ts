// SPDX-License-Identifier: EUPL-1.2
// note.ts - signed notes, checkpoints and policies of public logs (C2SP signed-note, tlog-checkpoint, tlog-cosignature, tlog-policy; docs/log.md).
//
// Names are bytes that nothing orders or compares but for equality: they are kept as strings of one character a byte.
import { ascii, concat, decodeUtf8, demand, isSame, toHex } from "./bytes";
import { isSignedPlainly, sha256 } from "./hash";

const BASE64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const MAX_NOTE = 131072;
const MAX_POLICY = 65536;
const MAX_SIGNATURES = 16;
const MAX_SIGNATURE = 5120;
const MAX_NAME = 255;
const LOG_KEY = 1;
const WITNESS_KEY = 4;
const TWO_63 = 1n << 63n;

/** One character a byte. */
export function bytesToText(data: Uint8Array): string {
    let out = "";
    for (let at = 0; at < data.length; at += 4096) out += String.fromCharCode(...data.subarray(at, at + 4096));
    return out;
}

/** The one way in which base64, padded, is written; refuses every other. */
function fromBase64(text: string): Uint8Array {
    demand(text.length % 4 === 0, "base64 of another length");
    const nPadding = text.endsWith("==") ? 2 : text.endsWith("=") ? 1 : 0;
    const out = new Uint8Array((text.length / 4) * 3 - nPadding);
    let [held, bits, at] = [0, 0, 0];
    for (const c of text.slice(0, text.length - nPadding)) {
        const value = BASE64.indexOf(c);
        demand(value >= 0, "a character that is not base64");
        held = (held << 6) | value;
        bits += 6;
        if (bits < 8) continue;
        bits -= 8;
        out[at++] = held >> bits;
        held &= (1 << bits) - 1;
    }
    demand(held === 0 && at === out.length, "base64 with bits left over");
    return out;
}

function demandName(name: string): void {
    const text = decodeUtf8(ascii(name));
    demand(name.length >= 1 && name.length <= MAX_NAME, "a key's name is empty or too long");
    demand(text !== null && !/[\p{White_Space}+]/u.test(text), "a key's name has a space or a plus");
}

export interface VerifierKey {
    name: string;
    /** Four bytes, in hexadecimal. */
    id: string;
    key: Uint8Array;
}

function readVerifierKey(text: string, kind: number): VerifierKey {
    const [name, id, rest] = [...text.split("+", 2), text.split("+").slice(2).join("+")] as [string, string, string];
    demandName(name);
    const typed = fromBase64(rest);
    demand(typed.length === 33 && typed[0] === kind, "a key of another kind");
    demand(id === toHex(sha256(concat(ascii(name), Uint8Array.of(10), typed)).subarray(0, 4)), "a key's identifier is another's");
    return { name, id, key: typed.subarray(1) };
}

interface Group {
    least: number;
    members: string[];
}

export interface Policy {
    logs: VerifierKey[];
    /** By the name that the policy gives them; in order. */
    witnesses: Map<string, VerifierKey>;
    groups: Map<string, Group>;
    quorum: string;
}

/** The lines of a policy, one after the other. */
class PolicyReader {
    readonly policy: Policy = { logs: [], witnesses: new Map(), groups: new Map(), quorum: "" };
    private readonly used = new Set<string>();

    private isDefined(name: string): boolean {
        return this.policy.witnesses.has(name) || this.policy.groups.has(name);
    }

    private demandNew(name: string): void {
        demand(name.length <= MAX_NAME && name !== "none" && !this.isDefined(name), "a name stands twice, or may not be one");
        demand(this.policy.witnesses.size + this.policy.groups.size < 64, "too many witnesses and groups");
    }

    private addLog(words: string[]): void {
        demand(words.length === 2 || (words.length === 3 && words[2]!.length <= 500), "a line about a log");
        const key = readVerifierKey(words[1]!, LOG_KEY);
        demand(this.policy.logs.every((l) => !isSame(l.key, key.key)) && this.policy.logs.length < 32, "a log's key stands twice, or too many logs");
        this.policy.logs.push(key);
    }

    private addWitness(words: string[]): void {
        demand(words.length === 3 || (words.length === 4 && words[3]!.length <= 500), "a line about a witness");
        this.demandNew(words[1]!);
        const key = readVerifierKey(words[2]!, WITNESS_KEY);
        demand([...this.policy.witnesses.values()].every((w) => !isSame(w.key, key.key)), "a witness's key stands twice");
        this.policy.witnesses.set(words[1]!, key);
    }

    private addGroup(words: string[]): void {
        demand(words.length >= 4, "a line about a group");
        const members = words.slice(3);
        this.demandNew(words[1]!);
        for (const name of members) {
            demand(this.isDefined(name) && !this.used.has(name), "a member of a group is not defined before, or stands twice");
            this.used.add(name);
        }
        const word = words[2]!;
        demand(word === "all" || word === "any" || /^[1-9][0-9]{0,2}$/.test(word), "a group's threshold");
        const least = word === "all" ? members.length : word === "any" ? 1 : Number(word);
        demand(least <= members.length, "a group's threshold");
        this.policy.groups.set(words[1]!, { least, members });
    }

    private setQuorum(words: string[]): void {
        demand(words.length === 2 && this.policy.quorum === "", "a line about the quorum");
        demand(words[1] === "none" || this.isDefined(words[1]!), "the quorum is not defined");
        this.policy.quorum = words[1]!;
    }

    line(line: string): void {
        const words = line.split(/[ \t]+/).filter((w) => w !== "");
        const [first] = words;
        if (first === undefined || first.startsWith("#")) return;
        if (first === "log") this.addLog(words);
        else if (first === "witness") this.addWitness(words);
        else if (first === "group") this.addGroup(words);
        else {
            demand(first === "quorum", "a line that is not understood");
            this.setQuorum(words);
        }
    }
}

export function readPolicy(data: Uint8Array): Policy {
    demand(data.length <= MAX_POLICY && data[data.length - 1] === 10, "the policy is too long, or its last line has no end");
    demand(data.every((b) => (b >= 32 && b !== 127) || b === 9 || b === 10), "a control character in the policy");
    const reader = new PolicyReader();
    for (const line of bytesToText(data).split("\n")) reader.line(line);
    demand(reader.policy.quorum !== "", "a policy without a quorum");
    return reader.policy;
}

/** The same bytes, of a policy that was given: what is none is said at once, and is no failed check. */
export function readablePolicy(text: Uint8Array): Uint8Array {
    readPolicy(text);
    return text;
}

/** Whether those witnesses (by the names in the policy) are enough; of another quorum than the policy's, if `name` is given. */
export function isMet(policy: Policy, has: (name: string) => boolean, name = policy.quorum): boolean {
    if (name === "none") return true;
    const group = policy.groups.get(name);
    if (group === undefined) return has(name);
    return group.members.filter((m) => isMet(policy, has, m)).length >= group.least;
}

export interface Checkpoint {
    origin: string;
    size: bigint;
    root: Uint8Array;
}

interface Note {
    text: Uint8Array;
    signatures: { name: string; id: string; data: Uint8Array }[];
}

function readNote(data: Uint8Array): Note {
    demand(data.length <= MAX_NOTE, "the note is too long");
    demand(decodeUtf8(data) !== null && data.every((b) => b >= 32 || b === 10), "the note has bytes that no text has");
    const all = bytesToText(data);
    const at = all.lastIndexOf("\n\n");
    demand(at >= 0 && all.endsWith("\n"), "the note has no signatures, or its last line no end");
    const lines = all.slice(at + 2, -1).split("\n");
    demand(lines.length <= MAX_SIGNATURES, "the note has too many signatures");
    const dash = "\u00e2\u0080\u0094 "; // U+2014 in UTF-8
    const signatures = lines.map((line) => {
        const words = line.slice(dash.length).split(" ");
        demand(line.startsWith(dash) && words.length === 2, "a signature's line");
        demandName(words[0]!);
        const signature = fromBase64(words[1]!);
        demand(signature.length >= 5 && signature.length <= MAX_SIGNATURE, "a signature's length");
        return { name: words[0]!, id: toHex(signature.subarray(0, 4)), data: signature.subarray(4) };
    });
    return { text: data.subarray(0, at + 1), signatures };
}

function readCheckpoint(text: Uint8Array): Checkpoint {
    const lines = bytesToText(text).split("\n");
    const [origin, size, root] = lines as [string, string, string];
    demand(lines.length === 4 && lines[3] === "", "the checkpoint has not three lines");
    demand(origin.length >= 1 && origin.length <= 255, "the checkpoint's origin");
    demand(/^(0|[1-9][0-9]{0,18})$/.test(size) && BigInt(size) < TWO_63, "the checkpoint's size");
    const hash = fromBase64(root);
    demand(hash.length === 32, "the checkpoint's root");
    return { origin, size: BigInt(size), root: hash };
}

export interface Judged {
    checkpoint: Checkpoint;
    /** Who of the policy cosigned it, by the names there, and when (seconds). */
    cosigned: Map<string, bigint>;
}

function isCosigned(text: Uint8Array, data: Uint8Array, key: Uint8Array): bigint | null {
    if (data.length !== 72) return null;
    const time = new DataView(data.buffer, data.byteOffset).getBigUint64(0);
    if (time < 1n || time >= TWO_63) return null;
    const message = concat(ascii(`cosignature/v1\ntime ${time}\n`), text);
    return isSignedPlainly(message, data.subarray(8), key) ? time : null;
}

/** A checkpoint that a log of the policy signed under its own name, in which no signature of a party of the policy is wrong; refuses every other. */
export function judgeCheckpoint(data: Uint8Array, policy: Policy): Judged {
    const note = readNote(data);
    const checkpoint = readCheckpoint(note.text);
    const of = (key: VerifierKey) => note.signatures.filter((s) => s.name === key.name && s.id === key.id);
    let isByLog = false;
    for (const log of policy.logs.filter((l) => l.name === checkpoint.origin))
        for (const signature of of(log)) {
            demand(isSignedPlainly(note.text, signature.data, log.key), "the log's signature does not hold");
            isByLog = true;
        }
    demand(isByLog, "no log of the policy signed it");
    const cosigned = new Map<string, bigint>();
    for (const [name, witness] of policy.witnesses)
        for (const signature of of(witness)) {
            const time = isCosigned(note.text, signature.data, witness.key);
            demand(time !== null, `the cosignature of ${witness.name} does not hold`);
            cosigned.set(name, time);
        }
    return { checkpoint, cosigned };
}
