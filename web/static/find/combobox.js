// A list of options below a field, as the combobox pattern of ARIA has it; words are always text.

let count = 0;

export class Combobox {
  constructor(input, choose) {
    this.input = input;
    this.choose = choose;
    this.options = [];
    this.active = -1;
    this.list = document.createElement('ul');
    this.list.id = `options-${(count += 1)}`;
    this.list.className = 'options';
    this.list.hidden = true;
    this.list.setAttribute('role', 'listbox');
    this.list.setAttribute('aria-label', input.getAttribute('aria-label') ?? 'What may stand here');
    input.after(this.list);
    const roles = { role: 'combobox', 'aria-autocomplete': 'list', 'aria-controls': this.list.id, 'aria-expanded': 'false' };
    for (const [name, value] of Object.entries(roles)) input.setAttribute(name, value);
    input.addEventListener('keydown', (event) => this.key(event));
    input.addEventListener('blur', () => this.hide());
    this.list.addEventListener('mousedown', (event) => event.preventDefault());
    this.list.addEventListener('click', (event) => {
      const item = event.target.closest('[role=option]');
      if (item) this.take(Number(item.dataset.number));
    });
  }

  // groups: [{ title, options: [{ label, detail, look }] }]; empty groups are left out.
  show(groups) {
    this.options = groups.flatMap((group) => group.options);
    this.active = -1;
    this.input.removeAttribute('aria-activedescendant');
    let number = 0;
    this.list.replaceChildren(...groups.filter((group) => group.options.length || group.waits).map((group) => {
      const part = element('li', 'part');
      part.setAttribute('role', 'presentation');
      if (group.title) part.append(element('span', 'title', group.title));
      const inner = element('ul', '');
      inner.setAttribute('role', 'group');
      inner.setAttribute('aria-label', group.title || 'options');
      inner.append(...group.options.map((option) => this.item(option, number++)));
      part.append(inner);
      return part;
    }));
    this.open(this.list.children.length > 0 && document.activeElement === this.input);
  }

  item(option, number) {
    const item = element('li', option.look ?? '');
    item.id = `${this.list.id}-${number}`;
    item.dataset.number = number;
    item.setAttribute('role', 'option');
    item.setAttribute('aria-selected', 'false');
    item.append(element('span', 'label', option.label));
    if (option.detail) item.append(element('span', 'soft', option.detail));
    return item;
  }

  open(is) {
    this.list.hidden = !is;
    this.input.setAttribute('aria-expanded', String(is));
  }

  hide() {
    this.open(false);
    this.mark(-1);
  }

  mark(number) {
    this.list.querySelector('[aria-selected=true]')?.setAttribute('aria-selected', 'false');
    this.active = number;
    const item = this.list.querySelector(`[data-number="${number}"]`);
    if (!item) {
      this.input.removeAttribute('aria-activedescendant');
      return;
    }
    item.setAttribute('aria-selected', 'true');
    item.scrollIntoView({ block: 'nearest' });
    this.input.setAttribute('aria-activedescendant', item.id);
  }

  take(number) {
    const option = this.options[number];
    this.hide();
    if (option) this.choose(option);
  }

  key(event) {
    if (event.isComposing) return;
    const total = this.options.length;
    if ((event.key === 'ArrowDown' || event.key === 'ArrowUp') && total) {
      event.preventDefault();
      this.open(true);
      const step = event.key === 'ArrowDown' ? 1 : -1;
      this.mark(this.active < 0 ? (step > 0 ? 0 : total - 1) : (this.active + step + total) % total);
    } else if (event.key === 'Escape' && !this.list.hidden) {
      event.preventDefault();
      event.stopPropagation();
      this.hide();
    } else if (!this.list.hidden && this.active >= 0 && (event.key === 'Enter' || event.key === 'Tab')) {
      event.preventDefault();
      this.take(this.active);
    }
  }
}

export function element(tag, look, text = '') {
  const made = document.createElement(tag);
  if (look) made.className = look;
  if (text) made.textContent = text;
  return made;
}
