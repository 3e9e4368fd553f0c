//! Changes to the monolith as text: unified diffs that `git apply` takes, and their way back.

use std::fmt::Write as _;

/// One file of the monolith, before and after.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileChange {
    /// Relative to the analysed directory, with `/`.
    pub path: String,
    /// What it holds; `None` where it is not there yet.
    pub before: Option<String>,
    /// What it shall hold; `None` where it goes.
    pub after: Option<String>,
}

/// Lines of context around a change.
const CONTEXT: usize = 3;

/// More cells than this are not compared line by line; the whole middle is replaced then.
const MAX_CELLS: usize = 16 << 20;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Side {
    Both,
    Old,
    New,
}

/// Writes changes as one patch; files that do not change are left out.
pub fn render(changes: &[FileChange]) -> String {
    let mut out = String::new();
    for change in changes.iter().filter(|change| change.before != change.after) {
        let path = &change.path;
        _ = writeln!(out, "diff --git a/{path} b/{path}");
        match (&change.before, &change.after) {
            (None, _) => _ = writeln!(out, "new file mode 100644\n--- /dev/null\n+++ b/{path}"),
            (_, None) => _ = writeln!(out, "deleted file mode 100644\n--- a/{path}\n+++ /dev/null"),
            _ => _ = writeln!(out, "--- a/{path}\n+++ b/{path}"),
        }
        let before = change.before.as_deref().unwrap_or_default();
        let after = change.after.as_deref().unwrap_or_default();
        hunks(&compare(&lines(before), &lines(after)), &mut out);
    }
    out
}

/// Lines with their ends.
fn lines(text: &str) -> Vec<&str> {
    text.split_inclusive('\n').collect()
}

/// Every line of both texts, in order.
fn compare<'t>(old: &[&'t str], new: &[&'t str]) -> Vec<(Side, &'t str)> {
    let head = old.iter().zip(new).take_while(|(a, b)| a == b).count();
    let rest = old.len().min(new.len()) - head;
    let tail = old.iter().rev().zip(new.iter().rev()).take(rest).take_while(|(a, b)| a == b).count();
    let (a, b) = (&old[head..old.len() - tail], &new[head..new.len() - tail]);
    let mut out: Vec<_> = old[..head].iter().map(|&line| (Side::Both, line)).collect();
    if a.len().saturating_mul(b.len()) > MAX_CELLS {
        out.extend(a.iter().map(|&line| (Side::Old, line)));
        out.extend(b.iter().map(|&line| (Side::New, line)));
    } else {
        longest_common(a, b, &mut out);
    }
    out.extend(old[old.len() - tail..].iter().map(|&line| (Side::Both, line)));
    out
}

/// The longest common subsequence, by the table.
fn longest_common<'t>(a: &[&'t str], b: &[&'t str], out: &mut Vec<(Side, &'t str)>) {
    let width = b.len() + 1;
    let mut table = vec![0_u32; (a.len() + 1) * width];
    for i in (0..a.len()).rev() {
        for j in (0..b.len()).rev() {
            table[i * width + j] = if a[i] == b[j] {
                table[(i + 1) * width + j + 1] + 1
            } else {
                table[(i + 1) * width + j].max(table[i * width + j + 1])
            };
        }
    }
    let (mut i, mut j) = (0, 0);
    while i < a.len() || j < b.len() {
        if i < a.len() && j < b.len() && a[i] == b[j] {
            out.push((Side::Both, a[i]));
            (i, j) = (i + 1, j + 1);
        } else if i < a.len() && (j == b.len() || table[(i + 1) * width + j] >= table[i * width + j + 1]) {
            out.push((Side::Old, a[i]));
            i += 1;
        } else {
            out.push((Side::New, b[j]));
            j += 1;
        }
    }
}

