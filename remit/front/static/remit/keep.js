// After log-in: show the file that this browser holds, and send it when told to.
(async () => {
  const form = document.querySelector("#keep"), nothing = document.querySelector("#nothing-held"), failed = document.querySelector("#keep-failed");
  const words = failed.querySelector("span");
  const held = await kept.held().catch(() => null);
  form.hidden = !held;
  nothing.hidden = Boolean(held);
  if (!held) return;
  if (held.kind === "notice") {
    const become = form.dataset.notice;
    document.querySelector("h1").textContent = become;
    document.querySelector(".head .sub").hidden = true;
    form.querySelector(".pri span")?.replaceChildren(become);
  }
  form.querySelector("[data-held-name]").textContent = held.name;
  form.querySelector("[data-held-size]").textContent = `${Math.max(1, Math.round(held.file.size / 1000))} kB`;

  form.addEventListener("submit", async event => {
    event.preventDefault();
    const body = new FormData(form), button = form.querySelector(".pri");
    body.append("file", held.file, held.name);
    // A notice becomes a brief; everything else is kept as a file.
    const chosen = form.querySelector("[name=organization]:checked,[name=organization][type=hidden]"), isNotice = held.kind === "notice";
    const to = isNotice ? chosen.dataset.notice : chosen.value;
    body.delete("organization");
    if (!isNotice) body.append("kind", held.kind);
    failed.hidden = true;
    button.disabled = true;
    try {
      const reply = await fetch(to, { method: "POST", body });
      if (reply.ok) {
        await kept.forget();
        location.assign(reply.url);
        return;
      }
      const page = new DOMParser().parseFromString(await reply.text(), "text/html");
      words.textContent = `${words.dataset.failed} ${page.querySelector("h1,b")?.textContent || reply.status} ${page.querySelector(".sub,p")?.textContent || ""}`;
    } catch {
      words.textContent = words.dataset.offline;
    }
    failed.hidden = false;
    button.disabled = false;
  });
  form.querySelector("[data-forget-held]").addEventListener("click", async () => { await kept.forget(); location.assign("/"); });
})();
