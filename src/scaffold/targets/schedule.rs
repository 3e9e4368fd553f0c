//! Cron expressions as each platform wants them.

/// The five fields of a cron expression (minute to weekday), read from five, six (seconds first) or seven
/// (seconds first, year last) fields; `None` where the text is no such expression.
fn fields(text: &str) -> Option<[String; 5]> {
    let parts: Vec<&str> = text.split_whitespace().collect();
    let ok =
        |part: &&str| part.chars().all(|letter| letter.is_ascii_alphanumeric() || "*/,-?".contains(letter));
    if !parts.iter().all(ok) {
        return None;
    }
    let five = match parts.len() {
        5 => &parts[..],
        6 | 7 => &parts[1..6],
        _ => return None,
    };
    Some(std::array::from_fn(|idx| five[idx].to_owned()))
}

/// For Kubernetes: five fields.
pub(super) fn crontab(text: &str) -> Option<String> {
    Some(fields(text)?.map(|field| field.replace('?', "*")).join(" "))
}

/// For Azure: six fields, seconds first.
pub(super) fn ncrontab(text: &str) -> Option<String> {
    Some(format!("0 {}", crontab(text)?))
}

/// For EventBridge: six fields, one of the days a question mark.
pub(super) fn event_bridge(text: &str) -> Option<String> {
    let [minute, hour, mut day, month, mut weekday] = fields(text)?;
    if weekday == "*" || weekday == "?" {
        weekday = "?".into();
        if day == "?" {
            day = "*".into();
        }
    } else if day == "*" || day == "?" {
        day = "?".into();
        // Sunday is 0 there and 1 here; names mean the same in both.
        weekday = weekday
            .split(',')
            .map(|part| part.split('-').map(shift).collect::<Vec<_>>().join("-"))
            .collect::<Vec<_>>()
            .join(",");
    } else {
        return None;
    }
    Some(format!("cron({minute} {hour} {day} {month} {weekday} *)"))
}

fn shift(day: &str) -> String {
    day.parse::<u32>().map_or_else(|_| day.to_ascii_uppercase(), |number| (number % 7 + 1).to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seconds_are_dropped_and_days_are_marked() {
        assert_eq!(event_bridge("0 15 2 * * *").as_deref(), Some("cron(15 2 * * ? *)"));
        assert_eq!(event_bridge("30 4 * * 1-5").as_deref(), Some("cron(30 4 ? * 2-6 *)"));
        assert_eq!(crontab("0 15 2 * * *").as_deref(), Some("15 2 * * *"));
        assert_eq!(ncrontab("15 2 * * ?").as_deref(), Some("0 15 2 * * *"));
        assert_eq!(event_bridge("config.cron"), None);
    }
}