fn hunks(all: &[(Side, &str)], out: &mut String) {
    let changed: Vec<usize> = (0..all.len()).filter(|&at| all[at].0 != Side::Both).collect();
    let mut groups: Vec<(usize, usize)> = Vec::new();
    for at in changed {
        let (from, to) = (at.saturating_sub(CONTEXT), (at + 1 + CONTEXT).min(all.len()));
        match groups.last_mut() {
            Some(last) if from <= last.1 => last.1 = to,
            _ => groups.push((from, to)),
        }
    }
    for (from, to) in groups {
        let count = |range: std::ops::Range<usize>, side: Side| {
            all[range].iter().filter(|(own, _)| [Side::Both, side].contains(own)).count()
        };
        let start = |side| {
            // An empty side names the line before it.
            let before = count(0..from, side);
            if count(from..to, side) == 0 { before } else { before + 1 }
        };
        _ = writeln!(
            out,
            "@@ -{},{} +{},{} @@",
            start(Side::Old),
            count(from..to, Side::Old),
            start(Side::New),
            count(from..to, Side::New)
        );
        for (side, line) in &all[from..to] {
            out.push(match side {
                Side::Both => ' ',
                Side::Old => '-',
                Side::New => '+',
            });
            out.push_str(line);
            if !line.ends_with('\n') {
                out.push_str("\n\\ No newline at end of file\n");
            }
        }
    }
}

/// A patch of ours, read again.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Patch {
    /// Path and hunks of each file.
    files: Vec<PatchedFile>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct PatchedFile {
    path: String,
    is_new: bool,
    hunks: Vec<Vec<(Side, String)>>,
}

impl Patch {
    /// Reads what `render` wrote.
    pub fn parse(text: &str) -> Self {
        let mut files: Vec<PatchedFile> = Vec::new();
        let mut in_hunk = false;
        for line in text.split_inclusive('\n') {
            if let Some(rest) = line.strip_prefix("diff --git a/") {
                let path = rest.trim_end().split_once(" b/").map_or("", |(path, _)| path);
                files.push(PatchedFile { path: path.into(), ..PatchedFile::default() });
                in_hunk = false;
                continue;
            }
            let Some(file) = files.last_mut() else { continue };
            if line.starts_with("@@ ") {
                file.hunks.push(Vec::new());
                in_hunk = true;
            } else if !in_hunk {
                file.is_new |= line.starts_with("new file");
            } else if let Some(hunk) = file.hunks.last_mut() {
                match line.as_bytes().first() {
                    Some(b'\\') => {
                        if let Some((_, last)) = hunk.last_mut() {
                            last.pop();
                        }
                    }
                    Some(b' ') => hunk.push((Side::Both, line[1..].to_owned())),
                    Some(b'-') => hunk.push((Side::Old, line[1..].to_owned())),
                    Some(b'+') => hunk.push((Side::New, line[1..].to_owned())),
                    _ => {}
                }
            }
        }
        Self { files }
    }

    /// Paths of the files that it changes.
    pub fn paths(&self) -> impl Iterator<Item = &str> {
        self.files.iter().map(|file| file.path.as_str())
    }

    /// The changes that take the patch back, given what the files hold now.
    ///
    /// # Errors
    /// The path of a file that holds part of the patch, changed since: it cannot be taken back.
    pub fn reversed(&self, read: impl Fn(&str) -> Option<String>) -> Result<Vec<FileChange>, String> {
        let mut changes = Vec::new();
        let mut absent = 0;
        for file in &self.files {
            let now = read(&file.path);
            if file.is_new {
                let made: String = file.hunks.iter().flatten().map(|(_, line)| line.as_str()).collect();
                match now {
                    None => absent += 1,
                    Some(now) if now == made => {
                        changes.push(FileChange { path: file.path.clone(), before: Some(now), after: None });
                    }
                    Some(_) => return Err(file.path.clone()),
                }
                continue;
            }
            let Some(now) = now else { return Err(file.path.clone()) };
            let mut text = now.clone();
            let mut taken = 0;
            for hunk in &file.hunks {
                if let Some(back) = take_back(&text, hunk) {
                    text = back;
                    taken += 1;
                }
            }
            match taken {
                0 => absent += 1,
                n if n == file.hunks.len() => {
                    changes.push(FileChange {
                        path: file.path.clone(),
                        before: Some(now),
                        after: Some(text),
                    });
                }
                _ => return Err(file.path.clone()),
            }
        }
        if changes.is_empty() || absent == 0 {
            return Ok(changes);
        }
        // Half of it is there.
        let gone = self.files.iter().find(|file| changes.iter().all(|change| change.path != file.path));
        Err(gone.map_or_else(String::new, |file| file.path.clone()))
    }
}

