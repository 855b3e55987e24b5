// The search box: what is in the picture and in the store, grouped, as one types.
import { Typeahead } from './typeahead.js';
import { Combobox } from './combobox.js';

const MOST = 6;

export class Search {
  constructor(input) {
    this.input = input;
    this.deep = false;
    this.popup = new Combobox(input, (option) => this.go(option));
    this.asker = new Typeahead(() => this.address(), (data, ok) => ok && this.answer(data), () => this.popup.show(this.here()));
    input.addEventListener('input', () => {
      this.deep = this.stopped = false;
      this.popup.show(this.here());
      this.asker.soon();
    });
    input.addEventListener('keydown', ({ key }) => { this.stopped = key === 'Escape'; });
    input.addEventListener('focus', () => input.value && this.asker.soon());
  }

  // Names first, which are found soon; then also what only properties say.
  address() {
    const text = this.input.value.trim();
    return text ? `/search.json?${new URLSearchParams({ text, properties: this.deep ? 'yes' : 'no' })}` : '';
  }

  answer({ text, groups }) {
    if (this.stopped || text !== this.input.value.trim()) return;
    const active = target(this.popup.options[this.popup.active]);
    const waiting = this.deep ? [] : [{ title: 'Looking through properties … (Esc stops)', options: [], waits: true }];
    this.popup.show([...this.here(), ...groups.map((group) => ({
      title: group.title,
      options: group.hits.map((hit) => ({ label: hit.label, detail: hit.detail, path: hit.path, look: hit.kind })),
    })), ...waiting]);
    const again = this.popup.options.findIndex((option) => active && target(option) === active);
    if (again >= 0) this.popup.mark(again);
    if (!this.deep) {
      this.deep = true;
      setTimeout(() => document.activeElement === this.input && this.asker.soon());
    }
  }

  // What is in the picture of this page.
  here() {
    const view = window.views?.[0];
    const wanted = this.input.value.trim().toLowerCase();
    if (!view?.graph || !wanted) return [];
    const said = (card) => [card.heading, card.text, card.title, card.key].join(' ').toLowerCase();
    const found = view.graph.cards.filter((card) => said(card).includes(wanted)).slice(0, MOST);
    const options = found.map((card) => ({ label: `${card.heading} ${card.text ?? ''}`, detail: card.key, ref: card.key, look: card.kind }));
    return [{ title: 'In this picture', options }];
  }

  go(option) {
    if (option.path) {
      location.assign(option.path);
      return;
    }
    const view = window.views[0];
    view.select(view.graph.numberOf(option.ref), true);
    view.canvas.focus();
  }
}

// Where an option leads: to a page, or to a card of this one.
const target = (option) => option?.path ?? option?.ref;
