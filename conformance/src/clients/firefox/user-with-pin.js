// Runs in the browser's own window, before the visit. Every dialog is noted; the first is answered
// with the PIN, those after it are cancelled.
const [pin] = arguments;
window.cnsPrompts = [];
window.cnsUser = {
  observe(window_of_dialog) {
    const dialog = window_of_dialog.Dialog;
    window.cnsPrompts.push(`asked: ${dialog.args.text}`);
    if (window.cnsPrompts.length === 1) {
      dialog.ui.password1Textbox.value = pin;
      dialog.ui.button0.click();
    } else {
      dialog.ui.button1.click();
    }
  },
};
Services.obs.addObserver(window.cnsUser, "common-dialog-loaded");
