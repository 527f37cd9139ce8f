// The sign-in form.

import { post, Refused } from "./api.js";
import { h, icon } from "./dom.js";
import { t } from "./words.js";

// Fills `app` with the form; `done(session)` once the server has let the agent in.
export function signInView(app, { ended, done }) {
  const problem = h("p", { class: "problem", role: "alert" }, ended ? t("team.sign_in.ended") : "");
  const login = h("input", { id: "login", name: "login", autocomplete: "username", autocapitalize: "none", spellcheck: "false", required: true });
  const password = h("input", { id: "password", name: "password", type: "password", autocomplete: "current-password", required: true });
  const button = h("button", { type: "submit", class: "btn main" }, t("team.sign_in.submit"));
  const form = h(
    "form",
    { class: "sign-in" },
    h("span", { class: "dk-logo" }, icon("lamp", 20)),
    h("h1", {}, t("team.sign_in.title")),
    h("label", { for: "login" }, t("team.sign_in.login")),
    login,
    h("label", { for: "password" }, t("team.sign_in.password")),
    password,
    problem,
    button,
  );
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    button.disabled = true;
    problem.textContent = "";
    try {
      done(await post("/session", { login: login.value, password: password.value }));
    } catch (error) {
      const known = { "wrong-password": "team.sign_in.wrong", "too-many-tries": "team.sign_in.too_many" };
      problem.textContent = t(error instanceof Refused ? (known[error.kind] ?? "team.error.failed") : "team.error.offline");
      button.disabled = false;
      password.select();
      password.focus();
    }
  });
  app.replaceChildren(h("main", { class: "dk-door" }, form));
  login.focus();
}
