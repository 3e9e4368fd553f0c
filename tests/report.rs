//! The report in a real browser: quiet, offline, readable, inert, with and without its script.
//!
//! Needs Chromium; without it the tests say that they are skipped, and fail where
//! `SPLITTER_REQUIRE_CHROMIUM=1`.

mod browser;
#[path = "../src/testing/sample.rs"]
mod sample;

use std::path::PathBuf;
use std::sync::{Mutex, MutexGuard};

use serde_json::{Value, json};

use browser::Browser;
use splitter::base::Sources;
use splitter::model::{Model, Plan};

/// Browsers are large: one at a time.
static TURN: Mutex<()> = Mutex::new(());

fn start() -> Option<(Browser, MutexGuard<'static, ()>)> {
    let turn = TURN.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    Some((Browser::start()?, turn))
}

fn page(name: &str, (sources, model, mut plan): (Sources, Model, Plan)) -> PathBuf {
    plan.findings = splitter::fitness::fitness(&model, &plan);
    let html = splitter::report::html(&model, &plan, &sources);
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("report-{name}.html"));
    std::fs::write(&path, html).unwrap();
    path
}

fn rental() -> PathBuf {
    page("rental", sample::build(sample::RENTAL))
}

#[test]
fn it_opens_quietly_and_asks_for_nothing() {
    let Some((mut browser, _turn)) = start() else { return };
    let path = rental();
    browser.open(&path);
    browser.eval("new Promise(done => setTimeout(done, 200))");
    assert_eq!(browser.complaints(), [] as [&str; 0]);
    let own = format!("file://{}", path.display());
    let others: Vec<_> =
        browser.requests().into_iter().filter(|url| *url != own && !url.starts_with("data:")).collect();
    assert_eq!(others, [] as [&str; 0]);

    // The policy stands, and an injected script does not run.
    let policy = browser.eval("document.querySelector('meta[http-equiv=Content-Security-Policy]').content");
    assert!(policy.as_str().unwrap().starts_with("default-src 'none'"), "{policy}");
    let hit = browser.eval(
        "(() => { const s = document.createElement('script'); s.textContent = 'window.hit = 1'; \
         document.body.append(s); return window.hit === undefined })()",
    );
    assert_eq!(hit, true);
    assert_eq!(browser.eval("document.querySelectorAll('[style],[onclick],[onload],[onerror]').length"), 0);
}

#[test]
fn every_part_is_there() {
    let Some((mut browser, _turn)) = start() else { return };
    browser.open(&rental());
    let parts = [
        (
            "verdict names the decision",
            "document.querySelector('#verdict h2').textContent.includes('Extract')",
        ),
        (
            "first step has its command",
            "document.querySelector('.first .command code').textContent === 'splitter scaffold recommendations-http'",
        ),
        ("a box per service", "document.querySelectorAll('#map .box').length === 6"),
        (
            "the map as a table",
            "document.querySelectorAll('#map tbody tr').length === 13 && document.querySelectorAll('#map .edge').length === 13",
        ),
        ("a row per table", "document.querySelectorAll('.matrix tbody tr:not(.group)').length === 20"),
        ("shared writes are flagged", "document.querySelectorAll('.matrix td.write').length === 3"),
        ("cuts with source lines", "document.querySelectorAll('.cut .code .here').length > 10"),
        ("entry points with handlers", "document.querySelectorAll('#services tbody tr').length === 44"),
        ("findings", "document.querySelectorAll('#fitness .kind').length > 5"),
        (
            "steps in order",
            "[...document.querySelectorAll('.steps .no')].map(n => n.textContent).join() === '1,2,3,4,5,6'",
        ),
        ("blind spots", "document.querySelector('#blind-spots').textContent.includes('untyped receiver')"),
        (
            "navigation leads somewhere",
            "[...document.querySelectorAll('a[href^=\"#\"]')].every(a => document.getElementById(a.getAttribute('href').slice(1)))",
        ),
        (
            "landmarks",
            "['header', 'nav', 'main', 'footer'].every(name => document.querySelectorAll('body > ' + name).length === 1)",
        ),
        (
            "tables have captions and heads",
            "[...document.querySelectorAll('table')].every(t => t.caption && [...t.querySelectorAll('th')].every(h => h.scope))",
        ),
        (
            "ids are unique",
            "(() => { const ids = [...document.querySelectorAll('[id]')].map(n => n.id); return new Set(ids).size === ids.length })()",
        ),
        (
            "headings do not skip a level",
            "(() => { let last = 0; return [...document.querySelectorAll('h1,h2,h3,h4')].every(h => { const l = +h.tagName[1]; const ok = l <= last + 1; last = l; return ok }) })()",
        ),
        (
            "data for the script parses",
            "JSON.parse(document.getElementById('report-data').textContent).services.length === 6",
        ),
    ];
    for (what, holds) in parts {
        assert_eq!(browser.eval(holds), true, "{what}");
    }
}

