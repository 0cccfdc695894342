"""What a page must not have for whoever has it read out (无障碍), looked for on every page.

`FAULTS` and `OVERFLOW` are functions of the page. `SAY_FAULTS` runs before any page's own scripts:
once the page is there, it says in the console what is wrong with it, behind `FAULT`.
"""

FAULT = "fault of a page: "
FAULTS = """() => {
  const faults = [];
  const shown = (one) => one.checkVisibility({ visibilityProperty: true });
  const named = (one) => (one.labels && one.labels.length) || one.getAttribute('aria-label')
    || one.getAttribute('aria-labelledby') || one.title;
  const say = (what, one) => faults.push(`${what}: ${one.outerHTML.slice(0, 120)}`);
  const all = (query) => [...document.querySelectorAll(query)];
  if (!document.documentElement.lang) faults.push('no lang');
  if (!document.title.trim()) faults.push('no title');
  if (all('main').length !== 1) faults.push(`${all('main').length} main landmarks`);
  const tops = all('h1').filter(shown).length;
  if (tops !== 1) faults.push(`${tops} first headings`);
  let level = 0;
  for (const one of all('h1, h2, h3, h4, h5, h6').filter(shown)) {
    const here = Number(one.tagName[1]);
    if (level && here > level + 1) say(`heading skips from ${level}`, one);
    level = here;
  }
  for (const one of all('input:not([type=hidden]), select, textarea'))
    if (!named(one)) say('no label', one);
  for (const one of all('img')) if (!one.hasAttribute('alt')) say('no alt', one);
  for (const one of all('svg')) if (!one.closest('[aria-hidden=true]')
    && !(one.getAttribute('role') === 'img' && (one.querySelector('title') || named(one)))
    && !one.querySelector('title')) say('drawing without a name', one);
  for (const one of all('button, a[href]')) if (shown(one) && !one.innerText.trim() && !named(one)
    && !one.querySelector('[aria-label], title')) say('nothing to read out', one);
  for (const one of all('table')) if (!one.querySelector('th')) say('table without headings', one);
  const ids = all('[id]').map((one) => one.id);
  for (const id of new Set(ids.filter((id, place) => ids.indexOf(id) !== place)))
    faults.push(`id twice: ${id}`);
  for (const one of all('[aria-describedby]'))
    for (const id of one.getAttribute('aria-describedby').split(' '))
      if (!document.getElementById(id)) say('described by nothing', one);
  for (const one of all('label[for]'))
    if (!document.getElementById(one.htmlFor)) say('label of nothing', one);
  return faults;
}"""
OVERFLOW = """() => {
  const wide = document.documentElement.scrollWidth - innerWidth;
  if (wide <= 0) return '';
  const scrolls = (one) =>
    one && (getComputedStyle(one).overflowX !== 'visible' || scrolls(one.parentElement));
  const out = [...document.body.querySelectorAll('*')].filter((one) =>
    one.getBoundingClientRect().right > innerWidth && !scrolls(one.parentElement));
  return `${wide} px too wide at ${innerWidth} px: ${out.at(-1)?.outerHTML.slice(0, 120)}`;
}"""
SAY_FAULTS = f"""addEventListener('load', () => {{
  if (!location.protocol.startsWith('http') || document.contentType !== 'text/html') return;
  const wide = ({OVERFLOW})();
  const faults = ({FAULTS})();
  if (wide) faults.push(wide);
  for (const fault of faults) console.error(`{FAULT}${{location.pathname}}: ${{fault}}`);
}})"""
