// SPDX-License-Identifier: EUPL-1.2
// log_source.ts - where the files of a public log are read: a folder, or an address, with a fixed number of requests at once.
import { concat, demand } from "./bytes";

export interface LogSource {
    /** A file of the log; null if there is none. Refuses one longer than `most`. Throws Unreachable if that cannot be known. */
    read(name: string, most: number): Promise<Uint8Array | null>;
    /** The names of the files in a folder of the log; null if they cannot be listed. */
    list(folder: string): string[] | null;
}

/** Whether a file is there cannot be known. */
export class Unreachable extends Error {}

const REQUESTS_AT_ONCE = 8;
const MOST_REDIRECTIONS = 5;
const REQUEST_MS = 60000;

/** What `get` gives for each, in order; so many at once are under way. Nobody need take them all. */
export async function* inOrder<T, R>(all: Iterable<T>, get: (one: T) => Promise<R>): AsyncGenerator<[T, R]> {
    const running: [T, Promise<R>][] = [];
    for (const one of all) {
        const result = get(one);
        result.catch(() => {}); // told when it is its turn
        running.push([one, result]);
        if (running.length < REQUESTS_AT_ONCE) continue;
        const [next, answer] = running.shift()!;
        yield [next, await answer];
    }
    for (const [next, answer] of running) yield [next, await answer];
}

/** A log at an address. */
export class LogAddress implements LogSource {
    private readonly prefix: string;

    constructor(address: string) {
        this.prefix = address.endsWith("/") ? address : `${address}/`;
    }

    list(): null {
        return null;
    }

    async read(name: string, most: number): Promise<Uint8Array | null> {
        try {
            const response = await this.follow(new URL(name, this.prefix));
            if (response.status === 404 || response.status === 410) return null;
            if (response.status !== 200) throw new Unreachable(`${response.url}: the answer is ${response.status}`);
            return await this.body(response, most);
        } catch (error) {
            if (error instanceof TypeError || (error as Error).name === "TimeoutError" || (error as Error).name === "AbortError")
                throw new Unreachable(`${this.prefix}${name} cannot be fetched`);
            throw error;
        }
    }

    /** Led on at most so often, and from https to https alone. */
    private async follow(url: URL): Promise<Response> {
        for (let i = 0; i <= MOST_REDIRECTIONS; i++) {
            const response = await fetch(url, { redirect: "manual", signal: AbortSignal.timeout(REQUEST_MS), cache: "no-store" });
            const to = response.headers.get("location");
            if (response.status < 300 || response.status > 399 || to === null) return response;
            const next = new URL(to, url);
            if (next.protocol !== "https:" && next.protocol !== url.protocol) break;
            url = next;
        }
        throw new Unreachable(`${url.href} is led on too often, or out of https`);
    }

    private async body(response: Response, most: number): Promise<Uint8Array> {
        const parts: Uint8Array[] = [];
        let length = 0;
        const reader = response.body!.getReader();
        for (let { done, value } = await reader.read(); !done; { done, value } = await reader.read()) {
            length += value!.length;
            if (length > most) await reader.cancel();
            demand(length <= most, "longer than it may be");
            parts.push(value!);
        }
        return concat(...parts);
    }
}
