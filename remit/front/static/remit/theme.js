// Before the first paint, so that a chosen theme does not flash.
try {
  if (localStorage.theme) document.documentElement.dataset.theme = localStorage.theme;
} catch { /* storage is closed: follow the system */ }
