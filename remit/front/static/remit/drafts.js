// What was typed survives a lapsed log-in, a closed connection or an error page: it stays in this tab until its form was accepted.
(() => {
  const PREFIX = "draft:", me = document.body.dataset.me || "", keeps = "keepsDrafts" in document.body.dataset;
  const refused = document.querySelector(".refusal");
  let store;
  try { store = sessionStorage; store.length; } catch { return; }

  const keys = () => Object.keys(store).filter(key => key.startsWith(PREFIX));
  const read = key => { try { return JSON.parse(store[key]); } catch { return null; } };
  const write = (key, draft) => { try { store[key] = JSON.stringify(draft); } catch { /* full: the form still works */ } };
  const forms = () => [...document.querySelectorAll("form[method=post]:not([data-no-draft])")];
  const keyOf = form => PREFIX + location.pathname + "#" + (form.id || forms().indexOf(form));
  const fields = form => [...form.elements].filter(e => e.name && !["hidden", "password", "file", "submit", "button"].includes(e.type));
  const values = form => fields(form).map(e => [e.name, e.value, e.type === "checkbox" || e.type === "radio" ? e.checked : null]);
  const once = form => form.elements.namedItem("idempotency_key");

  // An error page or a log-in means that what was sent may not have arrived, a refusal that it was not done; any other page that it was.
  for (const key of keys()) {
    const draft = read(key);
    if (!draft || (me && draft.me && draft.me !== me)) store.removeItem(key);
    else if (keeps) write(key, { ...draft, sent: false });
    else if (draft.sent && refused) write(key, { ...draft, sent: false, key: "" });
    else if (draft.sent) store.removeItem(key);
  }
  if (keeps) return;

  const restore = form => {
    const draft = read(keyOf(form));
    if (!draft) return;
    const left = [...draft.values], fresh = once(form)?.value;
    let changed = false;
    for (const element of fields(form)) {
      const radio = element.type === "radio";
      const at = left.findIndex(([name, value]) => name === element.name && (!radio || value === element.value));
      if (at < 0) continue;
      const [, value, checked] = left.splice(at, 1)[0];
      if (checked === null ? element.value !== value : element.checked !== checked) changed = true;
      if (checked === null) element.value = value; else element.checked = checked;
    }
    // The same words under the same key are done once, even if the first try had arrived; other words are another try.
    if (once(form) && draft.key) {
      once(form).value = draft.key;
      form.addEventListener("input", () => { once(form).value = fresh; }, { once: true });
    }
    const notice = document.querySelector("template#draft-notice");
    if (changed && notice) form.prepend(notice.content.cloneNode(true));
  };

  const keep = (form, sent) => write(keyOf(form), { me, sent, key: sent ? once(form)?.value : "", values: values(form) });

  forms().forEach(restore);
  document.addEventListener("input", event => {
    const form = event.target.form;
    if (form && forms().includes(form)) keep(form, false);
  });
  document.addEventListener("submit", event => {
    const form = event.target;
    if ("forgetsDrafts" in form.dataset) keys().forEach(key => store.removeItem(key));
    else if (forms().includes(form)) keep(form, true);
  });
  document.addEventListener("click", event => {
    const button = event.target.closest("[data-discard-draft]");
    if (button) { store.removeItem(keyOf(button.form || button.closest("form"))); location.reload(); }
  });
})();
