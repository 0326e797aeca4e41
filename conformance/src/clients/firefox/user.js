// The certificate is not asked for: there is one.
user_pref("security.default_personal_cert", "Select Automatically");
user_pref("security.osclientcerts.autoload", false);
// A dialog takes input at once, not only when the user has had time to read it.
user_pref("security.dialog_enable_delay", 0);
// The portal's names are in no name service: they are here.
user_pref("network.dns.localDomains", "portale.test,hints-none.portale.test,require.portale.test");
user_pref("network.trr.mode", 5);
user_pref("network.proxy.type", 0);
// Any free port.
user_pref("marionette.port", 0);
// The portal's JSON as it is.
user_pref("devtools.jsonview.enabled", false);
// One connection, so one signature: no icon is fetched.
user_pref("browser.chrome.site_icons", false);
// Nothing else uses the network.
user_pref("app.normandy.enabled", false);
user_pref("app.update.disabledForTesting", true);
user_pref("browser.safebrowsing.malware.enabled", false);
user_pref("browser.safebrowsing.phishing.enabled", false);
user_pref("browser.shell.checkDefaultBrowser", false);
user_pref("browser.startup.homepage_override.mstone", "ignore");
user_pref("browser.startup.page", 0);
user_pref("browser.aboutwelcome.enabled", false);
user_pref("browser.newtabpage.enabled", false);
user_pref("datareporting.policy.dataSubmissionEnabled", false);
user_pref("extensions.update.enabled", false);
user_pref("network.captive-portal-service.enabled", false);
user_pref("network.connectivity-service.enabled", false);
user_pref("network.prefetch-next", false);
user_pref("network.http.speculative-parallel-limit", 0);
user_pref("services.settings.server", "data:,");
user_pref("toolkit.telemetry.enabled", false);
