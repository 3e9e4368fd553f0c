//! Rules of the recommendation domain.

use std::collections::{BTreeMap, BTreeSet};

use super::repo;
use super::types::{PopularItem, Reason, Scored, Suggestion};
use crate::error::AppError;
use crate::inventory;
use crate::state::AppState;

const DEFAULT_LIMIT: i64 = 5;
const MAX_LIMIT: i64 = 20;

/// Checks how many rows a client asks for.
pub fn checked_limit(limit: Option<i64>) -> Result<i64, AppError> {
    let limit = limit.unwrap_or(DEFAULT_LIMIT);
    if (1..=MAX_LIMIT).contains(&limit) {
        Ok(limit)
    } else {
        Err(AppError::Invalid(format!(
            "limit must lie between 1 and {MAX_LIMIT}"
        )))
    }
}

/// The most rented items.
pub async fn popular(
    state: &AppState,
    category: Option<&str>,
    limit: i64,
) -> Result<Vec<PopularItem>, AppError> {
    repo::popular(&state.pool, category, limit).await
}

/// What other customers rent together with an item.
pub async fn together(
    state: &AppState,
    item_id: i64,
    limit: i64,
) -> Result<Vec<Suggestion>, AppError> {
    // An unknown item is an error, an item without companions an empty list.
    inventory::service::price_of(state, item_id).await?; //~ calls photo_rental::inventory::service::price_of
    let scored = repo::together(&state.pool, item_id, limit).await?;
    with_cards(state, &scored, Reason::RentedTogether).await
}

/// Suggestions for one user: companions of what the user rented, filled up with popular items.
pub async fn for_user(
    state: &AppState,
    user_id: i64,
    limit: i64,
) -> Result<Vec<Suggestion>, AppError> {
    let scored = repo::like_rentals_of(&state.pool, user_id, limit).await?;
    let mut suggestions = with_cards(state, &scored, Reason::LikeYourRentals).await?;
    let missing = limit as usize - suggestions.len();
    if missing > 0 {
        let shown: BTreeSet<i64> = suggestions.iter().map(|s| s.item.id).collect();
        let popular = repo::popular_ids(&state.pool, MAX_LIMIT).await?;
        let fresh: Vec<Scored> = popular
            .into_iter()
            .filter(|s| !shown.contains(&s.item_id))
            .collect();
        let filler = with_cards(state, &fresh, Reason::Popular).await?;
        suggestions.extend(filler.into_iter().take(missing));
    }
    log_shown(state, user_id, &suggestions).await?;
    Ok(suggestions)
}

async fn log_shown(
    state: &AppState,
    user_id: i64,
    suggestions: &[Suggestion],
) -> Result<(), AppError> {
    let today = state.clock.today().to_string();
    for (position, suggestion) in (1..).zip(suggestions) {
        repo::log_shown(&state.pool, user_id, suggestion.item.id, position, &today).await?;
    }
    Ok(())
}

async fn with_cards(
    state: &AppState,
    scored: &[Scored],
    reason: Reason,
) -> Result<Vec<Suggestion>, AppError> {
    let scores: BTreeMap<i64, i64> = scored.iter().map(|s| (s.item_id, s.score)).collect();
    let ids: Vec<i64> = scored.iter().map(|s| s.item_id).collect();
    let cards = inventory::service::cards_by_ids(state, &ids).await?; //~ calls photo_rental::inventory::service::cards_by_ids
    Ok(cards
        .into_iter()
        .map(|item| Suggestion {
            score: scores.get(&item.id).copied().unwrap_or(0),
            item,
            reason,
        })
        .collect())
}

/// Every ordered pair of different items of one rental.
pub fn pairs(item_ids: &[i64]) -> impl Iterator<Item = (i64, i64)> + '_ {
    item_ids.iter().flat_map(move |&a| {
        item_ids
            .iter()
            .filter(move |&&b| b != a)
            .map(move |&b| (a, b))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pairs_go_both_ways() {
        let all: Vec<_> = pairs(&[1, 2, 3]).collect();
        assert_eq!(all, [(1, 2), (1, 3), (2, 1), (2, 3), (3, 1), (3, 2)]);
        assert_eq!(pairs(&[1]).count(), 0);
    }

    #[test]
    fn limits_are_checked() {
        assert_eq!(checked_limit(None).unwrap(), DEFAULT_LIMIT);
        assert!(checked_limit(Some(0)).is_err());
        assert!(checked_limit(Some(MAX_LIMIT + 1)).is_err());
    }
}
