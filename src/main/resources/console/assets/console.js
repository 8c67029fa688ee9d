// What the pages do not need: names while one types, and confirmation that a command was copied.
'use strict';
const input = document.getElementById('search');
const found = document.getElementById('found');
let asked = 0;
input?.addEventListener('input', async () => {
  const mine = ++asked;
  const text = input.value.trim();
  if (text.length < 2) {
    found.replaceChildren();
    return;
  }
  const answer = await fetch('/console/search/names?q=' + encodeURIComponent(text), {headers: {Accept: 'application/json'}});
  // Who has been logged out is led to the log-in.
  if (!answer.ok || answer.redirected || mine !== asked) return;
  found.replaceChildren(...(await answer.json()).map((name) => new Option(name, name)));
});
// A button before each command that is to be copied, where the browser lets pages write to the clipboard.
if (navigator.clipboard) {
  for (const block of document.querySelectorAll('pre.copy')) {
    const button = document.createElement('button');
    button.type = 'button';
    button.textContent = 'Copy';
    button.setAttribute('aria-label', 'Copy: ' + (block.getAttribute('aria-label') ?? 'command'));
    button.addEventListener('click', async () => {
      await navigator.clipboard.writeText(block.textContent.trim());
      button.textContent = 'Copied';
      button.setAttribute('aria-label', 'Copied: ' + (block.getAttribute('aria-label') ?? 'command'));
    });
    block.before(button);
  }
}
