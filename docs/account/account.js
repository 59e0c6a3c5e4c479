// The pages that a letter's link opens: they send the letter's code to the API, with a new password if one is asked for.
//
// The code stands behind the number sign, which no browser sends to a server. It is taken out of the address bar at
// once, so that it stays in no history and on no screenshot; and nothing is sent before a person asks for it, since programs
// that look links over before they are clicked would use the code up.

"use strict";

const form = document.querySelector("form");
const problem = form.querySelector("[data-problem]");
const button = form.querySelector("button");
const codeField = form.querySelector("[data-code]");

/** Takes the code over from the address, if one is there, and leaves its field out then. */
function takeCode() {
  const code = new URLSearchParams(location.hash.slice(1)).get("token");
  if (!code) return;
  form.elements.token.value = code;
  codeField.hidden = true;
  history.replaceState(null, "", location.pathname + location.search);
}

/** Shows a text at a field, or takes it away. */
function tell(name, text) {
  const place = document.getElementById(name + "-fault");
  place.textContent = text;
  place.hidden = text === "";
  if (text === "") form.elements[name].removeAttribute("aria-invalid");
  else form.elements[name].setAttribute("aria-invalid", "true");
  if (name === "token" && text !== "") codeField.hidden = false;
}

/** Shows a text above the form, or takes it away. */
function tellAll(text) {
  problem.textContent = text;
  problem.hidden = text === "";
}

const fields = ["token", "new_password", "again"].filter((name) => form.elements[name]);

/** Shows what the API refused (RFC 9457): its `errors` at their fields, the rest above. */
function showProblem(answer) {
  const elsewhere = [];
  let first = null;
  for (const error of Array.isArray(answer.errors) ? answer.errors : []) {
    const name = Array.isArray(error.loc) ? error.loc[error.loc.length - 1] : "";
    if (fields.includes(name)) {
      tell(name, String(error.msg));
      first = first || name;
    } else {
      elsewhere.push(String(error.msg));
    }
  }
  if (first === null || elsewhere.length > 0) {
    tellAll([answer.detail || answer.title || "The service refused this without a word.", ...elsewhere].join(" "));
    // The code may be the fault: another can be pasted then.
    codeField.hidden = false;
  }
  if (first !== null) form.elements[first].focus();
}

function showSuccess(answer) {
  const done = document.querySelector("p[data-done]");
  done.textContent = typeof answer.message === "string" ? answer.message : form.dataset.done;
  form.reset();
  form.hidden = true;
  done.hidden = false;
  document.querySelector("[data-next]").hidden = false;
  done.focus();
}

async function send() {
  const body = { token: form.elements.token.value.trim() };
  if (form.elements.new_password) body.new_password = form.elements.new_password.value;
  const response = await fetch("../../api/v1/auth/" + form.dataset.path, {
    method: "POST",
    headers: { "Content-Type": "application/json", Accept: "application/json" },
    body: JSON.stringify(body),
    credentials: "omit",
    cache: "no-store",
    redirect: "error",
  });
  let answer = null;
  try {
    answer = await response.json();
  } catch {
    // Not JSON: an answer without a body, or not the API's.
  }
  return { ok: response.ok, status: response.status, answer: answer || {} };
}

form.addEventListener("submit", async (event) => {
  // Only here does anything go out: the page's policy forbids forms to send by themselves.
  event.preventDefault();
  tellAll("");
  for (const name of fields) tell(name, "");
  if (form.elements.again && form.elements.again.value !== form.elements.new_password.value) {
    tell("again", "This is not the same as above.");
    form.elements.again.focus();
    return;
  }
  button.disabled = true;
  try {
    const { ok, status, answer } = await send();
    if (ok) showSuccess(answer);
    else showProblem({ detail: `The service answered with ${status} and did not say why. Try again later.`, ...answer });
  } catch {
    tellAll("The service cannot be reached. Look at your connection and try again.");
  } finally {
    button.disabled = false;
  }
});

const show = form.querySelector("[data-show]");
if (show) {
  const apply = () => {
    for (const name of ["new_password", "again"]) form.elements[name].type = show.checked ? "text" : "password";
  };
  show.addEventListener("change", apply);
  // Browsers restore the tick when they go back to a page.
  apply();
}

// A second link opened in the same tab changes nothing but the hash.
window.addEventListener("hashchange", takeCode);
takeCode();
form.hidden = false;
