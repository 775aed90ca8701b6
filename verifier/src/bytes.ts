// SPDX-License-Identifier: EUPL-1.2
// bytes.ts - strict readers and small writers of bytes (docs/protocol.md, sections 1 and 2).

/** What was read is not what its encoder would have written. */
export class FormError extends Error {}

export function refuse(message: string): never {
    throw new FormError(message);
}

export function demand(holds: boolean, message: string): asserts holds {
    if (!holds) refuse(message);
}

export class Reader {
    at = 0;
    constructor(readonly data: Uint8Array) {}

    get left(): number {
        return this.data.length - this.at;
    }
    bytes(n: number): Uint8Array {
        demand(n <= this.left, "too short");
        this.at += n;
        return this.data.subarray(this.at - n, this.at);
    }
    u8(): number {
        return this.bytes(1)[0]!;
    }
    u16(): number {
        return this.u8() * 256 + this.u8();
    }
    u32(): number {
        return this.u16() * 65536 + this.u16();
    }
    u64(): bigint {
        return (BigInt(this.u32()) << 32n) | BigInt(this.u32());
    }
    i64(): bigint {
        return BigInt.asIntN(64, this.u64());
    }
    bool(): boolean {
        const value = this.u8();
        demand(value <= 1, "a boolean is neither 0 nor 1");
        return value === 1;
    }
    private opaque(length: number, max: number): Uint8Array {
        demand(length <= max, "longer than its limit");
        return this.bytes(length);
    }
    opaque8(max = 255): Uint8Array {
        return this.opaque(this.u8(), max);
    }
    opaque16(max = 65535): Uint8Array {
        return this.opaque(this.u16(), max);
    }
    opaque32(max: number): Uint8Array {
        return this.opaque(this.u32(), max);
    }
    end(): void {
        demand(this.left === 0, "longer than it should be");
    }
}

export function u32(value: number): Uint8Array {
    const out = new Uint8Array(4);
    new DataView(out.buffer).setUint32(0, value);
    return out;
}

export function u64(value: bigint | number): Uint8Array {
    const out = new Uint8Array(8);
    new DataView(out.buffer).setBigUint64(0, BigInt.asUintN(64, BigInt(value)));
    return out;
}

export function ascii(text: string): Uint8Array {
    return Uint8Array.from(text, (c) => c.charCodeAt(0));
}

export function concat(...parts: Uint8Array[]): Uint8Array {
    const out = new Uint8Array(parts.reduce((n, p) => n + p.length, 0));
    let at = 0;
    for (const part of parts) {
        out.set(part, at);
        at += part.length;
    }
    return out;
}

export function isSame(a: Uint8Array, b: Uint8Array): boolean {
    if (a.length !== b.length) return false;
    for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
    return true;
}

export function isAllZero(a: Uint8Array): boolean {
    return a.every((b) => b === 0);
}

/** Byte order: negative, 0 or positive. */
export function compareBytes(a: Uint8Array, b: Uint8Array): number {
    for (let i = 0; i < a.length && i < b.length; i++) if (a[i] !== b[i]) return a[i]! - b[i]!;
    return a.length - b.length;
}

export function toHex(data: Uint8Array): string {
    return Array.from(data, (b) => b.toString(16).padStart(2, "0")).join("");
}

export function bigintFromLe(bytes: Uint8Array): bigint {
    let value = 0n;
    for (let i = bytes.length - 1; i >= 0; i--) value = (value << 8n) | BigInt(bytes[i]!);
    return value;
}

const BASE64URL = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/** Base64url without padding, of exactly `length` bytes; unused bits must be zero. */
export function fromBase64url(text: string, length: number): Uint8Array | null {
    if (text.length !== Math.ceil((length * 8) / 6)) return null;
    const out = new Uint8Array(length);
    let held = 0;
    let bits = 0;
    let at = 0;
    for (const c of text) {
        const value = BASE64URL.indexOf(c);
        if (value < 0) return null;
        held = (held << 6) | value;
        bits += 6;
        if (bits >= 8) {
            bits -= 8;
            out[at++] = held >> bits;
            held &= (1 << bits) - 1;
        }
    }
    return held === 0 && at === length ? out : null;
}

export function utf8(text: string): Uint8Array {
    return new TextEncoder().encode(text);
}

/** Well-formed UTF-8, byte order mark kept, or null. */
export function decodeUtf8(data: Uint8Array): string | null {
    try {
        return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(data);
    } catch {
        return null;
    }
}

const FORBIDDEN = /[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2028\u2029\u2066-\u2069\ufeff]/;

/** Section 2, "Text". */
export function readText(data: Uint8Array): string {
    const text = decodeUtf8(data);
    demand(text !== null && !FORBIDDEN.test(text), "a text is not well-formed");
    return text;
}

/** Section 2, "Code". */
export function readCode(data: Uint8Array): string {
    const code = String.fromCharCode(...data.subarray(0, 33));
    demand(/^[A-Za-z0-9_-]{1,32}$/.test(code), "a code is not well-formed");
    return code;
}
