// Checks on the front page: the answer comes on the same page, files may be dropped, and one may be held for after log-in. Without this the forms post as they are.
(() => {
  const status = document.querySelector("#reading"), answer = document.querySelector("#answer");
  let file = null, kind = "", turn = 0;

  const say = words => { status.textContent = words; };

  const show = (html, form) => {
    const page = new DOMParser().parseFromString(html, "text/html");
    const sprite = document.body.querySelector(":scope > svg.sprite");
    for (const symbol of page.querySelectorAll("svg.sprite symbol")) if (!document.getElementById(symbol.id)) sprite.append(symbol);
    page.querySelectorAll("svg.sprite,noscript").forEach(part => part.remove());
    answer.replaceChildren(...page.body.childNodes);
    document.querySelectorAll("[data-check]").forEach(one => one.classList.toggle("on", one === form));
    const keep = answer.querySelector("[data-keep]");
    if (keep) keep.hidden = !window.indexedDB;
    answer.focus({ preventScroll: true });
    answer.scrollIntoView({ block: "nearest" });
  };

  const check = async (form, chosen) => {
    if (!chosen) return;
    answer.replaceChildren();
    if (!chosen.size) return say(status.dataset.empty);
    if (chosen.size > Number(form.dataset.limit)) return say(status.dataset.tooLarge);
    const mine = ++turn, body = new FormData();
    body.append("file", chosen);
    say(status.dataset.reading);
    try {
      const reply = await fetch(form.action, { method: "POST", body, headers: { "HX-Request": "true" } });
      const html = await reply.text();
      if (mine !== turn) return;
      file = chosen;
      kind = form.dataset.check;
      say("");
      show(html, form);
    } catch {
      if (mine === turn) say(status.dataset.failed);
    }
  };

  for (const form of document.querySelectorAll("[data-check]")) {
    const input = form.querySelector("input[type=file]");
    input.addEventListener("change", () => check(form, input.files[0]));
    form.addEventListener("submit", event => { event.preventDefault(); check(form, input.files[0]); });
    form.addEventListener("dragover", event => { event.preventDefault(); form.classList.add("over"); });
    form.addEventListener("dragleave", () => form.classList.remove("over"));
    form.addEventListener("drop", event => {
      event.preventDefault();
      form.classList.remove("over");
      input.value = "";
      check(form, event.dataTransfer.files[0]);
    });
  }

  // The language changes by loading the page anew: the file checked passes through the browser, and is checked again in the new words.
  const language = document.querySelector("form.lang");
  language?.addEventListener("submit", async event => {
    if (!file || !answer.childElementCount) return;
    event.preventDefault();
    await kept.pass(file, kind).catch(() => null);
    language.submit();
  });
  if (window.indexedDB) kept.passed().catch(() => null).then(passed => {
    if (passed && !file) check(document.querySelector(`[data-check="${passed.kind}"]`), passed.file);
  });

  // After log-in the page /keep/ sends what is held.
  const afterLogIn = on => document.querySelectorAll("[data-next]").forEach(next => { next.value = on ? "/keep/" : ""; });
  const note = document.querySelector("#held");
  const showHeld = async () => {
    const held = await kept.held().catch(() => null);
    note.hidden = !held;
    afterLogIn(held);
    if (held) note.querySelector("[data-held-name]").textContent = held.name;
  };
  showHeld();

  document.addEventListener("click", async event => {
    if (event.target.closest("[data-keep]")) {
      await kept.hold(file, kind);
      if ("signedIn" in document.body.dataset) location.assign("/keep/");
      else { await showHeld(); note.scrollIntoView({ block: "start" }); document.querySelector("#mail")?.focus({ preventScroll: true }); }
    }
    if (event.target.closest("[data-forget-held]")) { await kept.forget(); await showHeld(); }
  });
})();
