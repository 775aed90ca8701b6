// SPDX-License-Identifier: EUPL-1.2
// page.ts - the figures of a page, written in the small part of HTML of docs/audit.md, "Pages".
import { decodeUtf8, demand, refuse } from "./bytes";

const ELEMENTS = new Set(("html head title body header main footer nav section article aside div p span abbr time h1 h2 h3 h4 h5 h6 "
    + "table caption thead tbody tfoot tr th td colgroup dl dt dd ul li a strong em b i small code sub sup figure figcaption").split(" "));
const VOID = new Set("meta link br hr col".split(" "));
const ATTRIBUTES = new Set(("lang class id href hreflang rel charset name content title scope datetime colspan rowspan headers role "
    + "tabindex aria-label aria-labelledby aria-describedby data-cell").split(" "));
const FORBIDDEN = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069\ufeff]/;
const ENTITY = /&(?!(?:amp|lt|gt|quot|#39|nbsp|#160);)/;
const TAG = /<(\/?)([a-z][a-z0-9]*)((?:[ \t\r\n]+[a-z-]+(?:="[^"<]*")?)*)[ \t\r\n]*(\/?)>/y;
const ATTRIBUTE = /[ \t\r\n]+([a-z-]+)(?:="([^"<]*)")?/g;

export interface Figure {
    code: string;
    text: string;
}

interface Tag {
    isEnd: boolean;
    name: string;
    attributes: Map<string, string>;
    after: number;
}

function readTag(html: string, at: number): Tag {
    TAG.lastIndex = at;
    const found = TAG.exec(html) ?? refuse(`a tag is not understood at character ${at}`);
    const [all, slash, name, rest, selfClosing] = found as unknown as [string, string, string, string, string];
    const isVoid = VOID.has(name);
    demand(isVoid || ELEMENTS.has(name), `element ${name} is not allowed`);
    demand(selfClosing === "" || (isVoid && slash === ""), `element ${name} is closed in its own tag`);
    demand(slash === "" || (!isVoid && rest === ""), `an end tag of ${name}`);
    const attributes = new Map<string, string>();
    for (const [, key, value] of rest.matchAll(ATTRIBUTE)) {
        demand(ATTRIBUTES.has(key!) && !attributes.has(key!), `attribute ${key} is not allowed or stands twice`);
        attributes.set(key!, value ?? "");
    }
    const charset = attributes.get("charset");
    demand(charset === undefined || charset.toLowerCase() === "utf-8", "the charset is not utf-8");
    return { isEnd: slash !== "", name, attributes, after: at + all.length };
}

/** The text from here to the end tag of `name`, which must come next. */
function readOnlyText(html: string, from: number, name: string): { text: string; after: number } {
    const end = html.indexOf("<", from);
    demand(end >= 0, "the page is cut");
    const tag = readTag(html, end);
    demand(tag.isEnd && tag.name === name, `${name} holds more than text`);
    return { text: html.slice(from, end), after: tag.after };
}

const OPENS_ROW = new Set("table caption thead tbody tfoot tr th td colgroup col".split(" "));

export function readPage(data: Uint8Array): Figure[] {
    const html = decodeUtf8(data);
    demand(html !== null && !FORBIDDEN.test(html), "the page is no UTF-8, or has characters that are not allowed");
    demand(/^<!doctype html>/i.test(html), "the page does not begin with <!doctype html>");
    demand(!ENTITY.test(html), "an & begins none of the allowed names");
    const figures: Figure[] = [];
    let inCell = false;
    let at = "<!doctype html>".length;
    while (at < html.length) {
        const next = html.indexOf("<", at);
        const text = html.slice(at, next < 0 ? html.length : next);
        demand(!inCell || /^[\u0009\u000a\u000d\u0020-\u0025\u0027-\u002f\u003a-\u007e\u00c0-\u00ff]*$/.test(text),
            `a table cell says something that is marked with no code: ${text.trim()}`);
        if (next < 0) break;
        const tag = readTag(html, next);
        at = tag.after;
        const code = tag.attributes.get("data-cell");
        if (code !== undefined || (tag.name === "title" && !tag.isEnd)) {
            demand(code === undefined || (tag.name !== "title" && !VOID.has(tag.name)), `a figure in ${tag.name}`);
            demand(!inCell || !OPENS_ROW.has(tag.name), "a table within a cell");
            const only = readOnlyText(html, at, tag.name);
            if (code !== undefined) figures.push({ code, text: only.text });
            at = only.after;
        } else if (inCell && OPENS_ROW.has(tag.name)) {
            demand(tag.isEnd && tag.name === "td", "a table within a cell");
            inCell = false;
        } else if (tag.name === "td" && !tag.isEnd) inCell = true;
    }
    return figures;
}

/** A whole number in one of the ways of protocol.md, "The pages"; ".." for a hidden one; null for anything else. */
export function readFigure(text: string): string | null {
    const bare = text.replace(/^[ \t\r\n]+|[ \t\r\n]+$/g, "");
    if (bare === "..") return "..";
    const found = /^(\d{1,3})(?:(\u00a0|\u202f|&nbsp;|&#160;|,)\d{3}(?:\2\d{3})*)?$|^\d+$/.exec(bare);
    if (found === null) return null;
    const digits = found[2] === undefined ? bare : bare.split(found[2]).join("");
    return /^(0|[1-9]\d*)$/.test(digits) ? digits : null;
}
