/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * comfort.js - what a page can do beside being read: choose indicators by a word, copy a table,
 * save a chart, light a period in chart and table. Nothing needs it, it fetches nothing and keeps nothing. reports/pages/comfort.c is made
 * from this file by tools/embed.
 */
'use strict';
(() => {
  const swedish = document.documentElement.lang === 'sv';
  const say = (sv, en) => (swedish ? sv : en);
  const status = document.createElement('p');
  status.setAttribute('role', 'status');
  status.className = 'note';

  const button = (place, text, act) => {
    let tools = place.nextElementSibling;
    if (!tools || !tools.classList.contains('tools')) {
      tools = document.createElement('div');
      tools.className = 'tools';
      place.after(tools);
    }
    const made = document.createElement('button');
    made.type = 'button';
    made.textContent = text;
    made.addEventListener('click', () => act(tools));
    tools.append(made);
  };

  /* Tables as tab-separated text, for a spreadsheet. */
  const tableText = (table) => [...table.rows].map((row) => [...row.cells]
    .filter((cell) => !cell.classList.contains('drawn'))
    .map((cell) => cell.textContent.trim().replace(/\s+/g, ' ')).join('\t')).join('\n');
  for (const table of document.querySelectorAll('main table')) {
    const caption = table.caption ? table.caption.textContent : '';
    button(table.closest('.scroll') || table, say('Kopiera tabellen', 'Copy the table'), (tools) => {
      tools.after(status);
      navigator.clipboard.writeText(tableText(table)).then(
        () => { status.textContent = say('Kopierad: ', 'Copied: ') + caption; },
        () => { status.textContent = say('Webbläsaren tillät inte kopiering.', 'The browser did not allow copying.'); });
    });
  }

  /* Who points at a figure sees its point in the chart beside it, and the other way round. */
  const nearest = (svg, x) => {
    const away = (point) => { const box = point.getBoundingClientRect(); return Math.abs(box.x + box.width / 2 - x); };
    return [...svg.querySelectorAll('circle')].reduce((best, point) => (best && away(best) <= away(point) ? best : point), null);
  };
  for (const pair of document.querySelectorAll('.pair')) {
    const light = (at) => {
      for (const place of pair.querySelectorAll('[data-period]')) {
        place.classList.toggle('lit', Boolean(at) && place.dataset.period === at.dataset.period);
      }
    };
    pair.addEventListener('pointermove', (event) => {
      const svg = event.target.closest('svg.chart');
      light(svg ? nearest(svg, event.clientX) : event.target.closest('td[data-period]'));
    });
    pair.addEventListener('pointerleave', () => light(null));
  }

  /* A chart as a file of its own: what the style sheet says becomes attributes. */
  const looks = ['fill', 'stroke', 'stroke-width', 'stroke-linejoin', 'stroke-linecap', 'font-size',
    'font-family', 'font-weight', 'text-anchor', 'paint-order'];
  const standalone = (svg, title, source) => {
    const copy = svg.cloneNode(true);
    const from = [svg, ...svg.querySelectorAll('*')], to = [copy, ...copy.querySelectorAll('*')];
    from.forEach((element, i) => {
      const style = getComputedStyle(element);
      for (const look of looks) {
        if (!element.hasAttribute(look)) to[i].setAttribute(look, style.getPropertyValue(look));
      }
      to[i].removeAttribute('class');
    });
    const box = svg.viewBox.baseVal, ns = 'http://www.w3.org/2000/svg';
    const ground = document.createElementNS(ns, 'rect'), head = document.createElementNS(ns, 'text'), foot = document.createElementNS(ns, 'text');
    ground.setAttribute('y', '-30');
    ground.setAttribute('width', String(box.width));
    ground.setAttribute('height', String(box.height + 60));
    ground.setAttribute('fill', getComputedStyle(document.body).backgroundColor);
    head.setAttribute('y', '-8');
    head.setAttribute('font-weight', '600');
    head.setAttribute('fill', getComputedStyle(document.body).color);
    head.textContent = title;
    const defs = document.querySelector('.defs defs');
    foot.setAttribute('y', String(box.height + 18));
    foot.setAttribute('font-size', '11');
    foot.setAttribute('fill', getComputedStyle(document.body).color);
    foot.textContent = source;
    copy.prepend(ground, head, foot);
    if (defs) {
      const hatch = defs.cloneNode(true);
      for (const line of hatch.querySelectorAll('line')) {
        line.setAttribute('stroke', getComputedStyle(defs.querySelector('line')).stroke);
        line.removeAttribute('class');
      }
      copy.prepend(hatch);
    }
    copy.setAttribute('viewBox', `0 -30 ${box.width} ${box.height + 60}`);
    copy.setAttribute('xmlns', ns);
    return new XMLSerializer().serializeToString(copy);
  };
  for (const svg of document.querySelectorAll('svg.chart.wide')) {
    const figure = svg.closest('figure');
    button(figure.lastElementChild, say('Spara diagrammet (SVG)', 'Save the chart (SVG)'), () => {
      const title = figure.querySelector('figcaption').textContent;
      const source = figure.closest('section').querySelector('.note').textContent.split('. ')[0]; /* who, and when */
      const address = URL.createObjectURL(new Blob([standalone(svg, title, source)], { type: 'image/svg+xml' }));
      const link = document.createElement('a');
      link.href = address;
      link.download = `${title.replace(/[^\p{L}\p{N}]+/gu, '-')}.svg`;
      link.click();
      setTimeout(() => URL.revokeObjectURL(address), 1000);
    });
  }

  /* Choose among the indicators of the first page. */
  const rows = document.querySelector('.rows');
  if (rows && rows.children.length > 5) {
    const label = document.createElement('label'), input = document.createElement('input');
    label.className = 'choose';
    input.type = 'search';
    label.append(say('Visa bara indikatorer med ordet', 'Show only indicators with the word'), input);
    rows.before(label);
    rows.after(status);
    input.addEventListener('input', () => {
      const word = input.value.trim().toLocaleLowerCase();
      let n = 0;
      for (const row of rows.children) {
        row.hidden = !row.querySelector('h3').textContent.toLocaleLowerCase().includes(word);
        n += row.hidden ? 0 : 1;
      }
      status.textContent = word === '' ? '' : `${n} ${say('av', 'of')} ${rows.children.length}`;
    });
  }
})();
