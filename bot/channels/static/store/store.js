// Buttons that lead into the chat. All else on these pages works without a script.
document.addEventListener("click", (event) => {
  if (event.target.closest("[data-chat]")) window.Nightdesk?.open();
});
