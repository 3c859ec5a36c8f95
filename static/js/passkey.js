// <form data-passkey="loginForm" data-passkey-button="id" data-passkey-credential="id" …>: wire the form to
// allauth's own script (mfa/js/webauthn.js), which must come first, and show it: without scripts it stays hidden.
const NAMES = { loginForm: "login", authenticateForm: "authenticate", addForm: "add" };

for (const form of document.querySelectorAll("[data-passkey]")) {
  const { passkey, passkeyButton, passkeyCredential, passkeyData, passkeyPasswordless } = form.dataset;
  const ids = { [NAMES[passkey]]: passkeyButton, credential: passkeyCredential };
  if (passkeyData) ids.data = passkeyData;
  if (passkeyPasswordless) ids.passwordless = passkeyPasswordless;
  window.allauth.webauthn.forms[passkey]({ ids });
  form.hidden = false;
}
