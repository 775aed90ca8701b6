/* SPDX-License-Identifier: EUPL-1.2 */
/* picture.mjs - the pictures of the pages in docs/pages: node picture.mjs SITE OUT [CHROMIUM]. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import { serve, frontPolicy } from './serve.mjs';

const [, , site, out, executable = '/usr/bin/chromium'] = process.argv;
const pictures = [
  ['overview', 'index.html', 1240, 1300, 'light'],
  ['indicator', 'indicator-NS01.html', 1240, 1480, 'light'],
  ['map', 'map.html', 1240, 940, 'light'],
  ['dark', 'indicator-NS09.html', 1240, 940, 'dark'],
  ['phone', 'en/indicator-NS09.html', 390, 1240, 'light'],
];
const source = fileURLToPath(new URL('../../server/front/front_answer.c', import.meta.url));
const server = await serve(site, await frontPolicy(source));
const browser = await chromium.launch({ executablePath: executable, args: process.getuid() === 0 ? ['--no-sandbox'] : [] });
mkdirSync(out, { recursive: true });
for (const [name, page, width, height, colorScheme] of pictures) {
  const context = await browser.newContext({ viewport: { width, height }, colorScheme, javaScriptEnabled: false });
  const tab = await context.newPage();
  await tab.goto(server.address + page);
  await tab.screenshot({ path: join(out, `${name}.png`) });
  await context.close();
}
await browser.close();
server.close();
