/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * test_check_page.mjs - the page "check it yourself" in Chromium, under the content security policy of the front: a good bundle passes, a
 * tampered one fails by the right check, also when the network is gone once the page is loaded; so do those that the page fetches from its own
 * site, and it asks no other; likewise a whole public log, and one of which a byte was changed; nothing violates the policy; axe-core finds
 * nothing. Says how long the bundle given took.
 *
 *     node test_check_page.mjs FOLDER CHROMIUM BUNDLE TRUST [TAMPERED CHECK [LOGS]]
 *
 * LOGS: a folder with `log`, `policy` and `trust`, as tests/tamper/tool_log writes them.
 */
import { createRequire } from 'node:module';
import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { checkPolicy, serve } from '../browser/serve.mjs';

const require = createRequire(new URL('../browser/package.json', import.meta.url));
const { chromium } = require('playwright-core');
const [folder, executable, bundle, trust, tampered, check, logs] = process.argv.slice(2);
const policy = await checkPolicy('server/front/front_answer.c'); // what the site's server sends
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

async function open(lang, mark = '') {
    const page = await context.newPage();
    page.on('console', (message) => message.type() === 'error' && violations.push(message.text()));
    page.on('pageerror', (error) => violations.push(String(error)));
    page.on('request', (request) => requests.push(request.url()));
    await page.goto(`${site.address}check.${lang}.html${mark}`);
    await page.waitForSelector('#start:enabled');
    return page;
}

async function run(page, file) {
    const begin = Date.now();
    if (file !== null) await page.setInputFiles('#bundle', file);
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

/* The bundles that the page fetches, by the addresses behind its own or written by hand. */
async function runFetched() {
    await mkdir(`${folder}/bundles`, { recursive: true });
    await copyFile(bundle, `${folder}/bundles/good.tar`);
    await copyFile(tampered, `${folder}/bundles/bad.tar`);
    const page = await open('en', '#bundles/good.tar');
    expect('the address behind the page\'s own is filled in', (await page.inputValue('#address')) === 'bundles/good.tar');
    const nBefore = requests.length;
    const good = await run(page, null);
    expect('a good bundle that the page fetched passes', good.verdict === 'pass');
    expect('it asked for that alone', requests.slice(nBefore).join() === `${site.address}bundles/good.tar`);
    await page.goto(`${site.address}check.en.html#bundles/bad.tar`);
    expect('another link fills in another address', (await page.inputValue('#address')) === 'bundles/bad.tar');
    const bad = await run(page, null);
    expect(`a tampered one that it fetched fails by ${check}`, bad.verdict === 'fail' && failedChecks(bad) === check);
    expect('a file that is chosen goes before the address', (await run(page, bundle)).verdict === 'pass');
    await page.close();
    await runNotFetched();
}

async function runNotFetched() {
    for (const [address, told] of [['', 'Give the bundle'], ['//elsewhere.example/x.tar', 'elsewhere.example'], ['data:,x', 'data:,x'],
        ['javascript:0', 'javascript:0'], ['http://[', 'http://[']]) {
        const page = await open('en', '#%');
        const nBefore = requests.length;
        await page.fill('#address', address);
        const none = await run(page, null);
        const text = await page.textContent('#verdict');
        expect(`nobody is asked for "${address}", and it is told`, none.verdict === 'error' && text.includes(told) && requests.length === nBefore);
        await page.close();
    }
    const page = await open('en', '#bundles/none.tar');
    const none = await run(page, null);
    const text = await page.textContent('#verdict');
    expect('a bundle that is not there is told', none.verdict === 'error' && text.includes('none.tar: 404'));
    expect('nothing is said to be checked', none.outcomes.every(([, outcome]) => outcome === undefined));
    await page.close();
    violations.splice(0, violations.length, ...violations.filter((v) => !v.includes('404')));
}

function failedChecks(found) {
    return found.outcomes.filter(([, outcome]) => outcome === 'fail').map(([id]) => id).join(' ');
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
    expect(`a tampered one fails by ${check}, without a network`, bad.verdict === 'fail' && failedChecks(bad) === check);
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
    await runFetched();
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
