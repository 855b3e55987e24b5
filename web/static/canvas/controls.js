// The form above the picture and the buttons on it: they act in place, and the address follows.
import { savePicture } from './export.js';

export class Controls {
  constructor(view) {
    this.view = view;
    for (const element of view.stage.querySelectorAll('[data-do]')) {
      element.addEventListener('click', () => view.act(element.dataset.do));
    }
    for (const menu of view.stage.querySelectorAll('details.menu')) menu.addEventListener('toggle', () => this.nameFiles());
    this.form = view.address.shared ? document.querySelector('form.scope') : null;
    this.form?.addEventListener('change', () => this.apply());
    this.form?.addEventListener('submit', (event) => {
      event.preventDefault();
      this.apply();
    });
    if (view.address.shared) {
      document.addEventListener('click', (event) => {
        const link = event.target.closest('a[data-by]');
        if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
        event.preventDefault();
        view.groups.by(link.dataset.by);
      });
    }
    const menu = this.form?.closest('details');
    if (menu && matchMedia('(max-width: 40rem)').matches) menu.open = false;
  }

  // Put into the address what the form says; what is plain (its default) is left out.
  apply() {
    const { form, view } = this;
    view.change((parameters) => {
      for (const { name, type, value, checked, dataset } of form.elements) {
        if (!name || type === 'hidden') continue;
        if (type === 'checkbox' ? !checked : value === dataset.plain) parameters.delete(name);
        else parameters.set(name, value);
      }
    }, null);
  }

  // The address changed otherwise: the form follows.
  follow() {
    const { view, form } = this;
    const { parameters } = view.address;
    for (const element of form?.elements ?? []) {
      const { name, type } = element;
      if (!name || type === 'hidden') continue;
      const value = parameters.get(name);
      if (type === 'checkbox') element.checked = value === element.value;
      else element.value = value ?? element.dataset.plain;
    }
    for (const [name, can] of [['undo', view.address.canUndo], ['redo', view.address.canRedo]]) {
      for (const element of view.stage.querySelectorAll(`[data-do=${name}]`)) element.disabled = !can;
    }
    this.nameFiles();
  }

  // This very view in another form: also of the moment and the place that the canvas alone knows.
  addressOf(change) {
    const { address } = this.view;
    address.settle();
    const url = new URL(address.picture, location.href);
    url.pathname = change(url.pathname.replace(/\/picture\.json$/, ''));
    for (const name of ['at', 'selected', 'x', 'y', 'zoom']) {
      if (address.get(name) !== null) url.searchParams.set(name, address.get(name));
    }
    if (this.view.graph.picture.folded) url.searchParams.set('by', 'auto'); // data is not folded unasked
    return url;
  }

  nameFiles() {
    const { address, stage } = this.view;
    if (!address.picture) return;
    for (const link of stage.querySelectorAll('a[data-file]')) {
      const { file } = link.dataset;
      link.href = file === 'json' ? address.picture : this.addressOf((path) => `${path}.${file}`);
    }
  }

  copyLink() {
    this.view.address.settle();
    return this.copy(location.href, 'The link to this very view was copied.', 'Copy the address of this page: it leads to this very view.');
  }

  // Other pages may frame the view only where the settings name them.
  copyEmbed() {
    const address = this.addressOf((path) => `/embed${path}`).href.replaceAll('&', '&amp;').replaceAll('"', '&quot;');
    const code = `<iframe src="${address}" title="A lineage" width="100%" height="480" style="border:0"></iframe>`;
    return this.copy(code, 'HTML that shows this view in another page was copied. LINEAGE_GRAPH_EMBED_ORIGINS names the sites that may.', 'Copy this into another page:');
  }

  async copy(text, done, failed) {
    try {
      await navigator.clipboard.writeText(text);
      this.view.tell(done);
    } catch {
      this.view.tell(`${failed} ${text}`);
    }
  }

  async savePng() {
    const { width, height, scale } = await savePicture(this.view).catch((error) => {
      this.view.tell(error.message);
      return {};
    });
    if (!width) return;
    const smaller = scale < 1 ? `, at ${scale < 0.1 ? (scale * 100).toPrecision(2) : Math.round(scale * 100)} % of its size: it is large. The SVG is sharp at any size` : '';
    this.view.tell(`The whole picture was saved as PNG, ${width} × ${height} pixels${smaller}.`);
  }
}
