// Theme, language, copy buttons, account menu and the command palette. The pages work without it.
(() => {
  const root = document.documentElement;
  const find = (selector, within = document) => within?.querySelector(selector);
  const isDark = () =>
    root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme:dark)").matches;

  const dialog = find("#palette"), input = find("input", dialog), list = find("ul", dialog), nothing = find("p", dialog);
  let entries = [], chosen = 0, asked = 0, waiting = 0;

  // The server knows every command and page; what stands in the menu is the fallback.
  const onThisPage = words =>
    [...document.querySelectorAll("nav.side a")]
      .map(a => ({ text: find("span", a).textContent, hint: "", href: a.getAttribute("href") }))
      .filter(e => e.text.toLowerCase().includes(words.toLowerCase()));

  const ask = async words => {
    const turn = ++asked;
    let found;
    try {
      const answer = await fetch(`${dialog.dataset.src}?q=${encodeURIComponent(words)}`, { headers: { Accept: "application/json" } });
      found = answer.ok ? await answer.json() : onThisPage(words);
    } catch {
      found = onThisPage(words);
    }
    if (turn !== asked) return;
    entries = found.slice(0, 9);
    chosen = 0;
    draw();
  };

  const draw = () => {
    list.replaceChildren(...entries.map((entry, n) => {
      const item = document.createElement("li"), text = document.createElement("span"), hint = document.createElement("small");
      item.id = `pl${n}`;
      item.className = n === chosen ? "on" : "";
      item.setAttribute("role", "option");
      item.setAttribute("aria-selected", n === chosen);
      item.dataset.href = entry.href;
      text.textContent = entry.text;
      hint.textContent = entry.hint;
      item.append(text, hint);
      return item;
    }));
    nothing.hidden = entries.length > 0;
    if (entries.length) input.setAttribute("aria-activedescendant", `pl${chosen}`);
    else input.removeAttribute("aria-activedescendant");
    find("li.on", list)?.scrollIntoView({ block: "nearest" });
  };

  const go = item => { if (item) location.assign(item.dataset.href); };
  const open = () => { input.value = ""; dialog.showModal(); input.focus(); ask(""); };

  // The front page and a guest's page have no palette.
  input?.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => ask(input.value), 120);
  });
  input?.addEventListener("keydown", event => {
    if (event.key === "Escape") { event.preventDefault(); dialog.close(); }
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      chosen = Math.max(0, Math.min(entries.length - 1, chosen + (event.key === "ArrowDown" ? 1 : -1)));
      draw();
    }
    if (event.key === "Enter") { event.preventDefault(); go(find("li.on", list)); }
  });

  list?.addEventListener("click", event => go(event.target.closest("li")));

  const copy = async button => {
    await navigator.clipboard?.writeText(button.dataset.copy);
    button.classList.add("copied");
    setTimeout(() => button.classList.remove("copied"), 1200);
  };

  document.addEventListener("click", event => {
    for (const menu of document.querySelectorAll("details.account[open]"))
      if (!menu.contains(event.target)) menu.open = false;
    if (event.target === dialog) dialog.close();
    const button = event.target.closest("[data-palette],[data-theme-toggle],[data-copy],[data-print]");
    if (!button) return;
    if ("palette" in button.dataset) open();
    if ("themeToggle" in button.dataset) {
      root.dataset.theme = isDark() ? "light" : "dark";
      try { localStorage.theme = root.dataset.theme; } catch { /* kept for this page only */ }
    }
    if ("print" in button.dataset) print();
    if (button.dataset.copy) copy(button);
  });
  document.addEventListener("keydown", event => {
    if (dialog && (event.ctrlKey || event.metaKey) && event.key === "k") { event.preventDefault(); open(); }
    const menu = event.key === "Escape" && find("details.account[open]");
    if (menu) { menu.open = false; find("summary", menu).focus(); }
  });

  // A select that is a form of its own (the language) sends itself.
  document.addEventListener("change", event => { if ("sends" in event.target.dataset) event.target.form.requestSubmit(); });

  // A part fetched later brings the icons that it uses; keep one sprite with each symbol once.
  document.addEventListener("htmx:afterSettle", () => {
    const sprites = [...document.querySelectorAll("svg.sprite")], first = sprites.pop();
    for (const more of sprites) {
      for (const symbol of more.querySelectorAll("symbol")) if (!find(`#${symbol.id}`, first)) first.append(symbol);
      more.remove();
    }
  });

  // On a phone the menu scrolls sideways: bring the current entry into view.
  const current = find("nav.side [aria-current]"), menu = find("nav.side ul");
  if (current && menu.scrollWidth > menu.clientWidth)
    menu.scrollLeft = current.offsetLeft - (menu.clientWidth - current.offsetWidth) / 2;
})();
