// The keyboard on a work surface, and the sum of what is marked. Every key does what a button on the page does; without this the buttons do it.
(() => {
  const rows = () => [...document.querySelectorAll("[data-row]")].filter(row => row.offsetParent);
  const letters = document.querySelector("[data-letters]"), output = document.querySelector("[data-marked]");
  let stored;
  try { stored = localStorage.letters; } catch { /* on for this page only */ }
  if (letters) letters.checked = stored !== "off";
  letters?.addEventListener("change", () => { try { localStorage.letters = letters.checked ? "on" : "off"; } catch { /* as above */ } });

  const here = () => document.activeElement?.closest("[data-row]");
  const go = step => {
    const all = rows(), at = all.indexOf(here());
    const next = all[at < 0 ? 0 : Math.max(0, Math.min(all.length - 1, at + step))];
    next?.focus();
    next?.scrollIntoView({ block: "nearest" });
  };

  // Sums are counted in whole numbers, so that they are what the page would say.
  const cents = text => {
    const [, sign, whole, part = ""] = /^(-?)(\d+)(?:\.(\d+))?$/.exec(text) || [, "", "0", ""];
    return BigInt(`${sign}${whole}${part.padEnd(4, "0").slice(0, 4)}`);
  };
  const figures = new Intl.NumberFormat(document.documentElement.lang === "en" ? "en-GB" : document.documentElement.lang, { minimumFractionDigits: 2 });
  const said = value => figures.format(Number(value) / 10000).replace("-", "\u2212");
  const sum = () => {
    if (!output) return;
    const sides = new Map();
    for (const box of document.querySelectorAll("[data-mark]:checked")) sides.set(box.name, (sides.get(box.name) || 0n) + cents(box.dataset.amount));
    output.textContent = [...sides.values()].map(said).join(" : ");
  };
  document.addEventListener("change", event => { if (event.target.matches("[data-mark]")) sum(); });
  sum();

  // A letter calls the button that carries it: in the row that is focused, in its answers, or in the form for what is marked.
  const call = key => {
    const row = here(), inRow = row?.querySelector(`[data-key="${key}"]`);
    if (inRow) {
      const folded = inRow.closest("details");
      const field = inRow.form.querySelector("input:not([type=hidden]),select,textarea");
      if (folded) folded.open = true;
      if (field) field.focus(); else inRow.click();
      return true;
    }
    const whole = document.querySelector(`.whole [data-key="${key}"]`);
    if (whole) {
      whole.closest("details").open = true;
      whole.form.querySelector("input:not([type=hidden]),select,textarea")?.focus();
      return true;
    }
    const marked = document.querySelector(`#match [data-key="${key}"]`);
    if (marked && document.querySelector("[data-mark]:checked")) { marked.click(); return true; }
    return false;
  };

  document.addEventListener("keydown", event => {
    if (event.ctrlKey || event.metaKey || event.altKey || !letters?.checked) return;
    if (event.target.matches("input:not([type=checkbox]),select,textarea") || document.querySelector("dialog[open]")) {
      if (event.key === "Escape") event.target.closest("details")?.querySelector("summary")?.focus();
      return;
    }
    const key = event.key.toLowerCase();
    const acts = {
      j: () => go(1),
      k: () => go(-1),
      x: () => { const box = here()?.querySelector("[data-mark]"); if (box) { box.checked = !box.checked; sum(); } },
      o: () => document.body.classList.toggle("only-open"),
    };
    if (acts[key]) { acts[key](); event.preventDefault(); }
    else if (key.length === 1 && call(key)) event.preventDefault();
  });
})();
