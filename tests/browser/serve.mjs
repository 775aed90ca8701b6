/* SPDX-License-Identifier: EUPL-1.2 */
/* serve.mjs - the site over HTTP on the loopback, with the content security policy of the front. */
import { createServer } from 'node:http';
import { readFile } from 'node:fs/promises';
import { extname, join, normalize } from 'node:path';

const types = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.js': 'text/javascript; charset=utf-8',
};

export async function serve(folder, policy) {
  const server = createServer(async (request, response) => {
    const path = normalize(decodeURIComponent(new URL(request.url, 'http://x').pathname));
    const file = join(folder, path.endsWith('/') ? `${path}index.html` : path);
    try {
      const body = await readFile(file);
      response.writeHead(200, {
        'Content-Type': types[extname(file)] ?? 'application/octet-stream',
        'X-Content-Type-Options': 'nosniff',
        'Content-Security-Policy': policy,
      });
      response.end(body);
    } catch {
      response.writeHead(404, { 'Content-Security-Policy': policy });
      response.end();
    }
  });
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  return { address: `http://127.0.0.1:${server.address().port}/`, close: () => server.close() };
}

/* What C's literals, one after the other, say. */
function strings(text) {
  return [...text.matchAll(/"([^"]*)"/g)].map((part) => part[1]).join('');
}

/* What the front sends with a page, from its source: the tests run under the same. */
export async function frontPolicy(source) {
  const text = await readFile(source, 'utf8');
  const define = /#define POLICY_PAGE((?:[^\n]*\\\n)*[^\n]*)/.exec(text);
  if (!define) throw new Error(`${source}: no POLICY_PAGE`);
  return strings(define[1]);
}

/* What it sends with the page "check it yourself": more, and what more. */
export async function checkPolicy(source) {
  const text = await readFile(source, 'utf8');
  const define = /#define POLICY_CHECK POLICY_PAGE ([^\n]*)/.exec(text);
  if (!define) throw new Error(`${source}: no POLICY_CHECK`);
  return (await frontPolicy(source)) + strings(define[1]);
}
