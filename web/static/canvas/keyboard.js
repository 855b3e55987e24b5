// What the keyboard does, and the sheet that says so.
import { make } from './dom.js';

const SHEET = [
  ['← →', 'to what it came from, to what came of it'],
  ['↑ ↓', 'to the nearest in the same column'],
  ['Enter', 'show what is known about it'],
  ['[  ]', 'show more upstream, more downstream'],
  ['x', 'unfold a group, or fold a node into its run'],
  ['n  N', 'to the next, the last match'],
  ['f', 'fit the whole picture'],
  ['+  −', 'zoom'],
  ['u  U', 'undo, redo (also Ctrl Z)'],
  ['/', 'search'],
  ['Esc', 'let go of it'],
  ['?', 'this sheet'],
];

export class Keyboard {
  constructor(view) {
    this.view = view;
    view.canvas.addEventListener('keydown', (event) => this.press(event));
    this.sheet = make('dialog', { className: 'sheet', ariaLabel: 'Keys' },
      make('h2', {}, 'Keys'),
      make('dl', {}, ...SHEET.flatMap(([keys, what]) => [
        make('dt', {}, ...keys.split(/ +/).flatMap((key) => [make('kbd', {}, key), ' '])),
        make('dd', {}, what),
      ])),
      make('form', { method: 'dialog' }, make('button', { autofocus: true }, 'Close')));
    view.stage.append(this.sheet);
  }

  press(event) {
    if (event.altKey || event.metaKey) return;
    const { view } = this;
    const { key } = event;
    if (event.ctrlKey) {
      if (key.toLowerCase() !== 'z') return;
      view.act(event.shiftKey ? 'redo' : 'undo');
    } else if (key.startsWith('Arrow')) this.walk(key);
    else if (view.selected < 0 || !this.ofCard(key)) {
      const act = { Escape: 'leave', '+': 'in', '=': 'in', '-': 'out', f: 'fit', 0: 'fit', n: 'next', N: 'last', u: 'undo', U: 'redo', '?': 'keys' }[key];
      if (!act) return;
      view.act(act);
    }
    event.preventDefault();
  }

  ofCard(key) {
    const { view } = this;
    if (key === 'Enter') view.select(view.selected, true);
    else if (key === '[') view.open(view.selected, 'upstream');
    else if (key === ']') view.open(view.selected, 'downstream');
    else if (key === 'x') view.groups.toggle(view.graph.cards[view.selected]);
    else return false;
    return true;
  }

  walk(key) {
    const { view } = this;
    if (!view.graph.cards.length) return;
    if (view.selected < 0) {
      const first = view.graph.cards.findIndex((card) => card.start);
      view.select(Math.max(0, first), false);
      return;
    }
    const next = view.graph.step(view.selected, key);
    if (next >= 0) view.select(next, !view.panel.element.hidden);
    else view.say({ ArrowLeft: 'Nothing to the left.', ArrowRight: 'Nothing to the right.', ArrowUp: 'Nothing above.', ArrowDown: 'Nothing below.' }[key]);
  }
}
