// Today by keys: J and K from one need to the next, Enter or O opens it. Letters can be turned off, as on the surfaces (WCAG 2.1.4).
(() => {
  const letters = document.querySelector("[data-letters]"), needs = [...document.querySelectorAll(".needs .need > a.btn")];
  let stored = null;
  try { stored = localStorage.letters; } catch { /* on for this page only */ }
  if (letters) letters.checked = stored !== "off";
  letters?.addEventListener("change", () => { try { localStorage.letters = letters.checked ? "on" : "off"; } catch { /* as above */ } });
  const typing = (at) => at instanceof Element && at.closest("input, textarea, select, [contenteditable], dialog[open]");
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || !letters?.checked || !needs.length) return;
    if (typing(event.target) && event.target !== letters) return;
    const at = needs.indexOf(document.activeElement), key = event.key.toLowerCase();
    if (key === "j" || key === "k") {
      event.preventDefault();
      const next = at < 0 ? (key === "j" ? 0 : needs.length - 1) : Math.max(0, Math.min(needs.length - 1, at + (key === "j" ? 1 : -1)));
      needs[next].focus();
      needs[next].closest(".need").scrollIntoView({ block: "nearest" });
    } else if (key === "o" && at >= 0) {
      event.preventDefault();
      needs[at].click();
    }
  });
})();
