// What the filter found in the picture: how many, and going from one to the next.
import { button } from './dom.js';
import { plural } from './format.js';

export class Matches {
  constructor(view) {
    this.view = view;
  }

  jump(way) {
    const { view } = this;
    const { matches } = view.graph;
    if (!matches?.length) {
      view.say('Nothing matches.');
      return;
    }
    const at = matches.indexOf(view.selected);
    const next = at < 0 ? (way > 0 ? 0 : matches.length - 1) : (at + way + matches.length) % matches.length;
    view.select(matches[next], !view.panel.element.hidden);
    this.tell(next);
  }

  tell(at = -1) {
    const { matches } = this.view.graph;
    const count = matches ? `${plural(matches.length, 'match', 'matches')} in the picture` : '';
    const text = at < 0 ? count : `Match ${at + 1} of ${matches.length}`;
    this.view.loader.say('matches', text, matches?.length ? [button('Next', () => this.jump(1), { title: 'n' })] : []);
  }
}
