"use strict";
// Comforts only: the page says everything without this script. Text of the analysed code reaches the
// page through textContent alone.
(function () {
  var $ = function (selector, root) { return (root || document).querySelector(selector); };
  var all = function (selector, root) { return Array.prototype.slice.call((root || document).querySelectorAll(selector)); };
  var live = $("#live");
  var say = function (text) { if (live) live.textContent = text; };

  // The section that is read is marked in the navigation.
  var links = all(".toc a");
  var sections = links.map(function (link) { return $(link.getAttribute("href")); });
  var mark = function () {
    var at = 0;
    sections.forEach(function (section, idx) {
      if (section && section.getBoundingClientRect().top < innerHeight * 0.3) at = idx;
    });
    links.forEach(function (link, idx) {
      if (idx === at) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    });
  };
  var queued = false;
  addEventListener("scroll", function () {
    if (queued) return;
    queued = true;
    requestAnimationFrame(function () { queued = false; mark(); });
  }, { passive: true });
  mark();

  // Commands can be copied.
  all(".command").forEach(function (command) {
    var button = document.createElement("button");
    button.type = "button";
    button.className = "copy";
    button.textContent = "Copy";
    button.addEventListener("click", function () {
      var code = $("code", command);
      var done = function () { button.textContent = "Copied"; say("Copied"); setTimeout(function () { button.textContent = "Copy"; }, 1500); };
      var select = function () {
        var range = document.createRange();
        range.selectNodeContents(code);
        getSelection().removeAllRanges();
        getSelection().addRange(range);
        say("Selected");
      };
      if (navigator.clipboard && navigator.clipboard.writeText) navigator.clipboard.writeText(code.textContent).then(done, select);
      else select();
    });
    command.appendChild(button);
  });

  // The cut list can be filtered.
  var form = $("#cut-filter");
  if (form) {
    var cuts = all(".cut").map(function (node) { return { node: node, text: node.textContent.toLowerCase() }; });
    var more = $("#more-cuts");
    form.hidden = false;
    var filter = function () {
      var service = form.elements.service.value, kind = form.elements.kind.value;
      var text = form.elements.text.value.trim().toLowerCase();
      var shown = 0;
      cuts.forEach(function (cut) {
        var data = cut.node.dataset;
        var fits = (!service || data.from === service || data.to === service) && (!kind || data.kind === kind) && (!text || cut.text.indexOf(text) >= 0);
        cut.node.hidden = !fits;
        if (fits) shown += 1;
      });
      var active = Boolean(service || kind || text);
      if (active && more) more.open = true;
      $("output", form).textContent = active ? shown + " of " + cuts.length : "";
    };
    form.addEventListener("input", filter);
    form.addEventListener("submit", function (event) { event.preventDefault(); });
  }

  // Arrow keys walk the ownership matrix; the cell is said as a sentence.
  var region = $("#matrix-region");
  if (region) {
    var heads = all("thead th", region).map(function (head) { return head.textContent; });
    var rows = all("tbody tr", region).filter(function (row) { return !row.classList.contains("group"); });
    var at = null, row = 0, column = 0;
    var words = { C: "creates", R: "reads", U: "updates", D: "deletes" };
    var show = function () {
      if (at) at.classList.remove("at");
      at = rows[row].cells[column + 1];
      at.classList.add("at");
      at.scrollIntoView({ block: "nearest", inline: "nearest" });
      var table = $("code", rows[row]).textContent;
      var letters = (at.textContent.match(/^[CRUD]+/) || [""])[0].split("").map(function (letter) { return words[letter]; });
      var sentence = heads[column + 1] + " " + (letters.length ? letters.filter(Boolean).join(", ") : "does not touch") + " " + table;
      if (at.classList.contains("own")) sentence += ", which it owns";
      if (at.classList.contains("write")) sentence += ", which it does not own";
      say(sentence);
    };
    region.addEventListener("keydown", function (event) {
      var move = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }[event.key];
      if (!move || !rows.length || event.altKey || event.ctrlKey || event.metaKey) return;
      event.preventDefault();
      if (at) {
        row = Math.max(0, Math.min(rows.length - 1, row + move[0]));
        column = Math.max(0, Math.min(heads.length - 3, column + move[1]));
      }
      show();
    });
    region.addEventListener("blur", function () { if (at) at.classList.remove("at"); at = null; });
  }

  // A link into a closed part opens it.
  var open = function () {
    var target = location.hash.length > 1 && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    for (var node = target; node; node = node.parentElement) if (node.tagName === "DETAILS") node.open = true;
  };
  addEventListener("hashchange", open);
  open();
})();
