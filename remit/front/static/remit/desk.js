// Today by keys: J and K from one need to the next, Enter or O opens it, X ticks it; S and A do something with what is ticked, U undoes it while it is held.
// Letters can be turned off, as on the surfaces (WCAG 2.1.4). Without this the buttons do it, at once.
(() => {
  const letters = document.querySelector("[data-letters]"), needs = [...document.querySelectorAll(".needs .need > a.btn")];
  let stored = null;
  try { stored = localStorage.letters; } catch { /* on for this page only */ }
  if (letters) letters.checked = stored !== "off";
  letters?.addEventListener("change", () => { try { localStorage.letters = letters.checked ? "on" : "off"; } catch { /* as above */ } });
  const typing = (at) => at instanceof Element && at.closest("input:not([type=checkbox]), textarea, select, [contenteditable], dialog[open]");

  const form = document.getElementById("chosen"), held = document.querySelector("[data-undo]");
  const boxes = () => [...document.querySelectorAll("input[form=chosen]")].filter((box) => box.checked);
  const count = () => {
    const chosen = boxes(), answers = form.querySelector("[data-answers]");
    form.hidden = !chosen.length || !held.hidden;
    form.querySelector("[data-count]").textContent = `${form.dataset.ticked}: ${chosen.length}`;
    if (answers) answers.hidden = !chosen.some((box) => "answer" in box.dataset);
  };

  // Held for some seconds before it is sent: until then nothing was decided. Whoever leaves the page meanwhile meant it.
  let waiting = null;
  const send = (leaving) => {
    if (!waiting) return;
    const { timer, button, data } = waiting;
    waiting = null;
    clearTimeout(timer);
    if (leaving) navigator.sendBeacon(button.getAttribute("formaction") || form.action, data);
    else { form.action = button.getAttribute("formaction") || form.action; form.submit(); }
  };
  const undo = () => {
    if (!waiting) return;
    clearTimeout(waiting.timer);
    waiting = null;
    held.hidden = true;
    document.querySelectorAll(".need.gone").forEach((row) => row.classList.remove("gone"));
    count();
    boxes()[0]?.focus();
  };
  form?.addEventListener("submit", (event) => {
    event.preventDefault();
    const button = event.submitter, chosen = boxes();
    if (!chosen.length || waiting) return;
    chosen.forEach((box) => box.closest(".need").classList.add("gone"));
    held.hidden = false;
    held.querySelector("span").textContent = `${button.dataset.held}: ${chosen.length}`;
    held.style.setProperty("--held", `${form.dataset.hold}s`);
    waiting = { button, data: new FormData(form), timer: setTimeout(send, form.dataset.hold * 1000) };
    form.hidden = true;
    held.querySelector("button").focus();
  });
  held?.querySelector("button").addEventListener("click", undo);
  window.addEventListener("pagehide", () => send(true));
  if (form) {
    count();
    document.addEventListener("change", (event) => { if (event.target.matches("input[form=chosen]")) count(); });
  }

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || !letters?.checked || !needs.length || typing(event.target)) return;
    const row = document.activeElement?.closest(".need"), at = needs.findIndex((link) => link.closest(".need") === row), key = event.key.toLowerCase();
    if (key === "j" || key === "k") {
      event.preventDefault();
      const next = at < 0 ? (key === "j" ? 0 : needs.length - 1) : Math.max(0, Math.min(needs.length - 1, at + (key === "j" ? 1 : -1)));
      needs[next].focus();
      needs[next].closest(".need").scrollIntoView({ block: "nearest" });
    } else if (key === "o" && at >= 0) {
      event.preventDefault();
      needs[at].click();
    } else if (key === "x" && at >= 0) {
      event.preventDefault();
      row.querySelector("input[form=chosen]")?.click();
    } else if (key === "u") {
      undo();
    } else if (key === "s" || key === "a") {
      const button = form.querySelector(`[data-key="${key}"]`);
      if (button && !button.hidden && boxes().length) { event.preventDefault(); form.requestSubmit(button); }
    }
  });
})();
