// Steps of a procedure as rows that the keyboard makes, moves and takes out; several pasted lines become several rows. Without script the rows that are there serve.
(() => {
  const body = document.querySelector("#steps tbody");
  if (!body) return;
  for (const note of document.querySelectorAll(".by-script")) note.hidden = false;
  const rowOf = element => element.closest("tr");
  const NUMBERED = /^\s*(\d{1,3}(?:\.\d{1,3})+[.):]?|\d{1,3}[.):])\s+(.*)$/;

  const number = () => [...body.rows].forEach((row, at) => {
    row.cells[0].textContent = at + 1;
    for (const field of row.querySelectorAll("[aria-label]")) field.setAttribute("aria-label", field.getAttribute("aria-label").replace(/\d+/, at + 1));
  });
  const fit = field => { field.style.height = "auto"; field.style.height = Math.max(field.scrollHeight + 2, 36) + "px"; };
  const added = after => {
    const row = after.cloneNode(true);
    for (const field of row.querySelectorAll("input,textarea")) { field.value = ""; field.style.height = ""; }
    after.after(row);
    return row;
  };
  const field = (row, name) => row.querySelector(`[name=${name}]`);

  body.addEventListener("keydown", event => {
    const row = rowOf(event.target), name = event.target.name;
    if (event.key === "Enter" && name !== "exceptions" && !event.shiftKey) {
      event.preventDefault();
      field(added(row), "says").focus();
    } else if (event.altKey && (event.key === "ArrowUp" || event.key === "ArrowDown")) {
      event.preventDefault();
      const other = event.key === "ArrowUp" ? row.previousElementSibling : row.nextElementSibling;
      if (!other) return;
      if (event.key === "ArrowUp") other.before(row); else other.after(row);
      event.target.focus();
    } else if ((event.ctrlKey || event.metaKey) && event.key === "Backspace" && body.rows.length > 1) {
      event.preventDefault();
      const next = row.nextElementSibling || row.previousElementSibling;
      row.remove();
      field(next, name).focus();
    } else return;
    number();
  });
  body.addEventListener("paste", event => {
    const lines = event.clipboardData.getData("text/plain").split(/\r?\n/).filter(line => line.trim());
    if (event.target.name === "exceptions" || lines.length < 2) return;
    event.preventDefault();
    let row = rowOf(event.target);
    lines.forEach((line, at) => {
      if (at > 0) row = added(row);
      const found = line.match(NUMBERED);
      field(row, "number").value = found ? found[1].replace(/[.):]$/, "") : "";
      field(row, "says").value = (found ? found[2] : line).trim();
      fit(field(row, "says"));
    });
    number();
    field(row, "says").focus();
  });
  body.addEventListener("input", event => { if (event.target.tagName === "TEXTAREA") fit(event.target); });
  for (const area of body.querySelectorAll("textarea")) if (area.value) fit(area);
})();
