/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * figures.mjs - every number that a page shows, as the page marks it, against the truth. The first
 * function runs in the browser.
 */

/* [{ what, cell, period, block, per, text }] and the numbers that are marked by nothing. */
export function collectFigures() {
  const found = [], unmarked = [];
  const release = /\/(\d{4}[^/.-]*)(-\d+)?\.html$/.exec(location.pathname); /* its period is the page's */
  const own = (element, name) => (element && element.hasAttribute(name) ? element.getAttribute(name) : null);
  const headOf = (td) => {
    const table = td.closest('table'), head = table.tHead && table.tHead.rows[0];
    return head ? head.cells[td.cellIndex] : null;
  };
  const find = (element, name) => {
    const td = element.closest('td');
    for (const place of [element, td, td && td.parentElement, td && headOf(td)]) {
      const value = own(place, name);
      if (value !== null) return value;
    }
    const around = element.closest(`[${name}]`);
    return own(around, name);
  };
  const add = (what, element, text) => {
    const figure = { what, text: text.trim() };
    for (const name of ['cell', 'period', 'block', 'per']) figure[name] = find(element, `data-${name}`);
    if (figure.period === null && release !== null) figure.period = release[1];
    if (figure.cell === null || figure.period === null) unmarked.push(`${what}: ${figure.text}`);
    else found.push(figure);
  };
  for (const td of document.querySelectorAll('main table:not(.quality) td:not(.drawn)')) {
    if (td.textContent.trim() !== '') add('td', td.querySelector('[data-cell]') ?? td, td.textContent);
  }
  for (const span of document.querySelectorAll('main span.figure')) add('span', span, span.textContent);
  for (const text of document.querySelectorAll('main svg text')) {
    const axis = ['tick-x', 'tick-y', 'unit', 'gap-sign', 'gap-words', 'tile-name']
      .some((name) => text.classList.contains(name));
    if (!axis) add('svg', text, text.textContent);
  }
  return { found, unmarked };
}

const numberText = (value, decimals, swedish) => {
  const whole = String(Math.floor(value)).replace(/\B(?=(\d{3})+(?!\d))/g, swedish ? '\u00a0' : ',');
  if (decimals === 0) return whole;
  return whole + (swedish ? ',' : '.') + value.toFixed(decimals).split('.')[1];
};

/* What a figure should read, in all ways it may; [] if the truth does not know it. */
export function expected(figure, truth, swedish) {
  const block = figure.block ?? '';
  const code = figure.cell.includes('/') || block === '' ? figure.cell : `${block}/${figure.cell}`;
  const value = truth.figures[`${figure.period} ${code}`];
  if (value === undefined) {
    /* Between the first and the last period, but never published; or a year not added up. */
    return figure.text === '.' ? ['.'] : [];
  }
  if (typeof value === 'string') return [value];
  if (figure.per === null) return [numberText(value, 0, swedish)];
  const inhabitants = truth.inhabitants[`${block} ${figure.period.slice(0, 4)}`];
  if (!inhabitants) return ['.'];
  const per = BigInt(figure.per);
  return [1, 2].map((decimals) => {
    const scale = 10n ** BigInt(decimals);
    const hundredths = (BigInt(value) * per * scale * 2n + BigInt(inhabitants)) / (BigInt(inhabitants) * 2n);
    const whole = String(hundredths / scale).replace(/\B(?=(\d{3})+(?!\d))/g, swedish ? '\u00a0' : ',');
    return `${whole}${swedish ? ',' : '.'}${String(hundredths % scale).padStart(decimals, '0')}`;
  });
}

/* The lines of the big charts, read back by their own axes: [{ cell, per, values, broken }]. Runs in
 * the browser. */
export function collectLines() {
  const drawn = [...document.querySelectorAll('svg.chart')].filter((svg) => svg.querySelectorAll('.tick-y').length > 1);
  return drawn.map((svg) => {
    const plain = (text) => Number(text.replace(/[\s\u00a0]/g, '').replace(',', document.documentElement.lang === 'sv' ? '.' : ''));
    const ticks = [...svg.querySelectorAll('.grid, .axis')].map((line, i) => ({
      y: Number(line.getAttribute('y1')),
      value: plain(svg.querySelectorAll('.tick-y')[i].textContent),
    }));
    const zero = ticks[0], top = ticks[ticks.length - 1];
    const path = svg.querySelector('.line').getAttribute('d');
    const label = svg.querySelector('[data-cell]');
    return {
      narrow: svg.classList.contains('narrow'),
      cell: label ? label.getAttribute('data-cell') : null,
      per: svg.closest('[data-per]') ? svg.closest('[data-per]').getAttribute('data-per') : null,
      unit: (top.value - zero.value) / (zero.y - top.y),
      pieces: path.split('M').length - 1,
      values: [...path.matchAll(/[ML]([\d.]+) ([\d.]+)/g)].map((at) => ({
        x: Number(at[1]), value: ((zero.y - Number(at[2])) * (top.value - zero.value)) / (zero.y - top.y),
      })),
    };
  });
}