#[test]
fn labels_and_boxes_of_the_map_do_not_overlap() {
    let Some((mut browser, _turn)) = start() else { return };
    browser.size(1280);
    let hostile = page("hostile", sample::hostile());
    for path in [rental(), hostile, page("large", sample::build(&sample::large()))] {
        browser.open(&path);
        let overlaps = browser.eval(
            "(() => { const of = s => [...document.querySelectorAll(s)].map(n => [n, n.getBoundingClientRect()]); \
             const all = of('.map .box rect').concat(of('.map .pill rect')); const bad = []; \
             all.forEach(([a, p], i) => all.slice(i + 1).forEach(([b, q]) => { \
             if (p.left < q.right - 1 && q.left < p.right - 1 && p.top < q.bottom - 1 && q.top < p.bottom - 1) \
             bad.push(a.parentNode.textContent + ' / ' + b.parentNode.textContent) })); return bad })()",
        );
        assert_eq!(overlaps, json!([]), "{}", path.display());
        let cut_off = browser.eval(
            "[...document.querySelectorAll('.map .box')].filter(b => b.querySelector('.name').getBBox().width > 172 \
             || b.querySelector('.sub').getBBox().width > 172).length",
        );
        assert_eq!(cut_off, 0);
    }
}

#[test]
fn names_from_the_code_are_text() {
    let Some((mut browser, _turn)) = start() else { return };
    browser.open(&page("hostile", sample::hostile()));
    assert_eq!(browser.complaints(), [] as [&str; 0]);
    assert_eq!(browser.eval("String(window.hit)"), "undefined");
    assert_eq!(
        browser.eval(
            "document.querySelectorAll('img, script:not([type]) ~ script:not([type]), svg[onload]').length"
        ),
        0
    );
    assert_eq!(browser.eval("document.scripts.length"), 2);
    assert_eq!(
        browser.eval("document.querySelector('h1').textContent"),
        "</script><script>window.hit = 1</script>"
    );
    let text = browser.eval("document.body.textContent");
    let text = text.as_str().unwrap();
    assert!(text.contains("<img src=x onerror=\"window.hit = 2\">"));
    assert!(text.contains("⟨U+202E⟩drawkcab"), "letters that reorder are shown as their code");
    assert!(!text.contains('\u{202e}'));
    assert!(text.contains("{{ name }} {% include %}"));
}

#[test]
fn nothing_sticks_out_at_any_width() {
    let Some((mut browser, _turn)) = start() else { return };
    let pages =
        [rental(), page("hostile-2", sample::hostile()), page("large-2", sample::build(&sample::large()))];
    for path in pages {
        for width in [360, 768, 1280, 1920] {
            browser.size(width);
            browser.open(&path);
            browser.eval("document.querySelectorAll('details').forEach(d => d.open = true)");
            let found = browser.eval(
                "[document.documentElement.scrollWidth, document.documentElement.clientWidth, innerWidth]",
            );
            assert_eq!(found[0], found[1], "{} at {width}", path.display());
            assert_eq!(found[2], width);
        }
    }
}

#[test]
fn text_has_contrast_in_both_schemes() {
    let Some((mut browser, _turn)) = start() else { return };
    for scheme in ["light", "dark"] {
        browser.scheme(scheme);
        browser.open(&rental());
        let found = browser.eval(CONTRAST);
        assert!(found["n"].as_u64().unwrap() > 1000, "{found}");
        assert_eq!(found["poor"], json!([]), "{scheme}");
    }
}

