// Time: timers tick; in the week arrow keys move between fields, and a field that was changed says so.
(() => {
  const clocks = [...document.querySelectorAll("[data-ran]")], began = Date.now();
  const tick = () => {
    for (const clock of clocks) {
      const minutes = Number(clock.dataset.ran) + Math.floor((Date.now() - began) / 60000);
      clock.textContent = `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, "0")}`;
    }
  };
  if (clocks.length) { tick(); setInterval(tick, 10000); }
  const week = document.querySelector("[data-week]");
  if (!week) return;
  const rows = [...week.querySelectorAll("tbody tr")].map(row => [...row.querySelectorAll("input:not([type=hidden])")]).filter(row => row.length);
  week.addEventListener("keydown", event => {
    const y = rows.findIndex(row => row.includes(event.target));
    if (y < 0 || event.altKey || event.ctrlKey || event.metaKey) return;
    const x = rows[y].indexOf(event.target), field = event.target;
    const atEnd = field.selectionStart === field.value.length, atStart = field.selectionEnd === 0;
    const to = { ArrowUp: rows[y - 1]?.[x], ArrowDown: rows[y + 1]?.[x], ArrowLeft: atStart && rows[y][x - 1], ArrowRight: atEnd && rows[y][x + 1] }[event.key];
    if (!to) return;
    event.preventDefault();
    to.focus();
    to.select();
  });
})();
