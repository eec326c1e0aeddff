// Passkeys: a form with data-passkey asks the browser, puts the answer into its field and is sent. Where the browser knows none, it stays hidden.
(() => {
  const forms = document.querySelectorAll("form[data-passkey]");
  if (!window.PublicKeyCredential || !window.webauthnJSON) return;
  const plain = value => JSON.parse(JSON.stringify(value));

  const options = async form => {
    if (form.dataset.passkey !== "login") return JSON.parse(document.getElementById("passkey-data").textContent);
    const answer = await fetch(form.action, { headers: { Accept: "application/json" } });
    if (!answer.ok) throw new Error("no options");
    return answer.json();
  };

  const ask = async form => {
    const given = await options(form);
    if (form.dataset.passkey !== "create") return webauthnJSON.get(given.request_options);
    const asked = plain(given.creation_options), alone = form.elements.namedItem("passwordless")?.checked;
    const wanted = asked.publicKey.authenticatorSelection;
    wanted.residentKey = alone ? "required" : "discouraged";
    wanted.requireResidentKey = Boolean(alone);
    if (alone) wanted.userVerification = "required";
    return webauthnJSON.create(asked);
  };

  for (const form of forms) {
    form.hidden = false;
    form.addEventListener("submit", async event => {
      const field = form.elements.namedItem("credential"), failed = form.querySelector(".error");
      if (field.value) return;
      event.preventDefault();
      if (failed) failed.hidden = true;
      try {
        field.value = JSON.stringify(await ask(form));
        form.submit();
      } catch { if (failed) failed.hidden = false; }
    });
  }
})();