/// Every visible text against what is painted behind it, by the formula of WCAG 2.
const CONTRAST: &str = r#"(() => {
  document.querySelectorAll('details').forEach(d => d.open = true);
  const parse = c => { const m = c.match(/[\d.]+/g).map(Number); return { rgb: m.slice(0, 3), a: m.length > 3 ? m[3] : 1 } };
  const light = ([r, g, b]) => { const f = v => { v /= 255; return v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4 }; return 0.2126 * f(r) + 0.7152 * f(g) + 0.0722 * f(b) };
  const behind = node => {
    if (node.ownerSVGElement) { const rect = node.parentNode.querySelector('rect'); return parse(getComputedStyle(rect).fill).rgb }
    for (let n = node; n; n = n.parentElement) { const c = parse(getComputedStyle(n).backgroundColor); if (c.a === 1) return c.rgb }
    return [255, 255, 255];
  };
  const poor = new Set(); let n = 0;
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const node = walk.currentNode.parentElement;
    if (!walk.currentNode.data.trim() || node.closest('script, title, .sr, .skip, option') || !node.getClientRects().length) continue;
    const style = getComputedStyle(node);
    const ink = light(parse(node.ownerSVGElement ? style.fill : style.color).rgb), ground = light(behind(node));
    const ratio = (Math.max(ink, ground) + 0.05) / (Math.min(ink, ground) + 0.05);
    n += 1;
    if (ratio < 4.5) poor.add(ratio.toFixed(2) + ' ' + node.tagName + '.' + (node.className.baseVal ?? node.className) + ': ' + walk.currentNode.data.trim().slice(0, 30));
  }
  return { n, poor: [...poor] };
})()"#;

#[test]
fn it_is_readable_without_its_script() {
    let Some((mut browser, _turn)) = start() else { return };
    browser.call("Emulation.setScriptExecutionDisabled", json!({ "value": true }));
    browser.open(&rental());
    // What a screen reader would be given: nothing that is hidden is in it.
    browser.call("Accessibility.enable", json!({}));
    let tree = browser.call("Accessibility.getFullAXTree", json!({}));
    let names = |role: &str| -> Vec<String> {
        (tree["nodes"].as_array().unwrap().iter())
            .filter(|node| node["role"]["value"] == role && node["ignored"] == false)
            .map(|node| node["name"]["value"].as_str().unwrap_or("").to_string())
            .collect()
    };
    let headings = names("heading");
    for wanted in ["Service map", "Data ownership", "Cut list", "Migration order", "Blind spots"] {
        assert!(headings.iter().any(|heading| heading == wanted), "{wanted} in {headings:?}");
    }
    assert!(names("StaticText").iter().any(|text| text.contains("splitter scaffold recommendations-http")));
    assert!(names("button").is_empty(), "a button without its script does nothing");
    assert!(names("combobox").is_empty(), "so does a filter");
}

#[test]
fn the_comforts_work() {
    let Some((mut browser, _turn)) = start() else { return };
    browser.open(&rental());
    // The filter.
    let count = "[...document.querySelectorAll('.cut')].filter(c => c.getClientRects().length).length";
    let before = browser.eval(count).as_u64().unwrap();
    browser.eval(
        "(() => { const s = document.querySelector('#cut-filter [name=service]'); s.value = 'recommendations'; \
         s.dispatchEvent(new Event('input', { bubbles: true })) })()",
    );
    let after = browser.eval(count).as_u64().unwrap();
    assert!(0 < after && after < before, "{after} of {before}");
    // The matrix by keyboard, said as a sentence.
    browser.eval("document.getElementById('matrix-region').focus()");
    browser.press("ArrowDown");
    let said = |browser: &mut Browser| browser.eval("document.getElementById('live').textContent");
    assert_eq!(said(&mut browser), "inventory reads categories, which it owns");
    browser.press("ArrowRight");
    assert_eq!(said(&mut browser), "orders does not touch categories");
    assert_eq!(browser.complaints(), [] as [&str; 0]);
    // A way for the keyboard past the navigation.
    browser.eval("document.activeElement.blur()");
    assert_eq!(browser.eval("document.querySelector('a').getAttribute('href')"), "#main");
}

#[test]
fn it_prints() {
    let Some((mut browser, _turn)) = start() else { return };
    browser.scheme("dark");
    browser.open(&rental());
    let printed: Value = browser.call("Page.printToPDF", json!({ "printBackground": true }));
    assert!(printed["data"].as_str().unwrap().len() > 20_000);
}
