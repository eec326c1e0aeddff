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
  const forget = () => run("readwrite", store => store.delete("file"));
  const hold = (file, kind) => run("readwrite", store => store.put({ file, name: file.name, kind, at: Date.now() }, "file"));
  const held = async () => {
    const found = await run("readonly", store => store.get("file"));
    if (!found || Date.now() - found.at < DAY_MS) return found || null;
    await forget();
    return null;
  };
  return { hold, held, forget };
})();
