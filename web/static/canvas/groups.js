// Groups: contexts and stacks fold and unfold in place, and one member can be pulled out.
import { button, make } from './dom.js';
import { sharesOf } from './look.js';
import { Members } from './members.js';
import { including, without } from './address.js';
import { moment, plural } from './format.js';

const STATES = { bad: 'failed', busy: 'going on', cached: 'from the cache or gone', good: 'complete' };

export class Groups {
  constructor(view) {
    this.view = view;
    this.menu = view.stage.querySelector('.groups');
  }

  fold(key) {
    this.view.change((parameters) => {
      without(parameters, 'unfold', key);
      including(parameters, 'fold', key);
    }, this.view.graph.cards[this.view.graph.numberOf(key)]?.key);
  }

  unfold(key) {
    this.view.change((parameters) => {
      without(parameters, 'fold', key);
      including(parameters, 'unfold', key);
    }, key);
  }

  // Fold again what was unfolded.
  refold(key) {
    this.view.change((parameters) => without(parameters, 'unfold', key), null);
  }

  // Fold what is alike in kind: every run, every pipeline; or nothing.
  by(what) {
    this.view.change((parameters) => {
      parameters.set('by', what);
      if (what === 'none') for (const name of ['fold', 'unfold']) parameters.delete(name);
    }, null);
  }

  pull(member, key) {
    this.view.change((parameters) => including(parameters, 'out', member), key);
  }

  putBack(member) {
    this.view.change((parameters) => without(parameters, 'out', member), member);
  }

  // The contexts a card can fold into, the smallest first.
  around(card) {
    const holding = this.view.graph.contexts.filter((context) => context.members.includes(card.number));
    return holding.sort((one, other) => one.members.length - other.members.length);
  }

  toggle(card) {
    if (card.group) this.unfold(card.key);
    else {
      const [context] = this.around(card);
      if (context) this.fold(context.key);
      else this.view.say('It is in no group that can be folded.');
    }
  }

  // What can be folded here, and what was unfolded; pointing at one lights it up.
  showMenu() {
    if (!this.menu) return;
    const { view } = this;
    const { contexts, picture: { folded, offer } } = view.graph;
    const opened = view.address.picture ? view.address.parameters.getAll('unfold') : [];
    const by = folded || ['run', 'pipeline'].includes(view.address.picture && view.address.get('by'));
    this.menu.hidden = !view.address.picture || (!contexts.length && !opened.length && !by);
    const list = this.menu.querySelector('ul');
    list.replaceChildren(
      ...(by ? [make('li', {}, button('Show every node', () => this.by('none')))] : []),
      ...(offer ? [make('li', {}, button(`Fold by ${offer}`, () => this.by(offer)))] : []),
      ...opened.map((key) => make('li', {}, button('Fold again', () => this.refold(key)), ` ${contexts.find((context) => context.key === key)?.heading ?? key}`)),
      ...contexts.map((context) => {
        const light = () => view.point(view.graph.marked(context.members));
        const dark = () => view.point(null);
        return make('li', { onpointerenter: light, onpointerleave: dark },
          button('Fold', () => this.fold(context.key), { onfocus: light, onblur: dark }),
          ` ${context.heading} `, make('span', { className: 'soft' }, `${context.type}, ${plural(context.members.length, 'card')}`));
      }),
    );
  }

  // The panel of a group: how many, how they are, which they are.
  panel(card) {
    const { group, key } = card;
    const one = card.of === 'execution' ? 'execution' : 'artifact';
    const parts = [
      make('p', { className: 'eyebrow' }, group.folds === 'context' ? 'A folded context' : 'Alike: same type, same step, same neighbours'),
      make('h2', {}, card.kind === 'context' ? card.title : card.heading),
      make('p', {}, card.kind === 'context' ? card.text : `${plural(group.count, one)}: ${card.text}`),
      make('p', { className: 'actions' },
        this.view.address.picture ? button('Unfold', () => this.unfold(key)) : null,
        card.kind === 'context' && !this.view.alone ? make('a', { className: 'button', href: `/${key.replace('/', 's/')}` }, 'Its page') : null),
      states(group.states),
    ];
    if (group.metric) {
      const { name, least, middle, most } = group.metric;
      parts.push(make('h3', {}, name), make('p', {}, `from ${least} to ${most}, the middle one ${middle}`));
    }
    if (group.times?.[0]) parts.push(make('h3', {}, 'When'), make('p', {}, `${moment(group.times[0])} to ${moment(group.times[1])}`));
    if (Object.keys(group.types).length > 1) {
      parts.push(make('h3', {}, 'Types'), make('ul', { className: 'plain' },
        ...Object.entries(group.types).map(([type, count]) => make('li', {}, `${count.toLocaleString('en')} ${type}`))));
    }
    return [...parts, ...new Members(this.view, card, (ref) => this.pull(ref, key)).elements];
  }
}

function states(counts) {
  const shares = sharesOf(counts);
  if (!shares.length) return '';
  return make('ul', { className: 'plain' }, ...shares.map(([mark, share]) => make('li', {},
    make('span', { className: `state ${mark}` }, `${Math.round(share * 100)} % ${STATES[mark]}`))));
}