/// Replaces what a hunk made by what was there; with less context where neighbours changed, but only
/// where there is one such place.
fn take_back(text: &str, hunk: &[(Side, String)]) -> Option<String> {
    let text_lines = lines(text);
    let first = hunk.iter().position(|(side, _)| *side != Side::Both)?;
    let last = hunk.iter().rposition(|(side, _)| *side != Side::Both)?;
    for context in (0..=CONTEXT).rev() {
        let part = &hunk[first.saturating_sub(context)..(last + 1 + context).min(hunk.len())];
        let made: Vec<&str> =
            part.iter().filter(|(side, _)| *side != Side::Old).map(|(_, line)| line.as_str()).collect();
        if made.iter().all(|line| line.trim().is_empty()) {
            return None;
        }
        let places: Vec<usize> = (0..=text_lines.len().saturating_sub(made.len()))
            .filter(|&at| text_lines[at..].starts_with(&made))
            .collect();
        if let [at] = places[..] {
            let mut out: String = text_lines[..at].concat();
            out.extend(part.iter().filter(|(side, _)| *side != Side::New).map(|(_, line)| line.as_str()));
            out.push_str(&text_lines[at + made.len()..].concat());
            return Some(out);
        }
        if places.len() > 1 {
            return None;
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::*;

    fn change(path: &str, before: Option<&str>, after: Option<&str>) -> FileChange {
        FileChange { path: path.into(), before: before.map(Into::into), after: after.map(Into::into) }
    }

    fn back(text: &str, files: &[(&str, &str)]) -> Result<Vec<FileChange>, String> {
        Patch::parse(text)
            .reversed(|path| files.iter().find(|(own, _)| *own == path).map(|(_, text)| (*text).to_owned()))
    }

    const OLD: &str = "a\nb\nc\nd\ne\nf\ng\nh\ni\nj\nk\nl\n";

    #[test]
    fn changes_far_apart_are_hunks_of_their_own() {
        let new = OLD.replace("b\n", "b\nnew\n").replace("k\n", "K\n");
        let text = render(&[
            change("src/lib.rs", Some(OLD), Some(&new)),
            change("src/new.rs", None, Some("fn new() {}")),
        ]);
        expect![[r#"
            diff --git a/src/lib.rs b/src/lib.rs
            --- a/src/lib.rs
            +++ b/src/lib.rs
            @@ -1,5 +1,6 @@
             a
             b
            +new
             c
             d
             e
            @@ -8,5 +9,5 @@
             h
             i
             j
            -k
            +K
             l
            diff --git a/src/new.rs b/src/new.rs
            new file mode 100644
            --- /dev/null
            +++ b/src/new.rs
            @@ -0,0 +1,1 @@
            +fn new() {}
            \ No newline at end of file
        "#]]
        .assert_eq(&text);
        let taken = back(&text, &[("src/lib.rs", &new), ("src/new.rs", "fn new() {}")]).unwrap();
        assert_eq!(
            taken,
            [change("src/lib.rs", Some(&new), Some(OLD)), change("src/new.rs", Some("fn new() {}"), None)]
        );
    }

    #[test]
    fn a_neighbour_that_came_later_stays() {
        let one = OLD.replace("b\n", "b\none\n");
        let text = render(&[change("f", Some(OLD), Some(&one))]);
        let both = one.replace("one\n", "zero\none\ntwo\n");
        let taken = back(&text, &[("f", &both)]).unwrap();
        assert_eq!(taken[0].after.as_deref(), Some(OLD.replace("b\n", "b\nzero\ntwo\n").as_str()));
    }

    #[test]
    fn what_was_never_applied_needs_no_way_back() {
        let new = OLD.replace("b\n", "b\nnew\n");
        let text = render(&[change("f", Some(OLD), Some(&new)), change("n", None, Some("x\n"))]);
        assert_eq!(back(&text, &[("f", OLD)]), Ok(vec![]));
    }

    #[test]
    fn what_was_changed_since_is_not_taken_back() {
        let new = OLD.replace("b\n", "b\nnew\n");
        let text = render(&[change("f", Some(OLD), Some(&new)), change("n", None, Some("x\n"))]);
        assert_eq!(back(&text, &[("f", &new), ("n", "y\n")]), Err("n".into()));
        let changed = new.replace("new", "newer");
        assert_eq!(back(&text, &[("f", &changed), ("n", "x\n")]), Err("f".into()));
        let twice = format!("{new}b\nnew\n");
        assert!(back(&text, &[("f", &twice), ("n", "x\n")]).is_ok());
    }
}
