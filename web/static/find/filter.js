// The filter box: completed while one types, what is wrong under the character where it is, its Cypher beside.
import { Typeahead } from './typeahead.js';
import { Combobox } from './combobox.js';

const TITLES = {
  word: 'Words', context: 'Runs and other contexts', type: 'Types', property: 'Properties', attribute: 'Attributes',
  operator: 'Operators', neighbour: 'What is near', function: 'Functions',
};

export class FilterBox {
  constructor(box) {
    this.box = box;
    this.input = box.querySelector('input');
    this.wrong = box.querySelector('.wrong');
    this.note = box.querySelector('.note');
    this.cypher = box.querySelector('.cypher');
    this.popup = new Combobox(this.input, (option) => this.put(option));
    this.asker = new Typeahead(() => this.address(), (data, ok) => ok && this.answer(data), () => this.unknown());
    this.input.addEventListener('input', () => this.asker.soon());
    this.input.addEventListener('click', () => this.asker.soon());
    this.input.form?.addEventListener('submit', () => this.popup.hide());
    this.input.addEventListener('keydown', (event) => {
      if (event.key === ' ' && event.ctrlKey) this.asker.now();
      if (event.key.startsWith('Arrow') && this.popup.list.hidden) this.asker.soon();
    });
    if (this.input.value) this.asker.now();
  }

  address() {
    const asked = new URLSearchParams({ where: this.input.value, at: this.input.selectionStart ?? this.input.value.length });
    return `${this.box.dataset.filter}/complete.json?${asked}`;
  }

  answer({ start, end, options, check }) {
    this.start = start;
    this.end = end;
    const groups = new Map();
    for (const option of options) {
      if (!groups.has(option.sort)) groups.set(option.sort, { title: TITLES[option.sort], options: [] });
      groups.get(option.sort).options.push(option);
    }
    this.popup.show([...groups.values()]);
    this.tell(check);
  }

  // An end that is missing is no mistake yet while one types there.
  tell(check) {
    const unfinished = !check.ok && check.position >= this.input.value.trimEnd().length && document.activeElement === this.input;
    this.wrong.hidden = check.ok || unfinished;
    this.input.setAttribute('aria-invalid', String(!this.wrong.hidden));
    if (!check.ok && !unfinished) {
      const blanks = [...check.text.slice(0, check.column)].map((sign) => (sign === '\t' ? '\t' : ' ')).join('');
      this.wrong.querySelector('pre').textContent = check.placed ? `${check.text}\n${blanks}^` : check.text;
      this.wrong.querySelector('p').textContent = `${check.message} ${check.hint}`.trim();
    }
    const [word] = this.input.value.slice(0, this.input.selectionStart).match(/\w*$/); // one is still at it
    this.note.textContent = check.note ?? '';
    this.note.hidden = !check.note || (document.activeElement === this.input && check.note.includes(`'${word}'`));
    this.cypher.hidden = !check.ok || !check.cypher;
    if (this.cypher.hidden) return;
    this.cypher.querySelector('pre').textContent = check.cypher;
    const values = Object.entries(check.values).map(([name, value]) => `$${name} = ${JSON.stringify(value)}`);
    this.cypher.querySelector('.values').textContent = values.join('\n');
    const link = this.cypher.querySelector('a');
    link.hidden = !check.console;
    if (check.console) link.href = check.console;
  }

  unknown() {
    this.wrong.hidden = false;
    this.wrong.querySelector('pre').textContent = '';
    this.wrong.querySelector('p').textContent = 'The server does not answer. Is it still running?';
  }

  put(option) {
    const { value } = this.input;
    this.input.setRangeText(option.insert, this.start, Math.max(this.end, this.start), 'end');
    if (this.input.value !== value) this.asker.now();
  }
}
