// The words round the picture follow it: how much is drawn, and the list that says the same, when it is read.
import { plural } from './words.js';

export function watchTwin() {
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

function words({ cards, wires, total, reason, hidden_cached: cached }) {
  const count = cards.key.length;
  const all = total && total !== count ? `${count.toLocaleString('en')} of ${plural(total, 'node')}` : plural(count, 'card');
  const parts = [`${all} and ${plural(wires.source.length, 'event')} are drawn.`];
  if (reason === 'hops') parts.push(' There is more beyond this depth.');
  if (reason === 'nodes') {
    parts.push(' ', Object.assign(document.createElement('b'), { textContent: 'This is not all:' }), ' the limit of nodes is reached.');
  }
  if (cached) parts.push(` ${plural(cached, 'execution')} from the cache ${cached === 1 ? 'is' : 'are'} hidden.`);
  return parts;
}
