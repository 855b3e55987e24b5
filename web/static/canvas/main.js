// The pictures of a page, the list that follows them, and the key of the search.
import { keepListCurrent } from './list.js';
import './views.js';

keepListCurrent();

document.addEventListener('keydown', (event) => {
  const typing = event.target.closest('input, textarea, select');
  if (event.key === '/' && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
    event.preventDefault();
    document.querySelector('#search').focus();
  }
});
