//! The user's pins, `together` and `apart`, read against what there is.

use std::collections::{BTreeMap, BTreeSet};

use super::error::{ProposeError, near};
use super::names::kebab;

/// Wishes as numbers of things.
#[derive(Clone, Debug, Default)]
pub(super) struct Wishes {
    /// Groups that must share a service; pins to one service are one of them.
    pub together: Vec<Vec<u32>>,
    /// Pairs that must not.
    pub apart: Vec<(u32, u32)>,
    /// Name of the service of pinned things.
    pub pins: BTreeMap<u32, String>,
    /// Whether the user wishes a number of services.
    pub counted: bool,
}

impl Wishes {
    /// Which of `n` things the user decided on: nothing else may move them.
    pub(super) fn fixed(&self, n: usize) -> Vec<bool> {
        let mut fixed = vec![false; n];
        let named = self.pins.keys().chain(self.together.iter().flatten());
        for &node in named.chain(self.apart.iter().flat_map(|(a, b)| [a, b])) {
            fixed[node as usize] = true;
        }
        fixed
    }
}

/// Wishes as the user wrote them: a name may mean several things (a module).
pub(super) struct Written<'a> {
    pub pins: Vec<(&'a str, &'a str)>,
    pub together: Vec<Vec<&'a str>>,
    pub apart: Vec<Vec<&'a str>>,
}

/// Reads wishes; `find` gives the things of a name, `names` every name for advice.
///
/// # Errors
/// Where a name is unknown, or two wishes contradict each other.
pub(super) fn read(
    written: &Written<'_>,
    find: impl Fn(&str) -> Vec<u32>,
    names: impl Fn() -> Vec<String>,
    title: impl Fn(u32) -> String,
) -> Result<Wishes, ProposeError> {
    let look = |wish: &'static str, name: &str| {
        let things = find(name);
        if things.is_empty() {
            let near = near(name, names().iter().map(String::as_str));
            return Err(ProposeError::UnknownItem { wish, name: name.into(), near });
        }
        Ok(things)
    };
    let mut wishes = Wishes::default();
    // A wish about one thing outweighs one about the module that it is in.
    let mut exact: BTreeMap<u32, usize> = BTreeMap::new();
    let mut by_service: BTreeMap<String, Vec<u32>> = BTreeMap::new();
    for &(name, service) in &written.pins {
        let service_name = kebab(service);
        if service_name.is_empty() || ["kernel", "shell"].contains(&service_name.as_str()) {
            return Err(ProposeError::BadServiceName { name: service.into() });
        }
        let things = look("a pin", name)?;
        let breadth = things.len();
        for thing in things {
            match (wishes.pins.get(&thing), exact.get(&thing)) {
                (Some(other), Some(&known)) if known == breadth && *other != service_name => {
                    return Err(ProposeError::PinnedTwice {
                        name: title(thing),
                        first: other.clone(),
                        second: service_name,
                    });
                }
                (Some(_), Some(&known)) if known <= breadth => {}
                _ => {
                    wishes.pins.insert(thing, service_name.clone());
                    exact.insert(thing, breadth);
                }
            }
        }
    }
    for (&thing, service) in &wishes.pins {
        by_service.entry(service.clone()).or_default().push(thing);
    }
    for group in &written.together {
        let mut things = Vec::new();
        for name in group {
            things.extend(look("together", name)?);
        }
        wishes.together.push(things);
    }
    for group in &written.apart {
        let sets = group.iter().map(|name| look("apart", name)).collect::<Result<Vec<_>, _>>()?;
        for (at, first) in sets.iter().enumerate() {
            for second in &sets[at + 1..] {
                for &a in first {
                    wishes.apart.extend(second.iter().map(|&b| (a, b)));
                }
            }
        }
    }
    // One representative of each pinned service is enough to keep services apart.
    let heads: Vec<u32> = by_service.values().map(|things| things[0]).collect();
    for (at, &a) in heads.iter().enumerate() {
        wishes.apart.extend(heads[at + 1..].iter().map(|&b| (a, b)));
    }
    wishes.together.extend(by_service.into_values());
    contradiction(&wishes, title)?;
    Ok(wishes)
}

/// Finds two things that are wished both together and apart.
fn contradiction(wishes: &Wishes, title: impl Fn(u32) -> String) -> Result<(), ProposeError> {
    let mut root: BTreeMap<u32, u32> = BTreeMap::new();
    fn find(root: &mut BTreeMap<u32, u32>, mut at: u32) -> u32 {
        while let Some(&up) = root.get(&at).filter(|&&up| up != at) {
            at = up;
        }
        at
    }
    for group in &wishes.together {
        for pair in group.windows(2) {
            let (a, b) = (find(&mut root, pair[0]), find(&mut root, pair[1]));
            if a != b {
                root.insert(a.max(b), a.min(b));
            }
        }
    }
    let mut seen = BTreeSet::new();
    for &(a, b) in &wishes.apart {
        if find(&mut root, a) == find(&mut root, b) && seen.insert((a, b)) {
            if let (Some(first), Some(second)) = (wishes.pins.get(&a), wishes.pins.get(&b))
                && first != second
            {
                return Err(ProposeError::PinnedTwice {
                    name: title(a),
                    first: first.clone(),
                    second: second.clone(),
                });
            }
            return Err(ProposeError::TogetherAndApart { first: title(a), second: title(b) });
        }
    }
    Ok(())
}
