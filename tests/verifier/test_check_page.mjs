/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * test_check_page.mjs - the page "check it yourself" in Chromium, under the content security policy of the front: a good bundle passes, a
 * tampered one fails by the right check, also when the network is gone once the page is loaded; likewise a whole public log, and one of
 * which a byte was changed; nothing violates the policy; axe-core finds nothing. Says how long the bundle given took.
 *
 *     node test_check_page.mjs FOLDER CHROMIUM BUNDLE TRUST [TAMPERED CHECK [LOGS]]
 *
 * LOGS: a folder with `log`, `policy` and `trust`, as tests/tamper/tool_log writes them.
 */
import { createRequire } from 'node:module';
import { readFile, writeFile } from 'node:fs/promises';
import { frontPolicy, serve } from '../browser/serve.mjs';

const require = createRequire(new URL('../browser/package.json', import.meta.url));
const { chromium } = require('playwright-core');
const [folder, executable, bundle, trust, tampered, check, logs] = process.argv.slice(2);
const policy = await frontPolicy('server/front/front_answer.c'); // what the site's server sends
const LONGEST_MS = 300000;
let failed = 0;
function expect(name, holds) {
    console.log(`${holds ? 'ok' : 'not ok'} - ${name}`);
    if (!holds) failed = 1;
}

const site = await serve(folder, policy);
const browser = await chromium.launch({ executablePath: executable, args: ['--no-sandbox'] });
const context = await browser.newContext();
const violations = [];
const requests = [];

async function open(lang) {
    const page = await context.newPage();
    page.on('console', (message) => message.type() === 'error' && violations.push(message.text()));
    page.on('pageerror', (error) => violations.push(String(error)));
    page.on('request', (request) => requests.push(request.url()));
    await page.goto(`${site.address}check.${lang}.html`);
    await page.waitForSelector('#start:enabled');
    return page;
}

async function run(page, file) {
    const begin = Date.now();
    await page.setInputFiles('#bundle', file);
    await page.setInputFiles('#trust', trust);
    await page.click('#start');
    await page.waitForSelector('#verdict[data-verdict]', { timeout: LONGEST_MS });
    const outcomes = await page.$$eval('#checks tr', (rows) => rows.map((row) =>
        [row.querySelector('th').textContent, row.querySelector('td:last-child').dataset.outcome]));
    return { verdict: await page.getAttribute('#verdict', 'data-verdict'), outcomes, seconds: (Date.now() - begin) / 1000 };
}

async function runLog(page) {
    await page.setInputFiles('#log', `${logs}/log`);
    await page.setInputFiles('#log-policy', `${logs}/policy`);
    await page.setInputFiles('#log-trust', `${logs}/trust`);
    await page.click('#log-start');
    await page.waitForSelector('#log-verdict[data-verdict]', { timeout: LONGEST_MS });
    return page.$$eval('#log-checks tr', (rows) => rows.map((row) => `${row.querySelector('th').textContent} ${row.querySelector('td:last-child').dataset.outcome}`));
}

const sv = await open('sv');
const good = await run(sv, bundle);
expect('a good bundle passes in Chromium', good.verdict === 'pass');
expect('every check is listed, and passes', good.outcomes.length >= 40 && good.outcomes.every(([, outcome]) => outcome === 'pass'));
expect('the verdict is told in words', (await sv.textContent('#verdict')).startsWith('Godkänd'));
if (tampered !== undefined) {
    const en = await open('en');
    await context.setOffline(true);
    const nBefore = requests.length;
    const bad = await run(en, tampered);
    const fails = bad.outcomes.filter(([, outcome]) => outcome === 'fail').map(([id]) => id).join(' ');
    expect(`a tampered one fails by ${check}, without a network`, bad.verdict === 'fail' && fails === check);
    expect('the same page goes on to a good one', (await run(en, bundle)).verdict === 'pass');
    expect('nothing is asked of anybody', requests.length === nBefore);
    if (logs !== undefined) {
        const all = await runLog(en);
        expect('a good public log passes, from a folder', all.length === 16 && all.every((line) => line.endsWith(' pass')));
        const name = `${logs}/log/tile/entries/000`;
        const entries = await readFile(name);
        entries[400] ^= 1;
        await writeFile(name, entries);
        const failed = (await runLog(en)).filter((line) => line.endsWith(' fail'));
        expect('one with a byte changed fails', failed.join() === 'log-root fail');
        expect('nor is anything of a log asked of anybody', requests.length === nBefore);
    }
    await context.setOffline(false);
    const axe = await readFile(require.resolve('axe-core/axe.min.js'), 'utf8');
    for (const page of [sv, en]) {
        const found = await page.evaluate(`${axe}; axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa', 'best-practice'] })`);
        const told = found.violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.target).join(', ')}`);
        expect(`axe-core finds nothing (${await page.getAttribute('html', 'lang')}) ${told.join('; ')}`, told.length === 0);
    }
}
expect(`nothing violates the policy ${violations.join('; ')}`, violations.length === 0);
console.log(`# ${good.seconds.toFixed(1)} s`);
await browser.close();
site.close();
process.exitCode = failed;
