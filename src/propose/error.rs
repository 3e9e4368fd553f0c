//! Why no proposal can be made: the user's wishes contradict each other or name what is not there.

/// A wish that cannot be obeyed, or a graph that cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ProposeError {
    /// A pin, `together` or `apart` names something that does not exist.
    #[error("{wish} names `{name}`, which does not exist{}", nearest(.near))]
    UnknownItem {
        /// `a pin`, `together`, `apart`.
        wish: &'static str,
        /// As written.
        name: String,
        /// The nearest name that does exist.
        near: Option<String>,
    },
    /// One thing is pinned to two services.
    #[error("`{name}` is pinned to both `{first}` and `{second}`; keep one of the two pins")]
    PinnedTwice {
        /// The thing.
        name: String,
        /// One service.
        first: String,
        /// The other.
        second: String,
    },
    /// Two things must be together (by `together` or by pins to one service) and apart.
    #[error("`{first}` and `{second}` are wished both together and apart; drop one of the two wishes")]
    TogetherAndApart {
        /// One thing.
        first: String,
        /// The other.
        second: String,
    },
    /// A pin names an empty service, or one that is reserved.
    #[error("`{name}` cannot be the name of a service; choose another in the pin")]
    BadServiceName {
        /// As written.
        name: String,
    },
    /// More services are wished than things can fill, or none.
    #[error(
        "{wished} services are wished, but things and wishes allow {least} to {most}; choose a number between"
    )]
    BadServiceCount {
        /// The wish.
        wished: usize,
        /// The least.
        least: usize,
        /// The most.
        most: usize,
    },
    /// A criterion that does not exist is weighted.
    #[error("there is no criterion `{name}`; the criteria are {known}")]
    UnknownCriterion {
        /// As written.
        name: String,
        /// All of them.
        known: String,
    },
    /// The neutral graph is not one, or of another version.
    #[error("the graph is of format `{found}`, this splitter reads `{wanted}`; write it in that format")]
    GraphFormat {
        /// What it says.
        found: String,
        /// What is read.
        wanted: String,
    },
    /// A node's id stands twice in the neutral graph.
    #[error("node `{id}` stands twice in the graph; give each node its own id")]
    DuplicateNode {
        /// The id.
        id: String,
    },
    /// An edge, access or use case of the neutral graph names a node that is not listed.
    #[error("{what} names node `{id}`, which is not among the graph's nodes; add it there")]
    DanglingId {
        /// `an edge`, `an access`, `a use case`.
        what: &'static str,
        /// The id.
        id: String,
    },
    /// A weight that is no positive number.
    #[error("the edge from `{from}` to `{to}` has weight {weight}; weights are numbers above zero")]
    BadWeight {
        /// From.
        from: String,
        /// To.
        to: String,
        /// As written.
        weight: String,
    },
}

fn nearest(near: &Option<String>) -> String {
    near.as_ref().map(|name| format!("; did you mean `{name}`?")).unwrap_or_default()
}

/// The candidate that is nearest to `name` by edit distance, where one is near.
pub(super) fn near<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<String> {
    let name: Vec<char> = name.to_lowercase().chars().collect();
    candidates
        .into_iter()
        .map(|candidate| (distance(&name, &candidate.to_lowercase().chars().collect::<Vec<_>>()), candidate))
        .filter(|&(distance, _)| distance <= 1 + name.len() / 4)
        .min()
        .map(|(_, candidate)| candidate.to_owned())
}

/// Levenshtein's distance.
fn distance(a: &[char], b: &[char]) -> usize {
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut corner = row[0];
        row[0] = i + 1;
        for (j, y) in b.iter().enumerate() {
            let here = if x == y { corner } else { 1 + corner.min(row[j]).min(row[j + 1]) };
            corner = std::mem::replace(&mut row[j + 1], here);
        }
    }
    row[b.len()]
}
