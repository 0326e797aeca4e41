// Runs in the browser's own window, before the visit: what "Log In" does in the dialog "Device Manager".
// The call returns when the pinpad has answered; what became of it is kept for who asks later.
window.cnsLogin = null;
const modules = Cc["@mozilla.org/security/pkcs11moduledb;1"].getService(Ci.nsIPKCS11ModuleDB);
const openSc = [...modules.listModules()].find(module => module.name === "OpenSC");
const tokens = [...openSc.listSlots()].map(slot => slot.getToken());
setTimeout(() => {
  try {
    for (const token of tokens.filter(token => token.needsLogin())) {
      token.login(false);
    }
    window.cnsLogin = "logged in";
  } catch {
    window.cnsLogin = "not logged in";
  }
}, 0);
