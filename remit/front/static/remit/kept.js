// One file that the visitor wants to keep, held in the browser (IndexedDB) until after log-in, for a day at most.
const kept = (() => {
  const DAY_MS = 24 * 60 * 60 * 1000;
  const open = () => new Promise((yes, no) => {
    const request = indexedDB.open("remit", 1);
    request.onupgradeneeded = () => request.result.createObjectStore("kept");
    request.onsuccess = () => yes(request.result);
    request.onerror = () => no(request.error);
  });
  const run = async (mode, work) => {
    const base = await open();
    try {
      return await new Promise((yes, no) => {
        const change = base.transaction("kept", mode), request = work(change.objectStore("kept"));
        change.oncomplete = () => yes(request.result);
        change.onabort = change.onerror = () => no(change.error);
      });
    } finally { base.close(); }
  };
  // What passes from a page to the same page loaded anew, in moments.
  const PASSING_MS = 60 * 1000;
  const pass = (file, kind) => run("readwrite", store => store.put({ file, kind, at: Date.now() }, "passing"));
  const passed = async () => {
    const found = await run("readonly", store => store.get("passing"));
    if (!found) return null;
    await run("readwrite", store => store.delete("passing"));
    return Date.now() - found.at < PASSING_MS ? found : null;
  };
  const forget = () => run("readwrite", store => store.delete("file"));
  const hold = (file, kind) => run("readwrite", store => store.put({ file, name: file.name, kind, at: Date.now() }, "file"));
  const held = async () => {
    const found = await run("readonly", store => store.get("file"));
    if (!found || Date.now() - found.at < DAY_MS) return found || null;
    await forget();
    return null;
  };
  return { hold, held, forget, pass, passed };
})();
