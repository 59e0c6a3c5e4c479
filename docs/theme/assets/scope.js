// What Material's scripts find their settings with. They expect these four names to be global.
const scopeBase = document.currentScript.dataset.base;
globalThis.__md_scope = new URL(scopeBase, location);
globalThis.__md_hash = (text) => [...text].reduce((sum, c) => (sum << 5) - sum + c.charCodeAt(0), 0);
globalThis.__md_get = (name, storage = localStorage, scope = __md_scope) => {
  try {
    return JSON.parse(storage.getItem(`${scope.pathname}.${name}`));
  } catch {
    return null; // Storage may be forbidden, or hold what another program wrote.
  }
};
globalThis.__md_set = (name, value, storage = localStorage, scope = __md_scope) => {
  try {
    storage.setItem(`${scope.pathname}.${name}`, JSON.stringify(value));
  } catch {
    // Then the choice lasts until the page is left.
  }
};
