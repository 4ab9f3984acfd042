// Runs before the first paint, so that a dark screen does not flash white. A file of its own because the
// content security policy allows no inline script.
(function () {
  var wanted = 'auto';
  try {
    wanted = localStorage.getItem('mantine-color-scheme-value') || 'auto';
  } catch {
    // Storage may be switched off; the system's preference decides then.
  }
  var dark = wanted === 'dark' || (wanted === 'auto' && matchMedia('(prefers-color-scheme: dark)').matches);
  document.documentElement.setAttribute('data-mantine-color-scheme', dark ? 'dark' : 'light');
})();
