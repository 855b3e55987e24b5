// A list that the server searches, and gives a page at a time.
import { button, make } from './dom.js';

const PATIENCE = 200; // ms after a letter is typed

export class PagedList {
  constructor(searching) {
    this.search = make('input', { type: 'search', ariaLabel: searching, placeholder: searching, oninput: () => this.later() });
    this.count = make('p', { className: 'soft', role: 'status' });
    this.list = make('ul', { className: 'plain' });
    this.more = button('More', () => this.load(this.next));
  }

  later() {
    clearTimeout(this.waiting);
    this.waiting = setTimeout(() => this.load(), PATIENCE);
  }

  async load(after = null) {
    this.asked?.abort();
    this.asked = new AbortController();
    try {
      const response = await fetch(this.address(after), { signal: this.asked.signal });
      const found = await response.json();
      if (!response.ok) throw new Error(found.detail);
      this.fill(found, after !== null);
    } catch (error) {
      if (error.name !== 'AbortError') this.count.textContent = `They could not be listed. ${error.message ?? ''}`;
    }
  }

  fill({ total, matching, nodes, next }, added) {
    const items = nodes.map((node) => this.item(node));
    if (added) this.list.append(...items);
    else this.list.replaceChildren(...items);
    this.next = next;
    this.more.hidden = next === null;
    const [listed, all, fitting] = [this.list.children.length, total, matching].map((count) => count.toLocaleString('en'));
    this.count.textContent = matching === total ? `${listed} of ${all} listed` : `${fitting} of ${all} match`;
  }
}
