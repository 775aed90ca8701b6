/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * test_pages.mjs - the pages in a real browser:
 *
 *     node test_pages.mjs SITE POLICY_SOURCE [CHROMIUM [OTHER_SITE...]]
 *
 * SITE is what tool_site wrote; so are the others, of which a few pages are looked at. Prints
 * "ok - name" and "not ok - name" for tests/run, and what was wrong.
 */
import { readFileSync, readdirSync, statSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { createRequire } from 'node:module';
import { chromium } from 'playwright-core';
import { HtmlValidate, FileSystemConfigLoader } from 'html-validate';
import { serve, frontPolicy } from './serve.mjs';
import { collectFigures, collectLines, expected } from './figures.mjs';

const [, , firstSite, policySource, executable = '/usr/bin/chromium', ...otherSites] = process.argv;
let site = firstSite; /* the one that is looked at */
const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const readTruth = () => JSON.parse(readFileSync(join(site, 'truth.json'), 'utf8'));
let truth = readTruth();

const results = new Map(); /* name -> findings */
const check = (name, findings) => {
  if (!results.has(name)) results.set(name, []);
  results.get(name).push(...findings);
};

/* All pages but most of the releases', which differ in numbers alone. */
const names = (folder) => readdirSync(join(site, folder)).filter((name) => name.endsWith('.html'));
const isOldRelease = (name) => /^\d{4}/.test(name) && !/^2025(Q4|Q3(-\d+)?)?\.html$/.test(name);
const all = [...names('.'), ...names('en').map((name) => `en/${name}`)];
const pages = all.filter((name) => !isOldRelease(name.replace('en/', '')));

/* --- files --------------------------------------------------------------------------------------- */
for (const name of all) {
  const size = statSync(join(site, name)).size;
  check('a page weighs at most 100 kB', size > 100000 ? [`${name}: ${size} bytes`] : []);
}
{
  const bad = all.filter((name) => !all.includes(name.startsWith('en/') ? name.slice(3) : `en/${name}`));
  check('every page is there in both languages', bad);
  check('a heavy page is cut, and its parts are looked at', ['data.2.html', 'en/data.2.html', '2025Q3-1.html'].filter((name) => !pages.includes(name)));
}

const validator = new HtmlValidate(new FileSystemConfigLoader({
  extends: ['html-validate:recommended'],
  rules: {
    'void-style': ['error', { style: 'omit' }],
    'doctype-style': 'off', /* HTML's own spelling is as good in capitals */
    'long-title': 'off',
    'no-trailing-whitespace': 'off',
    'prefer-native-element': ['error', { exclude: ['region'] }], /* a region that scrolls is a div */
    'text-content': 'error',
  },
}));
const validate = async (name) => {
  const report = await validator.validateFile(join(site, name));
  check('html-validate finds nothing', report.results.flatMap((result) => result.messages
    .map((message) => `${name}:${message.line}: ${message.ruleId}: ${message.message}`)));
};
for (const name of pages) await validate(name);

/* --- browser ------------------------------------------------------------------------------------- */
let server = await serve(site, await frontPolicy(policySource));
const browser = await chromium.launch({ executablePath: executable, args: process.getuid() === 0 ? ['--no-sandbox'] : [] });

const watch = async (context) => {
  await context.addInitScript(() => {
    window.violations = [];
    document.addEventListener('securitypolicyviolation', (event) => {
      window.violations.push(`${event.violatedDirective}: ${event.blockedURI}`);
    });
  });
};
const open = async (context, name) => {
  const page = await context.newPage();
  page.errors = [];
  page.on('console', (message) => {
    if (message.type() === 'error') page.errors.push(message.text());
  });
  page.on('pageerror', (error) => page.errors.push(String(error)));
  page.on('response', (response) => {
    if (response.status() >= 400) page.errors.push(`${response.status()} ${response.url()}`);
  });
  await page.goto(server.address + name);
  return page;
};

const axe = async (page, name, state) => {
  const onPaper = state === 'print'; /* where nobody points at anything */
  const found = await page.evaluate((paper) => window.axe.run(document, {
    rules: { 'target-size': { enabled: !paper } },
    resultTypes: ['violations'],
    runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
  }), onPaper);
  check(`axe finds nothing: ${state}`, found.violations.flatMap((violation) => violation.nodes
    .map((node) => `${name}: ${violation.id}: ${node.target.join(' ')}: ${node.failureSummary.replace(/\s+/g, ' ')}`)));
};

const states = [
  ['light', { colorScheme: 'light' }, 1280],
  ['dark', { colorScheme: 'dark' }, 1280],
  ['forced colours', { forcedColors: 'active' }, 1280],
  ['print', { media: 'print' }, 1280],
  ['320 px, as at 400 % zoom', { colorScheme: 'light' }, 320],
];
const reset = { colorScheme: 'light', forcedColors: 'none', media: 'screen' };

async function inAllStates(context, name) {
  const page = await open(context, name);
  await page.evaluate(axeSource);
  for (const [state, media, width] of states) {
    await page.setViewportSize({ width, height: width === 320 ? 256 : 900 });
    await page.emulateMedia({ ...reset, ...media });
    await axe(page, name, state);
    if (width !== 320) continue;
    const wide = await page.evaluate(() => document.documentElement.scrollWidth);
    check('nothing scrolls sideways at 320 px', wide > 320 ? [`${name}: ${wide} px`] : []);
  }
  check('no violation of the content security policy, no error', [
    ...(await page.evaluate(() => window.violations)), ...page.errors].map((text) => `${name}: ${text}`));
  await page.close();
}

async function numbers(page, name) {
  const swedish = !name.startsWith('en/');
  const { found, unmarked } = await page.evaluate(collectFigures);
  check('every number of a page is marked with what it is', unmarked.map((text) => `${name}: ${text}`));
  check('every number of a page is that of the table', found
    .filter((figure) => !expected(figure, truth, swedish).includes(figure.text))
    .map((figure) => `${name}: ${JSON.stringify(figure)}, expected ${expected(figure, truth, swedish).join(' or ')}`));
  for (const line of await page.evaluate(collectLines)) {
    const shown = Object.entries(truth.figures).filter(([key, value]) => typeof value === 'number' &&
      key.endsWith(` ${line.cell}`) && (name.includes('NS12') || name.includes('NS13') || key.includes('Q')));
    const wrong = shown.filter(([key, value], i) => {
      const real = line.per === null ? value
        : (value * Number(line.per)) / truth.inhabitants[` ${key.slice(0, 4)}`];
      return !line.values[i] || Math.abs(line.values[i].value - real) > line.unit * 0.2 + (line.per ? 0.06 : 0);
    });
    check('the line of a chart goes through the figures of the table', [
      ...(line.cell === null || shown.length !== line.values.length ? [`${name}: ${line.values.length} points, not ${shown.length}`] : []),
      ...wrong.map(([key]) => `${name}: ${key}`)]);
  }
  return found.length;
}

async function withoutScript(context, name) {
  const page = await open(context, name);
  const text = await page.innerText('main');
  const raw = readFileSync(join(site, name), 'utf8');
  check('a page says the same without JavaScript', [
    ...(text.length < 200 ? [`${name}: no text`] : []),
    ...(await page.locator('.tools, .choose').count() > 0 ? [`${name}: tools`] : []),
    ...((raw.match(/<script/g) ?? []).length > 1 || / style=| on[a-z]+=/.test(raw) ? [`${name}: script or style inside`] : []),
  ]);
  const links = await page.evaluate(() => [...document.links].map((link) => link.href));
  check('every link inside the site has a target', links.filter((link) => link.startsWith(server.address))
    .map((link) => decodeURIComponent(new URL(link).pathname).slice(1))
    .filter((path) => !/^(en\/)?(data\/|api\/|bundles\/|releases\.atom)|\.csv$/.test(path))
    .filter((path) => !existsSync(join(site, path === '' ? 'index.html' : path)))
    .map((path) => `${name}: ${path}`));
  const marks = await page.evaluate(() => [...document.links].filter((link) => link.hash &&
    link.pathname === location.pathname && !document.getElementById(decodeURIComponent(link.hash.slice(1))))
    .map((link) => link.hash));
  check('every link inside a page has a target', marks.map((mark) => `${name}: ${mark}`));
  const seen = await numbers(page, name);
  await page.close();
  return seen;
}

async function keyboard(context, name) {
  const page = await open(context, name);
  const wanted = await page.evaluate(() => [...document.querySelectorAll('a[href], button, input, summary, [tabindex="0"]')]
    .filter((element) => element.checkVisibility({ visibilityProperty: true })).length);
  const findings = [];
  let stops = 0;
  for (let last = ''; stops <= wanted + 2; stops++) {
    await page.keyboard.press('Tab');
    const at = await page.evaluate(() => {
      const element = document.activeElement;
      if (!element || element === document.body) return null;
      if (!element.dataset.stop) element.dataset.stop = String(document.querySelectorAll('[data-stop]').length);
      const style = getComputedStyle(element), box = element.getBoundingClientRect();
      return {
        id: element.dataset.stop,
        what: `${element.tagName} ${element.textContent.trim().slice(0, 30)}`,
        outline: style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2,
        seen: box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth,
      };
    });
    if (at === null) break;
    if (at.id === last) findings.push(`${name}: caught at ${at.what}`);
    if (Number(at.id) < stops) break; /* round again */
    if (!at.outline) findings.push(`${name}: focus is not seen on ${at.what}`);
    if (!at.seen) findings.push(`${name}: out of sight: ${at.what}`);
    last = at.id;
  }
  if (stops !== wanted) findings.push(`${name}: ${stops} stops, not ${wanted}`);
  await page.goto(server.address + name);
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  if (await page.evaluate(() => document.activeElement.id) !== 'innehall') findings.push(`${name}: the skip link`);
  check('the keyboard reaches everything, in sight, and is never caught', findings);
  await page.close();
}

async function language(context, name) {
  const page = await open(context, name);
  await page.locator('.language a').click();
  const there = new URL(page.url()).pathname.slice(1);
  const want = name.startsWith('en/') ? name.slice(3) : `en/${name}`;
  const lang = await page.evaluate(() => document.documentElement.lang);
  check('a click leads to the same page in the other language',
    there === want && lang === (want.startsWith('en/') ? 'en' : 'sv') ? [] : [`${name}: ${there}`]);
  await page.close();
}

async function comfort(context) {
  const findings = [];
  let page = await open(context, 'index.html');
  const before = await page.locator('.row:visible').count();
  await page.locator('.choose input').fill('möten');
  const after = await page.locator('.row:visible').count();
  if (!(after > 0 && after < before)) findings.push(`choosing: ${before} rows, then ${after}`);
  findings.push(...(await page.evaluate(() => window.violations)), ...page.errors);
  await page.close();
  page = await open(context, 'indicator-NS09.html');
  const saved = page.waitForEvent('download', { timeout: 10000 });
  await page.locator('.tools button', { hasText: 'SVG' }).first().click();
  const file = readFileSync(await (await saved).path(), 'utf8');
  if (!file.includes('>Källa: Länsstyrelsen Jämtlands län, publicerat 25 januari 2026<')) findings.push('the source of the saved chart');
  if (!file.startsWith('<svg') || !file.includes('id="hatch"') || file.includes('class=') || file.includes('var(')) findings.push('the saved chart');
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await page.locator('.tools button', { hasText: 'Kopiera' }).first().click();
  await page.locator('[role=status]').filter({ hasText: 'Kopierad' }).waitFor();
  const copied = await page.evaluate(() => navigator.clipboard.readText());
  /* Who points at a figure sees its point, and who points at the chart the nearest figure. */
  const lit = () => page.evaluate(() => [...document.querySelectorAll('.lit')]
    .filter((element) => element.checkVisibility()).map((element) => `${element.tagName} ${element.dataset.period}`).sort().join());
  await page.locator('#utveckling td[data-period="2024Q3"]').hover();
  const fromTable = await lit();
  await page.locator('#utveckling svg.chart:visible circle').first().hover();
  const fromChart = await lit();
  if (fromTable !== 'TD 2024Q3,circle 2024Q3' || fromChart !== 'TD 2018Q1,circle 2018Q1') findings.push(`lit: ${fromTable}; ${fromChart}`);
  if (!/^År\tKv. 1\tKv. 2\tKv. 3\tKv. 4/.test(copied)) findings.push(`copied: ${copied.slice(0, 60)}`);
  findings.push(...(await page.evaluate(() => window.violations)), ...page.errors);
  await page.close();
  check('the comfort of the script works, under the policy', findings);
}

async function printed(context, name, most) {
  const page = await open(context, name);
  const pdf = await page.pdf({ preferCSSPageSize: true });
  const n = (pdf.toString('latin1').match(/\/Type \/Page\b/g) ?? []).length;
  await page.emulateMedia({ media: 'print' });
  const shown = await page.evaluate(() => [...document.querySelectorAll('header nav, .tools, .choose')]
    .filter((element) => element.checkVisibility()).length);
  check('a page prints on few sheets, without what is for the screen', [
    ...(n < 1 || n > most ? [`${name}: ${n} sheets`] : []), ...(shown > 0 ? [`${name}: ${shown} parts`] : [])]);
  await page.close();
}

const each = async (list, lanes, work) => {
  const left = [...list];
  await Promise.all(Array.from({ length: lanes }, async () => {
    while (left.length > 0) await work(left.shift());
  }));
};

const context = await browser.newContext();
await watch(context);
const plain = await browser.newContext({ javaScriptEnabled: false });
let seen = 0;
await each(pages, 2, async (name) => inAllStates(context, name));
await each(pages, 2, async (name) => {
  const n = await withoutScript(plain, name);
  seen += n;
});
check('numbers were looked at', seen > 9000 ? [] : [`only ${seen}`]);
for (const name of ['index.html', 'indicator-NS01.html', 'en/groups.html', '2025Q4.html', '2025Q3-1.html', 'data.2.html']) await keyboard(context, name);
for (const name of pages) await language(context, name);
await comfort(context);
await printed(context, 'index.html', 3);
await printed(context, 'indicator-NS01.html', 6);
await printed(context, '2025Q4.html', 6);
await printed(context, 'quality.html', 3);
server.close();
for (const other of otherSites) {
  site = other;
  truth = readTruth();
  server = await serve(site, await frontPolicy(policySource));
  const few = ['index', 'indicator-NS01', 'groups', 'map', 'quality', 'check'].map((name) => `${name}.html`);
  for (const name of [...few, ...few.map((page) => `en/${page}`)]) await validate(name);
  await each([...few, 'en/index.html'], 2, async (name) => {
    const page = await open(context, name);
    await page.evaluate(axeSource);
    await axe(page, `${other}: ${name}`, 'light');
    check('no violation of the content security policy, no error', [
      ...(await page.evaluate(() => window.violations)), ...page.errors].map((text) => `${other}: ${name}: ${text}`));
    await page.close();
    await withoutScript(plain, name);
  });
  server.close();
}
await browser.close();

for (const [name, findings] of results) {
  console.log(`${findings.length === 0 ? 'ok' : 'not ok'} - ${name}`);
  for (const finding of findings.slice(0, 12)) console.log(`    ${finding}`);
  if (findings.length > 12) console.log(`    and ${findings.length - 12} more`);
}
console.log(`${pages.length} pages, ${seen} numbers`);
process.exitCode = [...results.values()].some((findings) => findings.length > 0) ? 1 : 0;
