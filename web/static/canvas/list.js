// Keeps the counts and the list of nodes equal to the picture that is drawn.
import { make } from './dom.js';
import { plural } from './format.js';

export function keepListCurrent() {
  let address = null; // of a picture that the list does not say yet
  const list = () => document.querySelector('details.twin');
  document.addEventListener('picture', ({ detail: { picture } }) => {
    const line = document.querySelector('.shown');
    if (line) line.replaceChildren(...words(picture));
    address = location.href;
    if (list()?.open) follow();
  });
  document.addEventListener('toggle', () => list()?.open && address && follow(), true);

  // Read the page again for its list alone.
  async function follow() {
    const asked = address;
    address = null;
    try {
      const response = await fetch(asked);
      const page = new DOMParser().parseFromString(await response.text(), 'text/html');
      const fresh = page.querySelector('details.twin');
      if (!fresh || address) return;
      fresh.open = true;
      list().replaceWith(fresh);
    } catch {
      address = asked;
    }
  }
}

// As the page says it.
function words({ cards, groups, wires, total, reason, folded: crowded, offer, rolled, hidden_cached: cached }) {
  const folded = Object.values(groups);
  const sum = (numbers) => numbers.reduce((one, other) => one + other, 0);
  const nodes = cards.key.length - folded.length + sum(folded.map((group) => group.nodes));
  const same = wires.type.values.indexOf('SAME_AS'); // what several tools saw of one thing: no event
  const events = sum(wires.type.at.map((type, wire) => (type === same ? 0 : wires.count?.[wire] ?? 1)));
  const number = (count) => count.toLocaleString('en');
  const parts = [`${number(nodes)}${total ? ` of ${number(total)}` : ''} ${(total || nodes) === 1 ? 'node' : 'nodes'}${folded.length ? ` in ${number(cards.key.length)} cards` : ''} and ${plural(events, 'event')} ${nodes + events === 1 ? 'is' : 'are'} drawn.`];
  const bold = (text) => make('b', {}, text);
  if (cached) parts.push(` ${plural(cached, 'execution')} taken from the cache ${cached === 1 ? 'is' : 'are'} hidden.`);
  if (rolled) parts.push(' There are too many to draw each: ', bold('they are rolled up'), '.');
  if (reason === 'hops') parts.push(' There is more beyond this depth.');
  if (reason === 'nodes') parts.push(' ', bold('This is not all:'), ' the limit of nodes is reached.');
  if (crowded) parts.push(' There are many, so each run is one card. ', fold('none', 'Show every node'));
  if (offer) parts.push(` ${number(cards.key.length)} cards are many: `, fold(offer, `Fold by ${offer}`));
  return parts;
}

// A link that folds otherwise; the controls do it in place.
function fold(by, text) {
  const url = new URL(location.href);
  url.searchParams.set('by', by);
  return make('a', { className: 'button', href: url.search, 'data-by': by }, text);
}
