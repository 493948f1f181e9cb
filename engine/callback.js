// Hands the ticket to the page that began the sign-in. That page knocks; this one knows no opener, nor did the pages before it in this window.
(() => {
  const { ticket, origin } = document.querySelector("main").dataset;
  const byHand = document.getElementById("by-hand");
  history.replaceState(null, "", location.pathname); // neither code nor state stays in the history
  document.getElementById("ticket").textContent = ticket.match(/.{1,4}/g).join("-");
  const late = setTimeout(() => (byHand.hidden = false), origin ? 3000 : 0);
  if (!origin) return;
  addEventListener("message", (event) => {
    if (event.origin !== origin || event.data?.parlance !== "waiting") return;
    clearTimeout(late);
    byHand.hidden = true;
    event.source.postMessage({ parlance: "signed-in", ticket }, origin);
    setTimeout(close, 300); // a message of a window that is gone says no source
  });
})();
