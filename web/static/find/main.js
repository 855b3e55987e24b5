// Makes the search box and the filter boxes of the page answer while one types. Without this they are plain forms.
import { FilterBox } from './filter.js';
import { Search } from './search.js';

const search = document.querySelector('#search');
if (search) window.search = new Search(search);
window.filters = [...document.querySelectorAll('[data-filter]')].map((box) => new FilterBox(box));
