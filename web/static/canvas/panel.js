// The panel beside the picture: what is known about the chosen card, and what can be done with it here.
import { button, make } from './dom.js';
import { MARKS } from './look.js';
import { moment, plural } from './format.js';

export class Panel {
  constructor(view, element) {
    this.view = view;
    this.element = element;
  }

  show(card) {
    const { element } = this;
    element.hidden = false;
    if (card.group) this.fill(...this.view.groups.panel(card));
    else if (this.view.alone) this.fill(...this.held(card));
    else this.read(card);
  }

  // What the picture itself holds of a card.
  held(card) {
    const { changes } = this.view.graph.picture;
    const sides = ['upstream', 'downstream'].map((side) => {
      const hidden = card[`hidden_${side}`];
      return make('li', {}, `${plural(card[side], 'neighbour')} ${side}${hidden ? `, ${hidden.toLocaleString('en')} not in this picture` : ''}`);
    });
    return [
      make('p', { className: 'eyebrow' }, card.key.replace('/', ' #')),
      make('h2', {}, card.heading),
      make('p', {}, card.title),
      card.state ? make('p', {}, make('span', { className: `state ${MARKS[card.state] ?? ''}` }, card.state.toLowerCase().replaceAll('_', ' '))) : null,
      changes ? make('p', {}, `In the comparison: ${changes[card.number]}`) : null,
      card.time ? make('p', { className: 'soft' }, `From ${moment(card.time)}${card.end ? ` to ${moment(card.end)}` : ''}`) : null,
      make('ul', { className: 'plain' }, ...sides),
    ].filter(Boolean);
  }

  close() {
    if (this.element.hidden) return;
    const held = this.element.contains(document.activeElement);
    this.element.hidden = true;
    this.element.replaceChildren();
    this.asked?.abort();
    if (held) this.view.canvas.focus();
  }

  fill(...children) {
    this.element.replaceChildren(button('×', () => this.view.select(-1, true), { className: 'close', ariaLabel: 'Close' }), ...children);
    this.element.scrollTop = 0;
  }

  // The server knows the card by heart; while it is asked, the last one's words do not stay.
  async read(card) {
    this.asked?.abort();
    const asked = new AbortController();
    this.asked = asked;
    this.fill(make('p', { className: 'soft' }, 'Loading …'));
    try {
      const response = await fetch(`/${card.key.replace('/', 's/')}/panel`, { signal: asked.signal });
      const page = new DOMParser().parseFromString(await response.text(), 'text/html');
      if (asked.signal.aborted) return;
      const found = page.querySelector('main') ?? page.body;
      found.querySelector('button[data-do=close]')?.remove();
      this.fill(...found.childNodes);
      if (response.ok) this.element.querySelector('h2')?.after(this.actions(card));
    } catch (error) {
      if (error.name === 'AbortError') return;
      this.fill(make('p', { className: 'trouble' }, 'The server does not answer. Is it still running?'), button('Try again', () => this.read(card)));
    }
  }

  // What can be done here with one node.
  actions(card) {
    const { view } = this;
    const actions = make('p', { className: 'actions' });
    if (!view.address.picture) return actions;
    for (const side of ['upstream', 'downstream']) {
      const hidden = card[`hidden_${side}`];
      if (!card[side]) continue;
      const shown = card[side] - hidden;
      const count = `${shown.toLocaleString('en')} of ${card[side].toLocaleString('en')}`;
      actions.append(button(`${side === 'upstream' ? '← ' : ''}${count} ${side}${side === 'upstream' ? '' : ' →'}`, () => view.neighbours.show(card, side), {
        title: hidden ? `${hidden.toLocaleString('en')} are not drawn` : 'all are drawn',
      }));
    }
    for (const context of view.groups.around(card)) {
      actions.append(button(`Fold ${context.heading}`, () => view.groups.fold(context.key)));
    }
    if (view.address.parameters.getAll('out').includes(card.key)) {
      actions.append(button('Put back into its stack', () => view.groups.putBack(card.key)));
    }
    return actions;
  }
}
