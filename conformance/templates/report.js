// The filter. Without it the page shows everything. It may stand in the address:
// report.html?text=counter&suite=pin&outcome=bad&profile=cns11-st2021
(() => {
  const field = (name) => document.getElementById("by-" + name);
  const form = document.getElementById("filter");
  const cases = Array.from(document.querySelectorAll("article"), (element) => ({
    element,
    suite: element.parentElement.dataset.suite,
    groups: Array.from(element.querySelectorAll(".group")),
    text: "",
  }));
  const suites = Array.from(document.querySelectorAll(".suite"));
  const bad = ["failed", "unexpected-pass", "broken"];

  // What is in transcripts is not searched: every status word is somewhere in all of them.
  const textOf = (it) => {
    it.text ||= Array.from(it.element.querySelectorAll("h4, p:not(.again), dd"), (part) => part.textContent)
      .join(" ").toLowerCase();
    return it.text;
  };

  const apply = () => {
    const words = field("text").value.toLowerCase().split(/\s+/).filter(Boolean);
    const suite = field("suite").value;
    const outcome = field("outcome").value;
    const profile = field("profile").value;
    let shown = 0;
    for (const it of cases) {
      let some = false;
      for (const group of it.groups) {
        const is = group.dataset.outcome;
        const wanted = (!outcome || is === outcome || (outcome === "bad" && bad.includes(is)))
          && (!profile || group.dataset.profiles.includes(" " + profile + " "));
        group.hidden = !wanted;
        some ||= wanted;
      }
      some &&= (!suite || it.suite === suite) && words.every((word) => textOf(it).includes(word));
      it.element.hidden = !some;
      shown += some;
    }
    for (const element of suites) {
      element.hidden = !element.querySelector("article:not([hidden])");
    }
    document.getElementById("shown").textContent = shown + " of " + cases.length + " cases";
  };

  let waiting;
  const soon = () => {
    clearTimeout(waiting);
    waiting = setTimeout(apply, 120);
  };
  form.addEventListener("input", soon);
  form.addEventListener("reset", soon);
  form.addEventListener("submit", (event) => event.preventDefault());
  // A link to a case that the filter hides shows it.
  addEventListener("hashchange", () => {
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (target && target.hidden) {
      form.reset();
      apply();
      target.scrollIntoView();
    }
  });
  for (const [name, value] of new URLSearchParams(location.search)) {
    const element = ["text", "suite", "outcome", "profile"].includes(name) && field(name);
    if (element) element.value = value;
  }
  form.hidden = false;
  apply();
})();
