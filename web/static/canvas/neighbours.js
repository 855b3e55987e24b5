// All that is one event away from a card: searched, sorted out by type and state, and shown one by one or all.
import { button, make } from './dom.js';
import { PagedList } from './paged_list.js';
import { including } from './address.js';
import { moment } from './format.js';

const MANY = 20; // more than this are not shown without asking
const GROWN = 250; // cards; a picture that grows beyond 500 would be folded by itself

export class Neighbours extends PagedList {
  constructor(view) {
    super('Search by name');
    this.view = view;
    this.facets = make('p', { className: 'facets' });
    this.title = make('h2', {});
    this.element = make('dialog', { className: 'neighbours' }, this.title, this.search, this.facets, this.count, this.list, this.more,
      make('p', { className: 'actions' },
        this.all = button('', () => this.addAll(), { className: 'main' }),
        button('Close', () => this.element.close())));
    view.stage.append(this.element);
  }

  // Show a side of a card: at once where it hides few, else ask which.
  open(card, side) {
    const hidden = card[`hidden_${side}`];
    if (hidden > MANY) this.show(card, side);
    else if (hidden) this.addSide(card, side);
  }

  addSide(card, side) {
    this.grow('opened', `${card.key}-${side}`, card.key);
  }

  // What one adds by hand never folds what is there.
  grow(name, value, keep) {
    const { cards, picture } = this.view.graph;
    return this.view.change((parameters) => {
      if (cards.length > GROWN && !picture.folded && !parameters.has('by')) parameters.set('by', 'none');
      including(parameters, name, value);
    }, keep);
  }

  show(card, side) {
    [this.card, this.side, this.chosen] = [card, side, {}];
    this.search.value = '';
    this.title.textContent = `${card[side].toLocaleString('en')} ${side} of ${card.heading} ${card.key.split('/')[1]}`;
    this.all.textContent = `Show all ${card[side].toLocaleString('en')}`;
    this.all.hidden = !card[`hidden_${side}`];
    this.list.replaceChildren();
    this.facets.replaceChildren();
    this.element.showModal();
    this.load();
  }

  address(after) {
    const query = new URLSearchParams({ direction: this.side, text: this.search.value, ...this.chosen });
    if (after !== null) query.set('after', after);
    return `/${this.card.key.replace('/', 's/')}/neighbours.json?${query}`;
  }

  fill(found, added) {
    super.fill(found, added);
    this.facets.replaceChildren(...Object.entries(found.facets).filter(([, counts]) => Object.keys(counts).length > 1 || this.chosen.type).map(([name, counts]) => this.facet(name, counts)));
  }

  facet(name, counts) {
    const select = make('select', { ariaLabel: name, onchange: () => {
      this.chosen = { ...this.chosen, [name]: select.value };
      if (!select.value) delete this.chosen[name];
      this.load();
    } }, make('option', { value: '' }, `any ${name}`), ...Object.entries(counts).map(([value, count]) => (
      make('option', { value, selected: this.chosen[name] === value }, `${value} (${count.toLocaleString('en')})`))));
    return select;
  }

  item(node) {
    const drawn = this.view.graph.numberOf(node.ref) >= 0;
    const words = [node.type, node.name ?? '', `#${node.ref.split('/')[1]}`, node.state?.toLowerCase() ?? '', node.time ? moment(node.time) : ''];
    const act = drawn
      ? button('Go to it', () => this.goTo(node.ref))
      : button('Show', (event) => this.add(node.ref, event.target), { ariaLabel: `Show ${words.join(' ')}` });
    return make('li', {}, act, ' ', make('a', { href: `/${node.ref.replace('/', 's/')}` }, words[0]), ` ${words.slice(1).filter(Boolean).join(' · ')}`);
  }

  async add(ref, pressed) {
    pressed.disabled = true;
    await this.grow('picked', ref, this.card.key);
    pressed.textContent = this.view.graph.numberOf(ref) >= 0 ? 'Shown' : 'Not shown';
  }

  addAll() {
    this.element.close();
    this.addSide(this.card, this.side);
  }

  goTo(ref) {
    this.element.close();
    this.view.select(this.view.graph.numberOf(ref), false);
  }
}
