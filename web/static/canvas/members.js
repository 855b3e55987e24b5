// What a group holds: the first of them from the picture, all of them from the server.
import { button, make } from './dom.js';
import { PagedList } from './paged_list.js';

export class Members extends PagedList {
  constructor(view, card, pull) {
    super('Search its members');
    Object.assign(this, { view, card, pull });
    const { count, members } = card.group;
    this.list.classList.add('members');
    const next = view.alone || members.length >= count ? null : members.length;
    this.fill({ total: count, matching: count, nodes: members.map((ref) => ({ ref })), next }, false);
    const [search, more] = view.alone ? [] : [count > 8 ? this.search : '', this.more];
    this.elements = [make('h3', {}, 'Members'), search ?? '', this.count, this.list, more ?? ''];
  }

  address(after) {
    const url = new URL(this.view.address.picture, location.href);
    url.pathname = url.pathname.replace('picture.json', 'members.json');
    for (const [name, value] of Object.entries({ group: this.card.key, text: this.search.value, after: after ?? 0 })) url.searchParams.set(name, value);
    return url;
  }

  item({ ref, name, type, state }) {
    const { view, card } = this;
    const called = ref.replace('/', ' #');
    const about = [card.kind === 'context' ? type : '', name, state?.toLowerCase()].filter(Boolean).join(' · ');
    const node = !/context|stack/.test(ref);
    return make('li', {},
      view.alone || !node ? called : make('a', { href: `/${ref.replace('/', 's/')}` }, called), ` ${about} `,
      card.kind === 'stack' && node && view.address.picture ? button('Pull out', () => this.pull(ref), { ariaLabel: `Pull ${ref} out of the stack` }) : null);
  }
}
