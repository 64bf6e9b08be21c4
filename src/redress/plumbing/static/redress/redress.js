// Improvements only: every page works without this file.
// Order: small tools, error summary, why not, sending once, kept words, counting characters, keys.
(function () {
  "use strict";
  var root = document.documentElement;
  var all = function (what, within) { return Array.prototype.slice.call((within || document).querySelectorAll(what)); };
  var make = function (name, text, className) {
    var node = document.createElement(name);
    if (text) node.textContent = text;
    if (className) node.className = className;
    return node;
  };
  function say(text) {
    var status = document.getElementById("status");
    if (!status) return;
    status.textContent = "";
    window.setTimeout(function () { status.textContent = text; }, 60);
  }
  function timeOf(stamp) {
    var day = new Date(stamp);
    var hour = day.getHours();
    return (hour % 12 || 12) + ":" + String(day.getMinutes()).padStart(2, "0") + (hour < 12 ? "am" : "pm");
  }
  function whenOf(stamp) {
    var day = new Date(stamp);
    if (day.toDateString() === new Date().toDateString()) return timeOf(stamp);
    return day.toLocaleDateString("en-GB", { day: "numeric", month: "long", year: "numeric" }) + ", " + timeOf(stamp);
  }

  // ----- the error summary takes focus
  var summary = document.querySelector(".govuk-error-summary[data-focus]");
  if (summary) summary.focus();

  // ----- a button that can't be used says again why not
  document.addEventListener("click", function (event) {
    var button = event.target.closest("[aria-disabled=true]");
    if (!button) return;
    event.preventDefault();
    var why = document.getElementById(button.getAttribute("aria-describedby") || "");
    if (why) say(why.textContent);
  });

  // ----- a form is sent once, however often the button is pressed
  document.addEventListener("submit", function (event) {
    var form = event.target;
    if (event.defaultPrevented || (form.method || "").toLowerCase() !== "post" || form.hasAttribute("data-again")) return;
    var since = Number(form.getAttribute("data-sent") || 0);
    // After 20 seconds without an answer the button works again: the server sees to it that nothing is done twice.
    if (since && Date.now() - since < 20000) { event.preventDefault(); return; }
    form.setAttribute("data-sent", String(Date.now()));
    if (event.submitter) event.submitter.setAttribute("data-sending", "");
    say("Sending");
  });
  window.addEventListener("pageshow", function () {
    all("form[data-sent]").forEach(function (form) { form.removeAttribute("data-sent"); });
    all("[data-sending]").forEach(function (button) { button.removeAttribute("data-sending"); });
  });

  // ----- what is typed is kept on this computer, under the form's name and the person's, and says so with a time
  var prefix = "redress:" + (root.getAttribute("data-person") || "anybody") + ":";
  var week = 7 * 24 * 3600 * 1000;
  var store = null;
  try {
    store = window.localStorage;
    store.setItem("redress:try", "1");
    store.removeItem("redress:try");
  } catch (refused) { store = null; }

  function keys(start) {
    var found = [];
    for (var at = 0; store && at < store.length; at += 1) if (store.key(at).indexOf(start) === 0) found.push(store.key(at));
    return found;
  }
  function record(key) {
    try { return JSON.parse(store.getItem(key)); } catch (broken) { return null; }
  }
  function controls(form) {
    return Array.prototype.filter.call(form.elements, function (one) {
      return one.name && !one.disabled && !one.readOnly && !/^(hidden|password|file|submit|button|reset|image)$/.test(one.type) && one.autocomplete !== "one-time-code" && !one.hasAttribute("data-not-kept");
    });
  }
  function words(form) {
    return controls(form).map(function (one) {
      if (/^(radio|checkbox)$/.test(one.type)) return [one.name, one.value, one.checked];
      if (one.type === "select-multiple") return [one.name, null, Array.prototype.map.call(one.options, function (o) { return o.selected; })];
      return [one.name, null, one.value];
    });
  }
  function putBack(form, kept) {
    var waiting = kept.slice();
    controls(form).forEach(function (one) {
      var box = /^(radio|checkbox)$/.test(one.type);
      var at = waiting.findIndex(function (pair) { return pair[0] === one.name && (!box || pair[1] === one.value); });
      if (at < 0) return;
      var value = waiting.splice(at, 1)[0][2];
      if (box) one.checked = value === true;
      else if (one.type === "select-multiple") Array.prototype.forEach.call(one.options, function (o, n) { o.selected = Boolean(value && value[n]); });
      else if (typeof value === "string") one.value = value;
      one.dispatchEvent(new Event("input", { bubbles: true }));
    });
  }

  function keep(form) {
    var name = form.getAttribute("data-keep");
    var key = prefix + window.location.pathname + ":" + name;
    var base = JSON.stringify(words(form));
    var line = document.querySelector('[data-kept-for="' + name + '"]');
    var timer = 0;
    var quiet = false;
    function show(text) { if (line) { line.hidden = false; line.textContent = text; } }
    function save() {
      window.clearTimeout(timer);
      timer = 0;
      var now = JSON.stringify(words(form));
      if (now === base) { store.removeItem(key); return; }
      try {
        store.setItem(key, JSON.stringify({ at: Date.now(), base: base, words: words(form) }));
        form.removeAttribute("data-unkept");
        show("Kept as you type, " + timeOf(Date.now()));
      } catch (full) {
        form.setAttribute("data-unkept", "");
        show("Not kept: this computer has no room left. Save before you leave.");
      }
    }
    function changed() {
      if (quiet) return;
      window.clearTimeout(timer);
      timer = window.setTimeout(save, 400);
    }
    function offer(kept, done) {
      var box = make("div", "", "kept-again");
      box.setAttribute("role", "status");
      var text = make("span", done ? "What you typed is back, as it was kept at " + whenOf(kept.at) + "." : "You typed something here that was kept at " + whenOf(kept.at) + ". This page has changed since.");
      var button = make("button", done ? "Start again without it" : "Put it back", "btn small");
      button.type = "button";
      button.addEventListener("click", function () {
        quiet = true;
        if (done) { store.removeItem(key); putBack(form, JSON.parse(base)); } else putBack(form, kept.words);
        quiet = false;
        box.remove();
        var first = controls(form)[0];
        if (first) first.focus();
        if (!done) save();
      });
      box.appendChild(text);
      box.appendChild(button);
      if (!done) {
        var away = make("button", "Throw it away", "btn small quiet");
        away.type = "button";
        away.addEventListener("click", function () { store.removeItem(key); box.remove(); });
        box.appendChild(away);
      }
      form.parentNode.insertBefore(box, form);
    }
    var kept = record(key);
    if (kept && kept.at && Date.now() - kept.at < week) {
      var same = JSON.stringify(kept.words) === base;
      // After an error the server has sent back what was typed: that is newer than what was kept.
      if (!same && !summary) {
        if (kept.base === base && !kept.sent) {
          quiet = true;
          putBack(form, kept.words);
          quiet = false;
          show("Kept as you type, " + whenOf(kept.at));
          offer(kept, true);
        } else offer(kept, false);
      }
    }
    form.addEventListener("input", changed);
    form.addEventListener("change", changed);
    form.addEventListener("submit", function (event) {
      if (event.defaultPrevented) return;
      save();
      var last = record(key);
      if (last) { last.sent = true; try { store.setItem(key, JSON.stringify(last)); } catch (full) { form.setAttribute("data-unkept", ""); } }
    });
    window.addEventListener("pagehide", function () { if (timer) save(); });
  }

  if (store) {
    keys("redress:").forEach(function (key) {
      var old = record(key);
      if (!old || !old.at || Date.now() - old.at > week) store.removeItem(key);
    });
    // The page after a successful sending says what was done: what was kept for it is no longer needed.
    if (document.querySelector("[data-said=done], [data-done]")) {
      keys(prefix).forEach(function (key) { var old = record(key); if (old && old.sent) store.removeItem(key); });
    }
    all("form[data-keep]").forEach(keep);
    // Signing out, or "close this page safely", leaves nothing on the computer.
    all("form[data-forget]").forEach(function (form) {
      form.addEventListener("submit", function () { keys(prefix).forEach(function (key) { store.removeItem(key); }); });
    });
    all("a[data-forget]").forEach(function (link) {
      link.addEventListener("click", function () { keys(prefix).forEach(function (key) { store.removeItem(key); }); });
    });
  }

  // Words that could not be kept, and chosen files, are not left without a question.
  var fresh = all("form[data-keep], form[data-guard]").map(function (form) { return [form, JSON.stringify(words(form))]; });
  window.addEventListener("beforeunload", function (event) {
    var lost = fresh.some(function (pair) {
      if (pair[0].hasAttribute("data-sent")) return false;
      var kept = store && pair[0].hasAttribute("data-keep") && !pair[0].hasAttribute("data-unkept");
      return !kept && JSON.stringify(words(pair[0])) !== pair[1];
    });
    if (lost) event.preventDefault();
  });

  // ----- a lost connection is said at the foot
  var foot = null;
  window.addEventListener("offline", function () {
    foot = foot || document.body.appendChild(make("div", "", "offline"));
    foot.setAttribute("role", "status");
    foot.textContent = "Not connected since " + timeOf(Date.now()) + ". " + (store && document.querySelector("form[data-keep]") ? "What you type is kept on this computer. Send it when you are connected again." : "Wait until you are connected again before you send anything.");
  });
  window.addEventListener("online", function () { if (foot) { foot.remove(); foot = null; } say("Connected again"); });

  // ----- how many characters are left
  all("[data-count-for]").forEach(function (line) {
    var area = document.getElementById(line.getAttribute("data-count-for"));
    var limit = Number(line.getAttribute("data-limit"));
    if (!area || !limit) return;
    var timer = 0;
    function count() {
      var left = limit - area.value.length;
      line.textContent = left >= 0 ? left + (left === 1 ? " character left" : " characters left") : -left + (left === -1 ? " character too many" : " characters too many");
      line.classList.toggle("over", left < 0);
      window.clearTimeout(timer);
      timer = window.setTimeout(function () { if (left < limit / 5) say(line.textContent); }, 1200);
    }
    area.addEventListener("input", count);
    count();
  });

  // ----- print
  all("[data-print]").forEach(function (button) {
    button.hidden = false;
    button.addEventListener("click", function (event) { event.preventDefault(); window.print(); });
  });

  // ----- a group of boxes that are all ticked at once
  all("[data-select-all]").forEach(function (box) {
    box.addEventListener("change", function () { all('input[name="' + box.getAttribute("data-select-all") + '"]').forEach(function (one) { one.checked = box.checked; }); });
  });

  // ----- one menu open at a time; Escape closes it
  document.addEventListener("keydown", function (event) {
    if (event.key !== "Escape") return;
    var open = event.target.closest ? event.target.closest("details[open].menu, details[open].who-menu") : null;
    if (open) { open.open = false; open.querySelector("summary").focus(); }
    else if (document.activeElement && document.activeElement.matches("[data-row] *")) document.activeElement.blur();
  });

  // ----- keys: an addition; off inside fields, dialogs and menus, and where the person switched them off
  if (root.getAttribute("data-keys") === "off") return;
  var rows = all("[data-row] a.next");
  var at = -1;
  var going = 0;
  function go(to) {
    if (!rows.length) return;
    at = Math.max(0, Math.min(rows.length - 1, to));
    rows[at].focus();
  }
  function here() {
    var row = document.activeElement && document.activeElement.closest ? document.activeElement.closest("[data-row]") : null;
    if (row) at = rows.indexOf(row.querySelector("a.next"));
    return row;
  }
  function showKeys() {
    var dialog = document.getElementById("keys");
    if (!dialog) {
      dialog = make("dialog", "", "keys");
      dialog.id = "keys";
      dialog.setAttribute("aria-labelledby", "keys-h");
      var inside = dialog.appendChild(make("div", "", "in"));
      var heading = inside.appendChild(make("h2", "Keys"));
      heading.id = "keys-h";
      var list = inside.appendChild(make("dl"));
      var known = [["?", "These keys"]];
      if (document.getElementById("q")) known.push(["/", "Search"]);
      if (rows.length) known.push(["J", "Down the list"], ["K", "Up the list"], ["Enter", "Next action"]);
      if (document.querySelector("[data-row] a[data-case]")) known.push(["O", "Open the case"]);
      if (document.querySelector("[data-row] .pick input")) known.push(["X", "Select"]);
      if (document.querySelector("[data-point]")) known.push(["1 to 9", "Go to a point"]);
      all("[data-key]").forEach(function (one) { known.push([one.getAttribute("data-key"), one.firstChild.textContent.trim()]); });
      known.push(["Esc", "Let go"]);
      var seen = {};
      known.forEach(function (pair) {
        if (seen[pair[0]]) return;
        seen[pair[0]] = true;
        list.appendChild(make("dt")).appendChild(make("kbd", pair[0]));
        list.appendChild(make("dd", pair[1]));
      });
      var close = make("button", "Close", "btn");
      close.type = "button";
      close.addEventListener("click", function () { dialog.close(); });
      inside.appendChild(close);
      document.body.appendChild(dialog);
    }
    if (!dialog.open) dialog.showModal();
  }
  function pressed(name) {
    var found = all("[data-key]").find(function (one) { return one.getAttribute("data-key").toLowerCase() === name.toLowerCase() && one.offsetParent !== null; });
    if (found) found.click();
    return Boolean(found);
  }
  document.addEventListener("keydown", function (event) {
    if (event.defaultPrevented || event.isComposing) return;
    if (event.ctrlKey && event.key === "Enter") { if (pressed("Ctrl Enter")) event.preventDefault(); return; }
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    var target = event.target;
    if (/^(INPUT|TEXTAREA|SELECT|OPTION)$/.test(target.tagName) && !(target.type === "checkbox" && target.closest(".pick"))) return;
    if (target.isContentEditable || target.closest("dialog, details.menu[open], details.who-menu[open]")) return;
    var key = event.key;
    var row;
    if (key === "?") { event.preventDefault(); showKeys(); return; }
    if (key === "/") { var find = document.getElementById("q"); if (find) { event.preventDefault(); find.focus(); find.select(); } return; }
    if (key === "g") { going = Date.now(); return; }
    if (going && Date.now() - going < 1200) {
      going = 0;
      var place = document.querySelector('[data-go="' + key + '"]');
      if (place) { event.preventDefault(); place.click(); }
      return;
    }
    if (key === "j" || key === "k") { here(); event.preventDefault(); go(at + (key === "j" ? 1 : -1)); return; }
    if (key === "o") { row = here(); var open = row && row.querySelector("a[data-case]"); if (open) { event.preventDefault(); open.click(); return; } }
    if (key === "x") { row = here(); var box = row && row.querySelector(".pick input"); if (box) { event.preventDefault(); box.click(); return; } }
    if (/^[1-9]$/.test(key)) {
      var point = document.querySelector('[data-point="' + key + '"]');
      if (point) { event.preventDefault(); point.focus(); point.scrollIntoView({ block: "center" }); }
      return;
    }
    if (key.length === 1 && /[a-z[\]]/i.test(key) && pressed(key)) event.preventDefault();
  });
})();
