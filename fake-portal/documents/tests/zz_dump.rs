mod support;
use support::Papers;
#[test]
fn dump() {
    let n = Papers::new().with_narrative("Paziente <lucido> & collaborante.\nDue.");
    std::fs::write(
        "/tmp/view/lab.xml",
        Papers::new()
            .report()
            .cda(cns_language::Language::Italian)
            .unwrap(),
    )
    .unwrap();
    std::fs::write(
        "/tmp/view/nar.xml",
        n.report().cda(cns_language::Language::German).unwrap(),
    )
    .unwrap();
    std::fs::write(
        "/tmp/view/empty.xml",
        Papers::with_text("")
            .report()
            .cda(cns_language::Language::German)
            .unwrap(),
    )
    .unwrap();
}
