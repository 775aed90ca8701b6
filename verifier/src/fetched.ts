// SPDX-License-Identifier: EUPL-1.2
// fetched.ts - a bundle that the page fetches from its own site. Nothing is believed of what comes: it is checked as a file from the disk is.

/** The bundle did not come; why, in the words of whoever said so. */
export class NotFetchedError extends Error {}

const MOST = 2 ** 32; // docs/protocol.md, section 20

function join(pieces: Uint8Array[], n: number): Uint8Array {
    const all = new Uint8Array(n);
    let at = 0;
    for (const piece of pieces) {
        all.set(piece, at);
        at += piece.length;
    }
    return all;
}

async function readAll(body: ReadableStream<Uint8Array>, total: number, step: (got: number, all: number) => void): Promise<Uint8Array> {
    const pieces: Uint8Array[] = [];
    const reader = body.getReader();
    let got = 0;
    for (;;) {
        const { done, value } = await reader.read();
        if (done) return join(pieces, got);
        got += value.length;
        if (got > MOST) {
            await reader.cancel();
            throw new NotFetchedError("> 4 GiB");
        }
        pieces.push(value);
        step(got, total);
    }
}

/**
 * What is at `address`, which may be relative to `page`. Only the page's own site is asked (the page's policy would let no other be), without
 * cookies, and it may not lead elsewhere. `step` is told how many bytes came, of how many (0: not known).
 */
export async function fetchBundle(address: string, page: string, step: (got: number, all: number) => void): Promise<Uint8Array> {
    let url: URL;
    try {
        url = new URL(address, page);
    } catch {
        throw new NotFetchedError(address);
    }
    if (url.origin !== new URL(page).origin || !/^https?:$/.test(url.protocol)) throw new NotFetchedError(`${url.href} – ${new URL(page).origin}`);
    url.hash = "";
    try {
        const response = await fetch(url, { credentials: "omit", redirect: "error" });
        if (!response.ok || response.body === null) throw new NotFetchedError(`${url.href}: ${response.status}`);
        return await readAll(response.body, Number(response.headers.get("Content-Length") ?? 0), step);
    } catch (error) {
        throw error instanceof NotFetchedError ? error : new NotFetchedError(`${url.href}: ${(error as Error).message}`);
    }
}
